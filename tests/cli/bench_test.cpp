#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "tests/cli/cli_process.h"

using namespace vitreous::testing;

class BenchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { model_ = makeModel(directory_.path(), "vit"); }
    void printsATable();
    void printsJson();
    void takesTheSamplePair();
    void saysWhereASamplePairWouldBe();
    void timesTrainingSteps();
    void timesAVideo_data();
    void timesAVideo();
    void timesNoVideoOfPointClouds();

private:
    QTemporaryDir directory_;
    QString model_;
};

void BenchTest::printsATable() {
    const CliOutcome outcome =
        runCli({"bench", "--model", model_, "--runs", "2", "--threads", "1", "--device", "cpu"});
    QCOMPARE(outcome.err, "");
    QCOMPARE(outcome.status, 0);
    const QStringList lines = outcome.out.split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 3);
    QVERIFY2(lines[0].contains("device cpu, fp32, threads 1, batch 1"), qPrintable(lines[0]));
    QCOMPARE(
        lines[1].simplified(),
        "model forward ms with maps ms ratio keeping q, k ms ratio query ms");
    const QStringList cells = lines[2].simplified().split(u' ');
    QCOMPARE(cells.size(), 7);
    QCOMPARE(cells[0], "vit");
    QVERIFY(cells[1].toDouble() > 0.0);
    QVERIFY(cells[2].toDouble() > 0.0);
    QVERIFY(cells[4].toDouble() > 0.0);
    QVERIFY(qAbs(cells[4].toDouble() / cells[2].toDouble() / cells[5].toDouble() - 1.0) < 0.1);
}

void BenchTest::printsJson() {
    const CliOutcome outcome = runCli(
        {"bench", "--model", model_, model_, "--runs", "3", "--batch", "2", "--json", "--precision",
         "bf16", "--threads", "2"});
    QCOMPARE(outcome.status, 0);
    const QJsonObject json = QJsonDocument::fromJson(outcome.out.toUtf8()).object();
    QCOMPARE(json["precision"].toString(), "bf16");
    QCOMPARE(json["batch"].toInt(), 2);
    QCOMPARE(json["threads"].toVariant().toInt(), 2);
    QCOMPARE(json["models"].toArray().size(), 2);
    const QJsonObject model = json["models"].toArray().first().toObject();
    QCOMPARE(model["all_forward_ms"].toArray().size(), 3);
    QCOMPARE(model["all_maps_ms"].toArray().size(), 3);
    QCOMPARE(model["all_keep_ms"].toArray().size(), 3);
    QCOMPARE(model["all_query_ms"].toArray().size(), 3);
    QVERIFY(model["query_ms"].toDouble() > 0.0);
    const double keep_ratio = model["keep_ms"].toDouble() / model["maps_ms"].toDouble();
    QVERIFY(qAbs(keep_ratio - model["keep_ratio"].toDouble()) < 1e-6);
    const double ratio = model["maps_ms"].toDouble() / model["forward_ms"].toDouble();
    QVERIFY(qAbs(ratio - model["ratio"].toDouble()) < 1e-6);
}

void BenchTest::takesTheSamplePair() {
    makeModel(directory_.path(), "vit_llama", {"--llm-layers", "1", "--llm-width", "64"});
    qputenv("VITREOUS_SAMPLE_DIR", directory_.path().toUtf8());
    const CliOutcome outcome = runCli({"bench", "--runs", "1"});
    qunsetenv("VITREOUS_SAMPLE_DIR");
    QCOMPARE(outcome.status, 0);
    QVERIFY2(outcome.out.contains("\nvit_llama "), qPrintable(outcome.out));
}

void BenchTest::timesAVideo_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("how");
    QTest::newRow("pictures") << model_ << "batch 8";
    QTest::newRow("clips") << sharedFile("golden/video/videomae.pth") + ",heads=3"
                           << "clips of ";
}

void BenchTest::timesAVideo() {
    QFETCH(QString, model);
    QFETCH(QString, how);
    const CliOutcome outcome = runCli({"bench", "--video", "--model", model, "--runs", "1"});
    QCOMPARE(outcome.err, "");
    QCOMPARE(outcome.status, 0);
    QVERIFY2(outcome.out.contains("300 frames"), qPrintable(outcome.out));
    QVERIFY2(outcome.out.contains(how), qPrintable(outcome.out));
    for (const QString line : {"forward passes alone", "video to .npz", "video to .mp4"}) {
        QVERIFY2(outcome.out.contains('\n' + line), qPrintable(outcome.out));
    }
}

void BenchTest::timesNoVideoOfPointClouds() {
    const QString model = sharedFile("golden/point/pointbert.pth");
    QVERIFY(QFile::exists(model));
    const CliOutcome outcome = runCli({"bench", "--video", "--model", model, "--runs", "1"});
    QCOMPARE(outcome.status, 3);
    QVERIFY2(outcome.onlyError().contains("point clouds"), qPrintable(outcome.err));
}

void BenchTest::saysWhereASamplePairWouldBe() {
    qputenv("VITREOUS_SAMPLE_DIR", "/missing/sample");
    const CliOutcome outcome = runCli({"bench"});
    qunsetenv("VITREOUS_SAMPLE_DIR");
    QCOMPARE(outcome.status, 2);
    QVERIFY2(
        outcome.onlyError().endsWith("/missing/sample/vit.safetensors"), qPrintable(outcome.err));
}

void BenchTest::timesTrainingSteps() {
    const QStringList command = {"bench", "--training", "--runs", "1", "--device", "cpu", "--json"};
    const CliOutcome outcome = runCli(command + QStringList{"--batch", "1"});
    QCOMPARE(outcome.err, QString());
    QCOMPARE(outcome.status, 0);
    const QJsonObject json = QJsonDocument::fromJson(outcome.out.toUtf8()).object();
    QCOMPARE(json["batch"].toInt(), 1);
    QVERIFY(json["step_ms"].toDouble() > 0.0);
    QCOMPARE(json["all_step_ms"].toArray().size(), 1);

    QCOMPARE(runCli(command + QStringList{"--precision", "fp16"}).status, 2);
    QCOMPARE(runCli(command + QStringList{"--model", model_}).status, 2);
}

QTEST_GUILESS_MAIN(BenchTest)
#include "bench_test.moc"
