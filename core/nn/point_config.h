#pragma once

#include "core/io/checkpoint.h"
#include "core/nn/model_config.h"
#include "core/nn/name_map.h"

namespace vitreous {

/// The part of a configuration that only point-cloud models have, from shapes, the config and the
/// hints; what is guessed is added to the list. Throws
/// Error{Model}, path last. Source: checkpoints.md.
PointConfig derivePoints(
    const Checkpoint& checkpoint,
    const NameMapping& mapping,
    const ModelHints& hints,
    std::vector<std::string>& guessed);

/// The tensors that only point-cloud models have, with their shapes.
std::vector<std::pair<std::string, std::vector<std::int64_t>>> expectedPointTensors(
    const PointConfig& points,
    int blocks_width);

} // namespace vitreous
