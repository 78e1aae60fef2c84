#include "app/cli/offscreen_fonts.h"

#include <array>
#include <cstdlib>

#include <QGuiApplication>

namespace vitreous::cli {

std::shared_ptr<QGuiApplication> offscreenFonts() {
    static int count = 1;
    static std::array<char, 16> program{"vitreous-cli"};
    static std::array<char*, 2> arguments{program.data(), nullptr};
    setenv("QT_QPA_PLATFORM", "offscreen", 1);
    // Among them that a directory for sockets, which nobody needs here, is missing.
    qInstallMessageHandler([](QtMsgType, const QMessageLogContext&, const QString&) {});
    auto fonts = std::make_shared<QGuiApplication>(count, arguments.data());
    QCoreApplication::setApplicationVersion(QStringLiteral(VITREOUS_VERSION));
    return fonts;
}

} // namespace vitreous::cli
