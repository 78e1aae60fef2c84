#include <cstdlib>
#include <exception>
#include <iostream>

#include <QApplication>

#include "app/desktop/batch_run.h"
#include "app/desktop/engine.h"
#include "app/desktop/main_window.h"
#include "app/desktop/options.h"
#include "core/base/numeric_environment.h"
#include "widgets/grid_canvas.h"

namespace {

using namespace vitreous;

/// Options without a window: --help and mistakes need no display.
LaunchOptions readOptions(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    return parseOptions(QCoreApplication::arguments());
}

bool hasDisplay() {
    for (const char* variable : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
        if (const char* value = std::getenv(variable); value != nullptr && *value != '\0') {
            return true;
        }
    }
    return false;
}

int run(const LaunchOptions& options) {
    QCoreApplication::setApplicationName(QStringLiteral("vitreous"));
    QCoreApplication::setOrganizationName(QStringLiteral("vitreous"));
    QCoreApplication::setApplicationVersion(QStringLiteral(VITREOUS_VERSION));
    Session session(coreEngine(options.threads));
    session.setDevice(options.device);
    session.startWithView(options.view.value_or(ViewState()));
    // What is rendered to a file is the same whatever the user's window looks like.
    const bool is_batch = options.isBatch();
    MainWindow window(
        session, is_batch ? nullptr : std::make_unique<QSettings>(),
        is_batch ? QString() : Recovery::standardFolder());
    if (options.theme) {
        window.setTheme(*options.theme);
    }
    if (options.has_size || options.isBatch()) {
        window.resize(options.size);
    }
    window.show();
    if (options.files.isEmpty()) {
        window.showDemo();
    } else {
        session.open(options.files);
        // A session brings its own device and view; what was asked for goes before them.
        if (options.device != DeviceSpec()) {
            session.setDevice(options.device);
        }
        if (options.view) {
            session.startWithView(*options.view);
        }
    }
    if (options.frame) {
        window.lookAtFrame(*options.frame);
    }
    if (options.pin) {
        window.pinToken(options.pin->row, options.pin->column);
    }
    if (options.isBatch()) {
        const auto* batch = new BatchRun(window, session, options);
        Q_UNUSED(batch)
    }
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv) {
    prepareNumericEnvironment(argv);
    try {
        const LaunchOptions options = readOptions(argc, argv);
        if (!options.text.isEmpty()) {
            std::cout << options.text.toStdString() << std::flush;
            return 0;
        }
        if (!hasDisplay()) {
            if (!options.isBatch()) {
                throw Error(
                    ErrorCode::Resource, "there is no display, expected DISPLAY or "
                                         "WAYLAND_DISPLAY to be set, or --screenshot");
            }
            qputenv("QT_QPA_PLATFORM", "offscreen");
        }
        setDefaultSurfaceFormat();
        QApplication application(argc, argv);
        return run(options);
    } catch (const Error& error) {
        printError(QString::fromStdString(error.what()));
        return int(error.code());
    } catch (const std::exception& error) {
        printError(QString::fromLocal8Bit(error.what()));
        return int(ErrorCode::Resource);
    }
}
