// Results within a bound of memory: what goes, what stays, and how the window shows and sets it.

#include <QLabel>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>

#include "app/desktop/cache_menu.h"
#include "core/analysis/attention_query.h"
#include "tests/app/window_fixture.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

constexpr std::uint64_t mb = std::uint64_t{1} << 20U;

Analysis analysisOf(std::size_t floats) {
    AnalysisResult result;
    result.magnitude["blocks.0"] = {{std::int64_t(floats)}, std::vector<float>(floats)};
    return {std::make_shared<const AnalysisResult>(std::move(result)), {}};
}

} // namespace

class CacheTest final : public QObject, private WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { closeWindow(); }

    void everyArrayCounts() {
        AnalysisResult result;
        const std::uint64_t empty = bytesOf(result);
        std::uint64_t last = empty;
        const auto grows_by = [&](std::uint64_t least) {
            const std::uint64_t now = bytesOf(result);
            const bool grows = now >= last + least && now < last + least + 512;
            last = now;
            return grows;
        };
        const Array array{{1000}, std::vector<float>(1000)};
        result.magnitude["a"] = array;
        QVERIFY(grows_by(4000));
        result.frequency["a"] = array;
        QVERIFY(grows_by(4000));
        result.cls_attention["a"] = array;
        QVERIFY(grows_by(4000));
        result.features["a"] = array;
        QVERIFY(grows_by(4000));
        AttentionInputs kept;
        kept.blocks.push_back({"a", array, {}});
        result.attention_inputs = std::make_shared<const AttentionInputs>(kept);
        QVERIFY(grows_by(4000));
        result.logits = array;
        QVERIFY(grows_by(4000));
        result.input = array;
        QVERIFY(grows_by(4000));
        result.picture.pixels.resize(5000);
        QVERIFY(grows_by(5000));
    }
    void theOneLookedAtLongestAgoGoes() {
        ResultCache cache;
        const std::uint64_t one = bytesOf(*analysisOf(1000).result);
        cache.setLimit(3 * one);
        for (const std::size_t input : {1U, 2U, 3U}) {
            cache.setCurrent(InputId{input});
            cache.add(ModelId{0}, InputId{input}, analysisOf(1000));
        }
        QCOMPARE(cache.bytes(), 3 * one);
        cache.setCurrent(InputId{1});
        cache.setCurrent(InputId{4});
        cache.add(ModelId{0}, InputId{4}, analysisOf(1000));
        QCOMPARE(cache.bytes(), 3 * one);
        QVERIFY(cache.find(ModelId{0}, InputId{1}) != nullptr);
        QVERIFY(cache.find(ModelId{0}, InputId{2}) == nullptr);
        QVERIFY(cache.find(ModelId{0}, InputId{3}) != nullptr);
        // The same once more takes no more room.
        cache.add(ModelId{0}, InputId{4}, analysisOf(1000));
        QCOMPARE(cache.bytes(), 3 * one);
        cache.forget(InputId{4});
        QCOMPARE(cache.bytes(), 2 * one);
        cache.forget(ModelId{0});
        QCOMPARE(cache.bytes(), std::uint64_t{0});
    }
    void theCurrentInputStays() {
        ResultCache cache;
        const std::uint64_t one = bytesOf(*analysisOf(1000).result);
        cache.setCurrent(InputId{1});
        cache.setLimit(one);
        cache.add(ModelId{0}, InputId{1}, analysisOf(1000));
        cache.add(ModelId{1}, InputId{1}, analysisOf(1000));
        QCOMPARE(cache.bytes(), 2 * one);
        cache.setLimit(1);
        QCOMPARE(cache.bytes(), 2 * one);
        // Once another is looked at it has to fit.
        cache.setCurrent(InputId{2});
        QCOMPARE(cache.bytes(), std::uint64_t{0});
    }
    void theBoundIsAtMostAQuarterOfTheMemory() {
        QCOMPARE(defaultCacheLimit(64 * 1024 * mb), 1024 * mb);
        QCOMPARE(defaultCacheLimit(2 * 1024 * mb), 512 * mb);
        QCOMPARE(defaultCacheLimit(0), 1024 * mb);
        QVERIFY(machineMemory() > 100 * mb);
    }

    void aLowerBoundTakesEffectAtOnce() {
        makeWindow();
        session_->open(files_->make({"a.pth", "x.png", "y.png"}));
        waitUntilIdle();
        session_->setCurrentInput(session_->inputs().items()[1].id);
        waitUntilIdle();
        const std::uint64_t two = session_->results().bytes();
        QSignalSpy changed(session_.get(), &Session::cacheChanged);
        session_->setCacheLimit(two - 1);
        QVERIFY(changed.count() > 0);
        QVERIFY(session_->results().bytes() > 0);
        QVERIFY(session_->results().bytes() < two);
        QVERIFY(session_->rows()[0].result);
        QCOMPARE(control_->analyses.load(), 2);
        // What went is made again when it is looked at.
        session_->setCurrentInput(session_->inputs().items()[0].id);
        waitUntilIdle();
        QVERIFY(session_->rows()[0].result);
        QCOMPARE(control_->analyses.load(), 3);
    }
    void whatIsTakenElsewhereIsNoRoom() {
        ResultCache cache;
        const std::uint64_t one = bytesOf(*analysisOf(1000).result);
        cache.setLimit(4 * one);
        for (const std::size_t input : {1U, 2U, 3U}) {
            cache.add(ModelId{0}, InputId{input}, analysisOf(1000));
        }
        cache.setCurrent(InputId{3});
        cache.setRoom(2 * one);
        QCOMPARE(cache.bytes(), 2 * one);
        QCOMPARE(cache.limit(), 4 * one);
        // What is looked at stays.
        cache.setRoom(0);
        QCOMPARE(cache.bytes(), one);
        QVERIFY(cache.find(ModelId{0}, InputId{3}) != nullptr);
    }
    void theStatusLineShowsIt() {
        makeWindow();
        session_->setCacheLimit(512 * mb);
        QCOMPARE(label().text(), QString("Cache 0 of 512 MB"));
        QVERIFY(label().toolTip().contains("Result Cache"));
        QVERIFY(label().isVisible());
        openPair();
        QCOMPARE(label().text(), QString("Cache 0.0 of 512 MB"));
        session_->setCacheLimit(256 * mb);
        QCOMPARE(label().text(), QString("Cache 0.0 of 256 MB"));
    }
    void theMenuSetsAndRemembersIt() {
        makeWindow();
        const QString file = files_->path("settings.ini");
        QStringList texts;
        {
            QSettings settings(file, QSettings::IniFormat);
            const CacheMenu menu(*session_, &settings, nullptr);
            for (QAction* action : menu.actions()) {
                texts << action->text();
            }
            choice(menu, "512 MB")->trigger();
            QCOMPARE(session_->results().limit(), 512 * mb);
            QVERIFY(choice(menu, "512 MB")->isChecked());
            QVERIFY(!choice(menu, "2 GB")->isChecked());
        }
        for (const char* text : {"256 MB", "512 MB", "1 GB", "2 GB", "4 GB"}) {
            QVERIFY2(texts.contains(text), text);
        }
        session_->setCacheLimit(1024 * mb);
        QSettings settings(file, QSettings::IniFormat);
        const CacheMenu again(*session_, &settings, nullptr);
        QCOMPARE(session_->results().limit(), 512 * mb);
        QVERIFY(choice(again, "512 MB")->isChecked());
    }
    void aBoundOfItsOwnIsInTheMenu() {
        makeWindow();
        session_->setCacheLimit(700 * mb);
        const CacheMenu menu(*session_, nullptr, nullptr);
        QVERIFY(choice(menu, "700 MB")->isChecked());
    }
    void theMenuIsInTheWindow() {
        makeWindow();
        QVERIFY(window_->findChild<CacheMenu*>() != nullptr);
    }

private:
    static QAction* choice(const QMenu& menu, const QString& text) {
        for (QAction* action : menu.actions()) {
            if (action->text() == text) {
                return action;
            }
        }
        qFatal("no such choice");
    }
    [[nodiscard]] const QLabel& label() const {
        for (const auto* one : window_->statusLine().findChildren<QLabel*>()) {
            if (one->accessibleName() == "Result cache") {
                return *one;
            }
        }
        qFatal("no such label");
    }
    void waitUntilIdle() { QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), 20'000); }
};

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    QApplication application(argc, argv);
    CacheTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "cache_test.moc"
