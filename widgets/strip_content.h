#pragma once

#include "widgets/grid_scene.h"
#include "widgets/scene/control_strip.h"

namespace vitreous {

/// What the strip of controls shows for a scene.
StripContent stripContent(const GridScene& scene);

} // namespace vitreous
