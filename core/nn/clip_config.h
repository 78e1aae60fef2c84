#pragma once

#include "core/io/checkpoint.h"
#include "core/nn/model_config.h"
#include "core/nn/name_map.h"

namespace vitreous {

/// Fills in what shapes, the config, the training arguments and the hints say of a video model:
/// its patches, its clip and its grid; what is guessed is added to the list. Throws Error{Model},
/// path last. Source: checkpoints.md.
void deriveClip(
    const Checkpoint& checkpoint,
    const NameMapping& mapping,
    const ModelHints& hints,
    ModelConfig& config);

/// How the frames of a clip are preprocessed: the short side to the crop's, bilinear, centre crop,
/// unless the checkpoint's own processor says otherwise. Source: analysis.md, Preprocessing.
PreprocessSpec clipPreprocess(const Checkpoint& checkpoint, const ModelConfig& config);

} // namespace vitreous
