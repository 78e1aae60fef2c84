#pragma once

#include <QByteArray>

namespace vitreous {

/// A shader of shaders/points.qrc.
QByteArray shaderText(const char* name);

} // namespace vitreous
