#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <variant>

#include "core/analysis/model.h"
#include "core/base/image.h"
#include "core/nn/preprocess.h"

namespace vitreous {

/// A picture, or a tensor that is preprocessed already.
using InputData = std::variant<Image, Array>;

/// One result to be written as arrays, with all that its provenance needs.
struct ResultFile {
    std::filesystem::path directory;
    std::filesystem::path input;
    ModelSpec spec;
    AnalysisOptions options;
    std::shared_ptr<const AnalysisResult> result;
};

/// The core as the window uses it; tests put their own in. All throw vitreous::Error. None is
/// called on the GUI thread.
struct Engine {
    /// Called once on the inference thread before anything else.
    std::function<void()> start;
    std::function<std::shared_ptr<Model>(const ModelSpec&, const DeviceSpec&, const Task&)> load;
    std::function<InputData(const std::filesystem::path&)> read;
    /// Brings an input into a model's form.
    std::function<PreparedImage(const InputData&, const PreprocessSpec&)> prepare;
    /// Writes the result and its provenance; returns the path of the arrays.
    std::function<std::filesystem::path(const Model&, const ResultFile&)> write;
};

/// The real one. threads: of inference; 0: one a physical core.
Engine coreEngine(int threads);

/// The input as a picture for people. Throws Error{Input} where a tensor is no picture.
Image pictureOf(const InputData& data);

} // namespace vitreous
