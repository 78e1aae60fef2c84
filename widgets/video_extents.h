#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "widgets/value_extent.h"

namespace vitreous {

/// Smallest and largest finite value of each map over frames of a video.
class VideoExtents {
public:
    /// Counts a frame's maps in: (rows, columns) each, attention (heads, rows, columns).
    void add(const AnalysisResult& frame);

    /// Over all frames added so far; nothing where no frame has that map with a finite value.
    /// head: of the attention; none: of the mean over heads.
    [[nodiscard]] std::optional<ValueRange>
    of(MapKind map, const std::string& tap, std::optional<HeadIndex> head) const;

private:
    struct Attention {
        Extent mean;
        std::vector<Extent> heads;
    };
    std::map<std::string, Extent> magnitude_;
    std::map<std::string, Extent> frequency_;
    std::map<std::string, Attention> attention_;
};

} // namespace vitreous
