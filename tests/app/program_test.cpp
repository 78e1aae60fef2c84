#include <QFileInfo>
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "tests/support/shared.h"

namespace {

struct Outcome {
    int status = -1;
    QString out;
    QStringList errors; ///< what the program itself says on stderr
};

Outcome runProgram(const QStringList& arguments, const QMap<QString, QString>& environment = {}) {
    QProcess process;
    auto variables = QProcessEnvironment::systemEnvironment();
    for (auto entry = environment.begin(); entry != environment.end(); ++entry) {
        if (entry.value().isEmpty()) {
            variables.remove(entry.key());
        } else {
            variables.insert(entry.key(), entry.value());
        }
    }
    process.setProcessEnvironment(variables);
    process.start(QStringLiteral(VITREOUS_PROGRAM), arguments);
    const bool is_done = process.waitForFinished(240'000);
    Outcome outcome;
    outcome.status =
        is_done && process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    outcome.out = QString::fromUtf8(process.readAllStandardOutput());
    const QStringList lines =
        QString::fromUtf8(process.readAllStandardError()).split(u'\n', Qt::SkipEmptyParts);
    outcome.errors = lines.filter(QStringLiteral("vitreous: error: "));
    return outcome;
}

QString golden(const QString& name) {
    return QStringLiteral(VITREOUS_SHARED "/golden/image/") + name;
}

/// Share of the grid's pixels that are as colourful as maps are.
double colourfulShare(const QImage& picture) {
    int colourful = 0;
    int all = 0;
    for (int y = 80; y < picture.height() - 40; y += 3) {
        for (int x = 280; x < picture.width(); x += 3) {
            ++all;
            colourful += picture.pixelColor(x, y).hsvSaturation() > 60 ? 1 : 0;
        }
    }
    return double(colourful) / all;
}

} // namespace

class ProgramTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sampleWithoutFiles_data() {
        QTest::addColumn<QString>("view");
        QTest::addColumn<QString>("platform");
        QTest::newRow("magnitude") << "magnitude"
                                   << "";
        QTest::newRow("frequency") << "frequency"
                                   << "";
        QTest::newRow("attention") << "attention"
                                   << "";
        QTest::newRow("offscreen") << "magnitude"
                                   << "offscreen";
    }
    void sampleWithoutFiles() {
        QFETCH(QString, view);
        QFETCH(QString, platform);
        const Outcome outcome = runProgram(
            {"--screenshot", path("s.png"), "--view", view, "--size", "1300x800"},
            {{"QT_QPA_PLATFORM", platform}});
        QCOMPARE(outcome.errors, QStringList());
        QCOMPARE(outcome.status, 0);
        const QImage picture(path("s.png"));
        QCOMPARE(picture.size(), QSize(1300, 800));
        QVERIFY(colourfulShare(picture) > 0.2);
    }
    void goldenPair() {
        VITREOUS_NEEDS_SHARED();
        if (!QFileInfo::exists(golden("vit.pth"))) {
            QSKIP("no shared data here");
        }
        const QStringList files = {
            golden("vit_llama.pth") + ",heads=3,llm_heads=4", golden("scene.png"),
            golden("vit.pth") + ",heads=3"};
        const Outcome outcome = runProgram(
            QStringList{"--screenshot", path("g.png"), "--export", path("g.pdf")} + files);
        QCOMPARE(outcome.errors, QStringList());
        QCOMPARE(outcome.status, 0);
        QVERIFY(colourfulShare(QImage(path("g.png"))) > 0.2);
        QFile pdf(path("g.pdf"));
        QVERIFY(pdf.open(QIODevice::ReadOnly));
        QVERIFY(pdf.read(5) == "%PDF-");
    }
    void withoutADisplay() {
        const Outcome window = runProgram({}, {{"DISPLAY", ""}, {"QT_QPA_PLATFORM", ""}});
        QCOMPARE(window.status, 5);
        QCOMPARE(window.errors.size(), 1);
        const Outcome help = runProgram({"--help"}, {{"DISPLAY", ""}, {"QT_QPA_PLATFORM", ""}});
        QCOMPARE(help.status, 0);
        QVERIFY(help.out.contains("--screenshot"));
    }
    void failures_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        const QString picture = QStringLiteral(VITREOUS_SAMPLE "/scene.png");
        QTest::newRow("usage") << QStringList{"--view", "x"} << 2;
        QTest::newRow("no model") << QStringList{"--screenshot", path("f.png"), path("empty.pth")}
                                  << 3;
        QTest::newRow("no input") << QStringList{"--screenshot", path("f.png"), path("empty.png")}
                                  << 4;
        QTest::newRow("missing") << QStringList{"--screenshot", path("f.png"), path("missing.png")}
                                 << 4;
        QTest::newRow("some")
            << QStringList{"--screenshot", path("s.png"), path("empty.pth"), picture} << 1;
        QTest::newRow("cannot write")
            << QStringList{"--screenshot", path("no/where.png"), picture} << 5;
    }
    void failures() {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        for (const char* name : {"empty.pth", "empty.png"}) {
            QFile file(path(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        const Outcome outcome = runProgram(arguments);
        QCOMPARE(outcome.status, status);
        QCOMPARE(outcome.errors.size(), 1);
        QVERIFY(!QFileInfo::exists(path("f.png")));
    }

private:
    [[nodiscard]] QString path(const QString& name) const { return folder_.filePath(name); }

    QTemporaryDir folder_;
};

QTEST_GUILESS_MAIN(ProgramTest)
#include "program_test.moc"
