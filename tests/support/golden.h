#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "core/analysis/result.h"

namespace vitreous::golden {

using Arrays = std::map<std::string, Array>;

/// Largest difference over largest reference value; infinity where the sizes differ or a value is
/// no number.
inline double relativeError(const std::vector<float>& found, const std::vector<float>& reference) {
    if (found.size() != reference.size() || found.empty()) {
        return HUGE_VAL;
    }
    double difference = 0.0;
    double scale = 0.0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const double d = std::abs(double(found[i]) - double(reference[i]));
        if (!std::isfinite(d)) {
            return HUGE_VAL;
        }
        difference = std::max(difference, d);
        scale = std::max(scale, std::abs(double(reference[i])));
    }
    return difference / std::max(scale, 1e-30);
}

/// The tolerance of analysis.md, Golden data, for an array of that name.
inline double tolerance(const std::string& name) {
    return name.starts_with("frequency/") ? 1e-3 : 1e-4;
}

/// A result as the arrays of a golden file: flat over tokens.
inline Arrays arraysOf(const AnalysisResult& result) {
    Arrays arrays;
    for (const auto& [tap, map] : result.magnitude) {
        arrays["magnitude/" + tap] = map;
    }
    for (const auto& [tap, map] : result.frequency) {
        arrays["frequency/" + tap] = map;
    }
    for (const auto& [block, map] : result.cls_attention) {
        arrays["cls_attention/" + block] = map;
    }
    arrays["logits"] = result.logits;
    arrays["input"] = result.input;
    return arrays;
}

} // namespace vitreous::golden
