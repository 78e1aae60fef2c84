#include "widgets/strip_content.h"

#include <algorithm>

namespace vitreous {
namespace {

ValueRange rangeInUse(const GridScene& scene) {
    std::optional<ValueRange> range;
    for (const std::vector<GridCell>& row : scene.cells) {
        for (const GridCell& cell : row) {
            if (hasMap(cell)) {
                const ValueRange all = range.value_or(cell.range);
                range = ValueRange{
                    std::min(all.low, cell.range.low), std::max(all.high, cell.range.high)};
            }
        }
    }
    return range.value_or(ValueRange{});
}

} // namespace

StripContent stripContent(const GridScene& scene) {
    StripContent content;
    content.view = scene.view;
    content.view.selection = {};
    content.view.viewport = {};
    content.view.video.frame = 0;
    content.view.cloud.camera = {};
    content.has_clouds = hasClouds(scene);
    for (const GridColumn& choice : scene.choices) {
        content.layers.push_back({choice.name.toStdString(), choice.label});
    }
    content.layer = scene.choice;
    content.range = rangeInUse(scene);
    return content;
}

} // namespace vitreous
