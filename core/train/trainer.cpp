#include "core/train/trainer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file_output.h"
#include "core/io/checkpoint_writer.h"
#include "core/nn/device.h"
#include "core/nn/torch_errors.h"
#include "core/train/samples.h"
#include "core/train/training_state.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string fixed(double value, int digits) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return text.data();
}

/// "40 s", "3 min", "2 h 05 min".
std::string durationText(double seconds) {
    const std::int64_t whole = std::llround(seconds);
    if (whole < 60) {
        return std::to_string(whole) + " s";
    }
    const std::int64_t minutes = (whole + 30) / 60;
    if (minutes < 60) {
        return std::to_string(minutes) + " min";
    }
    const std::int64_t rest = minutes % 60;
    return std::to_string(minutes / 60) + " h " + (rest < 10 ? "0" : "") + std::to_string(rest) +
           " min";
}

void makeDirectory(const fs::path& path) {
    std::error_code problem;
    fs::create_directories(path, problem);
    if (problem || !fs::is_directory(path, problem)) {
        throw Error(
            ErrorCode::Resource, "cannot be made" +
                                     (problem ? ", " + problem.message() : std::string()) + ": " +
                                     path.string());
    }
}

class Run {
public:
    Run(const TrainingRequest& request, const TrainingObserver& observer, const Task& task)
        : request_(request), recipe_(request.recipe), observer_(observer), task_(task) {
        requireSense(recipe_);
        state_path_ = request.output / "state.safetensors";
        const bool is_there = fs::exists(state_path_);
        if (is_there && !request.resume) {
            throw Error(
                ErrorCode::Usage,
                "holds a training run already, expected --resume or another --output: " +
                    request.output.string());
        }
        for (const char* file : {"model.safetensors", "model.pth", "config.json"}) {
            if (!is_there && fs::exists(request.output / file)) {
                throw Error(
                    ErrorCode::Usage, "holds another model, expected an --output of its own: " +
                                          (request.output / file).string());
            }
        }
        if (!is_there && request.resume) {
            throw Error(
                ErrorCode::Usage, "no training run to resume, expected state.safetensors in: " +
                                      request.output.string());
        }
        place_ = {deviceOf(request.device), request.mixed};
        openBoth();
        model_ = buildModel(recipe_, training_->classes(), place_.device);
        for (const std::string& remark : model_.remarks) {
            tell(remark);
        }
        optimizer_ = std::make_unique<AdamW>(model_.parameters, recipe_.weight_decay);
        identity_ = identityOf(request_, training_->classes());
        identity_["data"] = training_->digest() + "-" + testing_->digest();
        identity_["block_values"] = digestOf(model_);
        if (request.resume) {
            state_ = restoreState(state_path_, model_, *optimizer_, identity_);
        }
        makeDirectory(request.output);
        const auto inputs = std::int64_t(epochOrder(training_->size(), recipe_, 0).size());
        steps_per_epoch_ = (inputs + recipe_.batch - 1) / recipe_.batch;
        total_steps_ = steps_per_epoch_ * recipe_.epochs;
        warmup_steps_ = std::llround(recipe_.warmup_epochs * double(steps_per_epoch_));
        if (state_.epoch > recipe_.epochs || state_.step > steps_per_epoch_ ||
            state_.steps != state_.epoch * steps_per_epoch_ + state_.step) {
            throw Error(
                ErrorCode::Model, "the state is of a run over other data, expected " +
                                      std::to_string(steps_per_epoch_) +
                                      " steps an epoch: " + state_path_.string());
        }
        if (request.resume && state_.step == 0 && !state_.rows.empty()) {
            // The state is written first: what was to follow it may be missing.
            writeModel();
        }
        if (observer_.on_start) {
            observer_.on_start(startText());
        }
        begun_ = Clock::now();
        begun_at_ = state_.steps;
    }

    std::vector<EpochReport> go() {
        while (state_.epoch < recipe_.epochs) {
            trainEpoch();
        }
        return state_.rows;
    }

private:
    void tell(const std::string& remark) const {
        if (observer_.on_remark) {
            observer_.on_remark(remark);
        }
    }

