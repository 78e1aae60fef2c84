#pragma once

#include <optional>

#include "core/io/pickle_value.h"

namespace vitreous {

/// The number that numpy.core.multiarray.scalar(dtype, bytes) makes. arguments: those two. Nothing
/// where it is no little-endian number.
std::optional<PickleValue> numpyScalar(PickleRef arguments);

/// A pickled numpy.ndarray as a tensor that holds its own bytes (tensors of XLA devices are saved
/// so). Nothing where it is no array of little-endian numbers or its bytes do not fill its shape.
std::optional<PickleTensor> numpyArray(PickleRef array);

} // namespace vitreous
