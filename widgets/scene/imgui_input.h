#pragma once

#include <QEvent>
#include <QPointF>

namespace vitreous {

/// Qt's events as Dear ImGui's input, for its versions before and after 1.89. All act on the
/// current ImGui context.

/// Once for each context.
void prepareInput();
/// A mouse, wheel or key event; others do nothing. A key that goes down goes up in the same frame.
void feedInput(const QEvent& event, double pixel_ratio);
/// Where the pointer is, in device pixels.
void feedPointer(QPointF pixel);
/// After a frame that had keys in it.
void releaseKeys();

} // namespace vitreous
