#pragma once

#include "core/base/index.h"

namespace vitreous {

using ModelId = Index<struct ModelTag>; ///< a model of the session; never used again
using InputId = Index<struct InputTag>; ///< an input of the session; never used again

} // namespace vitreous