    void openBoth() {
        const Task reading{.stop = task_.stop, .progress = [this](const Progress& progress) {
                               task_.report(progress.fraction, "reading pictures");
                           }};
        training_ = openData(recipe_, request_.data, Split::Train, reading);
        testing_ = openData(recipe_, request_.data, Split::Test, reading);
        if (training_->classes().size() < 2) {
            throw Error(
                ErrorCode::Input,
                "expected at least two classes, found one: " + request_.data.string());
        }
        if (training_->classes() != testing_->classes()) {
            throw Error(
                ErrorCode::Input, "the training part and the test part have different classes: " +
                                      request_.data.string());
        }
        for (const auto* part : {training_.get(), testing_.get()}) {
            for (const std::string& skipped : part->skipped()) {
                tell("skipped " + skipped);
            }
        }
        tellOfEmptyClasses();
        const std::size_t skipped = training_->skipped().size() + testing_->skipped().size();
        if (skipped > 0) {
            tell(
                std::to_string(skipped) + (skipped == 1 ? " picture" : " pictures") + " skipped, " +
                std::to_string(training_->size()) + " to train on, " +
                std::to_string(testing_->size()) + " to test on");
        }
    }

    void tellOfEmptyClasses() const {
        std::vector<bool> is_there(training_->classes().size());
        for (std::size_t i = 0; i < training_->size(); ++i) {
            is_there[std::size_t(training_->label(i))] = true;
        }
        for (std::size_t i = 0; i < is_there.size(); ++i) {
            if (!is_there[i]) {
                tell("the class " + training_->classes()[i] + " has no picture to train on");
            }
        }
    }

    /// "ViT, 702346 parameters, on 60000 pictures of 10 classes, ...".
    [[nodiscard]] std::string startText() const {
        std::int64_t all = 0;
        std::int64_t trained = 0;
        for (const Parameter& parameter : model_.parameters.all()) {
            all += parameter.value.numel();
            trained += parameter.trained ? parameter.value.numel() : 0;
        }
        const LlmConfig& llm = model_.config.llm;
        std::string text = recipe_.shapes ? "Point-BERT" : "ViT";
        if (llm.present) {
            text += " with " + std::string(name(recipe_.block)) + " block behind " +
                    std::to_string(llm.after) + " of its " + std::to_string(recipe_.depth);
        }
        text += ", " + std::to_string(all) + " parameters";
        if (trained != all) {
            text += " (" + std::to_string(trained) + " trained)";
        }
        const std::size_t tested =
            request_.test_limit > 0 ? std::min(std::size_t(request_.test_limit), testing_->size())
                                    : testing_->size();
        return text + ", " + std::to_string(training_->size()) +
               (recipe_.shapes ? " shapes of " : " pictures of ") +
               std::to_string(training_->classes().size()) + " classes, " +
               std::to_string(steps_per_epoch_) + " steps an epoch, " + std::to_string(tested) +
               " to test on, " + nameOf(place_.device);
    }

    [[nodiscard]] double learningRate() const {
        return learningRateAt(recipe_.learning_rate, state_.steps, warmup_steps_, total_steps_);
    }

    void report(const std::string& stage) const {
        task_.report(double(state_.steps) / double(total_steps_), stage);
    }

    void reportStep(double rate) const {
        const double spent = secondsSince(begun_);
        const double left =
            spent / double(state_.steps - begun_at_) * double(total_steps_ - state_.steps);
        report(
            "epoch " + std::to_string(state_.epoch + 1) + " of " + std::to_string(recipe_.epochs) +
            ", loss " + fixed(state_.score.meanLoss(), 3) + ", accuracy " +
            fixed(100.0 * state_.score.accuracy(), 1) + " %, " + fixed(rate, 0) + "/s, " +
            durationText(left) + " left");
    }

    void saveWhereStopped() {
        saveState(state_path_, model_, *optimizer_, state_, identity_);
        throw Error(
            ErrorCode::Interrupted,
            "stopped in epoch " + std::to_string(state_.epoch + 1) + " after " +
                std::to_string(state_.step) + " of its " + std::to_string(steps_per_epoch_) +
                " steps, --resume goes on from there: " + request_.output.string());
    }

