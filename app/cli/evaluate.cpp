#include "app/cli/evaluate.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "app/cli/evaluation_tally.h"
#include "app/cli/inputs.h"
#include "app/cli/labels.h"
#include "app/cli/outputs.h"
#include "app/cli/truth.h"
#include "core/base/file_output.h"
#include "core/export/provenance.h"
#include "core/media/image_file.h"

namespace vitreous::cli {
namespace {

namespace fs = std::filesystem;

/// An input on its way through a forward pass.
struct Pending {
    fs::path path;
    PreparedInput image{};
    Truth truth{};
};

/// One `evaluate` from its inputs to its exit status. Models are in memory one after the other.
class EvaluateRun {
public:
    EvaluateRun(const EvaluateArguments& arguments, Console& console, const std::stop_token& stop)
        : arguments_(arguments), console_(console), stop_(stop) {
        options_.taps = arguments.taps;
        if (arguments.masks.empty()) {
            options_.maps.clear();
        }
    }

    int run() {
        requireDistinctLabels(arguments_.models);
        files_ = picturesOf(arguments_.images);
        if (!arguments_.masks.empty()) {
            masks_.emplace(arguments_.masks);
        }
        if (!arguments_.labels.empty()) {
            labels_ = readLabels(arguments_.labels);
        }
        requireUsableModels();
        prepareOutput(arguments_.output);
        try {
            for (const ModelSpec& spec : arguments_.models) {
                runModel(spec);
            }
            console_.endProgress();
            if (done_ == 0) {
                return static_cast<int>(ErrorCode::Input);
            }
            write();
        } catch (const Error& error) {
            if (error.code() != ErrorCode::Interrupted) {
                throw;
            }
            throw Error(
                ErrorCode::Interrupted,
                "interrupted after " + std::to_string(done_) + " of " + std::to_string(pairs()) +
                    " passes, nothing is written: " + arguments_.output.string());
        }
        print();
        return failures_.empty() ? 0 : someInputsFailed;
    }

private:
    [[nodiscard]] std::size_t pairs() const { return arguments_.models.size() * files_.size(); }

    void requireUsableModels() {
        std::vector<ModelSummary> summaries;
        std::transform(
            arguments_.models.begin(), arguments_.models.end(), std::back_inserter(summaries),
            inspectModel);
        requireMatchingTaps(summaries, options_);
        if (!labels_) {
            return;
        }
        for (const ModelSummary& model : summaries) {
            if (model.classes == 0) {
                throw Error(
                    ErrorCode::Usage,
                    "--labels: the model has no head, expected one that classifies: " +
                        model.path.string());
            }
            for (const auto& [file, label] : *labels_) {
                classIndex(label, model, arguments_.labels);
            }
        }
    }

    void runModel(const ModelSpec& spec) {
        const auto model = loadModel(spec, arguments_.device, task(labelOf(spec)));
        const ModelSummary& summary = model->summary();
        requireImageModel(summary);
        const auto at_once = std::min(static_cast<std::size_t>(arguments_.batch), files_.size());
        model->requireMemory(at_once, options_);
        EvaluationTally tally(
            {summary.rows, summary.columns}, masks_.has_value(), labels_.has_value());
        std::vector<Pending> batch;
        for (std::size_t i = 0; i < files_.size(); ++i) {
            task({}).checkStop();
            if (auto pending = prepare(summary, i)) {
                batch.push_back(std::move(*pending));
            }
            if (batch.size() == at_once || (i + 1 == files_.size() && !batch.empty())) {
                runBatch(*model, batch, tally);
            }
        }
        if (tally.foundNoObject()) {
            throw Error(
                ErrorCode::Input, "no mask has an object on half of any token of " + summary.label +
                                      ": " + arguments_.masks.string());
        }
        ModelEvaluation evaluation = tally.evaluation();
        evaluation.label = summary.label;
        evaluation.facts = modelProvenance(*model, spec, task("hashing " + summary.label));
        device_ = model->device();
        evaluations_.push_back(std::move(evaluation));
    }

    /// The picture and its truth in the model's form, or nothing where it failed.
    std::optional<Pending> prepare(const ModelSummary& model, std::size_t index) {
        const fs::path& path = files_[index];
        if (unusable_.contains(path)) {
            return std::nullopt;
        }
        Pending pending{.path = path, .truth = {.index = index}};
        Image image;
        std::optional<Mask> mask;
        const bool read = attempt(path, [&] {
            if (labels_) {
                pending.truth.class_index = trueClass(model, path);
            }
            image = readImage(path);
            if (masks_) {
                mask = masks_->maskOf(path, image);
            }
        });
        if (!read) {
            unusable_.insert(path); // named once, not once a model
            return std::nullopt;
        }
        const bool prepared = attempt(path, [&] {
            try {
                pending.image = preprocess(image, model.preprocess);
                if (mask) {
                    pending.truth.tokens =
                        projectMask(*mask, model.preprocess, {model.rows, model.columns});
                }
            } catch (const Error& error) {
                throw Error(error.code(), model.label + ": " + error.what() + ": " + path.string());
            }
        });
        return prepared ? std::optional(std::move(pending)) : std::nullopt;
    }

    [[nodiscard]] int trueClass(const ModelSummary& model, const fs::path& path) const {
        const auto label = labels_->find(path.filename().string());
        if (label == labels_->end()) {
            throw Error(
                ErrorCode::Input,
                "no label in " + arguments_.labels.string() + ": " + path.string());
        }
        return classIndex(label->second, model, arguments_.labels);
    }

