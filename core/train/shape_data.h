#pragma once

#include "core/nn/point_groups.h"
#include "core/train/labelled_data.h"
#include "core/train/shapes.h"

namespace vitreous {

/// Shapes to train on in an epoch where recipe.limit does not say, and to test on.
inline constexpr std::size_t trainingShapes = 4000;
inline constexpr std::size_t testShapes = 1000;

/// How the recipe's model cuts a cloud into tokens.
PointGrouping groupingOf(const Recipe& recipe);

/// The class of an item: all in turn.
int shapeLabel(std::size_t item);
/// The shape of an item, of its class, with one to two times as many points as are sampled of it.
/// sampled: PointGrouping::points. Models are tested on those of seed 0 (testSeed) and epoch 0,
/// whatever they were trained with.
Shape shapeOf(const ShapeKey& key, int sampled);

/// Shapes that are made as they are asked for, of all classes alike, and prepared as analysis
/// does it. Training shows new ones in every epoch.
class ShapeData final : public LabelledData {
public:
    ShapeData(const Recipe& recipe, Split split);

    [[nodiscard]] std::size_t size() const override { return size_; }
    [[nodiscard]] int label(std::size_t index) const override;
    [[nodiscard]] const std::vector<std::string>& classes() const override {
        return shapeClasses();
    }
    [[nodiscard]] const std::vector<std::string>& skipped() const override { return skipped_; }
    [[nodiscard]] Sample training(std::uint64_t epoch, std::size_t index) const override;
    [[nodiscard]] Sample testing(std::size_t index) const override;
    [[nodiscard]] std::string digest() const override;

private:
    std::uint64_t seed_;
    PointGrouping grouping_;
    std::size_t size_;
    std::vector<std::string> skipped_; // nothing
};

} // namespace vitreous
