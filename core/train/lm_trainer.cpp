#include "core/train/lm_trainer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>

#include <ATen/TensorOperators.h>

#include "core/base/error.h"
#include "core/nn/device.h"
#include "core/nn/torch_errors.h"
#include "core/train/adamw.h"
#include "core/train/gradient.h"
#include "core/train/language_model.h"
#include "core/train/lm_files.h"
#include "core/train/random.h"
#include "core/train/recipe.h"
#include "core/train/text_batch.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// Of the held-out loss, the last one at the end; the model is saved with each.
constexpr std::int64_t measurements = 5;
constexpr double clip = 1.0;
/// Keeps the places in the text apart from the other random streams of a seed.
constexpr std::uint64_t text_stream = 0x7465'7874;

void require(bool holds, const std::string& what) {
    if (!holds) {
        throw Error(ErrorCode::Usage, what);
    }
}

std::string formatted(const char* format, double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), format, value);
    return text.data();
}

/// "3:05" minutes.
std::string minutesText(double seconds) {
    const auto whole = std::int64_t{std::llround(seconds)};
    const std::string rest = std::to_string(whole % 60);
    return std::to_string(whole / 60) + (rest.size() < 2 ? ":0" : ":") + rest;
}

LanguageModelConfig configFrom(const LanguageModelRecipe& recipe) {
    LanguageModelConfig config;
    config.width = recipe.width;
    config.layers = recipe.layers;
    config.heads = recipe.heads;
    config.hidden = recipe.hidden;
    config.context = recipe.context;
    return config;
}

class Run {
public:
    Run(const LanguageModelRequest& request, const Task& task)
        : request_(request), recipe_(request.recipe), task_(task),
          config_(configFrom(request.recipe)), place_{deviceOf(request.device), request.mixed},
          text_(readText(request.text)), split_(splitText(text_)) {
        const std::size_t shortest = shortestText(recipe_.context);
        if (text_.size() < shortest) {
            throw Error(
                ErrorCode::Input, "the text has " + std::to_string(text_.size()) +
                                      " bytes, expected at least " + std::to_string(shortest) +
                                      " for a context of " + std::to_string(recipe_.context) +
                                      ": " + request.text.back().string());
        }
        report_.training_bytes = split_.training.size();
        report_.held_out_bytes = split_.held_out.size();
        report_.baselines = textBaselines(split_);
        parameters_ = initialLanguageModel(config_, recipe_.seed, place_.device);
        for (const Parameter& parameter : parameters_.all()) {
            report_.parameters += parameter.value.numel();
        }
        optimizer_ = std::make_unique<AdamW>(parameters_, recipe_.weight_decay);
    }

    LanguageModelReport go() {
        try {
            makeOutput(request_.output);
            begun_ = Clock::now();
            while (report_.steps < recipe_.steps) {
                task_.checkStop();
                step();
                const std::int64_t now = report_.steps * measurements / recipe_.steps;
                const std::int64_t before = (report_.steps - 1) * measurements / recipe_.steps;
                if (now != before) {
                    measureAndSave();
                }
            }
        } catch (const Error& error) {
            if (error.code() == ErrorCode::Interrupted) {
                saveWhereStopped();
            }
            throw;
        }
        std::transform(
            log_.begin(), log_.end(), std::back_inserter(report_.losses),
            [](const LanguageModelStep& row) { return row.loss; });
        return report_;
    }

private:
    void step() {
        std::vector<std::size_t> starts;
        const auto places = static_cast<int>(split_.training.size()) - recipe_.context;
        for (int i = 0; i < recipe_.batch; ++i) {
            Random random{
                recipe_.seed, text_stream, std::uint64_t(report_.steps), std::uint64_t(i)};
            starts.push_back(static_cast<std::size_t>(random.below(places)));
        }
        const TextBatch batch(
            split_.training, std::move(starts), std::int64_t{recipe_.context} + 1, place_);
        const double bytes = double(recipe_.batch) * recipe_.context;
        std::vector<double> losses(static_cast<std::size_t>(batch.plan().shards));
        const auto gradients =
            shardedGradients(parameters_.trained(), batch.plan(), [&](std::int64_t shard) {
                at::Tensor loss =
                    LanguageModel(config_, parameters_).loss(batch.shard(shard)) / bytes;
                losses[static_cast<std::size_t>(shard)] = loss.item<double>();
                return loss;
            });
        LanguageModelStep row;
        row.learning_rate = learningRateAt(
            recipe_.learning_rate, report_.steps, recipe_.warmup_steps, recipe_.steps);
        for (const double loss : losses) {
            row.loss += loss;
        }
        if (!std::isfinite(row.loss)) {
            refuseNaN("the loss is no number in step " + std::to_string(report_.steps + 1));
        }
        if (!std::isfinite(optimizer_->step(gradients, row.learning_rate, clip))) {
            refuseNaN("the gradient is no number in step " + std::to_string(report_.steps + 1));
        }
        log_.push_back(row);
        ++report_.steps;
        tell();
    }

