// vitreous-cli train: what a user sees of a run, of its interruption and of its failures.

#include <csignal>

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "core/analysis/model.h"
#include "core/media/image_file.h"
#include "tests/cli/cli_process.h"
#include "tests/support/idx.h"

using namespace vitreous;
using namespace vitreous::testing;

class TrainTest final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> folder_;

    [[nodiscard]] QString path(const QString& name) const { return folder_->filePath(name); }
    [[nodiscard]] QString data() const {
        QDir().mkpath(path("data"));
        writeTwoTones(path("data").toStdString(), 120, 40);
        return path("data");
    }
    /// The command line; more: options with a value replace those of the same name.
    [[nodiscard]] static QStringList
    command(const QString& data, const QString& output, const QStringList& more = {}) {
        QStringList arguments = {"train", "--data",   data, "--output", output, "--width",
                                 "32",    "--depth",  "2",  "--heads",  "2",    "--patch",
                                 "4",     "--size",   "16", "--epochs", "2",    "--batch",
                                 "20",    "--device", "cpu"};
        for (qsizetype i = 0; i < more.size(); ++i) {
            const qsizetype there = arguments.indexOf(more[i]);
            if (more[i].startsWith("--") && there >= 0) {
                arguments[there + 1] = more[++i];
            } else {
                arguments << more[i];
            }
        }
        return arguments;
    }
    static QByteArray bytes(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static QString read(const QString& path) { return QString::fromUtf8(bytes(path)); }
    /// The columns of log.csv that no clock has a part in.
    static QStringList numbers(const QString& log) {
        QStringList rows;
        for (const QString& line : read(log).split(u'\n', Qt::SkipEmptyParts)) {
            rows << line.section(u',', 0, 6);
        }
        return rows;
    }
    /// A picture of one colour, 24 x 20 pixels.
    static void writePicture(const QString& path, std::uint8_t value) {
        writePng(
            path.toStdString(),
            {24, 20, std::vector<std::uint8_t>(std::size_t{24} * 20 * 3, value)});
    }

private Q_SLOTS:
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }

    void saysEveryEpochAndWhereTheModelIs() {
        const CliOutcome outcome = runCli(command(data(), path("run")));
        QCOMPARE(outcome.err, QString());
        QCOMPARE(outcome.status, 0);
        const QStringList lines = outcome.out.split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 4);
        QVERIFY2(
            lines[0].startsWith("ViT, ") &&
                lines[0].endsWith(
                    "120 pictures of 2 classes, 6 steps an epoch, 40 to test on, cpu"),
            qPrintable(lines[0]));
        QVERIFY2(lines[2].startsWith("epoch    2   train loss"), qPrintable(lines[2]));
        QCOMPARE(lines[3], path("run/model.safetensors"));
        QCOMPARE(
            filesIn(path("run")),
            (QStringList{"log.csv", "model.pth", "model.safetensors", "state.safetensors"}));
        QCOMPARE(numbers(path("run/log.csv")).size(), 3);

        const CliOutcome inspected = runCli({"inspect", path("run/model.pth")});
        QCOMPARE(inspected.status, 0);
        QVERIFY2(!inspected.out.contains("guessed"), qPrintable(inspected.out));
        const CliOutcome analyzed = runCli(
            {"analyze", "--model", path("run/model.safetensors"), "--input",
             makePicture(folder_->path(), "a.png", 1), "--output", path("maps")});
        QCOMPARE(analyzed.err, QString());
        QCOMPARE(analyzed.status, 0);
    }

    void aSignalSavesAndResumeGoesOn() {
        const QStringList long_run = command(data(), path("whole"), {"--epochs", "40"});
        QCOMPARE(runCli(long_run).status, 0);

        const QStringList arguments =
            command(path("data"), path("parts"), {"--epochs", "40", "--progress"});
        QProcess process;
        setUp(process, arguments);
        process.start();
        // Once it trains; early enough to be in the middle.
        QString seen;
        while (!seen.contains("epoch    1 ") && process.waitForReadyRead(60'000)) {
            seen += QString::fromUtf8(process.readAllStandardOutput());
        }
        QVERIFY2(seen.contains("epoch    1 "), qPrintable(seen));
        QCOMPARE(kill(pid_t(process.processId()), SIGINT), 0);
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitCode(), 130);
        QVERIFY(QString::fromUtf8(process.readAllStandardError()).contains("--resume goes on"));
        QVERIFY(numbers(path("parts/log.csv")).size() < 41);

        QCOMPARE(runCli(arguments).status, 2);
        const CliOutcome resumed =
            runCli(command(path("data"), path("parts"), {"--epochs", "40", "--resume"}));
        QCOMPARE(resumed.err, QString());
        QCOMPARE(resumed.status, 0);
        QCOMPARE(numbers(path("parts/log.csv")), numbers(path("whole/log.csv")));
        QVERIFY(bytes(path("parts/model.safetensors")) == bytes(path("whole/model.safetensors")));
    }

    void aBrokenPictureIsNamedAndCounted() {
        QDir().mkpath(path("pictures/none"));
        for (int i = 0; i < 24; ++i) {
            const QString name = i % 2 == 0 ? "dark" : "bright";
            QDir().mkpath(path("pictures/" + name));
            writePicture(
                path(QString("pictures/%1/%2.png").arg(name).arg(i)),
                std::uint8_t(i % 2 == 0 ? 40 : 200));
        }
        QFile broken(path("pictures/dark/broken.png"));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write("no picture");
        broken.close();
        const CliOutcome outcome = runCli(command(path("pictures"), path("run")));
        QCOMPARE(outcome.status, 0);
        QVERIFY2(
            outcome.err.contains("skipped") &&
                outcome.err.contains(path("pictures/dark/broken.png")),
            qPrintable(outcome.err));
        QVERIFY2(outcome.err.contains("1 picture skipped"), qPrintable(outcome.err));
        QVERIFY2(outcome.err.contains("the class none has no picture"), qPrintable(outcome.err));
        ModelSpec spec;
        spec.path = path("run/model.safetensors").toStdString();
        QCOMPARE(
            inspectModel(spec).class_names, (std::vector<std::string>{"bright", "dark", "none"}));
    }

    void refuses_data() {
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("words");
        QTest::newRow("heads") << QStringList{"--heads", "5"} << 2 << "5 heads do not divide";
        QTest::newRow("patch") << QStringList{"--patch", "5"} << 2 << "no multiple of the patch";
        QTest::newRow("a key") << QStringList{"--llm", "x.pth,heads=3"} << 2 << "llm_layer=N";
        QTest::newRow("no block") << QStringList{"--block", "mlp"} << 2 << "needs --llm";
        QTest::newRow("no block to put")
            << QStringList{"--position", "head"} << 2 << "go with --llm";
        QTest::newRow("no such file") << QStringList{"--llm", "/none.pth"} << 3 << "/none.pth";
        QTest::newRow("no such start") << QStringList{"--init", "/none.pth"} << 3 << "/none.pth";
        QTest::newRow("precision") << QStringList{"--precision", "fp16"} << 2 << "--precision";
        QTest::newRow("seed") << QStringList{"--seed", "-1"} << 2 << "--seed";
        QTest::newRow("clutter") << QStringList{"--clutter", "8"} << 2 << "--clutter 8";
        QTest::newRow("nothing to resume") << QStringList{"--resume"} << 2 << "to resume";
        QTest::newRow("device") << QStringList{"--device", "abacus"} << 2 << "abacus";
    }
    void refuses() {
        QFETCH(QStringList, more);
        QFETCH(int, status);
        QFETCH(QString, words);
        const CliOutcome outcome = runCli(command(data(), path("run"), more));
        QVERIFY2(outcome.onlyError().contains(words), qPrintable(outcome.err));
        QCOMPARE(outcome.status, status);
        QVERIFY(!QDir(path("run")).exists());
    }

    void refusesData_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("words");
        QTest::newRow("nothing there") << "none"
                                       << "none";
        QTest::newRow("no pictures") << "empty"
                                     << "picture";
        QTest::newRow("fewer labels") << "labels"
                                      << "labels";
    }
    void refusesData() {
        QFETCH(QString, kind);
        QFETCH(QString, words);
        QString place = path(kind);
        if (kind == "empty") {
            QDir().mkpath(place + "/a");
            QDir().mkpath(place + "/b");
        } else if (kind == "labels") {
            place = data();
            QFile labels(place + "/train-labels-idx1-ubyte");
            QVERIFY(labels.open(QIODevice::WriteOnly));
            labels.write(QByteArray::fromStdString(idxLabels(std::string(7, '\0'))));
        }
        const CliOutcome outcome = runCli(command(place, path("run")));
        QVERIFY2(outcome.onlyError().contains(words), qPrintable(outcome.err));
        QVERIFY2(outcome.onlyError().contains(place), qPrintable(outcome.err));
        QCOMPARE(outcome.status, 4);
        QVERIFY(!QDir(path("run")).exists());
    }
};

QTEST_GUILESS_MAIN(TrainTest)
#include "train_test.moc"
