#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/task.h"
#include "core/io/tensor_entry.h"
#include "core/train/recipe.h"

namespace vitreous {

/// A training run.
struct TrainingRequest {
    Recipe recipe;
    std::filesystem::path data; ///< see openPictures; of no use with recipe.shapes
    std::filesystem::path output;
    std::string device = "auto";      ///< "auto", "cpu", "cuda", "cuda:N"
    bool mixed = false;               ///< bf16 autocast; weights and moments stay fp32
    DType save_type = DType::Float32; ///< of the model files
    int test_limit = 0;               ///< test inputs after each epoch; 0: all
    bool resume = false;
};

/// One epoch, a row of log.csv.
struct EpochReport {
    int epoch = 0;               ///< from 1
    std::int64_t steps = 0;      ///< since the beginning
    double learning_rate = 0.0;  ///< of the last step
    double train_loss = 0.0;     ///< mean over the epoch, nats
    double train_accuracy = 0.0; ///< 0..1
    double test_loss = 0.0;
    double test_accuracy = 0.0;
    double pictures_per_second = 0.0; ///< or shapes; training steps alone, in this process
    double waited_seconds = 0.0;      ///< that the steps waited for data
};

/// What a run tells while it goes on.
struct TrainingObserver {
    std::function<void(const std::string&)> on_remark{}; ///< skipped pictures, guesses
    std::function<void(const std::string&)> on_start{};  ///< what is trained on what, a line
    std::function<void(const EpochReport&)> on_epoch{};
};

/// Trains a classifier and writes, after every epoch, into request.output: `model.safetensors` and
/// `model.pth` (checkpoints), `log.csv`, and `state.safetensors`, from which a run goes on to the
/// same numbers. Each file is replaced whole or not at all. Returns the rows of the whole run.
///
/// The same request with the same number of threads gives the same numbers on the same machine,
/// however often it was interrupted; rates and waits aside.
///
/// Throws Error{Usage}: a recipe without sense, a run that is there already, another recipe than
/// the one to be resumed; Error{Input}: data that cannot be used; Error{Model}: checkpoints that
/// cannot be used, a loss that is no number (the files of the last epoch stay); Error{Resource}: a
/// full disk (what was there stays); Error{Interrupted}: stopped, after saving the state.
std::vector<EpochReport>
train(const TrainingRequest& request, const TrainingObserver& observer, const Task& task);

} // namespace vitreous
