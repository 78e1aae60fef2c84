// Usage: widgets_bench [FRAMES] [opengl|painter]. Times the grid's frames at 1600x1000, ViT-S and
// ViT-S-LLaMA with all taps, on the surface that the program would take or the named one. Prints
// medians in milliseconds of wall time, from the change or event until the event loop has brought
// the frame to the window, which Qt does up to 5 ms later to gather changes.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <vector>

#include <QApplication>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QOpenGLWidget>

#include "sample_scene.h"
#include "widgets/grid_view.h"

using namespace vitreous;

namespace {

class PaintWatch final : public QObject {
public:
    explicit PaintWatch(QWidget& widget) { widget.installEventFilter(this); }
    bool eventFilter(QObject* watched, QEvent* event) override {
        is_painted = is_painted || event->type() == QEvent::Paint;
        return QObject::eventFilter(watched, event);
    }
    bool is_painted = false;
};

class Bench {
public:
    Bench(int frames, bool use_opengl)
        : frames_(frames), view_(nullptr, use_opengl),
          models_(samples::twoModels(samples::gradientPicture(224))) {
        view_.setPalette(samples::darkPalette());
        view_.resize(1600, 1000);
        show({});
        view_.show();
        for (int i = 0; i < 20; ++i) {
            QCoreApplication::processEvents();
        }
    }

    void run() {
        std::printf(
            "%s, %zu columns, medians of %d frames in ms\n",
            view_.isAccelerated() ? "OpenGL" : "QPainter", view_.scene().columns.size(), frames_);
        for (const bool has_controls : {false, true}) {
            view_.showControls(has_controls);
            const char* strip = has_controls ? "with the strip" : "without";
            std::printf("paint, %s: %.2f\n", strip, median([](int) {}));
            std::printf("hover, %s: %.2f\n", strip, median([this](int frame) { hover(frame); }));
        }
        view_.showTimings(true);
        median([](int) {});
        for (const TimingLine& line : view_.timings().lines) {
            if (line.times_ms.size() == 1 && line.times_ms.front()) {
                std::printf("%s alone: %.2f\n", qPrintable(line.stage), *line.times_ms.front());
            }
        }
        view_.showTimings(false);
        const std::pair<Sampling, Overlay> looks[] = {
            {Sampling::Nearest, Overlay::Blend},
            {Sampling::Bilinear, Overlay::Blend},
            {Sampling::Nearest, Overlay::Contour},
            {Sampling::Bilinear, Overlay::Contour}};
        for (const auto& [sampling, overlay] : looks) {
            ViewState view;
            view.sampling = sampling;
            view.overlay = overlay;
            std::printf(
                "%s, %s:\n", sampling == Sampling::Nearest ? "nearest" : "bilinear",
                overlay == Overlay::Blend ? "blend" : "contour");
            changes(view);
        }
    }

private:
    void changes(ViewState view) {
        std::printf("  another opacity: %.2f\n", median([&](int frame) {
                        view.opacity = frame % 2 == 0 ? 0.5 : 0.75;
                        show(view);
                    }));
        std::printf("  zoom step: %.2f\n", median([&](int frame) { zoom(view, frame); }));
        view.viewport = {};
        view.kind = GridKind::Scrub;
        show(view);
        const std::vector<GridColumn> choices = view_.scene().choices;
        const auto scrub = [&](int frame) {
            view.tap = choices[std::size_t(frame) % choices.size()].name.toStdString();
            show(view);
        };
        std::printf("  scrub: %.2f\n", median(scrub));
        std::printf("  scrub without painting: %.2f\n", medianOf(scrub));
        std::printf("  scrub, another opacity: %.2f\n", median([&](int frame) {
                        view.opacity = frame % 2 == 0 ? 0.5 : 0.75;
                        show(view);
                    }));
        std::printf("  scrub, zoom step: %.2f\n", median([&](int frame) { zoom(view, frame); }));
    }

    void zoom(ViewState& view, int frame) {
        view.viewport = zoomed({}, 1.0 + double(frame % 40 + 1) * 0.1, QPointF(0.3, 0.6));
        show(view);
    }

    void show(const ViewState& view) { view_.setScene(buildGridScene(models_, view)); }

    void hover(int frame) {
        const CellPlace& place = view_.gridLayout().cells[std::size_t(frame) % 3];
        const double part = 0.02 + 0.96 * double(frame % 50) / 50.0;
        const QPointF point =
            place.map.topLeft() + QPointF(place.map.width() * part, place.map.height() * 0.5);
        QMouseEvent move(
            QEvent::MouseMove, point, point, Qt::NoButton, Qt::NoButton, Qt::NoModifier);
        QCoreApplication::sendEvent(view_.childAt(point.toPoint()), &move);
    }

    /// Until the event loop has brought the frame to the window.
    void paint() {
        QWidget* surface = view_.childAt(4, 4);
        PaintWatch watch(*surface);
        surface->update();
        while (!watch.is_painted) {
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        }
        if (auto* gl = qobject_cast<QOpenGLWidget*>(surface)) {
            gl->makeCurrent();
            gl->context()->functions()->glFinish();
            gl->doneCurrent();
        }
    }

    double median(const std::function<void(int)>& change) {
        return medianOf([&](int frame) {
            change(frame);
            paint();
        });
    }

    [[nodiscard]] double medianOf(const std::function<void(int)>& work) const {
        std::vector<double> times;
        for (int frame = 0; frame < frames_; ++frame) {
            QElapsedTimer timer;
            timer.start();
            work(frame);
            times.push_back(double(timer.nsecsElapsed()) * 1e-6);
            QCoreApplication::processEvents();
        }
        std::nth_element(times.begin(), times.begin() + frames_ / 2, times.end());
        return times[std::size_t(frames_ / 2)];
    }

    int frames_;
    GridView view_;
    std::vector<GridRow> models_;
};

} // namespace

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    const QApplication application(argc, argv);
    QApplication::setStyle("fusion");
    const int frames = argc > 1 ? std::atoi(argv[1]) : 200;
    const QByteArray surface = argc > 2 ? argv[2] : "";
    if (frames < 1 || (!surface.isEmpty() && surface != "opengl" && surface != "painter")) {
        std::fputs("usage: widgets_bench [FRAMES] [opengl|painter]\n", stderr);
        return 2;
    }
    Bench(frames, surface.isEmpty() ? prefersOpenGl() : surface == "opengl").run();
    return 0;
}
