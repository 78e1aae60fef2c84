#include "app/cli/inspect.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace vitreous::cli {
namespace {

constexpr std::size_t lineWidth = 100;
constexpr std::size_t indent = 15;

std::string number(double value, const char* format = "%g") {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), format, value);
    return text.data();
}

/// 1234567 -> "1.2 M"; decimal steps.
std::string scaled(double value, std::string_view unit) {
    constexpr std::array<const char*, 4> steps = {"", "k", "M", "G"};
    std::size_t step = 0;
    while (value >= 1000.0 && step + 1 < steps.size()) {
        value /= 1000.0;
        ++step;
    }
    std::string text = number(value, step == 0 ? "%.0f" : "%.1f");
    const std::string suffix = std::string(steps[step]) + std::string(unit);
    return suffix.empty() ? text : text + " " + suffix;
}

/// A named fact, wrapped at its commas.
std::string row(std::string_view title, std::string_view value) {
    std::string text = "  " + std::string(title);
    text.resize(std::max(indent, text.size() + 1), ' ');
    std::size_t column = text.size();
    while (!value.empty()) {
        const std::size_t comma = value.find(", ");
        const std::string_view word =
            comma == std::string_view::npos ? value : value.substr(0, comma + 2);
        value.remove_prefix(word.size());
        if (column + word.size() > lineWidth && column > indent) {
            text.erase(text.find_last_not_of(' ') + 1);
            text += "\n" + std::string(indent, ' ');
            column = indent;
        }
        text += word;
        column += word.size();
    }
    return text + "\n";
}

std::string joined(const std::vector<std::string>& words, std::string_view separator = ", ") {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? std::string_view() : separator);
        text += word;
    }
    return text;
}

/// Splits "blocks.11" into "blocks." and 11; -1 where the name ends in no number.
std::pair<std::string, int> splitNumber(const std::string& text) {
    const std::size_t digits = text.find_last_not_of("0123456789") + 1;
    const bool numbered = digits > 0 && digits < text.size() && text.size() - digits < 9;
    return {text.substr(0, digits), numbered ? std::atoi(text.c_str() + digits) : -1};
}

/// Names with their runs drawn together: "blocks.0 .. blocks.11, norm".
std::string tapNames(const std::vector<Tap>& taps) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < taps.size();) {
        const auto [stem, first] = splitNumber(taps[i].name);
        std::size_t end = i + 1;
        while (first >= 0 && end < taps.size() &&
               splitNumber(taps[end].name) == std::pair(stem, first + int(end - i))) {
            ++end;
        }
        if (end - i > 2) {
            words.push_back(taps[i].name + " .. " + taps[end - 1].name);
            i = end;
        } else {
            words.push_back(taps[i++].name);
        }
    }
    return joined(words);
}

std::string heads(const ModelSummary& summary, int count, const std::string& key) {
    std::string text = std::to_string(count) + (count == 1 ? " head" : " heads");
    for (const std::string& guess : summary.guessed) {
        if (guess.starts_with(key + " ") || guess.starts_with(key + "=")) {
            text += " (guessed)";
            break;
        }
    }
    return text;
}

std::string stateName(const std::string& key) {
    return key.empty() ? "top level" : key;
}

std::string stateText(const ModelSummary& summary) {
    std::vector<std::string> others;
    for (const std::string& key : summary.state_keys) {
        if (key != summary.state_key) {
            others.push_back(stateName(key));
        }
    }
    std::string text = stateName(summary.state_key);
    if (!others.empty()) {
        text += " (also there: " + joined(others) + ")";
    }
    return text;
}

std::string pointsText(const PointGrouping& grouping) {
    return "at most " + std::to_string(grouping.points) + " points, " +
           std::to_string(grouping.groups) + " groups of " + std::to_string(grouping.group_size) +
           ", CLS token";
}

std::string inputText(const ModelSummary& summary) {
    if (summary.grouping) {
        return pointsText(*summary.grouping);
    }
    const auto times = [](int count) { return std::to_string(count) + " x "; };
    const bool is_clip = summary.frames > 0;
    std::string text = times(summary.channels) + (is_clip ? times(summary.frames) : "") +
                       times(summary.input_height) + std::to_string(summary.input_width);
    if (is_clip) {
        text += ", clips of " + std::to_string(summary.frames) + " frames, " +
                std::to_string(summary.tubelet) +
                (summary.tubelet == 1 ? " frame a token" : " frames a token");
    }
    text += ", patch " + std::to_string(summary.patch) + ", grid " +
            (is_clip ? times(summary.times) : "") + times(summary.rows) +
            std::to_string(summary.columns);
    text += is_clip ? " tokens (time, rows, columns)" : "";
    text += summary.has_cls ? ", CLS token" : ", no CLS token";
    if (summary.registers > 0) {
        text += ", " + std::to_string(summary.registers) + " register tokens";
    }
    return text;
}

