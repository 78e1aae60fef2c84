#include "widgets/place_rows.h"

#include <algorithm>
#include <cmath>

namespace vitreous {
namespace {

constexpr float no_value = -1.0F;

} // namespace

PlaceRows::PlaceRows(const GridCell& cell, Sampling sampling, const MapWindow& window)
    : cell_(cell), sampling_(sampling), low_(static_cast<float>(cell.range.low) * 0.5F),
      half_span_(static_cast<float>(cell.range.high) * 0.5F - low_),
      columns_(static_cast<std::size_t>(cell.columns)), sums_(columns_), weights_(columns_),
      is_finite_(std::all_of(cell.values.begin(), cell.values.end(), [](float value) {
          return std::isfinite(value);
      })) {
    const QSize size = window.size.toSize();
    const QSize whole = window.whole.toSize();
    const QPoint offset = window.offset.toPoint();
    across_ = placesAlong(size.width(), offset.x(), whole.width(), cell.columns);
    down_ = placesAlong(size.height(), offset.y(), whole.height(), cell.rows);
    row_.resize(across_.size());
}

/// pixels: of the seen part, which begins at `offset` in a whole of `whole` pixels.
std::vector<PlaceRows::Between>
PlaceRows::placesAlong(int pixels, int offset, int whole, int tokens) {
    std::vector<Between> places(static_cast<std::size_t>(pixels));
    for (int i = 0; i < pixels; ++i) {
        Between& place = places[static_cast<std::size_t>(i)];
        place.nearest = static_cast<std::size_t>((2 * (i + offset) + 1) * tokens / (2 * whole));
        const float centre = (static_cast<float>(i + offset) + 0.5F) * static_cast<float>(tokens) /
                                 static_cast<float>(whole) -
                             0.5F;
        const float clamped = std::clamp(centre, 0.0F, static_cast<float>(tokens - 1));
        place.first = static_cast<std::size_t>(clamped);
        place.second = std::min(place.first + 1, static_cast<std::size_t>(tokens - 1));
        place.weight = clamped - static_cast<float>(place.first);
    }
    return places;
}

bool PlaceRows::isRepeated(std::size_t y) const {
    return y > 0 && sampling_ == Sampling::Nearest && down_[y].nearest == down_[y - 1].nearest;
}

const std::vector<float>& PlaceRows::at(std::size_t y) {
    if (sampling_ == Sampling::Nearest) {
        setNearest(valuesOf(down_[y].nearest));
    } else {
        setBilinear(down_[y]);
    }
    return row_;
}

const float* PlaceRows::valuesOf(std::size_t row) const {
    return cell_.values.data() + row * columns_;
}

void PlaceRows::toRange(std::vector<float>& values) const {
    if (half_span_ <= 0.0F) {
        std::fill(values.begin(), values.end(), 0.0F);
        return;
    }
    float* value = values.data();
    const std::size_t count = values.size();
    const float low = low_;
    const float half_span = half_span_;
    for (std::size_t i = 0; i < count; ++i) {
        const float t = (value[i] * 0.5F - low) / half_span;
        // In this order what is not a number becomes 0.
        const float above = t > 0.0F ? t : 0.0F;
        value[i] = above < 1.0F ? above : 1.0F;
    }
}

void PlaceRows::setNearest(const float* values) {
    std::copy_n(values, columns_, sums_.begin());
    toRange(sums_);
    for (std::size_t i = 0; i < columns_; ++i) {
        sums_[i] = std::isfinite(values[i]) ? sums_[i] : no_value;
    }
    for (std::size_t x = 0; x < row_.size(); ++x) {
        row_[x] = sums_[across_[x].nearest];
    }
}

/// First down, for each column of tokens, then across.
void PlaceRows::setBilinear(const Between& down) {
    const float* upper = valuesOf(down.first);
    const float* lower = valuesOf(down.second);
    const float rest = 1.0F - down.weight;
    for (std::size_t i = 0; i < columns_; ++i) {
        const float above = std::isfinite(upper[i]) ? rest : 0.0F;
        const float below = std::isfinite(lower[i]) ? down.weight : 0.0F;
        sums_[i] =
            (above > 0.0F ? upper[i] * above : 0.0F) + (below > 0.0F ? lower[i] * below : 0.0F);
        weights_[i] = above + below;
    }
    const Between* across = across_.data();
    const float* sums = sums_.data();
    float* row = row_.data();
    const std::size_t width = row_.size();
    for (std::size_t x = 0; x < width; ++x) {
        const Between& place = across[x];
        row[x] = sums[place.first] * (1.0F - place.weight) + sums[place.second] * place.weight;
    }
    if (!is_finite_) {
        divideByWeights();
    }
    toRange(row_);
    if (!is_finite_) {
        dropWhatIsNotFinite(valuesOf(down.nearest));
    }
}

void PlaceRows::divideByWeights() {
    for (std::size_t x = 0; x < row_.size(); ++x) {
        const Between& place = across_[x];
        row_[x] /=
            weights_[place.first] * (1.0F - place.weight) + weights_[place.second] * place.weight;
    }
}

void PlaceRows::dropWhatIsNotFinite(const float* values) {
    for (std::size_t x = 0; x < row_.size(); ++x) {
        row_[x] = std::isfinite(values[across_[x].nearest]) ? row_[x] : no_value;
    }
}

} // namespace vitreous
