// `shapes` and `train --shapes`: point clouds that the program makes, as files and to train on.

#include <QFile>
#include <QTest>

#include "core/points/cloud_file.h"
#include "core/train/shape_data.h"
#include "tests/cli/cli_process.h"

using namespace vitreous;
using namespace vitreous::testing;

class ShapesTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> directory_;

    [[nodiscard]] QString path(const QString& name) const { return directory_->filePath(name); }
    [[nodiscard]] CliOutcome shapes(const QStringList& more = {}) const {
        return runCli(QStringList{"shapes", "--output", path("out")} + more);
    }
    [[nodiscard]] CliOutcome train(const QStringList& more = {}) const {
        return runCli(
            QStringList{"train",    "--shapes", "--output",     path("run"), "--width",      "32",
                        "--depth",  "1",        "--heads",      "2",         "--points",     "64",
                        "--groups", "8",        "--group-size", "8",         "--epochs",     "1",
                        "--limit",  "40",       "--batch",      "20",        "--test-limit", "20",
                        "--device", "cpu"} +
            more);
    }
    static QByteArray bytesOf(const QString& name) {
        QFile file(name);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void init() { directory_ = std::make_unique<QTemporaryDir>(); }

    void writesTheTestShapes() {
        const CliOutcome outcome = shapes({"--count", "12", "--points", "100"});
        QCOMPARE(outcome.err, "");
        QCOMPARE(outcome.status, 0);
        QCOMPARE(outcome.out.trimmed(), path("out/labels.csv"));
        QCOMPARE(filesIn(path("out")).size(), 13);
        const QByteArray labels = bytesOf(path("out/labels.csv"));
        QVERIFY(labels.startsWith("file,class\n00000.ply,airplane\n00001.ply,bottle\n"));
        QVERIFY(labels.endsWith("00010.ply,airplane\n00011.ply,bottle\n"));
        for (std::size_t i = 0; i < 12; ++i) {
            const QString name = QString("out/%1.ply").arg(qulonglong(i), 5, 10, QChar(u'0'));
            const PointCloud cloud = readPointCloud(path(name).toStdString());
            QVERIFY2(
                cloud == shapeOf({.seed = 0, .epoch = 0, .item = i}, 100).cloud, qPrintable(name));
        }
    }

    void optionsChangeTheShapes() {
        QCOMPARE(shapes({"--count", "2"}).status, 0);
        const QByteArray first = bytesOf(path("out/00001.ply"));
        // Again: the same bytes, over what is there.
        QCOMPARE(shapes({"--count", "3"}).status, 0);
        QCOMPARE(bytesOf(path("out/00001.ply")), first);
        QCOMPARE(shapes({"--count", "3", "--seed", "1"}).status, 0);
        QVERIFY(bytesOf(path("out/00001.ply")) != first);
    }

    void shapesOfAnotherRunAreNotMixedIn() {
        QCOMPARE(shapes({"--count", "3"}).status, 0);
        const CliOutcome outcome = shapes({"--count", "2"});
        QCOMPARE(outcome.status, 2);
        QVERIFY2(outcome.onlyError().endsWith(path("out/00002.ply")), qPrintable(outcome.err));
        // The labels are still those of the shapes.
        QVERIFY(bytesOf(path("out/labels.csv")).contains("00002.ply"));
    }

    void badInputIsSaid_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("part");
        QTest::newRow("count") << QStringList{"--output", "OUT", "--count", "0"} << "--count";
        QTest::newRow("points") << QStringList{"--output", "OUT", "--points", "0"} << "--points";
        QTest::newRow("seed") << QStringList{"--output", "OUT", "--seed", "-1"} << "--seed";
        QTest::newRow("no output") << QStringList{} << "--output";
        QTest::newRow("empty output") << QStringList{"--output", ""} << "--output";
    }
    void badInputIsSaid() {
        QFETCH(QStringList, words);
        QFETCH(QString, part);
        const CliOutcome outcome =
            runCli(QStringList{"shapes"} + words.replaceInStrings("OUT", path("out")));
        QCOMPARE(outcome.status, 2);
        QVERIFY2(outcome.onlyError().contains(part), qPrintable(outcome.err));
    }

    void interruptLeavesWholeFiles() {
        const CliOutcome stopped = interruptCli(
            {"shapes", "--output", path("out"), "--count", "50000", "--progress"}, "[3/");
        QCOMPARE(stopped.status, 130);
        QVERIFY2(stopped.err.contains("error: interrupted after"), qPrintable(stopped.err));
        QVERIFY(!QFile::exists(path("out/labels.csv")));
        const QStringList files = filesIn(path("out"));
        QVERIFY(files.size() >= 2 && files.size() < 50000);
        for (const QString& name : files) {
            QVERIFY(readPointCloud(path("out/" + name).toStdString()).size() >= 1024);
        }
    }

    void trainsOnShapes() {
        const CliOutcome outcome = train();
        QCOMPARE(outcome.err, "");
        QCOMPARE(outcome.status, 0);
        const QStringList lines = outcome.out.split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        QVERIFY2(
            lines[0].startsWith("Point-BERT, ") &&
                lines[0].endsWith("40 shapes of 10 classes, 2 steps an epoch, 20 to test on, cpu"),
            qPrintable(lines[0]));
        QVERIFY2(lines[1].endsWith("shapes/s"), qPrintable(lines[1]));
        const CliOutcome inspected = runCli({"inspect", path("run/model.pth")});
        QVERIFY2(!inspected.out.contains("guessed"), qPrintable(inspected.out));
        QVERIFY2(inspected.out.contains("8 groups of 8"), qPrintable(inspected.out));
        QCOMPARE(shapes({"--count", "2"}).status, 0);
        const CliOutcome analyzed = runCli(
            {"analyze", "--model", path("run/model.safetensors"), "--input", path("out/00000.ply"),
             "--output", path("maps")});
        QCOMPARE(analyzed.err, "");
        QCOMPARE(analyzed.status, 0);
        QCOMPARE(
            arraysIn(path("maps/00000.model.npz")).at("logits").shape,
            (std::vector<std::int64_t>{10}));
        // The groups come from the checkpoint where none are typed.
        const CliOutcome next = runCli(
            {"train", "--shapes", "--output", path("next"), "--init", path("run/model.safetensors"),
             "--epochs", "1", "--limit", "20", "--batch", "20", "--test-limit", "10"});
        QCOMPARE(next.err, "");
        QVERIFY(runCli({"inspect", path("next/model.pth")}).out.contains("8 groups of 8"));
    }

    void trainingRefuses_data() {
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<QString>("part");
        QTest::newRow("data") << QStringList{"--data", "pictures"} << "found both";
        QTest::newRow("patch") << QStringList{"--patch", "4"} << "--patch is of pictures";
        QTest::newRow("size") << QStringList{"--size", "32"} << "--size is of pictures";
        QTest::newRow("flip") << QStringList{"--flip"} << "not --shapes";
        QTest::newRow("colour") << QStringList{"--colour", "0.2"} << "not --shapes";
    }
    void trainingRefuses() {
        QFETCH(QStringList, more);
        QFETCH(QString, part);
        const CliOutcome outcome = train(more);
        QVERIFY2(outcome.onlyError().contains(part), qPrintable(outcome.err));
        QCOMPARE(outcome.status, 2);
        QVERIFY(!QFile::exists(path("run")));
    }

    void picturesHaveNoGroups() {
        const CliOutcome groups =
            runCli({"train", "--data", path("none"), "--output", path("run"), "--groups", "8"});
        QVERIFY2(
            groups.onlyError().contains("--groups goes with --shapes"), qPrintable(groups.err));
        const CliOutcome nothing = runCli({"train", "--output", path("run")});
        QVERIFY2(nothing.onlyError().contains("--data is required"), qPrintable(nothing.err));
        QCOMPARE(nothing.status, 2);
    }
};

QTEST_GUILESS_MAIN(ShapesTest)
#include "shapes_test.moc"
