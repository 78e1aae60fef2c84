#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/inputs.h"
#include "core/analysis/model.h"

namespace vitreous::cli {

/// Which inputs each model is run on: a model of pictures on pictures, a model of point clouds on
/// point clouds, a model of videos on videos.
struct Pairing {
    std::vector<std::vector<std::filesystem::path>> inputs; ///< of each model, in order
    std::vector<std::string> failures; ///< named inputs that no model takes, path last
    std::string remark;                ///< what was left out, one line; empty: nothing

    /// How many pairs of model and input there are.
    [[nodiscard]] std::size_t count() const;
};

/// What no model takes is a failure where it was named and is left out where a directory held it;
/// what some models take and others do not is left out of the others' inputs. Where there are
/// models of several kinds, tensors are read for their shape. Throws Error{Input}, path last, where
/// nothing is left and nothing failed.
Pairing pairInputs(const std::vector<ModelSummary>& models, const std::vector<InputFile>& files);

} // namespace vitreous::cli
