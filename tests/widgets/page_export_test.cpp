#include <filesystem>

#include <QDir>
#include <QGuiApplication>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/error.h"
#include "core/media/video_reader.h"
#include "widgets/page_export.h"

using namespace vitreous;

namespace {

std::shared_ptr<const AnalysisResult> resultOf(float value) {
    auto result = std::make_shared<AnalysisResult>();
    result->rows = 2;
    result->columns = 2;
    result->taps = {{"norm", "Norm"}};
    result->magnitude["norm"] = {{2, 2}, {value, value + 1, value + 2, value + 3}};
    return result;
}

std::shared_ptr<const VideoPage> pageOfOneMap() {
    GridRow row;
    row.label = "vit";
    row.result = resultOf(0.0F);
    return std::make_shared<const VideoPage>(
        std::vector<GridRow>{row}, ViewState(), VideoPageOptions{PageLayout::Map, 192});
}

} // namespace

class PageExportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pagesAreShownAtTheirTimes() {
        const QTemporaryDir folder;
        const std::filesystem::path movie = folder.filePath("maps.mp4").toStdString();
        // A still that is shown for seconds, then 60 frames a second.
        const std::vector<double> times = {0.5, 5.0, 5.0167, 5.0333, 8.0};
        PageExport pages(pageOfOneMap(), {movie}, 10.0, true);
        for (std::size_t i = 0; i < times.size(); ++i) {
            pages.add({FrameIndex{i}, times[i], {resultOf(float(i))}});
        }
        pages.finish(11.0);
        VideoReader reader(movie);
        for (const double time : times) {
            const auto frame = reader.next();
            QVERIFY(frame.has_value());
            QVERIFY2(
                std::abs(frame->time_secs - (time == times[0] ? 0.0 : time)) < 0.0005,
                qPrintable(QString("%1 for %2").arg(frame->time_secs).arg(time)));
        }
        QVERIFY(!reader.next());
    }
    void orAtOneRate() {
        const QTemporaryDir folder;
        const std::filesystem::path movie = folder.filePath("maps.mp4").toStdString();
        PageExport pages(pageOfOneMap(), {movie}, 10.0, false);
        for (const double time : {2.5, 5.0, 8.0}) {
            pages.add({FrameIndex{0}, time, {resultOf(1.0F)}});
        }
        pages.finish();
        VideoReader reader(movie);
        reader.next();
        QVERIFY(std::abs(reader.next()->time_secs - 0.1) < 0.0005);
        QVERIFY(std::abs(reader.next()->time_secs - 0.2) < 0.0005);
        QVERIFY(std::abs(reader.info().frames_per_second - 10.0) < 0.01);
    }
    /// Whatever is on its way then: the longer the loop, the surer.
    void canBeGivenUpAtAnyTime() {
        const QTemporaryDir folder;
        for (int round = 0; round < 150; ++round) {
            PageExport pages(
                pageOfOneMap(), {folder.filePath("maps.mp4").toStdString()}, 10.0, true);
            for (int i = 0; i < round % 4; ++i) {
                pages.add({FrameIndex{0}, double(i), {resultOf(1.0F)}});
            }
        }
        QVERIFY(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).isEmpty());
    }
};

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QGuiApplication application(argc, argv);
    PageExportTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "page_export_test.moc"
