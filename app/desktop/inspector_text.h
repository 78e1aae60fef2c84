#pragma once

#include <QLabel>
#include <QString>

#include "widgets/grid_scene.h"

namespace vitreous {

/// Wrapped rich text that can be selected and copied.
QLabel* textLabel(const QString& accessible_name);

/// A text of others as HTML. Words too long for a narrow panel may be broken within.
QString asHtml(const QString& text);

/// A square in the model's colour and its name, as HTML.
QString nameOf(const GridRow& row);

/// Quiet text, as HTML.
QString quietly(const QString& html);

/// A link in the theme's colour, as HTML.
QString linkTo(const QString& target, const QString& html);

} // namespace vitreous