    void tell() const {
        const double spent = std::chrono::duration<double>(Clock::now() - begun_).count();
        const double done = double(report_.steps) / double(recipe_.steps);
        task_.report(
            done, "loss " + formatted("%.3f", log_.back().loss) + ", rate " +
                      formatted("%.1e", log_.back().learning_rate) + ", " +
                      minutesText(spent / done - spent) + " left");
    }

    [[noreturn]] void refuseNaN(const std::string& what) const {
        throw Error(
            ErrorCode::Model,
            what + ", learning rate " + formatted("%.2g", recipe_.learning_rate) +
                (saved_steps_ == 0
                     ? "; this run saved nothing yet"
                     : "; the model of step " + std::to_string(saved_steps_) + " stays") +
                ", expected a lower learning rate: " + request_.output.string());
    }

    void measureAndSave() {
        if (report_.steps == recipe_.steps) {
            roundWeights();
        }
        report_.held_out = textLoss(config_, parameters_, split_.held_out, place_, task_);
        if (!std::isfinite(report_.held_out)) {
            refuseNaN("the held-out loss is no number after step " + std::to_string(report_.steps));
        }
        log_.back().held_out = report_.held_out;
        save();
    }

    /// So that what is measured is what the files hold.
    void roundWeights() {
        const at::ScalarType type = request_.save_type == DType::Float16    ? at::kHalf
                                    : request_.save_type == DType::BFloat16 ? at::kBFloat16
                                                                            : at::kFloat;
        for (const Parameter& parameter : parameters_.all()) {
            parameters_.set(parameter.name, parameter.value.detach().to(type));
        }
    }

    void saveWhereStopped() {
        const std::string step = std::to_string(report_.steps);
        const bool saves = report_.steps > 0 && parameters_.areFinite();
        if (saves && saved_steps_ != report_.steps) {
            save();
        }
        throw Error(
            ErrorCode::Interrupted,
            saves ? "interrupted after step " + step + " of " + std::to_string(recipe_.steps) +
                        ", the model of that step is saved: " + request_.output.string()
                  : "interrupted after step " + step +
                        ", nothing was saved: " + request_.output.string());
    }

    void save() {
        writeLanguageModel(request_, config_, parameters_, report_, log_);
        saved_steps_ = report_.steps;
    }

    const LanguageModelRequest& request_;
    const LanguageModelRecipe& recipe_;
    const Task& task_;
    LanguageModelConfig config_;
    Place place_;
    std::string text_;
    TextSplit split_;
    Parameters parameters_;
    std::unique_ptr<AdamW> optimizer_;
    LanguageModelReport report_;
    std::vector<LanguageModelStep> log_;
    std::int64_t saved_steps_ = 0;
    Clock::time_point begun_;
};

} // namespace

void requireSense(const LanguageModelRecipe& recipe) {
    require(
        recipe.width > 0 && recipe.layers > 0 && recipe.heads > 0 && recipe.hidden > 0 &&
            recipe.context > 0 && recipe.batch > 0 && recipe.steps > 0 && recipe.warmup_steps >= 0,
        "expected sizes and steps above 0");
    require(
        std::isfinite(recipe.learning_rate) && recipe.learning_rate > 0.0,
        "expected a learning rate above 0");
    require(
        std::isfinite(recipe.weight_decay) && recipe.weight_decay >= 0.0,
        "expected a weight decay of 0 or more");
    require(
        recipe.width % recipe.heads == 0, std::to_string(recipe.heads) +
                                              " heads do not divide a width of " +
                                              std::to_string(recipe.width));
    const int head_size = recipe.width / recipe.heads;
    require(
        head_size % 2 == 0, "a head size of " + std::to_string(head_size) +
                                " is odd, rotary positions need an even one: width " +
                                std::to_string(recipe.width) + ", heads " +
                                std::to_string(recipe.heads));
    require(
        recipe.warmup_steps <= recipe.steps, std::to_string(recipe.warmup_steps) +
                                                 " steps of warm-up do not fit into " +
                                                 std::to_string(recipe.steps));
}

LanguageModelReport trainLanguageModel(const LanguageModelRequest& request, const Task& task) {
    requireSense(request.recipe);
    return guarded(
        "the training failed", request.output.string(), [&] { return Run(request, task).go(); });
}

} // namespace vitreous
