// How the real window opens and plays a video with the demo's models: when the first maps are
// there, how long all of them take, how many frames a second playing shows with a token pinned, and
// how long a step to another frame takes. No test: it prints. playing_bench [VIDEO]

#include <algorithm>
#include <iostream>
#include <vector>

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>

#include "app/desktop/demo.h"
#include "app/desktop/main_window.h"

using namespace vitreous;

namespace {

double millisecondsSince(const QElapsedTimer& start) {
    return double(start.nsecsElapsed()) * 1e-6;
}

template <typename Condition>
void waitFor(Condition condition) {
    while (!condition()) {
        QApplication::processEvents(QEventLoop::WaitForMoreEvents, 5);
    }
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0.0 : values[values.size() / 2];
}

void playOnce(Session& session, double speed) {
    session.playFrame(session.videoWork().frames().front());
    std::size_t shown = 1;
    FrameIndex last = session.frame();
    const auto counting =
        QObject::connect(&session, &Session::viewChanged, [&session, &shown, &last] {
            shown += session.frame() != last ? 1 : 0;
            last = session.frame();
        });
    QElapsedTimer start;
    start.start();
    ViewState view = session.view();
    view.video.speed = speed;
    session.setView(view);
    session.setPlaying(true);
    waitFor([&session] { return !session.isPlaying(); });
    const double seconds = millisecondsSince(start) / 1000.0;
    QObject::disconnect(counting);
    std::cout << "at " << speed << " times the speed: " << shown << " of "
              << session.videoWork().frames().size() << " frames shown in " << seconds << " s\n"
              << std::flush;
}

void step(MainWindow& window, Session& session) {
    std::vector<double> times;
    for (const FrameIndex frame : session.videoWork().frames()) {
        QElapsedTimer start;
        start.start();
        session.setFrame(frame, ViewChange::Continued);
        window.grid().refresh();
        QApplication::processEvents();
        times.push_back(millisecondsSince(start));
    }
    std::cout << "to another frame: " << median(times) << " ms\n" << std::flush;
}

} // namespace

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    QApplication application(argc, argv);
    Session session(coreEngine(0));
    MainWindow window(session, nullptr);
    window.resize(1600, 1000);
    window.show();
    const std::optional<QString> folder = demoFolder(DemoKind::Videos);
    const QStringList arguments = QApplication::arguments();
    if (!folder && arguments.size() < 2) {
        std::cerr << "playing_bench: error: resources/demo is missing\n";
        return 1;
    }
    QElapsedTimer start;
    start.start();
    QStringList files = {
        arguments.size() > 1 ? arguments[1] : QDir(*folder).filePath("clips/00000.mp4")};
    for (const ModelSpec& spec : demoModels(DemoKind::Videos)) {
        files << QString::fromStdString(formatModelSpec(spec));
    }
    session.open(files);
    waitFor([&session] { return session.hasMaps(); });
    std::cout << "first maps after " << millisecondsSince(start) << " ms\n";
    waitFor([&session] { return session.isIdle(); });
    std::cout << "all maps after " << millisecondsSince(start) << " ms, "
              << session.resultBytes() / 1024 << " kB\n";
    window.pinToken(8, 8);
    for (const double speed : {1.0, 2.0, 4.0}) {
        playOnce(session, speed);
    }
    step(window, session);
    return 0;
}
