#include <csignal>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QTest>

#include "tests/cli/cli_process.h"

using namespace vitreous;
using namespace vitreous::testing;

/// Every exit status of cli.md with its one line on stderr.
class FailuresTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void usage_data();
    void usage();
    void aliases();
    void modelsThatCannotBeUsed();
    void inputsThatCannotBeRead_data();
    void inputsThatCannotBeRead();
    void goodInputsAreDoneBesideBadOnes();
    void tensorOfAnotherShape();
    void pipesAndDevicesAreNotWaitedFor();
    void batchThatCannotFit();
    void devices();
    void outputThatCannotBeWritten();
    void fullDisk();
    void fullStandardOutput();

private:
    [[nodiscard]] QString path(const QString& name) const { return directory_->filePath(name); }
    [[nodiscard]] QStringList command(const QStringList& more) const {
        return QStringList{"analyze", "--model", model_, "--output", path("out")} + more;
    }
    void writeText(const QString& name, const QByteArray& text) const {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), text.size());
    }

    std::unique_ptr<QTemporaryDir> directory_;
    QString model_;
    QString picture_;
};

void FailuresTest::init() {
    directory_ = std::make_unique<QTemporaryDir>();
    model_ = makeModel(directory_->path(), "vit");
    picture_ = makePicture(directory_->path(), "one.png", 1);
}

void FailuresTest::usage_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("part");
    QTest::newRow("no command") << QStringList() << "inspect, analyze, ";
    QTest::newRow("command of a later release") << QStringList{"figure"} << "'figure'";
    QTest::newRow("no model") << QStringList{"inspect"} << "MODEL";
    QTest::newRow("option") << QStringList{"inspect", "--xml", "a.pth"} << "--xml";
    QTest::newRow("model option") << QStringList{"inspect", "a.pth,heads=x"} << "heads";
}

void FailuresTest::usage() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, part);
    const CliOutcome outcome = runCli(arguments);
    QCOMPARE(outcome.status, 2);
    QCOMPARE(outcome.out, "");
    QVERIFY2(outcome.onlyError().contains(part), qPrintable(outcome.err));
}

void FailuresTest::aliases() {
    const CliOutcome taps = runCli(command({"--input", picture_, "--taps", "layers.*"}));
    QCOMPARE(taps.status, 2);
    QVERIFY2(taps.onlyError().contains("blocks.0, blocks.1"), qPrintable(taps.err));
    const CliOutcome labels = runCli(command({"--input", picture_, "--model", model_}));
    QCOMPARE(labels.status, 2);
    QVERIFY2(labels.onlyError().contains("label="), qPrintable(labels.err));
    QDir(directory_->path()).mkdir("other");
    const QString twin = makePicture(path("other"), "one.png", 2);
    const CliOutcome stems = runCli(command({"--input", picture_, twin}));
    QCOMPARE(stems.status, 2);
    QVERIFY2(stems.onlyError().endsWith(twin), qPrintable(stems.err));
    QVERIFY(!QFile::exists(path("out")));
}

void FailuresTest::modelsThatCannotBeUsed() {
    writeText("empty.pth", "");
    writeText("text.pth", "these are no weights");
    QFile whole(model_);
    QVERIFY(whole.open(QIODevice::ReadOnly));
    writeText("half.safetensors", whole.read(whole.size() / 2));
    for (const QString name : {"empty.pth", "text.pth", "half.safetensors", "missing.pth"}) {
        const CliOutcome outcome = runCli(command({"--model", path(name), "--input", picture_}));
        QCOMPARE(outcome.status, 3);
        QVERIFY2(outcome.onlyError().endsWith(path(name)), qPrintable(outcome.err));
        QVERIFY2(!QFile::exists(path("out")), "a result was written beside a broken model");
    }
}

void FailuresTest::inputsThatCannotBeRead_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << "empty.png" << QByteArray("");
    QTest::newRow("text") << "text.png" << QByteArray("no picture");
    QTest::newRow("truncated tensor") << "short.npy" << QByteArray("\x93NUMPY\x01\x00", 8);
    QTest::newRow("no array") << "text.npy" << QByteArray("no array");
    QTest::newRow("missing") << "missing.png" << QByteArray();
}

void FailuresTest::inputsThatCannotBeRead() {
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    if (!bytes.isNull()) {
        writeText(name, bytes);
    }
    const CliOutcome outcome = runCli(command({"--input", path(name)}));
    QCOMPARE(outcome.status, 4);
    QVERIFY2(outcome.onlyError().endsWith(path(name)), qPrintable(outcome.err));
    QCOMPARE(filesIn(path("out")), QStringList());
}

void FailuresTest::goodInputsAreDoneBesideBadOnes() {
    writeText("bad.png", "no picture");
    const QString second = makePicture(directory_->path(), "two.png", 2);
    const QString other = makeModel(directory_->path(), "other", {"--seed", "2"});
    const CliOutcome outcome = runCli(command(
        {"--model", other, "--batch", "2", "--input", picture_, path("bad.png"),
         path("missing.png"), second}));
    QCOMPARE(outcome.status, 1);
    // Once each, although two models would read them.
    QCOMPARE(outcome.err.count(u'\n'), 2);
    QCOMPARE(outcome.err.count("vitreous-cli: error: "), 2);
    QVERIFY(outcome.err.contains(path("bad.png") + "\n"));
    QVERIFY(outcome.err.contains(path("missing.png") + "\n"));
    QCOMPARE(
        filesIn(path("out")),
        QStringList(
            {"one.other.json", "one.other.npz", "one.vit.json", "one.vit.npz", "two.other.json",
             "two.other.npz", "two.vit.json", "two.vit.npz"}));
}

