#pragma once

#include <memory>

class QGuiApplication;

namespace vitreous::cli {

/// What painting text takes: fonts, without a display. Keep it as long as something is painted;
/// once a process. Qt's own remarks are not shown.
std::shared_ptr<QGuiApplication> offscreenFonts();

} // namespace vitreous::cli
