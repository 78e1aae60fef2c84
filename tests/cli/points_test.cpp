// Point clouds through `analyze` and `inspect`.

#include <QTest>

#include "tests/cli/cli_process.h"
#include "tests/support/golden.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

constexpr const char* kOptions = ",heads=3,groups=32,group_size=16";

QString plainModel() {
    return sharedFile("golden/point/pointbert.pth") + kOptions;
}

/// So many points on a line, none at the origin.
Array line(std::int64_t count) {
    Array points{{count, 3}, {}};
    for (std::int64_t i = 0; i < count; ++i) {
        const float x = 0.1F + float(i) / float(count);
        points.values.insert(points.values.end(), {x, 0.0F, 0.0F});
    }
    return points;
}

} // namespace

class PointsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        if (sharedFile("golden").isEmpty()) {
            QSKIP("no shared/golden beside this checkout");
        }
    }

    void equalsReference_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("options");
        QTest::addColumn<QStringList>("unmeasured");
        QTest::newRow("plain") << "pointbert" << kOptions << QStringList();
        // What the reference did not write down.
        QTest::newRow("llama") << "pointbert_llama" << QString(kOptions) + ",llm_heads=4"
                               << QStringList{
                                      "magnitude/llama.layers.0.attention",
                                      "magnitude/llama.layers.0.attention+residual",
                                      "magnitude/llama.layers.0.feed_forward",
                                      "frequency/llama.layers.0.attention",
                                      "frequency/llama.layers.0.attention+residual",
                                      "frequency/llama.layers.0.feed_forward",
                                      "cls_attention/llama.layers.0"};
    }
    void equalsReference() {
        QFETCH(QString, name);
        QFETCH(QString, options);
        QFETCH(QStringList, unmeasured);
        const QTemporaryDir output;
        const auto reference = arraysIn(sharedFile("golden/point/" + name + ".golden.npz"));
        Array input = reference.at("input");
        input.shape = {input.shape.end()[-2], 3};
        writeNpy(output.filePath("torus.npy"), input);
        const CliOutcome outcome = runCli(
            {"analyze", "--model", sharedFile("golden/point/" + name + ".pth") + options, "--input",
             output.filePath("torus.npy"), "--output", output.path()});
        QCOMPARE(outcome.err, "");
        QCOMPARE(outcome.status, 0);
        auto ours = arraysIn(output.filePath("torus." + name + ".npz"));
        QCOMPARE(ours.at("groups").shape, (std::vector<std::int64_t>{32, 16}));
        ours.erase("groups");
        for (const auto& [key, expected] : reference) {
            QVERIFY2(ours.contains(key), key.c_str());
            const double error = golden::relativeError(ours[key].values, expected.values);
            const QByteArray text = QByteArray(key.c_str()) + ": " + QByteArray::number(error);
            QVERIFY2(error <= golden::tolerance(key), text.constData());
            ours.erase(key);
        }
        QStringList left;
        for (const auto& [key, array] : ours) {
            left << QString::fromStdString(key);
        }
        left.sort();
        unmeasured.sort();
        QCOMPARE(left, unmeasured);
    }

    void shapesAreTheContracts() {
        const QTemporaryDir output;
        writeNpy(output.filePath("line.npy"), line(100));
        const CliOutcome outcome = runCli(
            {"analyze", "--model", plainModel(), "--input", output.filePath("line.npy"), "--output",
             output.path(), "--features"});
        QCOMPARE(outcome.err, "");
        const auto ours = arraysIn(output.filePath("line.pointbert.npz"));
        using Shape = std::vector<std::int64_t>;
        QCOMPARE(ours.at("magnitude/blocks.1").shape, (Shape{32}));
        QCOMPARE(ours.at("frequency/norm").shape, (Shape{32}));
        QCOMPARE(ours.at("cls_attention/blocks.0").shape, (Shape{3, 32}));
        QCOMPARE(ours.at("features/blocks.0").shape, (Shape{32, 48}));
        QCOMPARE(ours.at("centers").shape, (Shape{32, 3}));
        QCOMPARE(ours.at("groups").shape, (Shape{32, 16}));
        QCOMPARE(ours.at("input").shape, (Shape{100, 3}));
        QCOMPARE(ours.at("logits").shape, (Shape{5}));
    }

    void plyEqualsReference() {
        const QTemporaryDir output;
        const auto reference = arraysIn(sharedFile("golden/point/pointbert.golden.npz"));
        const CliOutcome outcome = runCli(
            {"analyze", "--model", plainModel(), "--input", sharedFile("golden/point/torus.ply"),
             "--output", output.path()});
        QCOMPARE(outcome.err, "");
        const auto ours = arraysIn(output.filePath("torus.pointbert.npz"));
        for (const auto& [key, expected] : reference) {
            const double error = golden::relativeError(ours.at(key).values, expected.values);
            const QByteArray text = QByteArray(key.c_str()) + ": " + QByteArray::number(error);
            QVERIFY2(error <= golden::tolerance(key), text.constData());
        }
    }

    void scansAreAnalysed_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("points");
        QTest::newRow("bunny") << "bunny" << 1024;
        QTest::newRow("truck") << "truck" << 1024;
        QTest::newRow("few") << "tree" << 538;
        QTest::newRow("another element first") << "bunny_duplicates" << 1024;
    }
    void scansAreAnalysed() {
        QFETCH(QString, name);
        QFETCH(int, points);
        const QString path = sharedFile("data/points/" + name + ".ply");
        if (path.isEmpty()) {
            QSKIP("no shared/data beside this checkout");
        }
        const QTemporaryDir output;
        const CliOutcome outcome = runCli(
            {"analyze", "--model", plainModel(), "--input", path, "--output", output.path()});
        QCOMPARE(outcome.err, "");
        QCOMPARE(outcome.status, 0);
        const auto ours = arraysIn(output.filePath(name + ".pointbert.npz"));
        const Array& input = ours.at("input");
        QCOMPARE(input.shape, (std::vector<std::int64_t>{points, 3}));
        double farthest = 0.0;
        for (std::size_t i = 0; i < std::size_t(points); ++i) {
            const float* p = &input.values[3 * i];
            farthest = std::max(farthest, std::hypot(double(p[0]), double(p[1]), double(p[2])));
        }
        QVERIFY(std::abs(farthest - 1.0) < 1e-5);
    }

    void whatIsLeftOutIsSaid() {
        const QTemporaryDir output;
        QFile file(output.filePath("holes.xyz"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int i = 0; i < 40; ++i) {
            file.write(QByteArray::number(i * i) + " " + QByteArray::number(i) + " 1\n");
        }
        file.write("nan 0 0\n0 inf 0\n");
        file.close();
        const CliOutcome outcome = runCli(
            {"analyze", "--model", plainModel(), "--input", file.fileName(), "--output",
             output.path()});
        QCOMPARE(outcome.status, 0);
        QVERIFY2(outcome.err.contains("left out 2 points"), qPrintable(outcome.err));
        QFile json(output.filePath("holes.pointbert.json"));
        QVERIFY(json.open(QIODevice::ReadOnly));
        const QByteArray facts = json.readAll();
        QVERIFY(facts.contains("\"dropped\": 2"));
        QVERIFY(facts.contains("\"points\": 40"));
        QVERIFY(facts.contains("farthest points"));
    }

    void meshesByTheirFaces() {
        const QTemporaryDir output;
        QFile file(output.filePath("square.off"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("OFF\n4 1 0\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n4 0 1 2 3\n");
        file.close();
        const auto run = [&](const QStringList& more) {
            return runCli(
                QStringList{
                    "analyze", "--model", plainModel(), "--input", file.fileName(), "--output",
                    output.path()} +
                more);
        };
        const CliOutcome vertices = run({});
        QVERIFY2(vertices.onlyError().contains("found 4"), qPrintable(vertices.err));
        const CliOutcome faces = run({"--mesh", "faces"});
        QCOMPARE(faces.err, "");
        QFile json(output.filePath("square.pointbert.json"));
        QVERIFY(json.open(QIODevice::ReadOnly));
        const QByteArray facts = json.readAll();
        QVERIFY(facts.contains("\"points\": 8192"));
        QVERIFY(facts.contains(" --mesh faces\""));
        // What was asked for is told apart.
        QCOMPARE(run({"--mesh", "faces", "--resume"}).status, 0);
        QCOMPARE(run({"--resume"}).status, 4);
        QCOMPARE(run({"--mesh", "edges"}).status, 2);
    }

    void halfPrecision_data() {
        QTest::addColumn<QString>("name");
        QTest::newRow("plain") << "pointbert";
        QTest::newRow("llama") << "pointbert_llama";
    }
    void halfPrecision() {
        QFETCH(QString, name);
        const QTemporaryDir output;
        const CliOutcome outcome = runCli(
            {"analyze", "--model", sharedFile("golden/point/" + name + ".pth") + kOptions,
             "--input", sharedFile("golden/point/torus.ply"), "--output", output.path(),
             "--precision", "bf16"});
        QCOMPARE(outcome.err, "");
        const auto ours = arraysIn(output.filePath("torus." + name + ".npz"));
        const auto reference = arraysIn(sharedFile("golden/point/" + name + ".golden.npz"));
        const std::string key = "magnitude/blocks.1";
        QVERIFY(golden::relativeError(ours.at(key).values, reference.at(key).values) < 0.05);
        // Groups are made in fp32 whatever the network's precision.
        const auto centers = reference.at("centers").values;
        QVERIFY(golden::relativeError(ours.at("centers").values, centers) < 1e-6);
    }

    void guessesAreSaid() {
        const CliOutcome outcome = runCli({"inspect", sharedFile("golden/point/pointbert.pth")});
        QCOMPARE(outcome.status, 0);
        for (const char* part :
             {"Point-BERT", "64 groups of 32", "groups = 64", "group_size = 32", "1024 points"}) {
            QVERIFY2(outcome.out.contains(part), qPrintable(outcome.out));
        }
        const CliOutcome llama = runCli(
            {"inspect", "--json", sharedFile("golden/point/pointbert_llama.pth") + ",groups=32"});
        QVERIFY(llama.out.contains("Point-BERT-LLaMA (LM4VisualEncoding)"));
        QVERIFY(llama.out.contains("\"groups\": 32"));
        QVERIFY(!llama.out.contains("\"grid\""));
    }

    void refused_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("input");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("message");
        const QString scene = sharedFile("golden/image/scene.png");
        QTest::newRow("picture") << plainModel() << scene << 4 << "expected a point cloud";
        QTest::newRow("few") << plainModel() << "few.npy" << 4 << "found 31";
        QTest::newRow("shape") << plainModel() << "flat.npy" << 4 << "(N, 3)";
        QTest::newRow("cloud") << sharedFile("golden/image/vit.pth") + ",heads=3"
                               << sharedFile("golden/point/torus.ply") << 4 << "expected a picture";
        QTest::newRow("size") << plainModel() + ",size=64"
                              << "line.npy" << 2 << "point-cloud model";
        QTest::newRow("groups") << sharedFile("golden/image/vit.pth") + ",groups=3" << scene << 2
                                << "image model";
        QTest::newRow("many groups") << sharedFile("golden/point/pointbert.pth") + ",groups=99999"
                                     << "line.npy" << 3 << "groups";
    }
    void refused() {
        QFETCH(QString, model);
        QFETCH(QString, input);
        QFETCH(int, status);
        QFETCH(QString, message);
        const QTemporaryDir output;
        writeNpy(output.filePath("line.npy"), line(100));
        writeNpy(output.filePath("few.npy"), line(31));
        Array flat = line(100);
        flat.shape = {300};
        writeNpy(output.filePath("flat.npy"), flat);
        const QString path = input.startsWith('/') ? input : output.filePath(input);
        const CliOutcome outcome = runCli(
            {"analyze", "--model", model, "--input", path, "--output", output.filePath("out")});
        QVERIFY2(outcome.err.contains(message), qPrintable(outcome.err));
        QCOMPARE(outcome.err.count('\n'), 1);
        QCOMPARE(outcome.status, status);
        QVERIFY(filesIn(output.filePath("out")).isEmpty());
    }

    void picturesOnlyElsewhere() {
        const CliOutcome outcome = runCli({"bench", "--model", plainModel(), "--json"});
        QVERIFY2(outcome.err.contains("expected one of images"), qPrintable(outcome.err));
        QCOMPARE(outcome.status, 3);
    }
};

QTEST_GUILESS_MAIN(PointsTest)
#include "points_test.moc"
