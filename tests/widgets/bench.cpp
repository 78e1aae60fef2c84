// Usage: widgets_bench [FRAMES] [opengl|painter]. Times the grid's frames at 1600x1000, ViT-S and
// ViT-S-LLaMA with all taps, on the surface that the program would take or the named one. Prints
// medians in milliseconds of wall time, from the change or event until the event loop has brought
// the frame to the window; in brackets the processor's time of all threads.
#include <algorithm>
#include <cstdio>
#include <ctime>
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

struct Cost {
    double wall_ms = 0.0;
    double cpu_ms = 0.0; ///< of all threads: what others run on the machine does not count
};

void print(const QString& what, const Cost& cost) {
    std::printf("%s: %.2f (%.2f)\n", qPrintable(what), cost.wall_ms, cost.cpu_ms);
}

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
            print(QStringLiteral("paint, ") + strip, median([](int) {}));
            print(QStringLiteral("hover, ") + strip, median([this](int frame) { hover(frame); }));
        }
        print(
            "hover over the strip",
            median(
                [this](int frame) { move(QPointF(100.0 + frame % 100, view_.height() - 20.0)); },
                false));
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
        print("  another opacity", median([&](int frame) {
                  view.opacity = frame % 2 == 0 ? 0.5 : 0.75;
                  show(view);
              }));
        print("  zoom step", median([&](int frame) { zoom(view, frame); }));
        view.viewport = {};
        view.kind = GridKind::Scrub;
        show(view);
        const std::vector<GridColumn> choices = view_.scene().choices;
        const auto scrub = [&](int frame) {
            view.tap = choices[std::size_t(frame) % choices.size()].name.toStdString();
            show(view);
        };
        print("  scrub", median(scrub));
        print("  scrub without painting", medianOf(scrub));
        print("  scrub, another opacity", median([&](int frame) {
                  view.opacity = frame % 2 == 0 ? 0.5 : 0.75;
                  show(view);
              }));
        print("  scrub, zoom step", median([&](int frame) { zoom(view, frame); }));
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
        move(point);
    }

    void move(QPointF point) {
        QMouseEvent event(
            QEvent::MouseMove, point, point, Qt::NoButton, Qt::NoButton, Qt::NoModifier);
        QCoreApplication::sendEvent(view_.childAt(point.toPoint()), &event);
    }

    /// Until the event loop has brought the frame to the window.
    void paint(bool is_full) {
        QWidget* surface = view_.childAt(4, 4);
        PaintWatch watch(*surface);
        if (is_full) {
            surface->update();
        }
        while (!watch.is_painted) {
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        }
        if (auto* gl = qobject_cast<QOpenGLWidget*>(surface)) {
            gl->makeCurrent();
            gl->context()->functions()->glFinish();
            gl->doneCurrent();
        }
    }

    Cost median(const std::function<void(int)>& change, bool is_full = true) {
        return medianOf([&](int frame) {
            change(frame);
            paint(is_full);
        });
    }

    [[nodiscard]] Cost medianOf(const std::function<void(int)>& work) const {
        std::vector<double> walls;
        std::vector<double> cpus;
        for (int frame = 0; frame < frames_; ++frame) {
            QElapsedTimer timer;
            timer.start();
            const std::clock_t before = std::clock();
            work(frame);
            walls.push_back(double(timer.nsecsElapsed()) * 1e-6);
            cpus.push_back(double(std::clock() - before) * 1e3 / CLOCKS_PER_SEC);
            QCoreApplication::processEvents();
        }
        const auto middle = [this](std::vector<double>& times) {
            std::nth_element(times.begin(), times.begin() + frames_ / 2, times.end());
            return times[std::size_t(frames_ / 2)];
        };
        return {middle(walls), middle(cpus)};
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
