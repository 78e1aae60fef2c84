#pragma once

#include <optional>

#include <QColor>
#include <QPalette>
#include <QString>

namespace vitreous {

enum class ThemeKind { Light, Dark };

/// The colours around the maps. Everything is quiet; one accent.
struct Theme {
    ThemeKind kind = ThemeKind::Light;
    QColor ground; ///< behind the maps
    QColor panel;  ///< docks and bars
    QColor raised; ///< fields, menus
    QColor ink;
    QColor quiet; ///< secondary text
    QColor faint; ///< disabled
    QColor line;  ///< separators
    QColor edge;  ///< of fields and buttons
    QColor hover;
    QColor press;
    QColor chosen; ///< the chosen segment or row
    QColor chosen_ink;
    QColor accent;
    QColor accent_hover;
    QColor accent_ink;
    QColor error;
};

const Theme& themeOf(ThemeKind kind);
/// "light" and "dark"; nothing for another name.
std::optional<ThemeKind> themeNamed(const QString& name);
QString nameOf(ThemeKind kind);

/// Gives the whole application (a QApplication has to exist) the theme.
void applyTheme(ThemeKind kind);
/// The theme that the application has.
const Theme& currentTheme();

} // namespace vitreous
