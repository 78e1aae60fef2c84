#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/image.h"
#include "core/base/task.h"

namespace vitreous {

/// Pictures with a class each. Several threads may read at once.
class LabelledPictures {
public:
    virtual ~LabelledPictures() = default;
    [[nodiscard]] virtual std::size_t size() const = 0;
    /// 0 <= label < classes().size()
    [[nodiscard]] virtual int label(std::size_t index) const = 0;
    [[nodiscard]] virtual Image picture(std::size_t index) const = 0;
    [[nodiscard]] virtual const std::vector<std::string>& classes() const = 0;
    /// What was left out and why, a line each, path last.
    [[nodiscard]] virtual const std::vector<std::string>& skipped() const = 0;

protected:
    LabelledPictures() = default;
    LabelledPictures(const LabelledPictures&) = default;
    LabelledPictures& operator=(const LabelledPictures&) = default;
};

/// The parts of a data set.
enum class Split { Train, Test };

/// Opens a data set for classification.
///
/// - A directory of IDX files, packed or not: `train-images-idx3-ubyte[.gz]` with
///   `train-labels-idx1-ubyte[.gz]`, and `t10k-...` for the test part. Classes are named by their
///   numbers, those of FashionMNIST by their names where the directory is named so.
/// - A directory `DIR/class/picture`; with `DIR/train` and `DIR/val` (or `test`) these are the
///   parts, else every tenth picture of a class, in name order, is the test part.
///
/// A picture that cannot be read is left out and told in skipped(). Pictures of a directory are
/// kept in memory, their short side no longer than `short_side` pixels.
/// Throws Error{Input}, path last: nothing there, no pictures, labels that are not as many as the
/// pictures, a truncated file; Error{Interrupted}.
std::unique_ptr<LabelledPictures>
openPictures(const std::filesystem::path& directory, Split split, int short_side, const Task& task);

} // namespace vitreous
