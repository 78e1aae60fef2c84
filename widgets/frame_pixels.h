#pragma once

#include <QImage>

#include "core/base/image.h"

namespace vitreous {

/// A painted page as a frame of a video, whose sides have to be even: a white line is added below
/// or at the right where they are not.
Image frameOf(const QImage& page);

} // namespace vitreous
