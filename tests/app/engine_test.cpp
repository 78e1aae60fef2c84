// The session over the real engine, on files that cannot be used and disks that do not take any.

#include <cmath>

#include <QDir>
#include <QSignalSpy>
#include <QTest>

#include "app/desktop/session.h"
#include "core/export/npz.h"
#include "core/export/sha256.h"
#include "core/media/image_file.h"
#include "core/points/cloud_file.h"
#include "tests/io/hand_made.h"
#include "tests/support/hindrance.h"
#include "tests/support/pictures.h"
#include "tests/support/weights.h"

using namespace vitreous;
using namespace vitreous::testing;

class EngineTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        folder_ = std::make_unique<QTemporaryDir>();
        QVERIFY(QDir(folder_->path()).mkdir("out"));
        writeSafetensors(path("good.safetensors").toStdString(), smallVit());
        writePng(path("scene.png").toStdString(), formulaPicture(48, 40));
        session_ = std::make_unique<Session>(coreEngine(1));
    }
    void cleanup() {
        session_.reset();
        folder_.reset();
    }

    void aCloudIsWrittenWithItsTableAndItsColours() {
        const QString golden = QStringLiteral(VITREOUS_SHARED "/golden/point/");
        if (!QFileInfo::exists(golden)) {
            QSKIP("the golden data is not there");
        }
        session_->open({golden + "pointbert.pth", golden + "torus.ply"});
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), 60'000);
        QVERIFY(session_->failures().empty());
        ViewState view = session_->view();
        view.map = MapKind::Frequency;
        view.tap = "blocks.0";
        view.cloud.values = GroupValues::Raw;
        view.colormap = Colormap::Magma;
        session_->setView(view);
        QSignalSpy written(session_.get(), &Session::written);
        session_->exportData(path("out").toStdString());
        QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, 60'000);
        QCOMPARE(
            QDir(path("out")).entryList(QDir::Files | QDir::Hidden, QDir::Name),
            QStringList(
                {"torus.pointbert.csv", "torus.pointbert.json", "torus.pointbert.npz",
                 "torus.pointbert.ply"}));
        const PointCloud before = readPointCloud((golden + "torus.ply").toStdString());
        const PointCloud after = readPointCloud(path("out/torus.pointbert.ply").toStdString());
        QCOMPARE(after.positions, before.positions);
        QCOMPARE(after.colors.size(), before.positions.size());
        QFile facts(path("out/torus.pointbert.json"));
        QVERIFY(facts.open(QIODevice::ReadOnly));
        const QByteArray text = facts.readAll();
        for (const char* said : {"frequency/blocks.0", "magma", "--values raw", "\"points\": "}) {
            QVERIFY2(text.contains(said), said);
        }
    }

    void oneMessageBesideEachModel_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("bytes");
        QFile whole(QStringLiteral(VITREOUS_TEST_DATA "/io/hostile_zip.pth"));
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const QByteArray hostile = whole.readAll();
        QTest::newRow("empty") << "empty.pth" << QByteArray("");
        QTest::newRow("text") << "text.pth" << QByteArray("no weights");
        QTest::newRow("truncated legacy")
            << "half.pth"
            << QByteArray::fromStdString(legacyFile(pickledState({4, 0, {4}, {1}}), {1, 2, 3, 4}))
                   .chopped(9);
        QTest::newRow("truncated zip") << "half_zip.pth" << hostile.first(hostile.size() / 2);
        QTest::newRow("hostile zip") << "hostile.pth" << hostile;
        QTest::newRow("hostile legacy")
            << "hostile_legacy.pth"
            << QByteArray::fromStdString(legacyFile(
                   "cposix\nsystem\n(" + pickled("touch " + marker().toStdString()) + "tR", {}));
        QTest::newRow("huge header")
            << "huge.safetensors" << QByteArray("\xff\xff\xff\xff\xff\xff\0\0{\"a\"", 12);
    }
    void oneMessageBesideEachModel() {
        QFETCH(QString, name);
        QFETCH(QByteArray, bytes);
        write(name, bytes);
        open({name, "good.safetensors", "scene.png"});
        requireOneFailedModel(name);
        QVERIFY(!QFileInfo::exists(marker()));
    }
    void anUnknownFamily() {
        const QString file = QStringLiteral(VITREOUS_SHARED "/data/vit/mnist_gap_postnorm.pth");
        if (!QFileInfo::exists(file)) {
            QSKIP("no shared data here");
        }
        session_->open({file});
        open({"good.safetensors", "scene.png"});
        requireOneFailedModel("mnist_gap_postnorm.pth");
    }
    void aFolderWithoutAConfiguration() {
        QVERIFY(QDir(folder_->path()).mkpath("hf"));
        write("hf/tokenizer.json", "{}");
        const QSignalSpy noticed(session_.get(), &Session::noticed);
        open({"hf", "good.safetensors", "scene.png"});
        QCOMPARE(noticed.count(), 1);
        QVERIFY(noticed[0][0].toString().endsWith(path("hf")));
        QCOMPARE(session_->failures().size(), std::size_t(1));
        QVERIFY(session_->rows().front().result);
    }
    void aFolderNamedAsAModelWithoutAConfiguration() {
        QVERIFY(QDir(folder_->path()).mkpath("hf"));
        session_->open({path("hf") + ",heads=2"});
        open({"good.safetensors", "scene.png"});
        requireOneFailedModel("hf");
    }
    void aFolderWithoutWeights() {
        QVERIFY(QDir(folder_->path()).mkpath("hf"));
        write("hf/config.json", "{}");
        open({"hf", "good.safetensors", "scene.png"});
        requireOneFailedModel("hf");
    }
    void filesThatMayNotBeRead() {
        write("locked.safetensors", "{");
        QVERIFY(QFile::copy(path("scene.png"), path("locked.png")));
        for (const char* name : {"locked.safetensors", "locked.png"}) {
            QVERIFY(QFile::setPermissions(path(name), {}));
        }
        const Unprivileged user({folder_->path()});
        open({"locked.safetensors", "locked.png", "good.safetensors", "scene.png"});
        QCOMPARE(session_->failures().size(), std::size_t(2));
        const ModelItem& model = session_->models().items()[0];
        QCOMPARE(model.state, ModelItem::State::Failed);
        QVERIFY2(
            model.failure.message.contains("Permission denied"), qPrintable(model.failure.message));
        const InputItem& input = session_->inputs().items()[0];
        QVERIFY(input.failure && input.failure->message.contains(path("locked.png")));
        QVERIFY(session_->rows()[1].result);
    }

    void exportIsOfTheFilesItNames() {
        open({"good.safetensors", "scene.png"});
        const QSignalSpy written(session_.get(), &Session::written);
        exportData();
        QCOMPARE(written.count(), 1);
        QCOMPARE(filesIn("out"), QStringList({"scene.good.json", "scene.good.npz"}));
        QFile json(path("out/scene.good.json"));
        QVERIFY(json.open(QIODevice::ReadOnly));
        const QByteArray facts = json.readAll();
        for (const char* name : {"good.safetensors", "scene.png"}) {
            const std::string digest = sha256OfFile(path(name).toStdString());
            QVERIFY(facts.contains(QByteArray::fromStdString(digest)));
        }
        const auto arrays = readNpz(path("out/scene.good.npz").toStdString());
        QVERIFY(std::any_of(arrays.begin(), arrays.end(), [](const auto& array) {
            return array.first == "magnitude/blocks.0";
        }));
    }
    void aCheckpointOverwrittenIsNotNamed() {
        open({"good.safetensors", "scene.png"});
        Weights other = smallVit();
        other["head.bias"].values[0] = 9.0F;
        writeSafetensors(path("good.safetensors").toStdString(), other);
        requireNotWritten("good.safetensors");
        const float before = logit();
        session_->runAgain();
        waitUntilIdle();
        QVERIFY(logit() > before + 5.0F);
        exportData();
        QCOMPARE(filesIn("out").size(), 2);
    }
    void aFullDisk() {
        open({"good.safetensors", "scene.png"});
        {
            const FullDisk full;
            requireNotWritten("out");
        }
        exportData();
        QCOMPARE(filesIn("out").size(), 2);
    }
    void aLockedFolder() {
        open({"good.safetensors", "scene.png"});
        const Unprivileged user({folder_->path(), path("out")});
        requireNotWritten("out");
    }
    void aFileInTheWayOfTheFolder() {
        open({"good.safetensors", "scene.png"});
        QVERIFY(QDir(folder_->path()).rmdir("out"));
        write("out", "x");
        requireNotWritten("out");
    }

