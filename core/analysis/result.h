#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/attention_query.h"
#include "core/base/array.h"
#include "core/base/image.h"

namespace vitreous {

/// The kinds of map. Source: arXiv 2310.12973, sections 6.1 and A.5.
enum class MapKind { Magnitude, Frequency, ClsAttention };

/// "magnitude", "frequency", "cls_attention": the names in files and options.
std::string_view name(MapKind kind);

/// A place in the forward pass whose token features are analysed.
struct Tap {
    std::string name;  ///< "blocks.3", "llama.layers.0.attention", ...: the key in exports
    std::string label; ///< short, for column heads: "4", "L1", "LLM attn", ...

    friend bool operator==(const Tap&, const Tap&) = default;
};

/// Everything one model says of one input. Immutable once published. Raw values, never normalised.
struct AnalysisResult {
    std::string model_label;
    std::int64_t rows = 0; ///< token grid
    std::int64_t columns = 0;
    std::int64_t times = 0;  ///< steps of time of a clip's grid; 0: no clip
    bool mean_query = false; ///< no CLS token: cls_attention is the mean over all queries

    std::vector<Tap> taps;   ///< the ones analysed, in forward order
    std::vector<Tap> blocks; ///< the ones with attention, in forward order

    // Of a clip with (times, rows, columns) for (rows, columns).
    std::map<std::string, Array> magnitude;     ///< by tap name: (rows, columns) or (groups,)
    std::map<std::string, Array> frequency;     ///< by tap name: (rows, columns), radians
    std::map<std::string, Array> cls_attention; ///< by block name: (heads, rows, columns)
    std::map<std::string, Array> features;      ///< by tap name: (tokens, channels), if asked for
    Array logits;                               ///< (classes,), empty without a head
    /// (channels, height, width); of a clip (channels, frames, height, width), of a point cloud
    /// (points, 3)
    Array input;
    Image picture;               ///< the input as a picture; empty for other inputs
    std::vector<Image> pictures; ///< of a clip, one a frame, in order; else none
    /// Of a point cloud, whose maps are (groups,) and (heads, groups): where its groups are,
    /// (groups, 3), and which rows of the input belong to each, (groups, group size). Else empty.
    Array centers;
    Array groups;

    /// Of the blocks with attention that were analysed, if asked for; else null. Two results are
    /// equal where they share it.
    std::shared_ptr<const AttentionInputs> attention_inputs;

    /// Wall time in milliseconds of the forward pass with its maps, of the whole batch.
    double forward_ms = 0.0;
    /// The part of forward_ms that went into maps and what else was kept, on the calling thread. On
    /// CUDA that is the time to enqueue the maps and, the pass being over, to fetch them.
    double maps_ms = 0.0;

    friend bool operator==(const AnalysisResult&, const AnalysisResult&) = default;
};

} // namespace vitreous
