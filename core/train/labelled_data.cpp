#include "core/train/labelled_data.h"

#include <algorithm>

#include <ATen/ops/empty.h>

#include "core/train/picture_data.h"
#include "core/train/samples.h"
#include "core/train/shape_data.h"

namespace vitreous {

std::unique_ptr<LabelledData> openData(
    const Recipe& recipe,
    const std::filesystem::path& directory,
    Split split,
    const Task& task) {
    if (recipe.shapes) {
        return std::make_unique<ShapeData>(recipe, split);
    }
    return std::make_unique<PictureData>(
        openPictures(directory, split, keptSide(recipe), task), recipe);
}

SampleBatch batchOf(const std::vector<Sample>& samples) {
    SampleBatch batch;
    for (std::size_t part = 0; part < samples.front().size(); ++part) {
        std::vector<std::int64_t> shape = samples.front()[part].shape;
        shape.insert(shape.begin(), std::int64_t(samples.size()));
        batch.push_back(at::empty(shape, at::kFloat));
        auto* values = batch.back().data_ptr<float>();
        for (const Sample& sample : samples) {
            values = std::copy(sample[part].values.begin(), sample[part].values.end(), values);
        }
    }
    return batch;
}

} // namespace vitreous
