#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/task.h"
#include "core/io/tensor_entry.h"
#include "core/train/text.h"

namespace vitreous {

/// How a language model over bytes is trained. Defaults are the demo's.
struct LanguageModelRecipe {
    int width = 192; ///< channels
    int layers = 2;
    int heads = 3;
    int hidden = 512;  ///< of the SwiGLU
    int context = 256; ///< bytes
    int batch = 32;    ///< sequences of `context` bytes a step
    std::int64_t steps = 800;
    double learning_rate = 3e-3; ///< at its peak
    double weight_decay = 0.1;
    std::int64_t warmup_steps = 40;
    std::uint64_t seed = 1;

    friend bool operator==(const LanguageModelRecipe&, const LanguageModelRecipe&) = default;
};

/// Throws Error{Usage} that names the first value that makes no sense.
void requireSense(const LanguageModelRecipe& recipe);

/// A training run.
struct LanguageModelRequest {
    LanguageModelRecipe recipe;
    std::vector<std::filesystem::path> text; ///< files, one after the other
    std::filesystem::path output;            ///< a directory
    std::string device = "auto";             ///< "auto", "cpu", "cuda", "cuda:N"
    bool mixed = false;                      ///< bf16 autocast; weights and moments stay fp32
    DType save_type = DType::Float32;        ///< of the model files
};

/// What a run came to. Losses are means in nats a byte.
struct LanguageModelReport {
    std::int64_t parameters = 0;
    std::uint64_t training_bytes = 0;
    std::uint64_t held_out_bytes = 0;
    std::int64_t steps = 0;
    std::vector<double> losses; ///< of every step, on its batch before its update
    double held_out = 0.0;      ///< of the written weights, on the held-out text
    TextBaselines baselines;    ///< on the same bytes
};

/// Trains on all but the last twentieth of the text, at random places, and writes into the output,
/// four times on the way and at the end: `model.safetensors` and `model.pth` (Meta's names, heads
/// in the config) and `log.csv` (step, learning rate, loss, held-out loss where it was measured).
/// Each file is replaced whole or not at all. At the end the weights are rounded to the type of the
/// files before the last measurement.
///
/// The held-out text is measured in windows of the context, one behind the other: every byte but
/// the first is predicted once, from those before it in its window.
///
/// The same request with the same number of threads gives the same numbers on the same machine.
///
/// Throws Error{Usage}: a recipe without sense; Error{Input}: text that cannot be read or is too
/// short; Error{Model}: a loss that is no number, naming the step (the files of the last save
/// stay); Error{Resource}: no such device, too little memory, a full disk (what was there stays);
/// Error{Interrupted}: stopped, after saving where there was a step.
LanguageModelReport trainLanguageModel(const LanguageModelRequest& request, const Task& task);

} // namespace vitreous
