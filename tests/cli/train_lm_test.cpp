#include <cerrno>
#include <csignal>

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "tests/cli/cli_process.h"
#include "tests/support/weights.h"

using namespace vitreous;
using namespace vitreous::testing;

class TrainLmTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void trainsAndReports();
    void saysWhenItLearnedLittle();
    void opensAsLanguageModel();
    void showsProgressWhereAsked();
    void refusesBadInput_data();
    void refusesBadInput();
    void refusesSenselessOptions_data();
    void refusesSenselessOptions();
    void interruptSaves();

private:
    std::unique_ptr<QTemporaryDir> directory_;
    QString text_;

    QString path(const QString& name) const { return directory_->filePath(name); }
    QString output() const { return path("out/model"); }
    QByteArray contentsOf(const QString& name) const {
        QFile file(output() + "/" + name);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// A model of 32 channels.
    QStringList command(const QStringList& more = {}) const {
        return QStringList{"train-lm", "--text",   text_, "--output",  output(), "--width",
                           "32",       "--layers", "2",   "--hidden",  "48",     "--context",
                           "24",       "--batch",  "8",   "--threads", "1"} +
               more;
    }
    QStringList small(const QStringList& more = {}) const {
        return command(
            QStringList{"--heads", "4", "--steps", "30", "--learning-rate", "1e-2"} + more);
    }
};

void TrainLmTest::init() {
    directory_ = std::make_unique<QTemporaryDir>();
    text_ = path("text.txt");
    QFile file(text_);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray("banana casa data; ").repeated(120));
}

void TrainLmTest::trainsAndReports() {
    const CliOutcome outcome = runCli(small({"--precision", "bf16", "--save-precision", "fp16"}));
    QCOMPARE(outcome.err, "");
    QCOMPARE(outcome.status, 0);
    const QStringList lines = outcome.out.split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 7);
    // 2 x 256 x 32, two layers of 4 x 32 x 32 + 3 x 32 x 48 + 2 x 32, and the last norm.
    QCOMPARE(lines[0], "33952 parameters, 30 steps on 2052 bytes");
    QCOMPARE(lines[1], "Loss on 108 held-out bytes:");
    QList<double> nats;
    for (const auto& [line, name] :
         {std::pair(lines[2], "model"), {lines[3], "bigram"}, {lines[4], "unigram"}}) {
        const QStringList words = line.simplified().split(u' ');
        QCOMPARE(words.size(), 7);
        QCOMPARE(words[0], name);
        QCOMPARE(words[2] + " " + words[3] + " " + words[4], "nats a byte");
        nats << words[1].toDouble();
        const double bits = words[5].mid(1).toDouble();
        QVERIFY2(qAbs(bits - nats.back() / std::log(2.0)) < 2e-4, qPrintable(line));
    }
    QVERIFY(nats[0] < nats[1]);
    QVERIFY(nats[1] < nats[2]);
    QCOMPARE(lines[5], "The model is below the bigram baseline.");
    QCOMPARE(lines[6], output() + "/model.safetensors");
    QCOMPARE(filesIn(output()), QStringList({"log.csv", "model.pth", "model.safetensors"}));
    QCOMPARE(contentsOf("log.csv").count('\n'), 31);
    QVERIFY(contentsOf("model.safetensors").contains("\"F16\""));

    // The same numbers again, with the defaults typed.
    const QByteArray first = contentsOf("model.safetensors");
    const CliOutcome there = runCli(small());
    QCOMPARE(there.status, 2);
    QVERIFY2(there.onlyError().contains("holds a model already"), qPrintable(there.err));
    QVERIFY(contentsOf("model.safetensors") == first);
    QVERIFY(QDir(output()).removeRecursively());
    const CliOutcome again = runCli(small(
        {"--precision", "bf16", "--save-precision", "fp16", "--seed", "1", "--warmup-steps", "1",
         "--weight-decay", "0.1", "--device", "cpu"}));
    QCOMPARE(again.out, outcome.out);
    QVERIFY(contentsOf("model.safetensors") == first);
}

void TrainLmTest::saysWhenItLearnedLittle() {
    const CliOutcome outcome =
        runCli(command({"--heads", "2", "--steps", "1", "--learning-rate", "1e-9"}));
    QCOMPARE(outcome.status, 0);
    QVERIFY2(
        outcome.out.contains("\nThe model is not below the unigram baseline.\n"),
        qPrintable(outcome.out));
}

void TrainLmTest::opensAsLanguageModel() {
    QCOMPARE(runCli(small()).status, 0);
    Weights weights = smallVit();
    addMappers(weights, 32);
    const QString vit = path("vit_llama.safetensors");
    writeSafetensors(vit.toStdString(), weights);
    for (const char* file : {"model.safetensors", "model.pth"}) {
        const CliOutcome outcome = runCli(
            {"inspect", vit + ",llm=" + output() + "/" + file + ",llm_layer=1,heads=1", "--json"});
        QCOMPARE(outcome.err, "");
        QCOMPARE(outcome.status, 0);
        const QJsonObject model =
            QJsonDocument::fromJson(outcome.out.toUtf8()).array().first().toObject();
        const QJsonObject llm = model["llm"].toObject();
        QCOMPARE(llm["layers"].toInt(), 1);
        QCOMPARE(llm["width"].toInt(), 32);
        QCOMPARE(llm["heads"].toInt(), 4); // stated in the file: a guess would be another
        for (const auto& guess : model["guessed"].toArray()) {
            QVERIFY2(!guess.toString().contains("llm"), qPrintable(guess.toString()));
        }
    }
}