private:
    /// What a hostile checkpoint would leave.
    [[nodiscard]] QString marker() const { return marks_.filePath(QStringLiteral("ran")); }
    [[nodiscard]] QString path(const QString& name) const { return folder_->filePath(name); }
    void write(const QString& name, const QByteArray& bytes) const {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    [[nodiscard]] QStringList filesIn(const QString& folder) const {
        return QDir(path(folder)).entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }
    void waitUntilIdle() { QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), 60'000); }
    void open(const QStringList& names) {
        QStringList paths;
        for (const QString& name : names) {
            paths << path(name);
        }
        session_->open(paths);
        waitUntilIdle();
    }
    void exportData() {
        session_->exportData(path("out").toStdString());
        waitUntilIdle();
    }
    [[nodiscard]] float logit() const {
        const auto result = session_->rows().front().result;
        return result ? result->logits.values.front() : std::nanf("");
    }
    /// The first model failed with a message that names it; the second has its maps.
    void requireOneFailedModel(const QString& name) {
        const ModelItem& failed = session_->models().items()[0];
        QCOMPARE(failed.state, ModelItem::State::Failed);
        QCOMPARE(failed.failure.code, ErrorCode::Model);
        QVERIFY2(failed.failure.message.contains(name), qPrintable(failed.failure.message));
        QVERIFY(!failed.failure.message.contains(u'\n'));
        QCOMPARE(session_->failures().size(), std::size_t(1));
        QVERIFY(!session_->rows()[0].result);
        QVERIFY(session_->rows()[1].result);
    }
    /// The export says once why there is none, naming the file, and leaves nothing.
    void requireNotWritten(const QString& name) {
        const QSignalSpy noticed(session_.get(), &Session::noticed);
        exportData();
        QCOMPARE(noticed.count(), 1);
        const QString text = noticed[0][0].toString();
        QVERIFY2(text.startsWith("Not written: ") && text.contains(path(name)), qPrintable(text));
        QVERIFY(noticed[0][1].toBool());
        QCOMPARE(filesIn("out"), QStringList());
        QVERIFY(session_->rows().front().result);
    }

    QTemporaryDir marks_;
    std::unique_ptr<QTemporaryDir> folder_;
    std::unique_ptr<Session> session_;
};

QTEST_GUILESS_MAIN(EngineTest)
#include "engine_test.moc"