    [[noreturn]] void refuseNaN(double learning_rate) const {
        throw Error(
            ErrorCode::Model,
            "the loss is no number any more in epoch " + std::to_string(state_.epoch + 1) +
                ", step " + std::to_string(state_.step + 1) + ", learning rate " +
                fixed(learning_rate, 6) +
                (state_.rows.empty()
                     ? "; nothing was saved yet, expected a lower learning rate: "
                     : "; the checkpoint of epoch " + std::to_string(state_.rows.back().epoch) +
                           " stays, expected a lower learning rate: ") +
                request_.output.string());
    }

    void trainEpoch() {
        BatchLoader loader(*training_, recipe_, std::uint64_t(state_.epoch), state_.step);
        const auto start = Clock::now();
        double rate_learning = 0.0;
        std::int64_t seen = 0;
        while (state_.step < steps_per_epoch_) {
            if (task_.stop.stop_requested()) {
                saveWhereStopped();
            }
            const Batch batch = loader.next();
            rate_learning = learningRate();
            const Score score =
                trainStep(model_, *optimizer_, batch, {rate_learning, recipe_.clip}, place_);
            if (!std::isfinite(score.loss)) {
                refuseNaN(rate_learning);
            }
            state_.score += score;
            ++state_.step;
            ++state_.steps;
            seen += score.inputs;
            reportStep(double(seen) / secondsSince(start));
        }
        const double seconds = secondsSince(start);
        report("epoch " + std::to_string(state_.epoch + 1) + ", testing");
        EpochReport row;
        row.epoch = state_.epoch + 1;
        row.steps = state_.steps;
        row.learning_rate =
            learningRateAt(recipe_.learning_rate, state_.steps - 1, warmup_steps_, total_steps_);
        row.train_loss = state_.score.meanLoss();
        row.train_accuracy = state_.score.accuracy();
        row.pictures_per_second = seen > 0 ? double(seen) / seconds : 0.0;
        row.waited_seconds = loader.waitedSeconds();
        Score test;
        try {
            test = testScore(model_, {*testing_, request_.test_limit}, place_, task_);
        } catch (const Error& error) {
            if (error.code() == ErrorCode::Interrupted) {
                saveWhereStopped();
            }
            throw;
        }
        if (!std::isfinite(test.loss) || !model_.parameters.areFinite()) {
            refuseNaN(rate_learning);
        }
        row.test_loss = test.meanLoss();
        row.test_accuracy = test.accuracy();
        finishEpoch(row);
    }

    void finishEpoch(const EpochReport& row) {
        state_.rows.push_back(row);
        state_.score = {};
        state_.step = 0;
        ++state_.epoch;
        saveState(state_path_, model_, *optimizer_, state_, identity_);
        writeModel();
        if (observer_.on_epoch) {
            observer_.on_epoch(row);
        }
    }

    /// The model as it is after the last epoch, and the log.
    void writeModel() const {
        CheckpointText text;
        text.config = configOf(model_.config);
        text.arguments = identity_;
        text.epoch = state_.epoch;
        const std::vector<TensorEntry> entries = entriesOf(model_, request_.save_type);
        writeSafetensors(request_.output / "model.safetensors", entries, text);
        writeTorchZip(request_.output / "model.pth", entries, text);
        writeFileWhole(request_.output / "log.csv", logText(state_.rows));
    }

    TrainingRequest request_;
    Recipe recipe_;
    TrainingObserver observer_;
    Task task_;
    fs::path state_path_;
    Place place_;
    std::unique_ptr<LabelledData> training_;
    std::unique_ptr<LabelledData> testing_;
    TrainingModel model_;
    std::unique_ptr<AdamW> optimizer_;
    nlohmann::json identity_;
    TrainingState state_;
    std::int64_t steps_per_epoch_ = 0;
    std::int64_t total_steps_ = 0;
    std::int64_t warmup_steps_ = 0;
    Clock::time_point begun_;
    std::int64_t begun_at_ = 0;
};

} // namespace

std::vector<EpochReport>
train(const TrainingRequest& request, const TrainingObserver& observer, const Task& task) {
    return guarded("the training failed", request.output.string(), [&] {
        return Run(request, observer, task).go();
    });
}

} // namespace vitreous
