#include <csignal>

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "tests/cli/cli_process.h"
#include "tests/support/golden.h"

using namespace vitreous;
using namespace vitreous::testing;

class AnalyzeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void writesWhatWasAskedFor();
    void featuresAreTokensByChannels();
    void batchesChangeNothing();
    void directoriesExpand();
    void resumeLeavesOutWhatIsDone();
    void resumeSeesWhatChanged();
    void interruptLeavesNothingHalfWritten();
    void progressOnlyWhereAsked();

private:
    [[nodiscard]] QString output() const { return directory_->filePath("out"); }
    [[nodiscard]] CliOutcome analyze(const QStringList& inputs, const QStringList& more = {})
        const {
        return runCli(
            QStringList{"analyze", "--model", model_, "--output", output(), "--input"} + inputs +
            more);
    }
    [[nodiscard]] QStringList written(const CliOutcome& outcome) const {
        QStringList names;
        for (const QString& line : outcome.out.split(u'\n', Qt::SkipEmptyParts)) {
            names += QDir(output()).relativeFilePath(line);
        }
        return names;
    }

    std::unique_ptr<QTemporaryDir> directory_;
    QString model_;
    QString picture_;
};

void AnalyzeTest::init() {
    directory_ = std::make_unique<QTemporaryDir>();
    model_ = makeModel(directory_->path(), "vit");
    picture_ = makePicture(directory_->path(), "one.png", 1);
}

void AnalyzeTest::writesWhatWasAskedFor() {
    const CliOutcome outcome =
        analyze({picture_}, {"--taps", "blocks.1", "norm", "--maps", "magnitude"});
    QCOMPARE(outcome.err, "");
    QCOMPARE(outcome.status, 0);
    QCOMPARE(filesIn(output()), QStringList({"one.vit.json", "one.vit.npz"}));
    QStringList names;
    for (const auto& [name, array] : arraysIn(output() + "/one.vit.npz")) {
        names += QString::fromStdString(name);
        if (name.starts_with("magnitude/")) {
            QCOMPARE(array.shape, (std::vector<std::int64_t>{2, 2}));
        }
    }
    QCOMPARE(names, QStringList({"input", "logits", "magnitude/blocks.1", "magnitude/norm"}));

    QFile file(output() + "/one.vit.json");
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray provenance = file.readAll();
    QVERIFY(QJsonDocument::fromJson(provenance).isObject());
    QVERIFY(provenance.contains("sha256") && provenance.contains("vit.safetensors"));
}

void AnalyzeTest::featuresAreTokensByChannels() {
    QCOMPARE(analyze({picture_}, {"--features", "--taps", "blocks.0"}).status, 0);
    const auto arrays = arraysIn(output() + "/one.vit.npz");
    QCOMPARE(arrays.at("features/blocks.0").shape, (std::vector<std::int64_t>{4, 48}));
    QVERIFY(!arrays.contains("features/blocks.1"));
}

void AnalyzeTest::batchesChangeNothing() {
    QStringList pictures;
    for (int i = 0; i < 5; ++i) {
        pictures += makePicture(directory_->path(), QString("p%1.png").arg(i), i);
    }
    QCOMPARE(analyze(pictures).status, 0);
    std::vector<std::map<std::string, Array>> alone;
    for (int i = 0; i < 5; ++i) {
        alone.push_back(arraysIn(output() + QString("/p%1.vit.npz").arg(i)));
    }
    QVERIFY(QDir(output()).removeRecursively());
    const CliOutcome batched = analyze(pictures, {"--batch", "3"});
    QCOMPARE(batched.status, 0);
    QCOMPARE(written(batched).size(), 5);
    for (int i = 0; i < 5; ++i) {
        const auto together = arraysIn(output() + QString("/p%1.vit.npz").arg(i));
        QCOMPARE(together.size(), alone[std::size_t(i)].size());
        for (const auto& [name, array] : alone[std::size_t(i)]) {
            const double error = golden::relativeError(together.at(name).values, array.values);
            QVERIFY2(error <= golden::tolerance(name), name.c_str());
        }
    }
    QVERIFY(alone[0].at("logits").values != alone[1].at("logits").values);
}

