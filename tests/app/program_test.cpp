#include <algorithm>
#include <array>
#include <optional>

#include <QDir>
#include <QFileInfo>
#include <QImage>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "core/export/npz.h"
#include "core/export/session_file.h"
#include "tests/support/shared.h"
#include "widgets/value_text.h"

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

/// Share of the grid's pixels that differ clearly.
double differingShare(const QImage& a, const QImage& b) {
    int differing = 0;
    int all = 0;
    for (int y = 80; y < a.height() - 40; y += 3) {
        for (int x = 280; x < a.width(); x += 3) {
            ++all;
            differing += std::abs(qGray(a.pixel(x, y)) - qGray(b.pixel(x, y))) > 8 ? 1 : 0;
        }
    }
    return double(differing) / all;
}

/// The text of a PDF's pages; nothing without the tool that reads it.
std::optional<QString> textOf(const QString& pdf) {
    const QString tool = QStandardPaths::findExecutable("pdftotext");
    if (tool.isEmpty()) {
        return std::nullopt;
    }
    QProcess process;
    process.start(tool, {"-layout", pdf, "-"});
    process.waitForFinished();
    return QString::fromUtf8(process.readAllStandardOutput());
}

struct View {
    QString name;
    QString quantity; ///< as the legend has it
    QString map;      ///< as the golden arrays are named
};

std::array<View, 3> views() {
    return {
        View{"magnitude", "Magnitude, L2 distance from the mean token", "magnitude/"},
        View{"frequency", "Frequency (rad)", "frequency/"},
        View{"attention", "CLS attention, mean over heads", "cls_attention/"}};
}

/// The ranges of the reference's maps as they are printed under them; of attention, of the mean
/// over heads.
QStringList goldenRanges(const QString& map) {
    QStringList ranges;
    for (const char* file : {"vit.golden.npz", "vit_llama.golden.npz"}) {
        const auto arrays = vitreous::readNpz(golden(file).toStdString());
        std::size_t tokens = 0;
        for (const auto& [name, array] : arrays) {
            if (name.starts_with("magnitude/")) {
                tokens = array.values.size();
            }
        }
        for (const auto& [name, array] : arrays) {
            if (!name.starts_with(map.toStdString())) {
                continue;
            }
            std::vector<double> mean(tokens);
            for (std::size_t i = 0; i < array.values.size(); ++i) {
                mean[i % tokens] +=
                    double(array.values[i]) * double(tokens) / double(array.values.size());
            }
            const auto [low, high] = std::minmax_element(mean.begin(), mean.end());
            ranges << vitreous::rangeText({*low, *high});
        }
    }
    return ranges;
}

} // namespace

class ProgramTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void demoWithoutFiles() {
        QMap<QString, QImage> shots;
        for (const View& view : views()) {
            const Outcome outcome = runProgram(
                {"--screenshot", path("s.png"), "--export", path("s.pdf"), "--view", view.name,
                 "--size", "1300x800"});
            QCOMPARE(outcome.errors, QStringList());
            QCOMPARE(outcome.status, 0);
            shots[view.name] = QImage(path("s.png"));
            QCOMPARE(shots[view.name].size(), QSize(1300, 800));
            QVERIFY(colourfulShare(shots[view.name]) > 0.2);
            if (const auto text = textOf(path("s.pdf"))) {
                const QDir scenes(VITREOUS_DEMO "/scenes");
                for (const QString& part :
                     {view.quantity, QStringLiteral("ViT-LLaMA"),
                      scenes.entryList(QDir::Files, QDir::Name).value(0, "a scene")}) {
                    QVERIFY2(text->contains(part), qPrintable(part + u'\n' + *text));
                }
            }
        }
        QVERIFY(differingShare(shots["magnitude"], shots["frequency"]) > 0.1);
        QVERIFY(differingShare(shots["magnitude"], shots["attention"]) > 0.1);
        QVERIFY(differingShare(shots["frequency"], shots["attention"]) > 0.1);
    }
    void demoOffscreen() {
        const Outcome outcome = runProgram(
            {"--screenshot", path("o.png"), "--size", "1300x800"},
            {{"QT_QPA_PLATFORM", "offscreen"}});
        QCOMPARE(outcome.errors, QStringList());
        QCOMPARE(outcome.status, 0);
        QVERIFY(colourfulShare(QImage(path("o.png"))) > 0.2);
    }
    void goldenPair_data() {
        QTest::addColumn<QString>("view");
        QTest::addColumn<QString>("quantity");
        QTest::addColumn<QString>("map");
        for (const View& view : views()) {
            QTest::newRow(qPrintable(view.name)) << view.name << view.quantity << view.map;
        }
    }
    void goldenPair() {
        QFETCH(QString, view);
        QFETCH(QString, quantity);
        QFETCH(QString, map);
        VITREOUS_NEEDS_SHARED();
        const QStringList files = {
            golden("vit_llama.pth") + ",heads=3,llm_heads=4", golden("scene.png"),
            golden("vit.pth") + ",heads=3"};
        const Outcome outcome = runProgram(
            QStringList{"--screenshot", path("g.png"), "--export", path("g.pdf"), "--view", view} +
            files);
        QCOMPARE(outcome.errors, QStringList());
        QCOMPARE(outcome.status, 0);
        QVERIFY(colourfulShare(QImage(path("g.png"))) > 0.2);
        QFile pdf(path("g.pdf"));
        QVERIFY(pdf.open(QIODevice::ReadOnly));
        QVERIFY(pdf.read(5) == "%PDF-");
        const std::optional<QString> text = textOf(path("g.pdf"));
        if (!text) {
            QSKIP("no pdftotext here");
        }
        QVERIFY2(text->contains(quantity), qPrintable(*text));
        // What is shown is what the reference computed. Some last digits may be rounded otherwise.
        int found = 0;
        const QStringList ranges = goldenRanges(map);
        for (const QString& range : ranges) {
            found += text->contains(range) ? 1 : 0;
        }
        QVERIFY(ranges.size() > 4);
        QVERIFY2(10 * found >= 9 * ranges.size(), qPrintable(ranges.join(u' ') + *text));
    }
    void aSessionIsShownAsItWasSaved() {
        vitreous::SessionFile session;
        const std::filesystem::path demo = VITREOUS_DEMO;
        vitreous::SessionFile::Model model;
        model.spec.path = demo / "vit_llama.safetensors";
        session.models.push_back(model);
        session.inputs.push_back({demo / "scenes/00001.png", {}, {}});
        session.current = 0;
        session.view = {{"map", "frequency"}};
        vitreous::writeSession(path("demo.vitreous").toStdString(), session);
        const Outcome outcome = runProgram(
            {"--screenshot", path("v.png"), "--export", path("v.pdf"), path("demo.vitreous")});
        QCOMPARE(outcome.errors, QStringList());
        QCOMPARE(outcome.status, 0);
        if (const auto text = textOf(path("v.pdf"))) {
            for (const char* part : {"Frequency (rad)", "vit_llama", "00001.png"}) {
                QVERIFY2(text->contains(part), qPrintable(*text));
            }
        }
        // What is asked for goes before it, be it the default.
        const Outcome asked = runProgram(
            {"--export", path("w.pdf"), "--view", "layers,magnitude", path("demo.vitreous")});
        QCOMPARE(asked.status, 0);
        if (const auto text = textOf(path("w.pdf"))) {
            QVERIFY2(!text->contains("Frequency (rad)"), qPrintable(*text));
        }
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
        const QString picture = QStringLiteral(VITREOUS_TEST_DATA "/media/gray.png");
        QTest::newRow("usage") << QStringList{"--view", "x"} << 2;
        QTest::newRow("no model") << QStringList{"--screenshot", path("f.png"), path("empty.pth")}
                                  << 3;
        QTest::newRow("no input") << QStringList{"--screenshot", path("f.png"), path("empty.png")}
                                  << 4;
        QTest::newRow("missing") << QStringList{"--screenshot", path("f.png"), path("missing.png")}
                                 << 4;
        QTest::newRow("some")
            << QStringList{"--screenshot", path("s.png"), path("empty.pth"), picture} << 1;
        // The broken one is far below what the list shows.
        QTest::newRow("one of many")
            << QStringList{"--screenshot", path("s.png"), path("many")} << 1;
        QTest::newRow("no session")
            << QStringList{"--screenshot", path("f.png"), path("damaged.vitreous")} << 4;
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
        QDir().mkpath(path("many"));
        for (int i = 0; i < 60; ++i) {
            QFile::copy(
                QStringLiteral(VITREOUS_TEST_DATA "/media/gray.png"),
                path(QStringLiteral("many/%1.png").arg(i)));
        }
        QFile::copy(path("empty.png"), path("many/z.png"));
        QFile damaged(path("damaged.vitreous"));
        QVERIFY(damaged.open(QIODevice::WriteOnly) && damaged.write("{\"format\"") > 0);
        damaged.close();
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