    void runBatch(Model& model, std::vector<Pending>& batch, EvaluationTally& tally) {
        std::vector<PreparedInput> images;
        images.reserve(batch.size());
        for (Pending& pending : batch) {
            images.push_back(std::move(pending.image));
        }
        const std::string step = "[" + std::to_string(done_ + 1) + "/" + std::to_string(pairs()) +
                                 "] " + model.summary().label + ": " +
                                 batch.front().path.filename().string();
        const auto results = model.analyze(images, options_, task(step));
        for (std::size_t i = 0; i < batch.size(); ++i) {
            try {
                tally.add(*results[i], batch[i].truth);
            } catch (const Error& error) {
                throw Error(
                    error.code(), model.summary().label + ": " + std::string(error.what()) + ": " +
                                      batch[i].path.string());
            }
            ++done_;
        }
        batch.clear();
    }

    /// False where work says that a picture cannot be used: that is named and the run goes on.
    bool attempt(const fs::path& path, const std::function<void()>& work) {
        try {
            work();
            return true;
        } catch (const Error& error) {
            if (error.code() != ErrorCode::Input) {
                throw;
            }
            console_.error(error.what());
            failures_.push_back({{"file", path.filename().string()}, {"reason", error.what()}});
            return false;
        }
    }

    [[nodiscard]] std::string command() const {
        std::string text = "vitreous-cli evaluate";
        for (const ModelSpec& spec : arguments_.models) {
            text += " --model " + shellArgument(spec, labelOf(spec));
        }
        const auto add = [&text](const std::string& option, const fs::path& path) {
            if (!path.empty()) {
                text += option + " " + shellWord(fs::absolute(path).lexically_normal().string());
            }
        };
        add(" --images", arguments_.images);
        add(" --masks", arguments_.masks);
        add(" --labels", arguments_.labels);
        text += " --output out --device " + device_ + " --precision " +
                std::string(name(arguments_.device.precision)) + " --taps";
        for (const std::string& glob : options_.taps) {
            text += " " + shellWord(glob);
        }
        return text;
    }

    [[nodiscard]] nlohmann::json report() {
        nlohmann::json report = {
            {"command", command()},
            {"images", fileProvenance(arguments_.images, task("hashing the pictures"))},
            {"failed", failures_},
            {"models", nlohmann::json::array()}};
        report["images"]["count"] = files_.size();
        if (masks_) {
            report["masks"] = fileProvenance(arguments_.masks, task("hashing the masks"));
            report["rules"] = {
                {"foreground", "a token at least half of whose area is object"},
                {"pseudo_mask", "map > threshold, normalised from its minimum to its maximum"},
                {"thresholds", iouThresholds},
                {"attention", "summed over the heads"},
                {"iou_best_per_image", "mean; the threshold of each image chosen by its truth"},
                {"iou_one_threshold", "mean; the one threshold that is best over all images"},
                {"average_precision", "over tokens, mean"},
                {"images_without_object", "left out of the means"},
                {"uniform_random_seed", randomSeed},
                {"centred_gaussian", "deviation a quarter of the grid's sides"}};
        }
        if (labels_) {
            report["labels"] = fileProvenance(arguments_.labels, task("hashing the labels"));
        }
        for (const ModelEvaluation& evaluation : evaluations_) {
            report["models"].push_back(toJson(evaluation));
        }
        return report;
    }

    void write() {
        const std::string json =
            report().dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
        task({}).checkStop();
        writeFileWhole(arguments_.output / "evaluation.json", json);
        writeFileWhole(arguments_.output / "evaluation.csv", toCsv(evaluations_));
    }

    void print() {
        const ShownTaps shown =
            arguments_.taps == EvaluateArguments().taps ? ShownTaps::Last : ShownTaps::All;
        for (const ModelEvaluation& evaluation : evaluations_) {
            for (const std::string& line : tableOf(evaluation, shown)) {
                console_.print(line);
            }
        }
        if (masks_) {
            console_.print("IoU with the best threshold of each image (best) and with one for all "
                           "(one); AP: average precision");
            if (shown == ShownTaps::Last) {
                console_.print("the last layers; evaluation.csv has all, --taps chooses");
            }
        }
        console_.print((arguments_.output / "evaluation.json").string());
        console_.print((arguments_.output / "evaluation.csv").string());
    }

    Task task(const std::string& step) {
        return {.stop = stop_, .progress = [this, step](const Progress& progress) {
                    console_.progress(step, progress.stage);
                }};
    }

    const EvaluateArguments& arguments_;
    Console& console_;
    std::stop_token stop_;
    AnalysisOptions options_;
    std::vector<fs::path> files_{};
    std::optional<MaskFolder> masks_{};
    std::optional<Labels> labels_{};
    std::set<fs::path> unusable_{};
    nlohmann::json failures_ = nlohmann::json::array();
    std::vector<ModelEvaluation> evaluations_{};
    std::string device_{};
    std::size_t done_ = 0;
};

} // namespace

int runEvaluate(const EvaluateArguments& arguments, Console& console, const std::stop_token& stop) {
    setThreadCount(arguments.threads);
    return EvaluateRun(arguments, console, stop).run();
}

} // namespace vitreous::cli
