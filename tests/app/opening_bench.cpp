// How long the real window takes to show a folder of many pictures with the demo's models. No test:
// it prints times. opening_bench [PICTURES [WIDTHxHEIGHT]]

#include <algorithm>
#include <iostream>
#include <memory>

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QImage>
#include <QTemporaryDir>

#include "app/desktop/demo.h"
#include "app/desktop/main_window.h"

using namespace vitreous;

namespace {

/// Pictures that JPEG cannot make small.
void makePictures(const QDir& folder, int count, QSize size) {
    for (int number = 0; number < count; ++number) {
        QImage picture(size, QImage::Format_RGB32);
        for (int y = 0; y < size.height(); ++y) {
            for (int x = 0; x < size.width(); ++x) {
                picture.setPixel(x, y, qRgb(x * 7 + number, y * 3 + x * y % 97, number * 31 + y));
            }
        }
        picture.save(folder.filePath(QStringLiteral("%1.jpg").arg(number, 5, 10, QChar(u'0'))));
    }
}

bool hasMapOnScreen(MainWindow& window) {
    const GridScene& scene = window.grid().scene();
    return std::any_of(scene.rows.begin(), scene.rows.end(), [](const GridRow& row) {
        return row.result != nullptr;
    });
}

void report(const char* what, qint64 nanoseconds) {
    std::cout << what << ": " << double(nanoseconds) / 1e6 << " ms\n" << std::flush;
}

int readCount(Session& session) {
    const auto& items = session.inputs().items();
    return int(std::count_if(
        items.begin(), items.end(), [](const InputItem& item) { return item.isRead(); }));
}

} // namespace

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    QApplication application(argc, argv);
    const int count = argc > 1 ? QString::fromLocal8Bit(argv[1]).toInt() : 500;
    const QStringList sides = QString::fromLocal8Bit(argc > 2 ? argv[2] : "640x480").split(u'x');
    const auto demo = demoFolder();
    if (!demo || count < 1 || sides.size() != 2) {
        std::cerr << "expected the demo, a number of pictures and their size\n";
        return 2;
    }
    const QTemporaryDir folder;
    makePictures(QDir(folder.path()), count, {sides[0].toInt(), sides[1].toInt()});
    Session session(coreEngine(0));
    MainWindow window(session, nullptr);
    window.show();
    QApplication::processEvents();
    QElapsedTimer clock;
    clock.start();
    session.open(
        {*demo + QStringLiteral("/vit.safetensors"),
         *demo + QStringLiteral("/vit_llama.safetensors"), folder.path()});
    report("open() returned", clock.nsecsElapsed());
    qint64 longest = 0;
    qint64 turn = clock.nsecsElapsed();
    bool is_first = true;
    bool has_map = false;
    while (!has_map || !session.isIdle()) {
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
        const qint64 now = clock.nsecsElapsed();
        longest = std::max(longest, now - turn);
        turn = now;
        if (is_first) {
            is_first = false;
            report("first events done", now);
        }
        if (!has_map && hasMapOnScreen(window)) {
            has_map = true;
            window.grid().repaint();
            report("first map on screen", clock.nsecsElapsed());
            std::cout << "read by then: " << readCount(session) << '\n';
        }
    }
    report("all done", clock.nsecsElapsed());
    report("longest turn of the event loop", longest);
    std::cout << "read: " << readCount(session) << " of " << session.inputs().rowCount() << '\n';
    return 0;
}
