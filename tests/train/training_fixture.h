#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <QTemporaryDir>

#include "core/analysis/model.h"
#include "core/io/checkpoint.h"
#include "core/train/trainer.h"
#include "tests/support/failure.h"
#include "tests/support/idx.h"
#include "tests/support/weights.h"

namespace vitreous::testing {

namespace fs = std::filesystem;

/// A tensor's values as they lie in the file.
inline std::string bytesOf(const TensorEntry& entry) {
    std::int64_t count = 1;
    for (const std::int64_t n : entry.shape) {
        count *= n;
    }
    return {
        reinterpret_cast<const char*>(entry.bytes.data()),
        std::size_t(count) * byteSize(entry.dtype)};
}

/// The rows without what a clock says.
inline std::vector<std::array<double, 6>> numbersOf(const std::vector<EpochReport>& rows) {
    std::vector<std::array<double, 6>> numbers;
    numbers.reserve(rows.size());
    for (const EpochReport& row : rows) {
        numbers.push_back(
            {double(row.steps), row.learning_rate, row.train_loss, row.train_accuracy,
             row.test_loss, row.test_accuracy});
    }
    return numbers;
}

/// A folder with data, a language model and tiny runs over them.
class TrainingFixture {
protected:
    /// A new folder: data of two classes, lm.safetensors with three layers, 64 wide.
    void makeFolder() {
        folder_ = std::make_unique<QTemporaryDir>();
        fs::create_directories(path("data"));
        writeTwoTones(path("data"), 120, 40);
        writeSafetensors(path("lm.safetensors").string(), languageModel(3, 64, 96));
        setThreadCount(2);
    }

    [[nodiscard]] fs::path path(const std::string& name) const {
        return fs::path(folder_->path().toStdString()) / name;
    }

    /// A tiny ViT on the two-toned pictures.
    [[nodiscard]] TrainingRequest request(const std::string& output) const {
        TrainingRequest request;
        request.recipe.width = 32;
        request.recipe.depth = 2;
        request.recipe.heads = 2;
        request.recipe.patch = 4;
        request.recipe.size = 16;
        request.recipe.epochs = 3;
        request.recipe.batch = 20;
        request.recipe.learning_rate = 1e-3;
        request.recipe.crop = true;
        request.recipe.colour = 0.2;
        request.data = path("data");
        request.output = path(output);
        request.device = "cpu";
        return request;
    }
    /// The same, long enough to learn what there is to learn.
    [[nodiscard]] TrainingRequest learning(const std::string& output) const {
        TrainingRequest longer = request(output);
        longer.recipe.epochs = 6;
        longer.recipe.learning_rate = 3e-3;
        longer.recipe.label_smoothing = 0.0;
        return longer;
    }
    [[nodiscard]] TrainingRequest withBlock(const std::string& output, BlockKind kind) const {
        TrainingRequest with = request(output);
        with.recipe.epochs = 1;
        with.recipe.block = kind;
        with.recipe.llm = path("lm.safetensors");
        return with;
    }

private:
    std::unique_ptr<QTemporaryDir> folder_;
};

} // namespace vitreous::testing
