// A session that is saved and opened again, and what happens where its files are not as they were.

#include <QCryptographicHash>
#include <QDir>
#include <QSet>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include "app/desktop/view_json.h"
#include "tests/app/bench.h"
#include "tests/app/full_view.h"
#include "tests/support/hindrance.h"

using namespace vitreous;
using namespace vitreous::testing;
namespace fs = std::filesystem;

namespace {

fs::path nativePath(const QString& path) {
    return path.toStdString();
}

void restoreFrom(Session& session, const QString& path) {
    const SessionFile file = readSession(nativePath(path));
    session.restore(sessionState(file), file.files);
}

/// Sets the time of a file's last modification back, and so makes it another than it was.
void touch(const QString& path) {
    const fs::path file = nativePath(path);
    fs::last_write_time(file, fs::last_write_time(file) - std::chrono::hours(1));
}

} // namespace

class SavedFilesTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { renew(); }
    void cleanup() { bench_.reset(); }

    void opensExactlyAsItWasSaved() {
        fillSession();
        const SessionState before = bench_->session.state();
        QCOMPARE(before.models.size(), std::size_t(2));
        QCOMPARE(before.inputs.size(), std::size_t(3));
        QCOMPARE(before.current, std::optional<std::size_t>(2));
        QCOMPARE(before.inputs[1].mask, nativePath(path("data/mask.png")));
        QCOMPARE(before.models[1].spec.heads, std::optional(3));
        QVERIFY(save("s/all.vitreous"));

        Bench other;
        restoreFrom(other.session, path("s/all.vitreous"));
        QVERIFY(other.becomesIdle());
        QVERIFY(other.session.state() == before);
        QVERIFY(other.session.view() == fullView());
        QCOMPARE(other.session.models().items()[0].chip, bench_->session.models().items()[0].chip);
        QCOMPARE(other.session.history().count(), 0);
        QCOMPARE(other.session.failures().size(), std::size_t(0));
        QVERIFY(other.session.rows()[1].result);
        // What was open gives way.
        restoreFrom(other.session, path("s/all.vitreous"));
        QVERIFY(other.becomesIdle());
        QVERIFY(other.session.state() == before);
        QCOMPARE(other.control->alive.load(), 2);
    }
    void relativePathsAreOfWhereTheProgramWas() {
        bench_->files.make({"here/a.pth", "here/llm.pth", "here/x.png"});
        const QString before = QDir::currentPath();
        QVERIFY(QDir::setCurrent(path("here")));
        bench_->session.open({"a.pth,llm=llm.pth", "x.png"});
        bench_->session.setMask("m.png");
        const bool is_idle = bench_->becomesIdle();
        const bool is_gone = QDir(path("here")).removeRecursively();
        // Nothing is known of the working directory any more.
        bench_->session.setMask("late.png");
        const SessionState late = bench_->session.state();
        QVERIFY(QDir::setCurrent(before));
        bench_->session.setMask(late.inputs.at(0).mask);
        const SessionState state = bench_->session.state();
        QVERIFY(is_idle && is_gone);
        QCOMPARE(state.models.at(0).spec.path, nativePath(path("here/a.pth")));
        QCOMPARE(state.models.at(0).spec.llm, nativePath(path("here/llm.pth")));
        QCOMPARE(state.inputs.at(0).path, nativePath(path("here/x.png")));
        QCOMPARE(late.inputs.at(0).mask, fs::path("late.png"));
        QCOMPARE(state.inputs.at(0).mask, nativePath(before + QStringLiteral("/late.png")));
    }
    void anEmptySessionReplacesAllToo() {
        QVERIFY(save("none.vitreous"));
        fillSession();
        restoreFrom(bench_->session, path("none.vitreous"));
        QVERIFY(bench_->becomesIdle());
        QVERIFY(bench_->session.state() == SessionState());
        QVERIFY(!bench_->session.currentInput());
        QCOMPARE(bench_->session.rows().size(), std::size_t(0));
    }
    void aSavedDemoStillGivesWay() {
        bench_->files.make({"demo.pth", "x.png", "y.png"});
        ModelSpec spec;
        spec.path = nativePath(path("demo.pth"));
        bench_->session.openDemo({spec}, {{nativePath(path("x.png")), "x"}});
        QVERIFY(bench_->becomesIdle());
        const SessionState before = bench_->session.state();
        QVERIFY(save("demo.vitreous"));
        Bench other;
        restoreFrom(other.session, path("demo.vitreous"));
        QVERIFY(other.becomesIdle());
        QVERIFY(other.session.state() == before);
        other.session.open({path("y.png")});
        QVERIFY(other.becomesIdle());
        QCOMPARE(other.session.inputs().rowCount(), 1);
        QCOMPARE(other.session.models().rowCount(), 1);
        other.open({"a.pth"});
        QVERIFY(other.becomesIdle());
        QCOMPARE(other.session.models().rowCount(), 1);
        QVERIFY(!other.session.hasDemoModels());
    }
    void anInputThatIsNamedTwiceIsOne() {
        bench_->open({"a.pth", "x.png", "y.png"});
        QVERIFY(bench_->becomesIdle());
        SessionState state = bench_->session.state();
        state.inputs.insert(state.inputs.begin(), state.inputs[1]);
        state.current = 2;
        bench_->session.restore(state, {});
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->session.inputs().rowCount(), 2);
        QCOMPARE(bench_->shown(), QString("y.png"));
    }

    void digestsAreOfTheFiles() {
        bench_->files.make({"a.pth", "llm.pth", "x.png"});
        bench_->files.write("a.pth", "checkpoint");
        bench_->files.write("llm.pth", "llm");
        bench_->session.open({path("a.pth") + ",llm=" + path("llm.pth"), path("x.png")});
        QVERIFY(bench_->becomesIdle());
        QVERIFY(save("s.vitreous"));
        const SessionFile file = readSession(nativePath(path("s.vitreous")));
        QCOMPARE(file.files.size(), std::size_t(3));
        for (const auto& [name, content] :
             {std::pair("a.pth", "checkpoint"), std::pair("llm.pth", "llm"),
              std::pair("x.png", "")}) {
            const FileFacts facts = file.files.at(nativePath(path(name)));
            QCOMPARE(
                QByteArray::fromStdString(facts.sha256),
                QCryptographicHash::hash(QByteArray(content), QCryptographicHash::Sha256).toHex());
            QCOMPARE(facts.bytes, std::optional(std::uint64_t(qstrlen(content))));
        }
    }
    void nothingIsHashedTwice() {
        fillSession();
        QSignalSpy progress(&bench_->session, &Session::progressChanged);
        const auto hashed = [&progress] {
            int count = 0;
            for (const QList<QVariant>& told : progress) {
                count += told[0].toString().contains("hashing") ? 1 : 0;
            }
            return count;
        };
        QVERIFY(save("s.vitreous"));
        QVERIFY(hashed() > 0);
        progress.clear();
        QVERIFY(save("s2.vitreous"));
        QCOMPARE(hashed(), 0);
        // Nor after it was opened again.
        Bench other;
        restoreFrom(other.session, path("s.vitreous"));
        QVERIFY(other.becomesIdle());
        QSignalSpy progress_there(&other.session, &Session::progressChanged);
        QSignalSpy saved(&other.session, &Session::saved);
        other.session.save(nativePath(path("s3.vitreous")));
        QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, Bench::patience_ms);
        for (const QList<QVariant>& told : progress_there) {
            QVERIFY(!told[0].toString().contains("hashing"));
        }
        QCOMPARE(
            readSession(nativePath(path("s3.vitreous"))).files,
            readSession(nativePath(path("s.vitreous"))).files);
    }
    void savingIsCancelledWhole() {
        const QString big = bench_->files.make({"a.pth"}).front();
        fs::resize_file(nativePath(big), 20'000'000'000);
        bench_->session.open({big});
        QVERIFY(bench_->becomesIdle());
        const QSignalSpy failed(&bench_->session, &Session::saveFailed);
        const QSignalSpy progress(&bench_->session, &Session::progressChanged);
        bench_->session.save(nativePath(path("s.vitreous")));
        QVERIFY(!bench_->session.isIdle());
        QTRY_VERIFY_WITH_TIMEOUT(
            !progress.isEmpty() && progress.last()[0].toString().contains("hashing a.pth"),
            Bench::patience_ms);
        bench_->session.cancel();
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, Bench::patience_ms);
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(QDir(path("")).entryList(QDir::Files | QDir::Hidden), QStringList{"a.pth"});
    }
    void anAnswerNamesItsSaving() {
        const QString big = bench_->files.make({"a.pth"}).front();
        fs::resize_file(nativePath(big), 20'000'000'000);
        bench_->session.open({big});
        QVERIFY(bench_->becomesIdle());
        const QSignalSpy failed(&bench_->session, &Session::saveFailed);
        const auto first = bench_->session.save(nativePath(path("one.vitreous")));
        const auto second = bench_->session.save(nativePath(path("two.vitreous")));
        // The second does not wait for the first to stop.
        bench_->session.cancel();
        QVERIFY(bench_->becomesIdle());
        QSet<quint64> told;
        for (const QList<QVariant>& answer : failed) {
            told << answer[0].value<std::uint64_t>();
        }
        QCOMPARE(failed.count(), 2);
        QCOMPARE(told, (QSet<quint64>{first, second}));
        fs::resize_file(nativePath(big), 0);
        const QSignalSpy saved(&bench_->session, &Session::saved);
        const auto third = bench_->session.save(nativePath(path("three.vitreous")));
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(saved.count(), 1);
        QCOMPARE(saved.first()[1].value<std::uint64_t>(), third);
    }
    void aFullDiskLeavesTheOldFile() {
        fillSession();
        QVERIFY(save("s.vitreous"));
        const QByteArray old = bytes("s.vitreous");
        const QSignalSpy noticed(&bench_->session, &Session::noticed);
        {
            const FullDisk full;
            QVERIFY(!save("s.vitreous"));
        }
        QVERIFY(noticed.last()[0].toString().startsWith("The session is not saved"));
        QCOMPARE(bytes("s.vitreous"), old);
    }

    void missingFilesAreToldInTheirRows() {
        fillSession();
        QVERIFY(save("s.vitreous"));
        const SessionState before = bench_->session.state();
        for (const char* name : {"data/a.pth", "pictures/z.png"}) {
            QVERIFY(QFile::remove(path(name)));
        }
        const QSignalSpy noticed(&bench_->session, &Session::noticed);
        restoreFrom(bench_->session, path("s.vitreous"));
        QVERIFY(bench_->becomesIdle());
        const ModelItem& model = bench_->session.models().items()[0];
        QVERIFY(model.state == ModelItem::State::Failed);
        QCOMPARE(model.failure.message, "missing: " + path("data/a.pth"));
        QVERIFY(bench_->session.models().items()[1].state == ModelItem::State::Ready);
        const InputItem& input = bench_->session.inputs().items()[2];
        QCOMPARE(input.failure->message, "missing: " + path("pictures/z.png"));
        // It is still the one that was shown.
        QVERIFY(bench_->session.state() == before);
        QVERIFY(noticed.first()[0].toString().startsWith("Missing: a.pth, z.png."));
        QCOMPARE(noticed.first()[1].toBool(), true);
        // Saving again keeps what is known of it.
        const auto known = readSession(nativePath(path("s.vitreous"))).files;
        QVERIFY(save("again.vitreous"));
        QVERIFY(readSession(nativePath(path("again.vitreous"))).files == known);
        QCOMPARE(known.at(nativePath(path("data/a.pth"))).sha256.size(), std::size_t(64));
    }
    void aMissingModelsHeadsStayInTheView() {
        bench_->files.make({"a.pth", "b.pth", "x.png"});
        bench_->session.open({path("a.pth"), path("b.pth,heads=8"), path("x.png")});
        QVERIFY(bench_->becomesIdle());
        ViewState view = bench_->session.view();
        view.head = HeadIndex{7};
        bench_->session.setView(view);
        QVERIFY(save("s.vitreous"));
        QVERIFY(QFile::rename(path("b.pth"), path("c.pth")));
        restoreFrom(bench_->session, path("s.vitreous"));
        QVERIFY(bench_->becomesIdle());
        QVERIFY(bench_->session.view() == view);
        const ModelId missing = bench_->session.models().items()[1].id;
        bench_->session.locateModel(missing, nativePath(path("c.pth")));
        QVERIFY(bench_->becomesIdle());
        QVERIFY(bench_->session.view() == view);
        // Once it is gone for good the others' heads are all that there are.
        bench_->session.removeModel(bench_->session.models().items()[1].id);
        QCOMPARE(bench_->session.view().head, std::optional(HeadIndex{1}));
    }
    void oneLocatedFileFindsTheOthers() {
        fillSession();
        QVERIFY(save("s/s.vitreous"));
        QVERIFY(QDir().mkpath(path("elsewhere/deep")));
        QVERIFY(QDir().rename(path("data"), path("elsewhere/deep/data")));
        QVERIFY(QDir().rename(path("pictures"), path("elsewhere/deep/pictures")));
        restoreFrom(bench_->session, path("s/s.vitreous"));
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->session.failures().size(), std::size_t(5));
        const QSignalSpy noticed(&bench_->session, &Session::noticed);
        bench_->session.locateInput(
            bench_->inputIds()[0], nativePath(path("elsewhere/deep/pictures/x.png")));
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->session.failures().size(), std::size_t(0));
        QCOMPARE(noticed.count(), 1);
        QVERIFY(noticed.first()[0].toString().startsWith("Found: "));
        QCOMPARE(noticed.first()[1].toBool(), false);
        QVERIFY(bench_->session.rows()[0].result && bench_->session.rows()[1].result);
        QCOMPARE(
            bench_->session.models().items()[0].spec.path,
            nativePath(path("elsewhere/deep/data/a.pth")));
        QCOMPARE(
            bench_->session.inputs().items()[1].mask,
            nativePath(path("elsewhere/deep/data/mask.png")));
        QCOMPARE(bench_->shown(), QString("z.png"));
        QCOMPARE(bench_->session.models().items()[1].spec.label, std::string("second"));
    }
    void aLocatedModelMayHaveAnotherName() {
        fillSession();
        QVERIFY(save("s.vitreous"));
        QVERIFY(QDir().mkpath(path("moved")));
        QVERIFY(QFile::rename(path("data/a.pth"), path("moved/renamed.pth")));
        QVERIFY(QFile::rename(path("data/b.pth"), path("moved/b.pth")));
        restoreFrom(bench_->session, path("s.vitreous"));
        QVERIFY(bench_->becomesIdle());
        bench_->session.locateModel(
            bench_->session.models().items()[0].id, nativePath(path("moved/renamed.pth")));
        QVERIFY(bench_->becomesIdle());
        for (const ModelItem& item : bench_->session.models().items()) {
            QVERIFY(item.state == ModelItem::State::Ready);
        }
    }
    void aMissingLlmIsLocatedToo() {
        bench_->files.make({"a.pth", "llm.pth", "x.png"});
        bench_->session.open({path("a.pth") + ",llm=" + path("llm.pth"), path("x.png")});
        QVERIFY(bench_->becomesIdle());
        QVERIFY(save("s.vitreous"));
        QVERIFY(QFile::rename(path("llm.pth"), path("other.pth")));
        restoreFrom(bench_->session, path("s.vitreous"));
        QVERIFY(bench_->becomesIdle());
        const ModelItem& model = bench_->session.models().items()[0];
        QCOMPARE(model.failure.message, "missing: " + path("llm.pth"));
        bench_->session.locateModel(model.id, nativePath(path("other.pth")));
        QVERIFY(bench_->becomesIdle());
        const ModelItem& found = bench_->session.models().items()[0];
        QVERIFY(found.state == ModelItem::State::Ready);
        QCOMPARE(found.spec.path, nativePath(path("a.pth")));
        QCOMPARE(found.spec.llm, nativePath(path("other.pth")));
    }
    void aMissingMaskIsLocatedToo() {
        fillSession();
        QVERIFY(save("s.vitreous"));
        QCOMPARE(
            readSession(nativePath(path("s.vitreous")))
                .files.at(nativePath(path("data/mask.png")))
                .sha256.size(),
            std::size_t(64));
        QVERIFY(QFile::rename(path("data/mask.png"), path("other.png")));
        const QSignalSpy noticed(&bench_->session, &Session::noticed);
        restoreFrom(bench_->session, path("s.vitreous"));
        QVERIFY(bench_->becomesIdle());
        QVERIFY(noticed.first()[0].toString().startsWith("Missing: mask.png."));
        const InputItem& input = bench_->session.inputs().items()[1];
        QCOMPARE(missingFile(input), std::optional(nativePath(path("data/mask.png"))));
        bench_->session.locateInput(input.id, nativePath(path("other.png")));
        QVERIFY(bench_->becomesIdle());
        const InputItem& found = bench_->session.inputs().items()[1];
        QCOMPARE(found.path, nativePath(path("pictures/y.png")));
        QCOMPARE(found.mask, nativePath(path("other.png")));
        QVERIFY(!missingFile(found));
    }
    void anInputIsNotLocatedAtAnother() {
        bench_->open({"x.png", "y.png"});
        QVERIFY(bench_->becomesIdle());
        QVERIFY(save("s.vitreous"));
        QVERIFY(QFile::remove(path("x.png")));
        restoreFrom(bench_->session, path("s.vitreous"));
        QVERIFY(bench_->becomesIdle());
        const QSignalSpy noticed(&bench_->session, &Session::noticed);
        bench_->session.locateInput(bench_->inputIds()[0], nativePath(path("y.png")));
        QVERIFY(bench_->becomesIdle());
        QVERIFY(noticed.first()[0].toString().startsWith("This input is open already"));
        QCOMPARE(bench_->session.inputs().items()[0].path, nativePath(path("x.png")));
    }

    void changedFilesAreNamed_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<bool>("is_told");
        QTest::newRow("another size") << QByteArray("longer than it was") << true;
        QTest::newRow("same size") << QByteArray("other") << true;
        QTest::newRow("only another time") << QByteArray("bytes") << false;
    }
    void changedFilesAreNamed() {
        QFETCH(QByteArray, content);
        QFETCH(bool, is_told);
        bench_->files.make({"a.pth", "x.png"});
        bench_->files.write("a.pth", "bytes");
        bench_->session.open({path("a.pth"), path("x.png")});
        QVERIFY(bench_->becomesIdle());
        QVERIFY(save("s.vitreous"));
        bench_->files.write("a.pth", content);
        touch(path("a.pth"));
        const QSignalSpy noticed(&bench_->session, &Session::noticed);
        restoreFrom(bench_->session, path("s.vitreous"));
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(noticed.count(), is_told ? 1 : 0);
        if (is_told) {
            QCOMPARE(
                noticed.first()[0].toString(),
                QString("Changed since the session was saved: a.pth."));
        }
        // It is used all the same.
        QVERIFY(bench_->session.rows()[0].result);
    }

    void anotherSessionsChangesAreNotTold() {
        bench_->files.make({"a.pth", "x.png"});
        bench_->files.write("a.pth", "bytes");
        bench_->session.open({path("a.pth"), path("x.png")});
        QVERIFY(bench_->becomesIdle());
        QVERIFY(save("s.vitreous"));
        bench_->files.write("a.pth", "other");
        touch(path("a.pth"));
        const QSignalSpy noticed(&bench_->session, &Session::noticed);
        restoreFrom(bench_->session, path("s.vitreous"));
        // Long enough for the answer to be on its way.
        QThread::msleep(200);
        bench_->session.restore({}, {});
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(noticed.count(), 0);
        restoreFrom(bench_->session, path("s.vitreous"));
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(noticed.count(), 1);
    }

