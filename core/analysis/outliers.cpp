#include "core/analysis/outliers.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace vitreous {
namespace {

/// From a median absolute deviation to a standard deviation, for a normal distribution.
constexpr double deviation_of_mad = 1.4826;

/// values: at least one. Of an even number of values, the mean of the two in the middle.
double medianOf(std::vector<double> values) {
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) {
        return *middle;
    }
    return (*middle + *std::max_element(values.begin(), middle)) / 2.0;
}

} // namespace

Outliers findOutliers(std::span<const float> values) {
    std::vector<double> finite;
    for (const float value : values) {
        if (std::isfinite(value)) {
            finite.push_back(value);
        }
    }
    if (finite.empty()) {
        return {};
    }
    Outliers outliers;
    outliers.median = medianOf(finite);
    std::vector<double> deviations(finite.size());
    std::transform(finite.begin(), finite.end(), deviations.begin(), [&outliers](double value) {
        return std::abs(value - outliers.median);
    });
    const double mad = medianOf(std::move(deviations));
    outliers.limit = outliers.median + outlierDeviations * deviation_of_mad * mad;
    for (std::size_t i = 0; mad > 0.0 && i < values.size(); ++i) {
        if (std::isfinite(values[i]) && double(values[i]) > outliers.limit) {
            outliers.tokens.push_back(TokenIndex{i});
        }
    }
    return outliers;
}

} // namespace vitreous