void FailuresTest::tensorOfAnotherShape() {
    Array tensor{
        .shape = {3, 32, 32}, .values = std::vector<float>(std::size_t(3 * 32 * 32), 0.5F)};
    writeNpy(path("fits.npy"), tensor);
    tensor.shape = {3, 16, 64};
    writeNpy(path("odd.npy"), tensor);
    const CliOutcome odd = runCli(command({"--input", path("odd.npy")}));
    QCOMPARE(odd.status, 4);
    QVERIFY2(odd.onlyError().endsWith(path("odd.npy")), qPrintable(odd.err));

    // Each model takes the tensor that is made for it.
    const QString large = makeModel(directory_->path(), "large", {"--patch", "16", "--size", "64"});
    const CliOutcome both = runCli(command({"--model", large, "--input", path("fits.npy")}));
    QCOMPARE(both.status, 1);
    QCOMPARE(filesIn(path("out")), QStringList({"fits.vit.json", "fits.vit.npz"}));
}

void FailuresTest::pipesAndDevicesAreNotWaitedFor() {
    const QString pipe = path("pipe.png");
    QCOMPARE(::mkfifo(pipe.toLocal8Bit().constData(), 0600), 0);
    for (const QString& endless : {pipe, QString("/dev/zero")}) {
        const CliOutcome outcome = runCli(command({"--input", endless}));
        QCOMPARE(outcome.status, 4);
        QVERIFY2(outcome.onlyError().endsWith(endless), qPrintable(outcome.err));
    }
    const CliOutcome model = runCli({"inspect", pipe});
    QCOMPARE(model.status, 3);
    // In a directory it is no picture at all.
    QDir(directory_->path()).mkdir("mixed");
    QVERIFY(QFile::rename(pipe, path("mixed/pipe.png")));
    QVERIFY(QFile::copy(picture_, path("mixed/good.png")));
    QCOMPARE(runCli(command({"--input", path("mixed")})).status, 0);
}

void FailuresTest::batchThatCannotFit() {
    // 65,536 attention matrices of 1,024 tokens: half a terabyte.
    const QString fine =
        makeModel(directory_->path(), "fine", {"--patch", "16", "--size", "512", "--depth", "1"});
    const CliOutcome outcome = runCli({"bench", "--model", fine, "--batch", "65536"});
    QCOMPARE(outcome.status, 5);
    QVERIFY2(
        outcome.onlyError().contains("a batch of 65536 inputs needs about") &&
            outcome.onlyError().endsWith(fine),
        qPrintable(outcome.err));
    // A batch is no larger than what there is to run.
    const CliOutcome few = runCli(command({"--input", picture_, "--batch", "65536"}));
    QCOMPARE(few.status, 0);
}

void FailuresTest::devices() {
    const CliOutcome unknown = runCli(command({"--input", picture_, "--device", "tpu"}));
    QCOMPARE(unknown.status, 2);
    QVERIFY2(unknown.onlyError().contains("tpu"), qPrintable(unknown.err));
    const CliOutcome absent = runCli(command({"--input", picture_, "--device", "cuda:63"}));
    QCOMPARE(absent.status, 5);
    QVERIFY2(!absent.onlyError().isEmpty(), qPrintable(absent.err));
    QCOMPARE(filesIn(path("out")), QStringList());
}

void FailuresTest::outputThatCannotBeWritten() {
    const QString below_file = picture_ + "/out";
    const CliOutcome outcome =
        runCli({"analyze", "--model", model_, "--input", picture_, "--output", below_file});
    QCOMPARE(outcome.status, 5);
    QVERIFY2(outcome.onlyError().endsWith(below_file), qPrintable(outcome.err));
    const CliOutcome file =
        runCli({"analyze", "--model", model_, "--input", picture_, "--output", picture_});
    QCOMPARE(file.status, 5);
    QVERIFY2(file.onlyError().endsWith(picture_), qPrintable(file.err));
    if (geteuid() != 0) {
        QDir(directory_->path()).mkdir("out");
        QFile::setPermissions(path("out"), QFile::ReadOwner | QFile::ExeOwner);
        const CliOutcome read_only = runCli(command({"--input", picture_}));
        QCOMPARE(read_only.status, 5);
        QVERIFY2(read_only.onlyError().endsWith(path("out")), qPrintable(read_only.err));
    }
}

void FailuresTest::fullDisk() {
    // A limit on the size of files fails writes as a full disk does, without one.
    const CliOutcome outcome = runCli(command({"--input", picture_}), [] {
        const rlimit limit{.rlim_cur = 2048, .rlim_max = 2048};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        ::signal(SIGXFSZ, SIG_IGN);
    });
    QCOMPARE(outcome.status, 5);
    QVERIFY2(outcome.onlyError().contains(path("out")), qPrintable(outcome.err));
    QCOMPARE(filesIn(path("out")), QStringList());
}

void FailuresTest::fullStandardOutput() {
    QProcess process;
    setUp(process, {"inspect", model_});
    process.setStandardOutputFile("/dev/full");
    process.start();
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitCode(), 5);
    QVERIFY(process.readAllStandardError().startsWith("vitreous-cli: error: "));
}

QTEST_GUILESS_MAIN(FailuresTest)
#include "failures_test.moc"
