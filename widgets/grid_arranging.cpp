#include "widgets/grid_arranging.h"

#include <algorithm>

#include "widgets/column_merge.h"

namespace vitreous {

const std::vector<Tap>& tapsOf(const AnalysisResult& result, MapKind map) {
    return map == MapKind::ClsAttention ? result.blocks : result.taps;
}

std::vector<Tap> mergedTaps(const std::vector<GridRow>& models, MapKind map) {
    std::vector<std::vector<Tap>> lists;
    for (const GridRow& model : models) {
        if (model.result) {
            lists.push_back(tapsOf(*model.result, map));
        }
    }
    return mergeTaps(lists);
}

GridColumn columnOf(const Tap& tap) {
    return {QString::fromStdString(tap.label), QString::fromStdString(tap.name)};
}

GridCell cellAt(
    const std::vector<GridRow>& models,
    std::size_t model,
    const CellSource& source,
    const ViewState& view) {
    GridCell cell = cellOf(models[model], source, view);
    cell.picture = model;
    return cell;
}

const Tap* lastUpTo(
    const AnalysisResult& result,
    const std::vector<Tap>& taps,
    std::size_t place,
    MapKind map) {
    const std::vector<Tap>& own = tapsOf(result, map);
    for (std::size_t i = place + 1; i-- > 0;) {
        if (std::find(own.begin(), own.end(), taps[i]) != own.end()) {
            return &taps[i];
        }
    }
    return nullptr;
}

void setChoice(GridScene& scene, const std::vector<Tap>& taps) {
    for (const Tap& tap : taps) {
        scene.choices.push_back(columnOf(tap));
    }
    if (taps.empty()) {
        return;
    }
    const auto found = std::find_if(
        taps.begin(), taps.end(), [&](const Tap& tap) { return tap.name == scene.view.tap; });
    scene.choice =
        found == taps.end() ? taps.size() - 1 : static_cast<std::size_t>(found - taps.begin());
}

void addMessages(GridScene& scene, const std::vector<GridRow>& models) {
    for (const GridRow& model : models) {
        if (!model.result) {
            scene.rows.push_back(model);
            scene.cells.emplace_back(scene.columns.size());
        }
    }
}

GridRow plainRow(const QString& label, const std::vector<GridRow>& models) {
    GridRow row;
    row.label = label;
    for (const GridRow& model : models) {
        row.result = row.result ? row.result : model.result;
    }
    return row;
}

} // namespace vitreous
