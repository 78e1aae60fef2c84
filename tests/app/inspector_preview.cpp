// Writes pictures of the window with the inspector at work on the demo, to look at. No test.
// inspector_preview FOLDER [WIDTHxHEIGHT]

#include <iostream>
#include <memory>

#include <QApplication>
#include <QElapsedTimer>

#include "app/desktop/demo.h"
#include "app/desktop/main_window.h"

using namespace vitreous;

namespace {

void settle(Session& session) {
    QElapsedTimer quiet;
    quiet.start();
    while (!session.isIdle() || !quiet.hasExpired(300)) {
        QApplication::processEvents(QEventLoop::AllEvents, 20);
        if (!session.isIdle()) {
            quiet.restart();
        }
    }
}

} // namespace

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    QApplication application(argc, argv);
    if (argc < 2) {
        std::cerr << "expected a folder\n";
        return 2;
    }
    const QString folder = QString::fromLocal8Bit(argv[1]);
    const QStringList sides = QString::fromLocal8Bit(argc > 2 ? argv[2] : "1440x900").split(u'x');
    Session session(coreEngine(0));
    MainWindow window(session, nullptr);
    window.resize(sides.value(0).toInt(), sides.value(1).toInt());
    window.show();
    // At its narrowest.
    window.resizeDocks({&window.inspector()}, {240}, Qt::Horizontal);
    window.showDemo();
    settle(session);
    const GridCell cell = window.grid().scene().cells.at(0).at(0);
    const auto shoot = [&](const QString& name, const Selection& selection, ThemeKind theme) {
        ViewState view = session.view();
        view.selection = selection;
        session.setView(view);
        window.setTheme(theme);
        settle(session);
        window.grab().save(QStringLiteral("%1/%2.png").arg(folder, name));
        window.findChild<QWidget*>("inspectorBody")
            ->grab()
            .save(QStringLiteral("%1/%2-inspector.png").arg(folder, name));
    };
    Selection pinned;
    pinned.pinned = TokenPlace{TokenIndex{18}, cell.rows, cell.columns};
    Selection region;
    region.region = TokenRegion{1, 2, 3, 4, cell.rows, cell.columns};
    shoot(QStringLiteral("none"), {}, ThemeKind::Light);
    shoot(QStringLiteral("pinned"), pinned, ThemeKind::Light);
    shoot(QStringLiteral("pinned-dark"), pinned, ThemeKind::Dark);
    shoot(QStringLiteral("region-dark"), region, ThemeKind::Dark);
    return 0;
}
