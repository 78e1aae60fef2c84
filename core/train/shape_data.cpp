#include "core/train/shape_data.h"

#include <algorithm>
#include <span>

#include "core/train/digest.h"
#include "core/train/random.h"
#include "core/train/samples.h"

namespace vitreous {
namespace {

constexpr std::uint64_t kCountKey = 4; // other keys of one seed: samples.cpp

ShapeKey testKey(std::size_t index) {
    return {.seed = testSeed, .epoch = 0, .item = index};
}

Sample sampleOf(const Shape& shape, const PointGrouping& grouping) {
    PointGroups groups = groupPoints(preprocessPoints(shape.cloud.positions, grouping), grouping);
    return {std::move(groups.centers), std::move(groups.neighborhoods)};
}

} // namespace

PointGrouping groupingOf(const Recipe& recipe) {
    return {.points = recipe.points, .groups = recipe.groups, .group_size = recipe.group_size};
}

int shapeLabel(std::size_t item) {
    return int(item % shapeClasses().size());
}

Shape shapeOf(const ShapeKey& key, int sampled) {
    Random random{key.seed, key.epoch, key.item, kCountKey};
    return makeShape(
        shapeLabel(std::size_t(key.item)), key,
        std::size_t(sampled) + std::size_t(random.below(sampled + 1)));
}

ShapeData::ShapeData(const Recipe& recipe, Split split)
    : seed_(recipe.seed), grouping_(groupingOf(recipe)),
      size_(
          split == Split::Test ? testShapes
          : recipe.limit > 0   ? std::size_t(recipe.limit)
                               : trainingShapes) {}

int ShapeData::label(std::size_t index) const {
    return shapeLabel(index);
}

Sample ShapeData::training(std::uint64_t epoch, std::size_t index) const {
    // The shapes of training are others than those of the test, whose seed is 0.
    return sampleOf(
        shapeOf({.seed = seed_ + 1, .epoch = epoch + 1, .item = index}, grouping_.points),
        grouping_);
}

Sample ShapeData::testing(std::size_t index) const {
    return sampleOf(shapeOf(testKey(index), grouping_.points), grouping_);
}

std::string ShapeData::digest() const {
    Digest digest;
    for (std::size_t i = 0; i < shapeClasses().size(); ++i) {
        const Shape shape = shapeOf(testKey(i), grouping_.points);
        digest.add(std::as_bytes(std::span(shapeClasses()[i])));
        digest.add(std::as_bytes(std::span(shape.cloud.positions)));
    }
    digest.add(std::as_bytes(std::span(&size_, 1)));
    return digest.text();
}

} // namespace vitreous
