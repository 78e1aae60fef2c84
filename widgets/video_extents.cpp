#include "widgets/video_extents.h"

#include <span>

namespace vitreous {
namespace {

bool isUsable(const Array& array, std::size_t dimensions) {
    return array.shape.size() == dimensions && !array.values.empty() &&
           elementCount(array.shape) == static_cast<std::int64_t>(array.values.size());
}

void addMaps(std::map<std::string, Extent>& extents, const std::map<std::string, Array>& maps) {
    for (const auto& [tap, map] : maps) {
        if (isUsable(map, 2)) {
            extents[tap].add(map.values);
        }
    }
}

std::optional<ValueRange> rangeIn(
    const std::map<std::string, Extent>& extents,
    const std::string& tap) {
    const auto found = extents.find(tap);
    return found == extents.end() ? std::nullopt : found->second.range();
}

} // namespace

void VideoExtents::add(const AnalysisResult& frame) {
    addMaps(magnitude_, frame.magnitude);
    addMaps(frequency_, frame.frequency);
    for (const auto& [block, map] : frame.cls_attention) {
        if (!isUsable(map, 3)) {
            continue;
        }
        Attention& known = attention_[block];
        known.mean.add(meanOverHeads(map));
        const auto heads = static_cast<std::size_t>(map.shape[0]);
        const std::size_t tokens = map.values.size() / heads;
        known.heads.resize(std::max(known.heads.size(), heads));
        for (std::size_t head = 0; head < heads; ++head) {
            known.heads[head].add(std::span(map.values).subspan(head * tokens, tokens));
        }
    }
}

std::optional<ValueRange>
VideoExtents::of(MapKind map, const std::string& tap, std::optional<HeadIndex> head) const {
    switch (map) {
    case MapKind::Magnitude:
        return rangeIn(magnitude_, tap);
    case MapKind::Frequency:
        return rangeIn(frequency_, tap);
    case MapKind::ClsAttention:
        break;
    }
    const auto found = attention_.find(tap);
    if (found == attention_.end()) {
        return std::nullopt;
    }
    const Attention& known = found->second;
    if (!head) {
        return known.mean.range();
    }
    return head->value < known.heads.size() ? known.heads[head->value].range() : std::nullopt;
}

} // namespace vitreous
