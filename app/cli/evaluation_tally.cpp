#include "app/cli/evaluation_tally.h"

#include <algorithm>

namespace vitreous::cli {

EvaluationTally::EvaluationTally(const TokenGrid& grid, bool masks, bool labels)
    : grid_(grid), masks_(masks) {
    if (labels) {
        accuracy_.emplace();
    }
}

void EvaluationTally::add(const AnalysisResult& result, const Truth& truth) {
    ++images_;
    if (accuracy_) {
        const std::vector<float>& logits = result.logits.values;
        const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
        ++accuracy_->total;
        accuracy_->right += best == truth.class_index ? 1 : 0;
    }
    if (!masks_) {
        return;
    }
    if (std::count(truth.tokens.begin(), truth.tokens.end(), 1) == 0) {
        ++without_object_;
        return;
    }
    next_row_ = 0;
    addMaps(result, truth.tokens);
    at("baseline", "uniform_random")
        .add(uniformRandomMap(grid_, randomSeed, truth.index), truth.tokens);
    at("baseline", "centred_gaussian").add(centredGaussianMap(grid_), truth.tokens);
    at("baseline", "all_ones")
        .addNormalised(std::vector<double>(grid_.tokens(), 1.0), truth.tokens);
    rows_known_ = true;
}

ModelEvaluation EvaluationTally::evaluation() const {
    ModelEvaluation evaluation{
        .label = {},
        .images = images_,
        .without_object = without_object_,
        .accuracy = accuracy_,
        .maps = {},
        .facts = {}};
    for (const Row& row : rows_) {
        evaluation.maps.push_back({row.map, row.tap, row.sum.score()});
    }
    return evaluation;
}

void EvaluationTally::addMaps(const AnalysisResult& result, const TokenMask& truth) {
    for (const Tap& tap : result.taps) {
        at(name(MapKind::Magnitude), tap.name).add(result.magnitude.at(tap.name).values, truth);
        at(name(MapKind::Frequency), tap.name).add(result.frequency.at(tap.name).values, truth);
    }
    for (const Tap& block : result.blocks) {
        at(name(MapKind::ClsAttention), block.name)
            .add(sumOfHeads(result.cls_attention.at(block.name)), truth);
    }
}

MapScoreSum& EvaluationTally::at(std::string_view map, const std::string& tap) {
    if (!rows_known_) {
        rows_.push_back({.map = std::string(map), .tap = tap});
    }
    return rows_.at(next_row_++).sum;
}

} // namespace vitreous::cli