private:
    void renew() {
        bench_ = std::make_unique<Bench>();
        bench_->control->needs_files = true;
    }
    [[nodiscard]] QString path(const QString& name) const { return bench_->files.path(name); }
    [[nodiscard]] QByteArray bytes(const QString& name) const {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// Two models, three inputs, everything about them other than it comes.
    void fillSession() {
        bench_->open(
            {"data/a.pth", "data/b.pth", "pictures/x.png", "pictures/y.png", "pictures/z.png"});
        QVERIFY(bench_->becomesIdle());
        ModelSpec spec = bench_->session.models().items()[1].spec;
        spec.heads = 3;
        spec.label = "second";
        bench_->session.reloadModel(bench_->session.models().items()[1].id, spec);
        bench_->session.inputs().update(
            bench_->inputIds()[0], [](InputItem& item) { item.caption = "Schöne Katze"; });
        bench_->files.make({"data/mask.png"});
        bench_->session.inputs().update(bench_->inputIds()[1], [this](InputItem& item) {
            item.mask = nativePath(path("data/mask.png"));
        });
        bench_->session.setDevice({.device = "cpu", .precision = Precision::BFloat16});
        bench_->session.setCurrentInput(bench_->inputIds()[2]);
        QVERIFY(bench_->becomesIdle());
        bench_->session.setView(fullView());
    }
    /// True where it is written.
    [[nodiscard]] bool save(const QString& name) {
        QDir().mkpath(QFileInfo(path(name)).path());
        const QSignalSpy saved(&bench_->session, &Session::saved);
        bench_->session.save(nativePath(path(name)));
        return bench_->becomesIdle() && saved.count() == 1;
    }

    std::unique_ptr<Bench> bench_;
};

QTEST_GUILESS_MAIN(SavedFilesTest)
#include "saved_files_test.moc"
