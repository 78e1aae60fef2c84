// Masks of inputs: where they are found, what they are scored like, what is refused.

#include <QDir>
#include <QImage>
#include <QTest>

#include "app/desktop/mask_scores.h"
#include "tests/app/bench.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

/// A mask for the fake pictures of 12 by 6 pixels: one quarter of it is object.
void writeQuarter(const QString& path, bool is_right, bool is_low, QSize size = {12, 6}) {
    QImage image(size, QImage::Format_Grayscale8);
    image.fill(0);
    for (int y = is_low ? size.height() / 2 : 0; y < (is_low ? size.height() : size.height() / 2);
         ++y) {
        for (int x = is_right ? size.width() / 2 : 0;
             x < (is_right ? size.width() : size.width() / 2); ++x) {
            image.setPixel(x, y, qRgb(255, 255, 255));
        }
    }
    QVERIFY(image.save(path, "PNG"));
}

} // namespace

class MaskTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { bench_ = std::make_unique<Bench>(); }
    void cleanup() {
        bench_->control->masking.open();
        bench_.reset();
    }

    void placesOfMasks() {
        const QStringList paths =
            bench_->files.make({"a/x.png", "b/scenes/x.png", "c/x.jpg", "d/masks/x.png"});
        const auto found = [](const QString& path) {
            return pathText(findMask(path.toStdString()));
        };
        QCOMPARE(found(paths[0]), QString());
        bench_->files.make({"a/x.mask.png", "b/masks/x.png", "c/masks/x.png", "c/masks/y.png"});
        QCOMPARE(found(paths[0]), bench_->files.path("a/x.mask.png"));
        QCOMPARE(found(paths[1]), bench_->files.path("b/masks/x.png"));
        QCOMPARE(found(paths[2]), bench_->files.path("c/masks/x.png"));
        // A picture among masks is not its own.
        QCOMPARE(found(paths[3]), QString());
        bench_->files.make({"a/masks/x.png"});
        QCOMPARE(found(paths[0]), bench_->files.path("a/masks/x.png"));
    }
    void scores() {
        const std::vector<float> map = {5, 6, 7, 8};
        // Normalised 0, 1/3, 2/3, 1: the last one alone is above 0.7.
        QCOMPARE(scoresOf(map, {0, 0, 0, 1}), std::optional(MaskScores{1.0, 0.7, 1.0}));
        QCOMPARE(scoresOf(map, {0, 1, 0, 0}), std::optional(MaskScores{1.0 / 3.0, 0.1, 1.0 / 3.0}));
        QVERIFY(!scoresOf(map, {0, 0, 0, 0}));
        QVERIFY(!scoresOf(map, {0, 1, 0}));
        QVERIFY(!scoresOf(std::vector<float>{5, NAN, 7, 8}, {0, 0, 0, 1}));
    }
    void theMaskBesideAnInputIsRead() {
        bench_->files.make({"masks/none"});
        writeQuarter(bench_->files.path("masks/x.png"), true, false);
        bench_->open({"a.pth", "b.pth", "x.png", "y.png"});
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(pathText(masks().file), bench_->files.path("masks/x.png"));
        QVERIFY(!masks().failure);
        QCOMPARE(masks().tokens.size(), std::size_t(2));
        for (const ModelItem& item : bench_->session.models().items()) {
            QCOMPARE(masks().tokens.at(item.id), (TokenMask{0, 1, 0, 0}));
        }
        // It is decoded once for all models.
        QCOMPARE(bench_->control->masks.load(), 1);
        bench_->session.setCurrentInput(bench_->inputIds()[1]);
        QVERIFY(masks().file.empty());
        QVERIFY(bench_->becomesIdle());
        QVERIFY(masks().file.empty() && masks().tokens.empty() && !masks().failure);
    }
    void aMaskIsChosen() {
        bench_->files.make({"masks/none"});
        writeQuarter(bench_->files.path("masks/x.png"), true, false);
        writeQuarter(bench_->files.path("other.png"), false, true);
        bench_->open({"a.pth", "x.png", "y.png"});
        QVERIFY(bench_->becomesIdle());
        bench_->session.setMask(bench_->files.path("other.png").toStdString());
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(pathText(masks().file), bench_->files.path("other.png"));
        QCOMPARE(masks().tokens.begin()->second, (TokenMask{0, 0, 1, 0}));
        // It stays with its input.
        bench_->session.setCurrentInput(bench_->inputIds()[1]);
        QVERIFY(bench_->becomesIdle());
        QVERIFY(masks().file.empty());
        bench_->session.setCurrentInput(bench_->inputIds()[0]);
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(pathText(masks().file), bench_->files.path("other.png"));
        bench_->session.setMask({});
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(masks().tokens.begin()->second, (TokenMask{0, 1, 0, 0}));
    }
    void anotherSizeIsRefused() {
        bench_->open({"a.pth", "x.png"});
        QVERIFY(bench_->becomesIdle());
        writeQuarter(bench_->files.path("big.png"), true, false, {24, 12});
        bench_->session.setMask(bench_->files.path("big.png").toStdString());
        QVERIFY(bench_->becomesIdle());
        QVERIFY(masks().failure && masks().tokens.empty());
        QVERIFY2(
            masks().failure->message.contains("24 × 12") &&
                masks().failure->message.contains("12 × 6"),
            qPrintable(masks().failure->message));
        // It belongs to no work of the session's that failed.
        QVERIFY(bench_->session.failures().empty());
    }
    void whatIsNoPictureIsRefused() {
        bench_->open({"a.pth", "x.png"});
        bench_->files.make({"empty.png"});
        for (const char* name : {"empty.png", "missing.png"}) {
            bench_->session.setMask(bench_->files.path(name).toStdString());
            QVERIFY(bench_->becomesIdle());
            QVERIFY(masks().failure.has_value());
            QVERIFY2(masks().failure->message.contains(name), qPrintable(masks().failure->message));
        }
    }
    void theNewestIsWhatCounts() {
        writeQuarter(bench_->files.path("one.png"), true, false);
        writeQuarter(bench_->files.path("two.png"), false, true);
        bench_->open({"a.pth", "x.png"});
        QVERIFY(bench_->becomesIdle());
        bench_->control->masking.close();
        bench_->session.setMask(bench_->files.path("one.png").toStdString());
        QTRY_COMPARE_WITH_TIMEOUT(bench_->control->masks.load(), 1, Bench::patience_ms);
        QVERIFY(!bench_->session.isIdle());
        bench_->session.setMask(bench_->files.path("two.png").toStdString());
        bool is_old_shown = false;
        connect(&bench_->session, &Session::masksChanged, this, [&] {
            is_old_shown =
                is_old_shown || (!masks().tokens.empty() && masks().tokens.begin()->second[1] != 0);
        });
        bench_->control->masking.open();
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(masks().tokens.begin()->second, (TokenMask{0, 0, 1, 0}));
        QVERIFY(!is_old_shown);
        bench_->session.disconnect(this);
    }
    void runAgainReadsItAgain() {
        bench_->files.make({"masks/none"});
        writeQuarter(bench_->files.path("masks/x.png"), true, false);
        bench_->open({"a.pth", "x.png"});
        QVERIFY(bench_->becomesIdle());
        writeQuarter(bench_->files.path("masks/x.png"), false, true);
        bench_->session.runAgain();
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(masks().tokens.begin()->second, (TokenMask{0, 0, 1, 0}));
    }

private:
    [[nodiscard]] const TokenMasks& masks() const { return bench_->session.masks(); }

    std::unique_ptr<Bench> bench_;
};

QTEST_GUILESS_MAIN(MaskTest)
#include "mask_test.moc"
