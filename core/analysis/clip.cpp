#include "core/analysis/clip.h"

#include <string>

#include "core/base/error.h"

namespace vitreous {
namespace {

/// Takes the entry `at` of one axis, which is lost.
Array sliced(const Array& array, std::size_t axis, std::int64_t at) {
    if (array.shape.size() <= axis || at < 0 || at >= array.shape[axis]) {
        throw Error(
            ErrorCode::Usage,
            "there is no step of time " + std::to_string(at) + " in " + shapeText(array.shape));
    }
    std::size_t inner = 1;
    for (std::size_t i = axis + 1; i < array.shape.size(); ++i) {
        inner *= static_cast<std::size_t>(array.shape[i]);
    }
    const std::size_t stride = inner * static_cast<std::size_t>(array.shape[axis]);
    Array part{.shape = array.shape, .values = {}};
    part.shape.erase(part.shape.begin() + std::ptrdiff_t(axis));
    part.values.reserve(static_cast<std::size_t>(elementCount(part.shape)));
    for (std::size_t from = inner * std::size_t(at); from < array.values.size(); from += stride) {
        const float* values = &array.values[from];
        part.values.insert(part.values.end(), values, values + inner);
    }
    return part;
}

/// The rows of the tokens of one step of time, of (tokens, channels).
Array tokensOfStep(const Array& features, std::int64_t step, std::int64_t tokens) {
    const std::int64_t channels = features.shape.at(1);
    const auto begin = features.values.begin() + step * tokens * channels;
    return {{tokens, channels}, {begin, begin + tokens * channels}};
}

} // namespace

Array stepOfMap(const Array& map, std::int64_t step) {
    return sliced(map, 0, step);
}

Array stepOfHeads(const Array& map, std::int64_t step) {
    return sliced(map, 1, step);
}

AnalysisResult frameOfClip(const AnalysisResult& clip, std::size_t frame) {
    const std::int64_t frames = clip.times > 0 ? clip.input.shape.at(1) : 0;
    if (frame >= static_cast<std::size_t>(frames)) {
        throw Error(
            ErrorCode::Usage, "there is no frame " + std::to_string(frame) +
                                  ", expected one of a clip of " + std::to_string(frames));
    }
    const auto index = static_cast<std::int64_t>(frame);
    const std::int64_t step = index / (frames / clip.times);
    AnalysisResult result;
    result.model_label = clip.model_label;
    result.rows = clip.rows;
    result.columns = clip.columns;
    result.mean_query = clip.mean_query;
    result.taps = clip.taps;
    result.blocks = clip.blocks;
    for (const auto& [tap, map] : clip.magnitude) {
        result.magnitude[tap] = stepOfMap(map, step);
    }
    for (const auto& [tap, map] : clip.frequency) {
        result.frequency[tap] = stepOfMap(map, step);
    }
    for (const auto& [block, map] : clip.cls_attention) {
        result.cls_attention[block] = stepOfHeads(map, step);
    }
    for (const auto& [tap, features] : clip.features) {
        result.features[tap] = tokensOfStep(features, step, clip.rows * clip.columns);
    }
    result.logits = clip.logits;
    result.input = sliced(clip.input, 1, index);
    if (frame < clip.pictures.size()) {
        result.picture = clip.pictures[frame];
    }
    result.forward_ms = clip.forward_ms;
    result.maps_ms = clip.maps_ms;
    return result;
}

} // namespace vitreous
