#include <QApplication>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/error.h"
#include "sample_scene.h"
#include "widgets/grid_canvas.h"
#include "widgets/grid_painting.h"
#include "widgets/text_block.h"
#include "widgets/value_text.h"

using namespace vitreous;

namespace {

GridScene sampleScene(RangeMode range = RangeMode::PerView) {
    ViewState view;
    view.range = range;
    return buildGridScene(samples::twoModels(samples::gradientPicture(56), 2, 7), view);
}

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QStringList everythingIn(const QString& folder) {
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
}

std::optional<ErrorCode> codeOf(const QString& path, const FigureOptions& options) {
    try {
        exportFigure(path, sampleScene(), options);
    } catch (const Error& error) {
        const QString message = QString::fromStdString(error.what());
        return message.contains('\n') ? std::nullopt : std::optional(error.code());
    }
    return std::nullopt;
}

/// The text of a PDF's pages; nothing without the tool that reads it.
std::optional<QString> textOf(const QString& path) {
    const QString tool = QStandardPaths::findExecutable("pdftotext");
    if (tool.isEmpty()) {
        return std::nullopt;
    }
    QProcess process;
    process.start(tool, {"-layout", path, "-"});
    process.waitForFinished();
    return QString::fromUtf8(process.readAllStandardOutput());
}

/// Two models whose maps have ranges of the given size.
GridScene scaledScene(float scale, RangeMode range) {
    std::vector<GridRow> rows = samples::twoModels({}, 12, 7);
    for (GridRow& row : rows) {
        auto result = std::make_shared<AnalysisResult>(*row.result);
        for (auto& [tap, map] : result->magnitude) {
            for (float& value : map.values) {
                value *= scale;
            }
        }
        row.result = result;
    }
    ViewState view;
    view.range = range;
    return buildGridScene(rows, view);
}

} // namespace

class FigureTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pngHasItsSizeAndResolution() {
        const QTemporaryDir folder;
        FigureOptions options;
        options.caption = "tench.jpg, magnitude";
        exportFigure(folder.filePath("a.png"), sampleScene(), options);
        const QImage image(folder.filePath("a.png"));
        QCOMPARE(image.width(), 2025);
        QVERIFY(image.height() > 400);
        QCOMPARE(qRound(image.dotsPerMeterX() * 0.0254), 300);
        QCOMPARE(image.text("Description"), options.caption);
        QCOMPARE(image.pixel(0, 0), qRgb(255, 255, 255));
        QCOMPARE(everythingIn(folder.path()), QStringList{"a.png"});
    }

    void paperIsWhiteAndMapsAreThere() {
        const QTemporaryDir folder;
        exportFigure(folder.filePath("a.png"), sampleScene(), {});
        const QImage image(folder.filePath("a.png"));
        int colored = 0;
        int white = 0;
        for (int y = 0; y < image.height(); y += 4) {
            for (int x = 0; x < image.width(); x += 4) {
                const QColor color = image.pixelColor(x, y);
                white += color == QColor(Qt::white) ? 1 : 0;
                colored += color.saturation() > 60 ? 1 : 0;
            }
        }
        const int all = image.width() * image.height() / 16;
        QVERIFY(colored > all / 8);
        QVERIFY(white > all / 10);
    }

    void thePinnedTokenIsExported() {
        const QTemporaryDir folder;
        const auto figure = [&folder](const std::optional<TokenPlace>& pinned) {
            GridScene scene = sampleScene();
            scene.view.selection.pinned = pinned;
            const QString path = folder.filePath("figure.png");
            exportFigure(path, scene, {});
            return QImage(path);
        };
        const QImage plain = figure(std::nullopt);
        QVERIFY(figure(TokenPlace{TokenIndex{10}, 7, 7}) != plain);
        // A token of another grid is in none of these maps.
        QCOMPARE(figure(TokenPlace{TokenIndex{10}, 14, 14}), plain);
    }
    void pdfHasRealText() {
        const QTemporaryDir folder;
        const QString path = folder.filePath("a.pdf");
        FigureOptions options;
        options.caption = "tench.jpg by two models";
        exportFigure(path, sampleScene(), options);
        const QByteArray bytes = bytesOf(path);
        QVERIFY(bytes.startsWith("%PDF-"));
        QVERIFY(bytes.contains("/FontFile2"));
        QVERIFY(bytes.contains("DejaVuSans"));
        QVERIFY(!bytes.contains("/DCTDecode"));
        const std::optional<QString> found = textOf(path);
        if (!found) {
            QSKIP("no pdftotext here");
        }
        const QString& text = *found;
        for (const QString expected :
             {"ViT-S-LLaMA", "LLM FFN", "Magnitude, L2 distance from the mean token",
              "one range for all maps", "tench.jpg by two models"}) {
            QVERIFY2(text.contains(expected), qPrintable(expected + " is not in " + text));
        }
    }

    void everyRangeIsPrinted_data() {
        QTest::addColumn<float>("scale");
        QTest::addColumn<double>("width");
        QTest::newRow("short") << 1.0F << 6.75;
        QTest::newRow("short, one column") << 1.0F << 3.25;
        QTest::newRow("long") << -1.1e-4F << 6.75;
        QTest::newRow("long, one column") << -1.1e-4F << 3.25;
        QTest::newRow("huge") << -3.3e7F << 6.75;
    }
    void everyRangeIsPrinted() {
        QFETCH(float, scale);
        QFETCH(double, width);
        const QTemporaryDir folder;
        FigureOptions options;
        options.width_inch = width;
        const QString path = folder.filePath("a.pdf");
        const GridScene scene = scaledScene(scale, RangeMode::PerMap);
        exportFigure(path, scene, options);
        const std::optional<QString> text = textOf(path);
        if (!text) {
            QSKIP("no pdftotext here");
        }
        for (const std::vector<GridCell>& row : scene.cells) {
            for (const GridCell& cell : row) {
                for (const QString& number :
                     cell.present ? rangeLines(cell.range) : QStringList()) {
                    QVERIFY2(text->contains(number), qPrintable(number + " is not in " + *text));
                }
            }
        }
        const auto ticks = legendTicks(scene, std::nullopt);
        QVERIFY2(ticks[0].startsWith("min ") && ticks[0].contains(" to "), qPrintable(ticks[0]));
        QVERIFY2(text->contains(ticks[0]) && text->contains(ticks[2]), qPrintable(*text));
    }

    void everyRangeFitsUnderItsMap() {
        for (const float scale : {1.0F, -1.1e-4F, -3.3e7F}) {
            const GridScene scene = scaledScene(scale, RangeMode::PerMap);
            const GridStyle style = figureStyle(10.0);
            for (const double width : {4860.0, 2340.0}) {
                const GridMetrics metrics = measureGrid(scene, style);
                const GridLayout layout = layoutGrid(scene, metrics, width, std::nullopt);
                QVERIFY(layout.foot_lines > 0);
                QVERIFY(
                    layout.side >=
                    (layout.foot_lines == 1 ? metrics.foot_width : metrics.foot_stacked));
                QVERIFY(layout.bar.right() <= width);
            }
        }
    }

    void rowsHaveRoomForTheirTicks() {
        const GridScene scene = scaledScene(-1.1e-4F, RangeMode::PerRow);
        const GridStyle style = figureStyle(10.0);
        const auto ticks = tickTexts(rangeOfRow(scene, 1).value());
        const double ends =
            textWidth(style.small_font, ticks[0]) + textWidth(style.small_font, ticks[2]);
        QVERIFY(measureGrid(scene, style).row_head > ends);
    }

    void legendSaysBetweenWhichNumbersTheEndsLie() {
        ViewState view;
        const auto ticks_of = [&view](const std::vector<GridRow>& rows) {
            return legendTicks(buildGridScene(rows, view), std::nullopt);
        };
        auto result = std::make_shared<AnalysisResult>();
        result->taps = {{"a", "1"}, {"b", "2"}, {"c", "3"}};
        result->magnitude = {
            {"a", {{1, 2}, {1.0F, 40.0F}}},
            {"b", {{1, 2}, {0.25F, 3.0F}}},
            {"c", {{1, 2}, {7.0F, 9.5F}}}};
        QCOMPARE(
            ticks_of({{"m", {}, result, {}}}),
            (std::array<QString, 3>{"min 0.25 to 7.00", "", "max 3.00 to 40.0"}));
        result->taps.resize(1);
        QCOMPARE(
            ticks_of({{"m", {}, result, {}}}), (std::array<QString, 3>{"1.0", "20.5", "40.0"}));
        QCOMPARE(ticks_of({}), (std::array<QString, 3>{}));
    }

    void pdfPageIsAsWideAsAsked() {
        const QTemporaryDir folder;
        FigureOptions options;
        options.width_inch = 3.25;
        options.show_caption = false;
        exportFigure(folder.filePath("a.pdf"), sampleScene(RangeMode::PerMap), options);
        const QByteArray bytes = bytesOf(folder.filePath("a.pdf"));
        const QByteArray box = bytes.mid(bytes.indexOf("/MediaBox")).left(60);
        QVERIFY2(box.contains("[0 0 234"), box.constData());
    }

    void exportsWhateverTheSceneHolds() {
        const QTemporaryDir folder;
        const GridRow waiting{"A", Qt::red, nullptr, "Reading"};
        for (const GridScene& scene :
             {GridScene{}, buildGridScene({waiting}, {}), sampleScene(RangeMode::PerRow)}) {
            exportFigure(folder.filePath("a.pdf"), scene, {});
            exportFigure(folder.filePath("a.png"), scene, {});
            QVERIFY(!QImage(folder.filePath("a.png")).isNull());
        }
    }

    void refusesWhatItCannotWrite() {
        const QTemporaryDir folder;
        QCOMPARE(codeOf(folder.filePath("a.gif"), {}), std::optional(ErrorCode::Usage));
        QCOMPARE(codeOf(folder.filePath("a"), {}), std::optional(ErrorCode::Usage));
        FigureOptions wide;
        wide.width_inch = 1e9;
        QCOMPARE(codeOf(folder.filePath("a.png"), wide), std::optional(ErrorCode::Usage));
        FigureOptions fine;
        fine.png_dpi = 0;
        QCOMPARE(codeOf(folder.filePath("a.png"), fine), std::optional(ErrorCode::Usage));
        QVERIFY(everythingIn(folder.path()).isEmpty());
    }

    void failuresLeaveNothing() {
        const QTemporaryDir folder;
        QCOMPARE(codeOf(folder.filePath("no/a.png"), {}), std::optional(ErrorCode::Resource));
        QVERIFY(QDir(folder.path()).mkdir("taken.pdf"));
        QCOMPARE(codeOf(folder.filePath("taken.pdf"), {}), std::optional(ErrorCode::Resource));
        QCOMPARE(everythingIn(folder.path()), QStringList{"taken.pdf"});
    }

    void replacesAnOlderFigure() {
        const QTemporaryDir folder;
        QFile old(folder.filePath("ä.png"));
        QVERIFY(old.open(QIODevice::WriteOnly));
        old.write("old");
        old.close();
        exportFigure(old.fileName(), sampleScene(), {});
        QVERIFY(!QImage(old.fileName()).isNull());
        QVERIFY(QFileInfo(old.fileName()).permission(QFile::ReadOwner | QFile::WriteOwner));
    }
};

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    FigureTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "figure_test.moc"