void TrainLmTest::showsProgressWhereAsked() {
    const CliOutcome outcome =
        runCli(command({"--heads", "4", "--steps", "4", "--learning-rate", "1e-2", "--progress"}));
    QCOMPARE(outcome.status, 0);
    const QStringList lines = outcome.err.split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 4);
    QVERIFY2(lines[0].startsWith("[25 %] loss 5."), qPrintable(lines[0]));
    QVERIFY2(lines[0].contains(", rate 1.0e-02, "), qPrintable(lines[0]));
    QVERIFY2(lines[3].startsWith("[100 %] loss "), qPrintable(lines[3]));
    QVERIFY2(lines[3].endsWith("0:00 left"), qPrintable(lines[3]));
}

void TrainLmTest::refusesBadInput_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("word");
    QTest::newRow("missing") << "missing.txt"
                             << "No such file";
    QTest::newRow("directory") << "folder"
                               << "found a directory";
    QTest::newRow("empty") << "empty.txt"
                           << "no text in the file";
    QTest::newRow("short") << "short.txt"
                           << "expected at least 40";
}

void TrainLmTest::refusesBadInput() {
    QFETCH(QString, file);
    QFETCH(QString, word);
    QDir(directory_->path()).mkdir("folder");
    QFile empty(path("empty.txt"));
    QVERIFY(empty.open(QIODevice::WriteOnly));
    QFile brief(path("short.txt"));
    QVERIFY(brief.open(QIODevice::WriteOnly));
    brief.write("a few words");
    brief.close();
    text_ = path(file);
    const CliOutcome outcome = runCli(small());
    QCOMPARE(outcome.status, 4);
    QVERIFY2(outcome.onlyError().contains(word), qPrintable(outcome.err));
    QVERIFY2(outcome.onlyError().endsWith(": " + text_), qPrintable(outcome.err));
    QVERIFY(!QDir(output()).exists());
}

void TrainLmTest::refusesSenselessOptions_data() {
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("word");
    QTest::newRow("heads") << QStringList{"--heads", "5"} << "5 heads do not divide a width of 32";
    QTest::newRow("odd") << QStringList{"--heads", "32"} << "a head size of 1 is odd";
    QTest::newRow("rate") << QStringList{"--learning-rate", "0"} << "--learning-rate";
    QTest::newRow("no rate") << QStringList{"--heads", "4", "--learning-rate", "nan"}
                             << "a learning rate above 0";
    QTest::newRow("no decay") << QStringList{"--heads", "4", "--weight-decay", "nan"}
                              << "weight decay of 0 or more";
    QTest::newRow("steps") << QStringList{"--steps", "0"} << "--steps";
    QTest::newRow("warm-up") << QStringList{"--heads", "4", "--steps", "3", "--warmup-steps", "4"}
                             << "warm-up";
    QTest::newRow("precision") << QStringList{"--precision", "fp16"} << "--precision";
    QTest::newRow("device") << QStringList{"--heads", "4", "--device", "abacus"} << "abacus";
}

void TrainLmTest::refusesSenselessOptions() {
    QFETCH(QStringList, options);
    QFETCH(QString, word);
    const CliOutcome outcome = runCli(command(options));
    QCOMPARE(outcome.status, 2);
    QVERIFY2(outcome.onlyError().contains(word), qPrintable(outcome.err));
    QVERIFY(!QDir(output()).exists());
}

void TrainLmTest::interruptSaves() {
    QProcess process;
    setUp(process, command({"--heads", "2", "--steps", "1000000", "--progress"}));
    process.setReadChannel(QProcess::StandardError);
    process.start();
    QVERIFY(process.waitForReadyRead(120'000)); // a step is done
    ::kill(pid_t(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 130);
    const QByteArray error = process.readAllStandardError().trimmed().split('\n').last();
    QVERIFY2(error.startsWith("vitreous-cli: error: interrupted after step "), error.constData());
    QVERIFY2(error.contains("is saved: "), error.constData());
    QVERIFY2(error.endsWith(output().toUtf8()), error.constData());
    QCOMPARE(filesIn(output()), QStringList({"log.csv", "model.pth", "model.safetensors"}));
    const QList<QByteArray> rows = contentsOf("log.csv").trimmed().split('\n');
    QVERIFY(error.contains(" step " + rows.last().split(',').first() + " of 1000000"));
    QCOMPARE(runCli({"train-lm", "--help"}).status, 0);
}

QTEST_GUILESS_MAIN(TrainLmTest)
#include "train_lm_test.moc"
