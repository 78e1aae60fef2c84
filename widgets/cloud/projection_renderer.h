#pragma once

#include <cstddef>
#include <memory>

#include "widgets/cloud/cloud_renderer.h"

namespace vitreous {

/// makeProjectionRenderer with so many threads at the most, at least one.
std::unique_ptr<CloudRenderer> makeProjectionRenderer(std::size_t threads);

} // namespace vitreous
