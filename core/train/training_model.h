#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/io/checkpoint_writer.h"
#include "core/nn/model_config.h"
#include "core/train/parameters.h"
#include "core/train/recipe.h"

namespace vitreous {

/// A classifier in training.
struct TrainingModel {
    ModelConfig config;
    Parameters parameters;                     ///< by canonical name, on the training device
    std::map<std::string, TensorEntry> frozen; ///< those of the language model that stay as they
                                               ///< are in its file, for writing
    std::vector<std::string> remarks;          ///< what was guessed or left out, for people
};

/// Builds the recipe's model: matrices by Xavier's uniform rule, tokens, positions and head
/// normal with deviation 0.02, biases 0; each tensor's values are decided by the seed and its name.
/// The blocks come from recipe.llm, and what recipe.init holds replaces fresh values.
/// Throws Error{Model}, path last: a file that cannot be used, shapes that do not fit.
TrainingModel
buildModel(const Recipe& recipe, const std::vector<std::string>& classes, const at::Device& device);

/// How pictures are prepared for the model, in training and after: short side to `size`, bicubic,
/// centre crop, mean 0.5, deviation 0.25.
PreprocessSpec trainingPreprocess(int size);

/// The model's tensors in fp32, or in `type` where not fp32; frozen blocks as in their file.
std::vector<TensorEntry> entriesOf(const TrainingModel& model, DType type);

/// One tensor as it is written: converted to the type, on the CPU, row-major.
TensorEntry entryOf(const std::string& name, const at::Tensor& value, DType type);

/// The config that the readers understand: heads, input size or grouping, classes, LLM block and
/// place.
nlohmann::json configOf(const ModelConfig& config);

} // namespace vitreous
