// Coloured clouds and tables beside the arrays, and inputs of both kinds, through `analyze`.

#include <cmath>
#include <csignal>
#include <cstring>

#include <sys/resource.h>

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "core/points/cloud_file.h"
#include "tests/cli/cli_process.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

QString pointModel() {
    return sharedFile("golden/point/pointbert.pth") + ",heads=3,groups=32,group_size=16";
}

QByteArray bytesAt(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class PointFilesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        if (sharedFile("golden").isEmpty()) {
            QSKIP("no shared/golden beside this checkout");
        }
    }
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }

    void writesThemBesideTheArrays() {
        const QString torus = sharedFile("golden/point/torus.ply");
        const CliOutcome outcome = analyze({torus}, {"--csv", "--ply"});
        QCOMPARE(outcome.err, "");
        QCOMPARE(outcome.status, 0);
        QCOMPARE(
            outcome.out.split('\n', Qt::SkipEmptyParts),
            QStringList(
                {at("out/torus.pointbert.npz"), at("out/torus.pointbert.csv"),
                 at("out/torus.pointbert.ply")}));
        const PointCloud whole = readPointCloud(torus.toStdString());
        const PointCloud colored = readPointCloud(at("out/torus.pointbert.ply").toStdString());
        QVERIFY(colored.positions == whole.positions);
        QCOMPARE(colored.colors.size(), whole.positions.size());
        const QByteArray ply = bytesAt(at("out/torus.pointbert.ply"));
        QVERIFY(ply.contains("comment colours: magnitude/norm, viridis from "));
        QVERIFY(ply.contains("property float cls_attention_blocks_1\n"));
        const auto arrays = arraysIn(at("out/torus.pointbert.npz"));
        const auto lines = bytesAt(at("out/torus.pointbert.csv")).trimmed().split('\n');
        QCOMPARE(lines.size(), 33);
        const auto titles = lines[0].split(',');
        const auto words = lines[6].split(',');
        QCOMPARE(
            words[titles.indexOf("frequency/blocks.0")].toFloat(),
            arrays.at("frequency/blocks.0").values[5]);
        QCOMPARE(
            words[titles.indexOf("cls_attention/blocks.1_head2")].toFloat(),
            arrays.at("cls_attention/blocks.1").values[69]);
        QCOMPARE(words[1].toFloat(), arrays.at("centers").values[15]);

        const QJsonObject facts =
            QJsonDocument::fromJson(bytesAt(at("out/torus.pointbert.json"))).object();
        const QJsonObject switches = facts["switches"].toObject();
        QCOMPARE(switches["csv"].toBool(), true);
        QCOMPARE(switches["ply"].toObject()["color_by"].toString(), "magnitude/norm");
        QVERIFY(facts["command"].toString().endsWith(
            " --csv --ply --color-by magnitude/norm --colormap viridis --values weighted"));
        const QByteArray sha256 = facts["input"].toObject()["sha256"].toString().toLatin1();
        QVERIFY(ply.contains("comment input SHA-256: " + sha256));
    }

    void valuesAndColoursAreChosen() {
        Array points{{300, 3}, {}};
        for (int i = 0; i < 300; ++i) {
            const float angle = float(i) * 0.7F;
            points.values.insert(
                points.values.end(), {std::cos(angle), std::sin(angle), float(i) / 300.0F});
        }
        // An array is in the space of the groups already, and is not moved.
        writeNpy(at("line.npy"), points);
        const CliOutcome outcome = analyze(
            {at("line.npy")}, {"--ply", "--values", "raw", "--color-by", "frequency/blocks.0",
                               "--colormap", "magma", "--batch", "2"});
        QCOMPARE(outcome.err, "");
        QVERIFY(!QFile::exists(at("out/line.pointbert.csv")));
        const PointCloud colored = readPointCloud(at("out/line.pointbert.ply").toStdString());
        QVERIFY(colored.positions == points.values);
        const QByteArray ply = bytesAt(at("out/line.pointbert.ply"));
        QVERIFY(ply.contains("comment colours: frequency/blocks.0, magma from "));
        QVERIFY(ply.contains("comment values: of the nearest group centre\n"));
        // A centre is a point, whose nearest group is its own.
        const qsizetype body = ply.indexOf("end_header\n") + 11;
        const qsizetype size = (ply.size() - body) / 300;
        const auto arrays = arraysIn(at("out/line.pointbert.npz"));
        const auto first = points.values.begin();
        for (std::int32_t group = 0; group < 32; ++group) {
            const auto center = arrays.at("centers").values.begin() + 3 * group;
            qsizetype point = 0;
            while (point < 300 && !std::equal(center, center + 3, first + 3 * point)) {
                ++point;
            }
            const char* vertex = ply.constData() + body + size * point;
            std::int32_t found = -1;
            std::memcpy(&found, vertex + size - 4, sizeof found);
            QCOMPARE(found, group);
            float magnitude = 0.0F;
            std::memcpy(&magnitude, vertex + 15, sizeof magnitude);
            QCOMPARE(magnitude, arrays.at("magnitude/blocks.0").values[std::size_t(group)]);
        }
        QVERIFY(bytesAt(at("out/line.pointbert.json")).contains("\"values\": \"raw\""));
    }

    void resumeMissesThem() {
        const QStringList inputs = {sharedFile("golden/point/torus.ply")};
        QCOMPARE(analyze(inputs, {}).status, 0);
        const auto again = [&](const QStringList& more) {
            const CliOutcome outcome = analyze(inputs, more + QStringList{"--resume"});
            return outcome.status == 0 ? int(outcome.out.count('\n')) : -1;
        };
        QCOMPARE(again({"--csv"}), 2);
        QCOMPARE(again({"--csv"}), 0);
        QCOMPARE(again({"--ply"}), 2);
        QCOMPARE(again({"--ply"}), 0);
        QCOMPARE(again({}), 0);
        QVERIFY(QFile::remove(at("out/torus.pointbert.ply")));
        QCOMPARE(again({}), 0);
        QCOMPARE(again({"--ply"}), 2);
        QCOMPARE(again({"--ply", "--values", "raw"}), 2);
    }

    void refusedForPictures() {
        const QString vit = sharedFile("golden/image/vit.pth") + ",heads=3";
        const CliOutcome outcome = runCli(
            {"analyze", "--model", pointModel(), vit, "--input",
             sharedFile("golden/image/scene.png"), "--output", at("out"), "--csv"});
        QCOMPARE(outcome.status, 2);
        QVERIFY2(outcome.onlyError().contains("point clouds alone"), qPrintable(outcome.err));
        QVERIFY(!QFile::exists(at("out")));
        const CliOutcome color = analyze(
            {sharedFile("golden/point/torus.ply")}, {"--ply", "--color-by", "magnitude/blocks.9"});
        QCOMPARE(color.status, 2);
        QVERIFY2(color.onlyError().contains("magnitude/norm"), qPrintable(color.err));
    }

    void fullDisk() {
        const CliOutcome outcome = runCli(
            {"analyze", "--model", pointModel(), "--input", sharedFile("golden/point/torus.ply"),
             "--output", at("out"), "--ply"},
            [] {
                const rlimit tight{.rlim_cur = 4096, .rlim_max = 4096};
                setrlimit(RLIMIT_FSIZE, &tight);
                std::signal(SIGXFSZ, SIG_IGN);
            });
        QCOMPARE(outcome.status, 5);
        QVERIFY2(outcome.onlyError().endsWith("torus.pointbert.ply"), qPrintable(outcome.err));
        QCOMPARE(filesIn(at("out")), QStringList());
    }

    void directoriesHoldBothKinds() {
        QVERIFY(QDir(folder_->path()).mkdir("mixed"));
        QVERIFY(QFile::copy(sharedFile("golden/image/scene.png"), at("mixed/scene.png")));
        QVERIFY(QFile::copy(sharedFile("golden/point/torus.ply"), at("mixed/torus.ply")));
        // Of one stem, which is no clash where they are of two kinds.
        QVERIFY(QFile::copy(sharedFile("golden/point/torus.ply"), at("mixed/scene.ply")));
        QVERIFY(QFile::copy(sharedFile("golden/point/torus.ply"), at("mixed/notes.txt")));
        const QString vit = sharedFile("golden/image/vit.pth") + ",heads=3";

        const CliOutcome clouds = analyze({at("mixed")}, {});
        QCOMPARE(clouds.status, 0);
        QCOMPARE(
            clouds.err, "vitreous-cli: left out 1 picture found in directories, which no model "
                        "here takes\n");
        QCOMPARE(
            filesIn(at("out")).filter(".npz"),
            QStringList({"scene.pointbert.npz", "torus.pointbert.npz"}));

        const CliOutcome both = runCli(
            {"analyze", "--model", vit, pointModel(), "--input", at("mixed"), "--output",
             at("both")});
        QCOMPARE(both.status, 0);
        QCOMPARE(
            both.err, "vitreous-cli: each model runs on the inputs of its kind: vit on 1 picture, "
                      "pointbert on 2 point clouds\n");
        QCOMPARE(
            filesIn(at("both")).filter(".npz"),
            QStringList({"scene.pointbert.npz", "scene.vit.npz", "torus.pointbert.npz"}));

        const CliOutcome named = analyze({at("mixed/scene.png"), at("mixed/torus.ply")}, {});
        QCOMPARE(named.status, 1);
        QVERIFY2(named.onlyError().contains("expected a point cloud"), qPrintable(named.err));

        QVERIFY(QFile::remove(at("mixed/torus.ply")) && QFile::remove(at("mixed/scene.ply")));
        const CliOutcome none = analyze({at("mixed")}, {});
        QCOMPARE(none.status, 4);
        QVERIFY2(
            none.onlyError().startsWith("no point cloud, only 1 picture"), qPrintable(none.err));
        QVERIFY(QFile::remove(at("mixed/scene.png")));
        const CliOutcome empty = analyze({at("mixed")}, {});
        QCOMPARE(empty.status, 4);
        QVERIFY2(
            empty.onlyError().startsWith("no picture, no point cloud and no video"),
            qPrintable(empty.err));
    }

private:
    [[nodiscard]] QString at(const QString& name) const { return folder_->filePath(name); }
    [[nodiscard]] CliOutcome analyze(const QStringList& inputs, const QStringList& more) const {
        return runCli(
            QStringList{"analyze", "--model", pointModel(), "--output", at("out"), "--input"} +
            inputs + more);
    }

    std::unique_ptr<QTemporaryDir> folder_;
};

QTEST_GUILESS_MAIN(PointFilesTest)
#include "point_files_test.moc"
