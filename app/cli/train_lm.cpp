#include "app/cli/train_lm.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <numbers>
#include <string>

#include "core/analysis/model.h"

namespace vitreous::cli {
namespace {

std::string lossText(const char* name, double nats) {
    std::array<char, 100> line{};
    std::snprintf(
        line.data(), line.size(), "  %-8s %.4f nats a byte (%.4f bits)", name, nats,
        nats / std::numbers::ln2);
    return line.data();
}

/// "below the bigram baseline", also where it is not.
std::string verdict(const LanguageModelReport& report) {
    if (report.held_out < report.baselines.bigram) {
        return "The model is below the bigram baseline.";
    }
    if (report.held_out < report.baselines.unigram) {
        return "The model is below the unigram baseline, but not below the bigram baseline.";
    }
    return "The model is not below the unigram baseline.";
}

void printReport(const LanguageModelReport& report, Console& console) {
    console.print(
        std::to_string(report.parameters) + " parameters, " + std::to_string(report.steps) +
        " steps on " + std::to_string(report.training_bytes) + " bytes");
    console.print("Loss on " + std::to_string(report.held_out_bytes) + " held-out bytes:");
    console.print(lossText("model", report.held_out));
    console.print(lossText("bigram", report.baselines.bigram));
    console.print(lossText("unigram", report.baselines.unigram));
    console.print(verdict(report));
}

} // namespace

int runTrainLm(const TrainLmArguments& arguments, Console& console, const std::stop_token& stop) {
    const std::filesystem::path model = arguments.request.output / "model.safetensors";
    if (std::filesystem::exists(model)) {
        throw Error(
            ErrorCode::Usage,
            "holds a model already, expected an --output of its own: " + model.string());
    }
    setThreadCount(arguments.threads);
    // The part that --progress prints without a terminal changes with the whole percent.
    int percent = -1;
    std::string part;
    const Task task{.stop = stop, .progress = [&](const Progress& progress) {
                        const int now = static_cast<int>(100.0 * progress.fraction);
                        if (now != percent) {
                            percent = now;
                            part = "[" + std::to_string(now) + " %] " + progress.stage;
                        }
                        console.progress(part, "");
                    }};
    const LanguageModelReport report = trainLanguageModel(arguments.request, task);
    printReport(report, console);
    console.print(model.string());
    return 0;
}

} // namespace vitreous::cli
