#include "app/video/film_frames.h"

#include <algorithm>

namespace vitreous {
namespace {

/// The middles of equal shares.
std::set<std::size_t> middles(std::size_t frames, std::size_t columns) {
    const std::size_t count = std::min(frames, columns);
    std::set<std::size_t> places;
    for (std::size_t i = 0; i < count; ++i) {
        places.insert((2 * i + 1) * frames / (2 * count));
    }
    return places;
}

} // namespace

FilmFrames::FilmFrames(std::size_t planned, std::size_t columns)
    : planned_(planned), columns_(columns), places_(middles(planned, columns)) {}

bool FilmFrames::wants(std::size_t position) const {
    return position % step_ == 0 || places_.contains(position);
}

void FilmFrames::add(std::size_t position, const PageFrame& frame) {
    frames_.emplace(position, frame);
    while (frames_.size() > 5 * columns_) {
        step_ *= 2;
        std::erase_if(frames_, [this](const auto& kept) { return !wants(kept.first); });
    }
}

std::vector<PageFrame> FilmFrames::strip(std::size_t delivered) const {
    std::vector<PageFrame> strip;
    auto from = frames_.begin();
    for (const std::size_t place : delivered < planned_ ? middles(delivered, columns_) : places_) {
        auto nearest =
            std::lower_bound(from, frames_.end(), place, [](const auto& kept, std::size_t wanted) {
                return kept.first < wanted;
            });
        if (nearest == frames_.end() ||
            (nearest != from && place - std::prev(nearest)->first < nearest->first - place)) {
            if (nearest == from) {
                break;
            }
            --nearest;
        }
        strip.push_back(nearest->second);
        from = std::next(nearest);
    }
    return strip;
}

} // namespace vitreous
