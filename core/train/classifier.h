#pragma once

#include <cstdint>

#include "core/base/task.h"
#include "core/train/adamw.h"
#include "core/train/batch_loader.h"
#include "core/train/training_model.h"

namespace vitreous {

/// What a pass over some inputs comes to.
struct Score {
    double loss = 0.0; ///< sum over the inputs, in nats
    std::int64_t correct = 0;
    std::int64_t inputs = 0;

    [[nodiscard]] double meanLoss() const { return loss / double(inputs); }
    [[nodiscard]] double accuracy() const { return double(correct) / double(inputs); }
    void operator+=(const Score& other) {
        loss += other.loss;
        correct += other.correct;
        inputs += other.inputs;
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
    const LabelledData& data;
    int limit = 0; ///< the first so many; 0: all
};

/// One step of AdamW over a batch by the soft cross entropy. Where the loss or the gradient is no
/// number nothing is changed and the loss returned is NaN. The network is that of analysis, but
/// for BatchNorm: each part of the batch is normalised by its own mean and variance, and the
/// running ones move by a tenth to the mean of the parts'.
Score trainStep(
    TrainingModel& model,
    AdamW& optimizer,
    const Batch& batch,
    const StepSize& size,
    const Place& place);

/// The model on the test data. Cross entropy against the label alone. Throws
/// Error{Interrupted}.
Score testScore(
    const TrainingModel& model,
    const TestSet& test,
    const Place& place,
    const Task& task);

} // namespace vitreous
