#include "widgets/timeline_scale.h"

#include <algorithm>
#include <cmath>

namespace vitreous {
namespace {

constexpr double fewest_shown = 8.0;

} // namespace

void TimelineScale::setCount(std::size_t count) {
    count_ = count;
    setShown(0.0, static_cast<double>(count));
}

double TimelineScale::slot() const {
    return shown_ > 0.0 ? width_ / shown_ : 0.0;
}

double TimelineScale::middleOf(std::size_t position) const {
    return edgeOf(static_cast<double>(position) + 0.5);
}

std::size_t TimelineScale::at(double x) const {
    const double last = static_cast<double>(count_) - 1.0;
    const double place = slot() > 0.0 ? first_ + x / slot() : 0.0;
    return static_cast<std::size_t>(std::clamp(std::floor(place), 0.0, std::max(0.0, last)));
}

void TimelineScale::setShown(double first, double shown) {
    const auto all = static_cast<double>(count_);
    shown_ = std::clamp(shown, std::min(fewest_shown, all), all);
    first_ = std::clamp(first, 0.0, all - shown_);
}

void TimelineScale::zoom(double factor, double x) {
    const double share = width_ > 0.0 ? x / width_ : 0.5;
    const double fixed = first_ + share * shown_;
    const double before = shown_;
    setShown(first_, shown_ / factor);
    if (shown_ != before) {
        setShown(fixed - share * shown_, shown_);
    }
}

void TimelineScale::scroll(double places) {
    setShown(first_ + places, shown_);
}

bool TimelineScale::reveal(std::size_t position) {
    const double before = first_;
    const auto place = static_cast<double>(position);
    if (place < first_ || place + 1.0 > first_ + shown_) {
        // Going on from there there is most to see ahead.
        setShown(place - shown_ / 8.0, shown_);
    }
    return first_ != before;
}

std::vector<std::size_t> TimelineScale::thumbnails(double thumbnail_width) const {
    std::vector<std::size_t> positions;
    if (count_ == 0 || width_ <= 0.0) {
        return positions;
    }
    const double most = std::max(1.0, std::round(width_ / std::max(1.0, thumbnail_width)));
    const auto parts = static_cast<std::size_t>(std::min(most, std::ceil(shown_)));
    for (std::size_t i = 0; i < parts; ++i) {
        positions.push_back(
            at((static_cast<double>(i) + 0.5) / static_cast<double>(parts) * width_));
    }
    return positions;
}

double roundStep(double least_secs) {
    const double power = std::pow(10.0, std::floor(std::log10(std::max(least_secs, 1e-6))));
    for (const double times : {1.0, 2.0, 5.0}) {
        if (times * power >= least_secs * (1.0 - 1e-9)) {
            return times * power;
        }
    }
    return 10.0 * power;
}

} // namespace vitreous