void AnalyzeTest::directoriesExpand() {
    QDir(directory_->path()).mkdir("pictures");
    const QString folder = directory_->filePath("pictures");
    makePicture(folder, "b.png", 2);
    makePicture(folder, "a.png", 3);
    QFile(directory_->filePath("one.png")).copy(folder + "/notes.txt");
    const CliOutcome outcome = analyze({folder});
    QCOMPARE(outcome.status, 0);
    QCOMPARE(written(outcome), QStringList({"a.vit.npz", "b.vit.npz"}));
}

void AnalyzeTest::resumeLeavesOutWhatIsDone() {
    QCOMPARE(written(analyze({picture_}, {"--resume"})), QStringList({"one.vit.npz"}));
    const QString second = makePicture(directory_->path(), "two.png", 2);
    QCOMPARE(written(analyze({picture_, second}, {"--resume"})), QStringList({"two.vit.npz"}));
    const CliOutcome all_done = analyze({picture_, second}, {"--resume"});
    QCOMPARE(all_done.status, 0);
    QCOMPARE(all_done.out, "");
    QCOMPARE(written(analyze({picture_, second})).size(), 2);
}

void AnalyzeTest::resumeSeesWhatChanged() {
    const QString second = makePicture(directory_->path(), "two.png", 2);
    const QStringList both = {picture_, second};
    QCOMPARE(analyze(both).status, 0);
    makePicture(directory_->path(), "two.png", 3);
    QCOMPARE(written(analyze(both, {"--resume"})), QStringList({"two.vit.npz"}));
    QVERIFY(QFile::remove(output() + "/one.vit.json"));
    QCOMPARE(written(analyze(both, {"--resume"})), QStringList({"one.vit.npz"}));
    QVERIFY(QFile::remove(output() + "/two.vit.npz"));
    QCOMPARE(written(analyze(both, {"--resume"})), QStringList({"two.vit.npz"}));
    QCOMPARE(written(analyze(both, {"--resume", "--maps", "magnitude"})).size(), 2);
    makeModel(directory_->path(), "vit", {"--seed", "9"});
    QCOMPARE(written(analyze(both, {"--resume", "--maps", "magnitude"})).size(), 2);
    QCOMPARE(written(analyze(both, {"--resume", "--maps", "magnitude"})).size(), 0);
}

void AnalyzeTest::interruptLeavesNothingHalfWritten() {
    QDir(directory_->path()).mkdir("many");
    for (int i = 0; i < 4000; ++i) {
        QVERIFY(QFile::link(picture_, directory_->filePath(QString("many/%1.png").arg(i))));
    }
    QProcess process;
    setUp(
        process, {"analyze", "--model", model_, "--input", directory_->filePath("many"), "--output",
                  output()});
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove("GOMP_SPINCOUNT");
    process.setProcessEnvironment(environment);
    process.start();
    QVERIFY(process.waitForReadyRead(120'000));
    QFile own(QString("/proc/%1/environ").arg(process.processId()));
    QVERIFY(own.open(QIODevice::ReadOnly));
    QVERIFY(own.readAll().split('\0').contains("GOMP_SPINCOUNT=1000"));

    ::kill(pid_t(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 130);
    const QByteArray error = process.readAllStandardError();
    QVERIFY2(error.startsWith("vitreous-cli: error: interrupted"), error.constData());
    QCOMPARE(error.count('\n'), 1);

    const QStringList files = filesIn(output());
    QVERIFY(!files.isEmpty());
    for (const QString& file : files) {
        QVERIFY2(file.endsWith(".vit.npz") || file.endsWith(".vit.json"), qPrintable(file));
        if (file.endsWith(".npz")) {
            QVERIFY(arraysIn(output() + "/" + file).contains("logits"));
        }
    }
}

void AnalyzeTest::progressOnlyWhereAsked() {
    QCOMPARE(analyze({picture_}).err, "");
    const CliOutcome outcome = analyze({picture_}, {"--progress"});
    QCOMPARE(outcome.status, 0);
    QVERIFY2(outcome.err.contains("[1/1] vit: one.png\n"), qPrintable(outcome.err));
    QVERIFY(!outcome.err.contains(u'\r'));
}

QTEST_GUILESS_MAIN(AnalyzeTest)
#include "analyze_test.moc"
