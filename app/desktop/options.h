#pragma once

#include <optional>

#include <QSize>
#include <QString>
#include <QStringList>

#include "app/desktop/theme.h"
#include "core/analysis/model.h"
#include "widgets/view_state.h"

namespace vitreous {

/// A place in a grid of tokens, counted from 1.
struct GridSpot {
    int row = 1;
    int column = 1;
};

/// What the command line asks for.
struct LaunchOptions {
    QString text; ///< of --help or --version: to be printed instead of anything else
    QStringList files;
    QString screenshot;            ///< PNG of the window; empty: none
    QString export_file;           ///< figure; empty: none
    std::optional<ViewState> view; ///< where it is asked for
    std::optional<GridSpot> pin;   ///< the token to be pinned
    std::optional<int> frame;      ///< of a video, that is looked at, counted from 1
    QSize size{1440, 900};
    bool has_size = false;
    std::optional<ThemeKind> theme;
    DeviceSpec device;
    int threads = 0;

    /// No window stays open: what is asked for is written, then the program ends.
    [[nodiscard]] bool isBatch() const { return !screenshot.isEmpty() || !export_file.isEmpty(); }
};

/// Throws Error{Usage}. arguments: with the program's name first. Needs a QCoreApplication.
LaunchOptions parseOptions(const QStringList& arguments);

} // namespace vitreous
