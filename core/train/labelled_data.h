#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/base/array.h"
#include "core/base/task.h"
#include "core/train/pictures.h"
#include "core/train/recipe.h"

namespace vitreous {

/// One input as a network takes it: an image (3, size, size), or of a point cloud the groups'
/// centres (groups, 3) and neighbourhoods (groups, group size, 3).
using Sample = std::vector<Array>;
/// The same of a batch, with the batch as the first dimension.
using SampleBatch = std::vector<at::Tensor>;

/// One part of a data set, prepared for a network. Several threads may read at once.
class LabelledData {
public:
    virtual ~LabelledData() = default;
    [[nodiscard]] virtual std::size_t size() const = 0;
    /// 0 <= label < classes().size()
    [[nodiscard]] virtual int label(std::size_t index) const = 0;
    [[nodiscard]] virtual const std::vector<std::string>& classes() const = 0;
    /// What was left out and why, a line each, path last.
    [[nodiscard]] virtual const std::vector<std::string>& skipped() const = 0;
    /// What a training epoch shows in that place.
    [[nodiscard]] virtual Sample training(std::uint64_t epoch, std::size_t index) const = 0;
    /// What a model is tested on: always the same.
    [[nodiscard]] virtual Sample testing(std::size_t index) const = 0;
    /// A short digest of the labels and a few of the inputs.
    [[nodiscard]] virtual std::string digest() const = 0;

protected:
    LabelledData() = default;
    LabelledData(const LabelledData&) = default;
    LabelledData& operator=(const LabelledData&) = default;
};

/// The recipe's data: the pictures of the directory (see openPictures), or shapes that are made as
/// they are asked for. Throws as openPictures.
std::unique_ptr<LabelledData> openData(
    const Recipe& recipe,
    const std::filesystem::path& directory,
    Split split,
    const Task& task);

/// Samples of the same shapes, at least one, as a batch.
SampleBatch batchOf(const std::vector<Sample>& samples);

} // namespace vitreous
