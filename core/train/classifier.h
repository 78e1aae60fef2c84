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

/// One step of AdamW over a batch: soft cross entropy, the gradient's norm clipped as the recipe
/// says. Where the loss or the gradient is no number nothing is changed and the loss returned is
/// NaN.
Score trainStep(
    const TrainingModel& model,
    AdamW& optimizer,
    const Batch& batch,
    double learning_rate,
    double clip,
    const Place& place);

/// The model on the test pictures, the first `limit` of them (0: all). Cross entropy against the
/// label alone. Throws Error{Interrupted}.
Score testScore(
    const TrainingModel& model,
    const LabelledPictures& pictures,
    const Recipe& recipe,
    int limit,
    const Place& place,
    const Task& task);

} // namespace vitreous
