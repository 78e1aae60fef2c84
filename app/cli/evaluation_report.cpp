#include "app/cli/evaluation_report.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "app/cli/csv.h"
#include "core/analysis/result.h"

namespace vitreous::cli {
namespace {

constexpr std::array kKinds = {MapKind::Magnitude, MapKind::Frequency, MapKind::ClsAttention};
constexpr std::size_t kScoreColumns = 22;

std::string number(const char* format, double value) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), format, value);
    return text.data();
}

std::string thresholdName(double threshold) {
    return number("%.1f", threshold);
}

nlohmann::json toJson(const ScoredMap& scored) {
    const MapScore& score = scored.score;
    nlohmann::json iou_at;
    for (std::size_t i = 0; i < iouThresholds.size(); ++i) {
        iou_at[thresholdName(iouThresholds[i])] = score.iou_at[i];
    }
    return {
        {"map", scored.map},
        {"tap", scored.tap},
        {"images", score.images},
        {"iou_best_per_image", score.iou_best_per_image},
        {"iou_one_threshold", score.iou_one_threshold},
        {"threshold", score.threshold},
        {"average_precision", score.average_precision},
        {"iou_at", iou_at}};
}

std::string csvRow(const ModelEvaluation& evaluation, const ScoredMap* scored) {
    std::string row = csvField(evaluation.label);
    const auto add = [&row](const std::string& field) { row += "," + field; };
    if (scored != nullptr) {
        const MapScore& score = scored->score;
        add(scored->map);
        add(csvField(scored->tap));
        add(std::to_string(score.images));
        add(number("%.6f", score.iou_best_per_image));
        add(number("%.6f", score.iou_one_threshold));
        add(thresholdName(score.threshold));
        add(number("%.6f", score.average_precision));
        for (const double iou : score.iou_at) {
            add(number("%.6f", iou));
        }
    } else {
        row += std::string(7 + iouThresholds.size(), ',');
    }
    if (evaluation.accuracy) {
        add(number("%.6f", evaluation.accuracy->topOne()));
        add(std::to_string(evaluation.accuracy->right));
        add(std::to_string(evaluation.accuracy->total));
    } else {
        row += ",,,";
    }
    return row + "\n";
}

std::string padded(std::string text, std::size_t columns) {
    text.resize(std::max(text.size(), columns), ' ');
    return text;
}

std::string trimmed(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

/// "0.431  0.402  0.551", or blanks
std::string scoreText(const MapScore* score) {
    if (score == nullptr) {
        return std::string(kScoreColumns, ' ');
    }
    return padded(
        number("%.3f", score->iou_best_per_image) + "  " +
            number("%.3f", score->iou_one_threshold) + "  " +
            number("%.3f", score->average_precision),
        kScoreColumns);
}

/// The taps of the table, in forward order: all of them, or those from the last block on that
/// stands before the LLM's blocks or before the end.
std::vector<std::string> tapsOf(const ModelEvaluation& evaluation, ShownTaps shown) {
    std::vector<std::string> taps;
    for (const ScoredMap& scored : evaluation.maps) {
        if (scored.map != "baseline" && scored.map != name(MapKind::ClsAttention) &&
            std::find(taps.begin(), taps.end(), scored.tap) == taps.end()) {
            taps.push_back(scored.tap);
        }
    }
    if (shown == ShownTaps::All) {
        return taps;
    }
    const auto is_block = [](const std::string& tap) { return tap.starts_with("blocks."); };
    const auto last = std::find_if(taps.rbegin(), taps.rend(), is_block);
    std::vector<std::string> some;
    for (auto tap = taps.begin(); tap != taps.end(); ++tap) {
        if (!is_block(*tap) || (last != taps.rend() && *tap == *last)) {
            some.push_back(*tap);
        }
    }
    return some;
}

} // namespace

nlohmann::json toJson(const ModelEvaluation& evaluation) {
    nlohmann::json json = evaluation.facts;
    json["label"] = evaluation.label;
    json["images"] = evaluation.images;
    if (evaluation.accuracy) {
        json["accuracy"] = {
            {"top1", evaluation.accuracy->topOne()},
            {"right", evaluation.accuracy->right},
            {"total", evaluation.accuracy->total}};
    }
    if (!evaluation.maps.empty()) {
        json["images_without_object"] = evaluation.without_object;
        for (const ScoredMap& scored : evaluation.maps) {
            json[scored.map == "baseline" ? "baselines" : "maps"].push_back(toJson(scored));
        }
    }
    return json;
}

std::string toCsv(const std::vector<ModelEvaluation>& evaluations) {
    std::string text =
        "model,map,tap,images,iou_best_per_image,iou_one_threshold,threshold,average_precision";
    for (const double threshold : iouThresholds) {
        text += ",iou_at_" + thresholdName(threshold);
    }
    text += ",accuracy,right,total\n";
    for (const ModelEvaluation& evaluation : evaluations) {
        for (const ScoredMap& scored : evaluation.maps) {
            text += csvRow(evaluation, &scored);
        }
        if (evaluation.maps.empty()) {
            text += csvRow(evaluation, nullptr);
        }
    }
    return text;
}

std::vector<std::string> tableOf(const ModelEvaluation& evaluation, ShownTaps shown) {
    std::vector<std::string> lines;
    lines.push_back(
        evaluation.label + ": " + std::to_string(evaluation.images) +
        (evaluation.images == 1 ? " image" : " images"));
    if (evaluation.without_object > 0) {
        lines.back() += ", " + std::to_string(evaluation.without_object) +
                        " of them without a foreground token";
    }
    if (evaluation.accuracy) {
        lines.push_back(
            "  top-1 accuracy " + number("%.2f", 100.0 * evaluation.accuracy->topOne()) + " % (" +
            std::to_string(evaluation.accuracy->right) + " of " +
            std::to_string(evaluation.accuracy->total) + ")");
    }
    std::map<std::pair<std::string, std::string>, const MapScore*> scores;
    std::vector<const ScoredMap*> baselines;
    for (const ScoredMap& scored : evaluation.maps) {
        scores[{scored.tap, scored.map}] = &scored.score;
        if (scored.map == "baseline") {
            baselines.push_back(&scored);
        }
    }
    if (baselines.empty()) {
        return lines;
    }
    const std::vector<std::string> taps = tapsOf(evaluation, shown);
    std::size_t columns = 0;
    for (const std::string& tap : taps) {
        columns = std::max(columns, tap.size());
    }
    for (const ScoredMap* baseline : baselines) {
        columns = std::max(columns, baseline->tap.size());
    }
    std::string kinds = "  " + padded("", columns + 2);
    std::string heads = kinds;
    for (const MapKind kind : kKinds) {
        kinds += padded(std::string(name(kind)), kScoreColumns);
        heads += padded("best   one    AP", kScoreColumns);
    }
    lines.push_back(trimmed(kinds));
    lines.push_back(trimmed(heads));
    for (const std::string& tap : taps) {
        std::string line = "  " + padded(tap, columns + 2);
        for (const MapKind kind : kKinds) {
            const auto found = scores.find({tap, std::string(name(kind))});
            line += scoreText(found != scores.end() ? found->second : nullptr);
        }
        lines.push_back(trimmed(line));
    }
    for (const ScoredMap* baseline : baselines) {
        std::string title = baseline->tap;
        std::replace(title.begin(), title.end(), '_', ' ');
        lines.push_back(trimmed("  " + padded(title, columns + 2) + scoreText(&baseline->score)));
    }
    return lines;
}

} // namespace vitreous::cli
