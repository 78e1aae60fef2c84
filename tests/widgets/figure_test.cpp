#include <QApplication>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/error.h"
#include "sample_scene.h"
#include "widgets/grid_canvas.h"

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
        const QString tool = QStandardPaths::findExecutable("pdftotext");
        if (tool.isEmpty()) {
            return;
        }
        QProcess process;
        process.start(tool, {"-layout", path, "-"});
        QVERIFY(process.waitForFinished());
        const QString text = QString::fromUtf8(process.readAllStandardOutput());
        for (const QString expected :
             {"ViT-S-LLaMA", "LLM FFN", "Magnitude, L2 distance from the mean token",
              "one range for all maps", "tench.jpg by two models"}) {
            QVERIFY2(text.contains(expected), qPrintable(expected + " is not in " + text));
        }
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
