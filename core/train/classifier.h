#pragma once

#include <cstdint>

#include "core/base/task.h"
#include "core/train/adamw.h"
#include "core/train/batch_loader.h"
#include "core/train/training_model.h"

namespace vitreous {

/// What a pass over some pictures comes to.
struct Score {
    double loss = 0.0; ///< sum over the pictures, in nats
    std::int64_t correct = 0;
    std::int64_t pictures = 0;

    [[nodiscard]] double meanLoss() const { return loss / double(pictures); }
    [[nodiscard]] double accuracy() const { return double(correct) / double(pictures); }
    void operator+=(const Score& other) {
        loss += other.loss;
        correct += other.correct;
        pictures += other.pictures;
    }
};

/// Where and in which precision a classifier is trained.
struct Place {
    at::Device device = at::kCPU;
    bool mixed = false; ///< bf16 autocast
};

/// How far a step goes.
struct StepSize {
    double learning_rate = 0.0;
    double clip = 0.0; ///< largest norm of the gradient; 0: any
};

/// What a model is tested on.
struct TestSet {
    const LabelledPictures& pictures;
    const Recipe& recipe;
    int limit = 0; ///< the first so many; 0: all
};

/// One step of AdamW over a batch by the soft cross entropy. Where the loss or the gradient is no
/// number nothing is changed and the loss returned is NaN.
Score trainStep(
    const TrainingModel& model,
    AdamW& optimizer,
    const Batch& batch,
    const StepSize& size,
    const Place& place);

/// The model on the test pictures. Cross entropy against the label alone. Throws
/// Error{Interrupted}.
Score testScore(
    const TrainingModel& model,
    const TestSet& test,
    const Place& place,
    const Task& task);

} // namespace vitreous
