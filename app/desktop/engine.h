#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <variant>

#include "core/analysis/model.h"
#include "core/base/file_stamp.h"
#include "core/base/image.h"
#include "core/base/mask.h"
#include "core/nn/preprocess.h"

namespace vitreous {

/// A picture, or a tensor that is preprocessed already.
using InputData = std::variant<Image, Array>;

/// The files of a model, as they were when it was loaded.
struct ModelStamp {
    FileStamp checkpoint;
    FileStamp llm; ///< empty where the spec names none

    friend bool operator==(const ModelStamp&, const ModelStamp&) = default;
};

/// As they are now.
ModelStamp stampOf(const ModelSpec& spec);

/// One result to be written as arrays, with all that its provenance needs.
struct ResultFile {
    std::filesystem::path directory;
    std::string name; ///< of the files, without the extension
    std::filesystem::path input;
    FileStamp input_stamp; ///< of the input when it was read
    ModelSpec spec;
    ModelStamp model_stamp; ///< of the model when it was loaded
    AnalysisOptions options;
    std::shared_ptr<const AnalysisResult> result;
};

/// A digest taken now is to be that of the files the result was made from. Throws Error{Input},
/// path last, where one of them changed.
void requireUnchanged(const ResultFile& file);

/// The core as the window uses it; tests put their own in. All throw vitreous::Error. None is
/// called on the GUI thread.
struct Engine {
    /// Called once on the inference thread before anything else.
    std::function<void()> start;
    std::function<std::shared_ptr<Model>(const ModelSpec&, const DeviceSpec&, const Task&)> load;
    std::function<InputData(const std::filesystem::path&)> read;
    std::function<Mask(const std::filesystem::path&)> read_mask;
    /// Brings an input into a model's form.
    std::function<PreparedInput(const InputData&, const PreprocessSpec&)> prepare;
    /// Writes the result and its provenance; returns the path of the arrays.
    std::function<std::filesystem::path(const Model&, const ResultFile&, const Task&)> write;
};

/// The real one. threads: of inference; 0: one a physical core.
Engine coreEngine(int threads);

/// The input as a picture for people. Throws Error{Input} where a tensor is no picture.
Image pictureOf(const InputData& data);

} // namespace vitreous
