#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/analysis/evaluation.h"

namespace vitreous::cli {

/// A map of a tap, or a baseline, and how it did.
struct ScoredMap {
    std::string map; ///< "magnitude", "frequency", "cls_attention" or "baseline"
    std::string tap; ///< a tap's or block's name, or the baseline's
    MapScore score;
};

/// How many pictures were classified right.
struct Accuracy {
    std::size_t right = 0;
    std::size_t total = 0;

    [[nodiscard]] double topOne() const { return total > 0 ? double(right) / double(total) : 0.0; }
};

/// What the evaluation says of one model.
struct ModelEvaluation {
    std::string label;
    std::size_t images = 0; ///< that were evaluated
    std::size_t without_object =
        0; ///< of these, without a foreground token: in no mean of the maps
    std::optional<Accuracy> accuracy;
    std::vector<ScoredMap> maps; ///< tap by tap, then block by block, then the baselines
    nlohmann::json facts;        ///< provenance
};

/// The numbers and the provenance of one model.
nlohmann::json toJson(const ModelEvaluation& evaluation);

/// All models as CSV, a row a model, map and tap; a model without maps has one row.
std::string toCsv(const std::vector<ModelEvaluation>& evaluations);

/// Which layers the table has.
enum class ShownTaps {
    Last, ///< the last block of the ViT and what comes behind it
    All
};

/// The accuracy, the layers and the baselines, aligned for people: lines without line breaks.
std::vector<std::string> tableOf(const ModelEvaluation& evaluation, ShownTaps shown);

} // namespace vitreous::cli
