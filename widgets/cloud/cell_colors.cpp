#include "widgets/cloud/cell_colors.h"

#include <algorithm>
#include <cmath>

#include "widgets/cloud/parallel_jobs.h"

namespace vitreous {
namespace {

/// The sum of a point's shares.
constexpr float whole_share = 65535.0F;
/// Of a value in the range: as far outside of it as anyone can tell, and still a number when it is
/// multiplied by a share.
constexpr double farthest_place = 1e30;

/// The value's place in the range, not cut to 0..1.
float placeOf(float value, float low, float high) {
    const double span = double(high) - double(low);
    if (!(span > 0.0)) {
        return 0.0F;
    }
    const double place = (double(value) - double(low)) / span;
    return static_cast<float>(std::clamp(place, -farthest_place, farthest_place));
}

} // namespace

void SeenWeights::gather(
    const GroupWeights& weights,
    const SeenPixels& points,
    std::size_t threads) {
    const std::size_t count = points.numbers.size();
    groups.resize(count);
    shares.resize(count);
    constexpr std::size_t pixels_a_job = 16384;
    runJobs(threads, (count + pixels_a_job - 1) / pixels_a_job, [&](std::size_t job) {
        const std::size_t last = std::min((job + 1) * pixels_a_job, count);
        for (std::size_t i = job * pixels_a_job; i < last; ++i) {
            groups[i] = weights.groups[points.numbers[i]];
            shares[i] = weights.shares[points.numbers[i]];
        }
    });
}

CellColors::CellColors(const CloudCell& cell, const CloudLook& look)
    : is_raw_(look.values == GroupValues::Raw), threshold_(look.threshold), plain_(look.plain) {
    const auto inkOf = [](QRgb color, float opacity) {
        return Ink{
            1.0F - opacity,
            {float(qRed(color)) * opacity, float(qGreen(color)) * opacity,
             float(qBlue(color)) * opacity}};
    };
    const ColorTable& table = colorTable(look.colormap);
    for (std::size_t i = 0; i < table.size(); ++i) {
        inks_[i] = inkOf(qRgb(table[i][0], table[i][1], table[i][2]), look.opacity);
    }
    inks_[no_value] = inkOf(look.no_value, 1.0F);
    for (std::size_t i = 0; i < entries; ++i) {
        on_plain_[i] = over(plain_, inks_[i]);
    }
    if (cell.weights == nullptr) {
        return;
    }
    const std::size_t groups = cell.weights->groupCount();
    for (std::size_t group = 0; group < groups; ++group) {
        const bool has_value = group < cell.values.size() && std::isfinite(cell.values[group]);
        is_finite_ = is_finite_ && has_value;
        const float place = has_value ? placeOf(cell.values[group], cell.low, cell.high) : 0.0F;
        places_.push_back(place);
        counts_.push_back(has_value ? 1.0F : 0.0F);
        raw_entries_.push_back(std::uint16_t(has_value ? entryOf(place) : no_value));
        const auto& rgb = table[std::size_t(std::clamp(place, 0.0F, 1.0F) * 255.0F + 0.5F)];
        sphere_colors_.push_back(has_value ? qRgb(rgb[0], rgb[1], rgb[2]) : look.no_value);
    }
}

inline std::size_t CellColors::entryOf(float place) const {
    const float within = std::min(std::max(place, 0.0F), 1.0F);
    return within < threshold_ ? own_alone : static_cast<std::size_t>(int(within * 255.0F + 0.5F));
}

template <typename Paint>
void CellColors::forEntries(
    const SeenWeights* weights,
    std::size_t first,
    std::size_t last,
    const Paint& paint) const {
    if (weights == nullptr) {
        for (std::size_t i = first; i < last; ++i) {
            paint(i, own_alone);
        }
        return;
    }
    const std::array<std::uint16_t, nearest_groups>* const groups = weights->groups.data();
    const std::array<std::uint16_t, nearest_groups>* const shares = weights->shares.data();
    const std::uint16_t* const raw = raw_entries_.data();
    const float* const places = places_.data();
    const float* const counts = counts_.data();
    const auto sumOf = [groups, shares](std::size_t i, const float* values) {
        return float(shares[i][0]) * values[groups[i][0]] +
               float(shares[i][1]) * values[groups[i][1]] +
               float(shares[i][2]) * values[groups[i][2]];
    };
    if (is_raw_) {
        for (std::size_t i = first; i < last; ++i) {
            paint(i, raw[groups[i][0]]);
        }
    } else if (is_finite_) {
        for (std::size_t i = first; i < last; ++i) {
            paint(i, entryOf(sumOf(i, places) / whole_share));
        }
    } else {
        for (std::size_t i = first; i < last; ++i) {
            const float weight = sumOf(i, counts);
            paint(i, weight > 0.0F ? entryOf(sumOf(i, places) / weight) : no_value);
        }
    }
}

QRgb CellColors::over(QRgb own, const Ink& ink) {
    const auto channel = [&ink](int value, std::size_t i) {
        return static_cast<int>(float(value) * ink.kept + ink.added[i] + 0.5F);
    };
    return qRgb(channel(qRed(own), 0), channel(qGreen(own), 1), channel(qBlue(own), 2));
}

void CellColors::paintPoints(
    const CloudSurface& surface,
    const SeenWeights* weights,
    std::size_t first,
    std::size_t last,
    QRgb* row) const {
    const std::uint32_t* const columns = surface.points().columns.data();
    const std::uint8_t* const shades = surface.points().shades.data();
    if (surface.ownColors().empty()) {
        const QRgb* const colors = on_plain_.data();
        forEntries(weights, first, last, [&](std::size_t i, std::size_t entry) {
            row[columns[i]] = shaded(colors[entry], shades[i]);
        });
        return;
    }
    const QRgb* const own = surface.ownColors().data();
    const Ink* const inks = inks_.data();
    forEntries(weights, first, last, [&](std::size_t i, std::size_t entry) {
        row[columns[i]] = shaded(over(own[i], inks[entry]), shades[i]);
    });
}

void CellColors::paintSpheres(
    const SeenPixels& spheres,
    std::size_t first,
    std::size_t last,
    QRgb* row) const {
    for (std::size_t i = first; i < last; ++i) {
        row[spheres.columns[i]] = shaded(sphere_colors_[spheres.numbers[i]], spheres.shades[i]);
    }
}

} // namespace vitreous
