#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/checkpoint.h"

namespace vitreous {

/// How a family of checkpoints that Vitreous knows is recognised, and what it implies.
struct Family {
    std::string_view id;    ///< as the `family` option takes it: "timm", "torchvision", ...
    std::string_view label; ///< for people: "ViT (timm)", ...
    std::string_view sign;  ///< the tensor name pattern that gives it away
    std::size_t rank = 0;   ///< number of dimensions that tensor has; 0: any
    std::string_view rules; ///< the set of naming rules it uses
    double layer_norm_eps = 1e-6;
    std::string_view refusal; ///< why this version cannot run it; empty where it can
};

/// One tensor under its canonical (timm / LM4VisualEncoding) name and where its values come from.
struct MappedTensor {
    std::string name;
    std::vector<TensorEntry> parts;  ///< concatenated along the first dimension; usually one
    std::vector<std::int64_t> shape; ///< canonical
    bool patches_last =
        false; ///< its last dimension runs over (p, p, c) in the file, over (c, p, p) here
    /// Of three parts the file has the first and the last; the one between, as long, is all zeros.
    bool zero_between = false;
};

/// A checkpoint's tensors by canonical name.
struct NameMapping {
    const Family* family = nullptr;
    std::map<std::string, MappedTensor> tensors;
    std::vector<std::string> unexpected; ///< names in the file that no rule explains
    std::vector<std::string> incomplete; ///< canonical names of which a part is missing

    [[nodiscard]] bool has(const std::string& name) const { return tensors.contains(name); }
    /// True for the tensors of a model whose tokens are groups of points.
    [[nodiscard]] bool isOfPoints() const { return has("encoder.first_conv.0.weight"); }
    /// True for the tensors of a model whose tokens are pieces of a few frames of a video.
    [[nodiscard]] bool isOfClips() const { return shape("patch_embed.proj.weight").size() == 5; }
    /// The tensor's shape, empty where there is none.
    [[nodiscard]] std::vector<std::int64_t> shape(const std::string& name) const;
};

/// Recognises the family of a checkpoint and maps its tensor names to the canonical ones; prefixes
/// such as "module." are dropped. family: an id that overrides the recognition, or empty. Throws
/// Error{Model}, path last: unknown family, a family that cannot be run, two tensors of one name.
/// Source: checkpoints.md.
NameMapping mapNames(const Checkpoint& checkpoint, const std::string& family = {});

/// Maps the tensors of a language model (Meta or Hugging Face LLaMA names) to `llama.layers.N...`,
/// N as in the file. Throws Error{Model}, path last, where the file holds no such block.
NameMapping mapLanguageModel(const Checkpoint& checkpoint);

/// The ids of all families that can be run, for messages.
std::string familyIds();

} // namespace vitreous