std::string classesText(const ModelSummary& summary) {
    if (summary.classes == 0) {
        return "none (no head)";
    }
    constexpr std::size_t shown = 5;
    std::string text = std::to_string(summary.classes);
    if (!summary.class_names.empty()) {
        const std::size_t count = std::min(shown, summary.class_names.size());
        text += ": " + joined({summary.class_names.begin(), summary.class_names.begin() + count});
        text += count < summary.class_names.size() ? ", ..." : "";
        text += " (names from " + summary.class_names_source + ")";
    }
    return text;
}

std::string_view filterName(Filter filter) {
    constexpr std::array<std::string_view, 4> names = {"nearest", "bilinear", "bicubic", "Lanczos"};
    return names.at(static_cast<std::size_t>(filter));
}

std::string preprocessText(const PreprocessSpec& spec) {
    std::string text;
    if (spec.resize) {
        text = spec.resize_exact ? "resize to " + std::to_string(spec.resize_height) + " x " +
                                       std::to_string(spec.resize_width)
                                 : "short side to " + std::to_string(spec.resize_short);
        text += ", " + std::string(filterName(spec.filter)) + ", ";
    }
    if (spec.crop) {
        text += "centre crop " + std::to_string(spec.crop_height) + " x " +
                std::to_string(spec.crop_width) + ", ";
    }
    const auto list = [&spec](const std::array<float, 3>& values) {
        std::string numbers;
        for (int channel = 0; channel < std::min(spec.channels, 3); ++channel) {
            numbers += (channel > 0 ? " " : "") + number(double(values.at(std::size_t(channel))));
        }
        return numbers;
    };
    return text + "mean " + list(spec.mean) + ", std " + list(spec.deviation) + " (" + spec.source +
           ")";
}

std::string llmText(const ModelSummary& summary) {
    std::string text = std::to_string(summary.llm_layers);
    if (summary.llm_block == "mlp") {
        text += " (an MLP in their place)";
    } else if (summary.llm_block == "identity") {
        text += " (the mappers alone)";
    }
    text += ", " + std::to_string(summary.llm_width) + " wide";
    if (summary.llm_block == "llama") {
        text += ", " + heads(summary, summary.llm_heads, "llm_heads");
    }
    if (summary.llm_after != summary.depth) {
        text += summary.llm_after == 0 ? ", before the first block"
                                       : ", behind block " + std::to_string(summary.llm_after);
    }
    return text;
}

} // namespace

std::string describe(const ModelSummary& summary) {
    std::string text = oneLine(summary.label) + "\n";
    text += row("file", oneLine(summary.path.string()));
    text += row("container", summary.container + ", " + scaled(double(summary.file_bytes), "B"));
    text += row("state", oneLine(stateText(summary)));
    text += row("family", summary.family);
    text += row("parameters", scaled(double(summary.parameters), ""));
    text += row("input", inputText(summary));
    text +=
        row("blocks", std::to_string(summary.depth) + ", " + std::to_string(summary.width) +
                          " wide, " + heads(summary, summary.heads, "heads"));
    if (!summary.llm_block.empty()) {
        text += row("LLM layers", llmText(summary));
    }
    text += row("norm eps", number(summary.layer_norm_eps));
    text += row("classes", oneLine(classesText(summary)));
    text +=
        row("preprocess", summary.grouping
                              ? "centroid to 0, farthest point to 1, farthest-point sampling"
                              : preprocessText(summary.preprocess));
    text += row(
        "memory", "about " + scaled(double(summary.memory_bytes), "B") + " for one input in fp32");
    if (!summary.guessed.empty()) {
        text += row("guessed", oneLine(joined(summary.guessed)));
    }
    text += row("taps", tapNames(summary.taps));
    text += row("attention", tapNames(summary.blocks));
    return text;
}

int runInspect(const InspectArguments& arguments, Console& console) {
    int status = 0;
    nlohmann::json all = nlohmann::json::array();
    bool first = true;
    for (const ModelSpec& spec : arguments.models) {
        try {
            const ModelSummary summary = inspectModel(spec);
            if (arguments.json) {
                all.push_back(toJson(summary));
            } else {
                std::string text = describe(summary);
                text.pop_back();
                console.print((first ? "" : "\n") + text);
                first = false;
            }
        } catch (const Error& error) {
            console.error(error.what());
            status = status == 0 ? static_cast<int>(error.code()) : status;
        }
    }
    if (arguments.json) {
        console.print(all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    }
    return status;
}

void hintAtGuesses(const std::vector<ModelSummary>& models, Console& console) {
    for (const ModelSummary& model : models) {
        if (!model.guessed.empty()) {
            console.hint(
                "guessed: " + joined(model.guessed) +
                "; PATH,key=value settles it: " + model.path.string());
        }
    }
}

} // namespace vitreous::cli
