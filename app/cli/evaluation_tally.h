#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/evaluation_report.h"
#include "core/analysis/evaluation.h"
#include "core/analysis/result.h"

namespace vitreous::cli {

/// The seed of the uniform random baseline.
inline constexpr std::uint64_t randomSeed = 0;

/// What a model is measured by in one picture.
struct Truth {
    std::size_t index = 0; ///< of the picture among all of them
    TokenMask tokens{};    ///< empty without masks
    int class_index = 0;   ///< where there are labels
};

/// Gathers how one model does, picture by picture; holds sums only.
class EvaluationTally {
public:
    /// masks, labels: what the pictures come with.
    EvaluationTally(const TokenGrid& grid, bool masks, bool labels);

    /// Every picture of a tally has maps of the same taps and blocks.
    /// Throws Error{Model} where a map holds NaN or infinite values.
    void add(const AnalysisResult& result, const Truth& truth);

    /// True where there were pictures with masks, and nothing in any of them.
    [[nodiscard]] bool foundNoObject() const { return images_ > 0 && images_ == without_object_; }
    /// The numbers; label and facts are left to the caller.
    [[nodiscard]] ModelEvaluation evaluation() const;

private:
    struct Row {
        std::string map;
        std::string tap;
        MapScoreSum sum{};
    };

    void addMaps(const AnalysisResult& result, const TokenMask& truth);
    MapScoreSum& at(std::string_view map, const std::string& tap);

    TokenGrid grid_;
    bool masks_;
    std::size_t images_ = 0;
    std::size_t without_object_ = 0;
    std::optional<Accuracy> accuracy_{};
    std::vector<Row> rows_{}; ///< made by the first picture
    std::size_t next_row_ = 0;
    bool rows_known_ = false;
};

} // namespace vitreous::cli
