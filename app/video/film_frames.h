#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <vector>

#include "widgets/page_export.h"

namespace vitreous {

/// The frames of a filmstrip, spread evenly over those of a video. Where fewer come than are
/// planned, they are spread over those that came. Memory: at most five times the columns' frames.
class FilmFrames {
public:
    /// columns: at least 1, as many as there are frames.
    FilmFrames(std::size_t planned, std::size_t columns);

    /// True where the frame of that place may be one of the strip.
    [[nodiscard]] bool wants(std::size_t position) const;
    /// Frames come in ascending places; only those that are wanted.
    void add(std::size_t position, const PageFrame& frame);
    /// The strip, in order, once `delivered` frames have come.
    [[nodiscard]] std::vector<PageFrame> strip(std::size_t delivered) const;

private:
    std::size_t planned_;
    std::size_t columns_;
    std::size_t step_ = 1; ///< of the places that are kept beside those that are planned
    std::set<std::size_t> places_;
    std::map<std::size_t, PageFrame> frames_;
};

} // namespace vitreous
