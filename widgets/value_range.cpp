#include "widgets/value_range.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace vitreous {
namespace {

double between(const std::vector<float>& sorted, double percentile) {
    const double last = static_cast<double>(sorted.size()) - 1.0;
    const double place = std::clamp(percentile / 100.0, 0.0, 1.0) * last;
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    const double share = place - static_cast<double>(below);
    return static_cast<double>(sorted[below]) * (1.0 - share) +
           static_cast<double>(sorted[above]) * share;
}

ValueRange aboutZero(const ValueRange& range) {
    const double most = std::max(std::abs(range.low), std::abs(range.high));
    // Without any difference the colour is that of 0.
    return most > 0.0 ? ValueRange{-most, most} : ValueRange{-1.0, 1.0};
}

template <typename Cells>
ValueRange commonRange(const Cells& cells) {
    Extent extent;
    for (const GridCell* cell : cells) {
        extent.add(cell->values);
        if (cell->joint) {
            extent.add(*cell->joint);
        }
    }
    return extent.range().value_or(ValueRange{});
}

using CellGroup = std::vector<GridCell*>;

/// The cells that share a range.
std::vector<CellGroup> groupsOf(GridScene& scene) {
    std::vector<CellGroup> groups;
    const std::size_t columns = scene.columns.size();
    const std::size_t rows = scene.cells.size();
    const auto place = [&](std::size_t row, std::size_t column) {
        switch (scene.range) {
        case RangeMode::PerRow:
            return row;
        case RangeMode::PerColumn:
            return column;
        case RangeMode::PerView:
            return std::size_t{0};
        case RangeMode::PerMap:
        case RangeMode::Percentile:
        case RangeMode::Fixed:
            break;
        }
        return row * columns + column;
    };
    groups.resize(rows * columns);
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < columns; ++column) {
            groups[place(row, column)].push_back(&scene.cells[row][column]);
        }
    }
    std::erase_if(groups, [](const CellGroup& group) { return group.empty(); });
    return groups;
}

} // namespace

ValueRange extentOf(const std::vector<float>& values) {
    Extent extent;
    extent.add(values);
    return extent.range().value_or(ValueRange{});
}

ValueRange extentOf(const GridCell& cell) {
    return commonRange(std::array{&cell});
}

ValueRange percentilesOf(const std::vector<float>& values, const ValueRange& percentiles) {
    std::vector<float> sorted;
    std::copy_if(values.begin(), values.end(), std::back_inserter(sorted), [](float value) {
        return std::isfinite(value);
    });
    if (sorted.empty()) {
        return {};
    }
    std::sort(sorted.begin(), sorted.end());
    return {between(sorted, percentiles.low), between(sorted, percentiles.high)};
}

void setRanges(GridScene& scene, bool symmetric) {
    for (const CellGroup& group : groupsOf(scene)) {
        ValueRange range;
        if (scene.range == RangeMode::Fixed) {
            range = scene.view.fixed;
        } else if (scene.range == RangeMode::Percentile) {
            range = percentilesOf(group.front()->values, scene.view.percentiles);
        } else {
            range = commonRange(group);
        }
        if (symmetric && scene.range != RangeMode::Fixed) {
            range = aboutZero(range);
        }
        for (GridCell* cell : group) {
            cell->range = range;
        }
    }
}

} // namespace vitreous
