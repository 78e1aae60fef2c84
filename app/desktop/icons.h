#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

namespace vitreous {

/// One of resources/icons in a colour. size: logical pixels.
QPixmap iconPixmap(const QString& name, const QColor& color, int size, double pixel_ratio);

/// One of resources/icons in the current theme's colours; make it anew when the theme changes.
QIcon themedIcon(const QString& name);

} // namespace vitreous
