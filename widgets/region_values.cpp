#include "widgets/region_values.h"

#include <cmath>

namespace vitreous {

std::vector<TokenIndex> tokensOf(const TokenRegion& region) {
    std::vector<TokenIndex> tokens;
    if (region.first_row < 0 || region.first_column < 0 || region.last_row >= region.rows ||
        region.last_column >= region.columns) {
        return tokens;
    }
    for (int row = region.first_row; row <= region.last_row; ++row) {
        for (int column = region.first_column; column <= region.last_column; ++column) {
            tokens.push_back(
                {std::size_t(row) * std::size_t(region.columns) + std::size_t(column)});
        }
    }
    return tokens;
}

std::optional<RegionMean> meanOf(const GridCell& cell, const TokenRegion& region) {
    if (!cell.present || cell.is_cloud || cell.rows != region.rows ||
        cell.columns != region.columns) {
        return std::nullopt;
    }
    RegionMean mean;
    double sum = 0.0;
    for (const TokenIndex token : tokensOf(region)) {
        const auto value = double(cell.values[token.value]);
        if (std::isfinite(value)) {
            sum += value;
            ++mean.tokens;
        }
    }
    if (mean.tokens == 0) {
        return std::nullopt;
    }
    mean.value = sum / double(mean.tokens);
    return mean;
}

std::optional<double> valueOf(const GridCell& cell, const TokenPlace& place) {
    if (!cell.present || cell.is_cloud != place.is_group || cell.rows != place.rows ||
        cell.columns != place.columns || place.token.value >= cell.values.size()) {
        return std::nullopt;
    }
    return double(cell.values[place.token.value]);
}

} // namespace vitreous
