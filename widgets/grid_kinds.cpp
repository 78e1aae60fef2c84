#include "widgets/grid_kinds.h"

#include <algorithm>

#include <QCoreApplication>

#include "widgets/cell_values.h"
#include "widgets/cloud_cells.h"
#include "widgets/filmstrip.h"
#include "widgets/grid_arranging.h"
#include "widgets/value_text.h"

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Grid)
};

void arrangeLayers(GridScene& scene, const std::vector<GridRow>& models) {
    const std::vector<Tap> taps = mergedTaps(models, scene.view.map);
    for (const Tap& tap : taps) {
        scene.columns.push_back(columnOf(tap));
    }
    for (std::size_t model = 0; model < models.size(); ++model) {
        std::vector<GridCell> cells;
        cells.reserve(taps.size());
        for (const Tap& tap : taps) {
            cells.push_back(
                cellAt(models, model, {scene.view.map, tap.name, scene.view.head}, scene.view));
        }
        scene.cells.push_back(std::move(cells));
    }
    scene.rows = models;
}

std::size_t headsOf(const GridRow& model, const std::string& block) {
    const auto found = model.result->cls_attention.find(block);
    const bool has_heads =
        found != model.result->cls_attention.end() && !found->second.shape.empty();
    return has_heads ? static_cast<std::size_t>(found->second.shape.front()) : 0;
}

void arrangeHeads(GridScene& scene, const std::vector<GridRow>& models) {
    const std::vector<Tap> blocks = mergedTaps(models, MapKind::ClsAttention);
    setChoice(scene, blocks);
    std::vector<std::string> shown(models.size());
    std::size_t heads = 0;
    scene.rows = models;
    for (std::size_t model = 0; model < models.size(); ++model) {
        const Tap* block =
            models[model].result && scene.choice
                ? lastUpTo(*models[model].result, blocks, *scene.choice, MapKind::ClsAttention)
                : nullptr;
        if (block != nullptr) {
            shown[model] = block->name;
            heads = std::max(heads, headsOf(models[model], block->name));
            scene.rows[model].label += QStringLiteral(" · ") + QString::fromStdString(block->label);
        }
    }
    std::vector<std::optional<HeadIndex>> columns;
    if (heads > 0) {
        columns.emplace_back(std::nullopt);
        scene.columns.push_back({Text::tr("Mean"), Text::tr("mean over heads")});
    }
    for (std::size_t head = 0; head < heads; ++head) {
        columns.emplace_back(HeadIndex{head});
        scene.columns.push_back({QString::number(head + 1), Text::tr("head %1").arg(head + 1)});
    }
    for (std::size_t model = 0; model < models.size(); ++model) {
        std::vector<GridCell> cells;
        cells.reserve(columns.size());
        for (const std::optional<HeadIndex>& head : columns) {
            cells.push_back(
                cellAt(models, model, {MapKind::ClsAttention, shown[model], head}, scene.view));
        }
        scene.cells.push_back(std::move(cells));
    }
}

/// The paper's taps that the model has: its last block, or with an LLM block F_E, F_L^1, F_LM^A,
/// F_LM^F and F_L^2. Source: arXiv 2310.12973, figure 3.
std::vector<Tap> figureTaps(const std::vector<Tap>& taps) {
    const auto mapper = std::find_if(
        taps.begin(), taps.end(), [](const Tap& tap) { return tap.name == "llama_dim_mapper1"; });
    std::vector<Tap> chosen;
    const auto addLast = [&](auto first, auto last, auto matches) {
        const auto found = std::find_if(
            std::make_reverse_iterator(last), std::make_reverse_iterator(first), matches);
        if (found != std::make_reverse_iterator(first)) {
            chosen.push_back(*found);
        }
    };
    const auto endsWith = [](std::string_view end) {
        return [end](const Tap& tap) {
            return tap.name.starts_with("llama.layers.") && tap.name.ends_with(end);
        };
    };
    addLast(taps.begin(), mapper, [](const Tap& tap) { return tap.name.starts_with("blocks."); });
    if (mapper != taps.end()) {
        chosen.push_back(*mapper);
        addLast(mapper, taps.end(), endsWith(".attention"));
        addLast(mapper, taps.end(), endsWith(".feed_forward"));
        addLast(mapper, taps.end(), [](const Tap& tap) { return tap.name == "llama_dim_mapper2"; });
    }
    return chosen;
}

GridColumn columnOf(const GridRow& model, const Tap& tap) {
    GridColumn column = columnOf(tap);
    column.label = model.label + u'\n' + column.label;
    column.name = model.label + QStringLiteral(": ") + column.name;
    column.chip = model.chip;
    return column;
}

void arrangeFigure3(GridScene& scene, const std::vector<GridRow>& models) {
    std::vector<std::pair<std::size_t, std::string>> places;
    for (std::size_t model = 0; model < models.size(); ++model) {
        if (models[model].result) {
            for (const Tap& tap : figureTaps(models[model].result->taps)) {
                scene.columns.push_back(columnOf(models[model], tap));
                places.emplace_back(model, tap.name);
            }
        }
    }
    for (const MapKind map : {MapKind::Magnitude, MapKind::Frequency}) {
        if (places.empty()) {
            break;
        }
        std::vector<GridCell> cells;
        cells.reserve(places.size());
        for (const auto& [model, tap] : places) {
            cells.push_back(cellAt(models, model, {map, tap, std::nullopt}, scene.view));
        }
        scene.cells.push_back(std::move(cells));
        scene.rows.push_back(plainRow(
            map == MapKind::Magnitude ? Text::tr("Magnitude") : Text::tr("Frequency (rad)"),
            models));
    }
    addMessages(scene, models);
}

void arrangeScrub(GridScene& scene, const std::vector<GridRow>& models) {
    const std::vector<Tap> taps = mergedTaps(models, scene.view.map);
    setChoice(scene, taps);
    std::vector<GridCell> cells;
    for (std::size_t model = 0; scene.choice && model < models.size(); ++model) {
        if (!models[model].result) {
            continue;
        }
        const Tap* tap = lastUpTo(*models[model].result, taps, *scene.choice, scene.view.map);
        if (tap == nullptr) {
            scene.columns.push_back(
                {models[model].label + QStringLiteral("\n–"), models[model].label,
                 models[model].chip});
            cells.emplace_back();
        } else {
            scene.columns.push_back(columnOf(models[model], *tap));
            cells.push_back(
                cellAt(models, model, {scene.view.map, tap->name, scene.view.head}, scene.view));
        }
    }
    if (!cells.empty()) {
        scene.cells.push_back(std::move(cells));
        scene.rows.push_back(plainRow(QString(), models));
    }
    addMessages(scene, models);
}

/// The name of a column where two models' taps are compared; of one tap where it is the same.
GridColumn differenceColumn(const Tap& other, const Tap& first) {
    GridColumn column = columnOf(other);
    if (other != first) {
        const GridColumn before = columnOf(first);
        const QString minus = QStringLiteral(" − ");
        column = {column.label + minus + before.label, column.name + minus + before.name};
    }
    return column;
}

/// A column of differences: of which place in the merged taps, and the first model's tap for it.
struct DifferenceColumn {
    std::size_t place = 0;
    std::string first;
};

/// The columns that the first model and at least one other have maps for.
std::vector<DifferenceColumn> differenceColumns(
    GridScene& scene,
    const std::vector<GridRow>& models,
    const GridRow& first,
    const std::vector<Tap>& taps) {
    std::vector<DifferenceColumn> columns;
    for (std::size_t place = 0; place < taps.size(); ++place) {
        const Tap* own = lastUpTo(*first.result, taps, place, scene.view.map);
        const Tap* theirs = nullptr;
        for (const GridRow& model : models) {
            const bool is_other = &model != &first && model.result != nullptr;
            const Tap* tap =
                is_other ? lastUpTo(*model.result, taps, place, scene.view.map) : nullptr;
            // One that has the very tap names the column.
            theirs = tap != nullptr && (theirs == nullptr || *tap == taps[place]) ? tap : theirs;
        }
        if (own != nullptr && theirs != nullptr) {
            scene.columns.push_back(differenceColumn(*theirs, *own));
            columns.push_back({place, own->name});
        }
    }
    return columns;
}

void arrangeDifference(GridScene& scene, const std::vector<GridRow>& models) {
    const auto first = std::find_if(
        models.begin(), models.end(), [](const GridRow& model) { return model.result != nullptr; });
    const auto results = std::count_if(
        models.begin(), models.end(), [](const GridRow& model) { return model.result != nullptr; });
    if (results < 2) {
        scene.rows = models;
        scene.cells.resize(models.size());
        for (GridRow& row : scene.rows) {
            if (row.result) {
                row.result.reset();
                row.message = Text::tr("A difference takes two models. Open another checkpoint.");
            }
        }
        return;
    }
    const ViewState& view = scene.view;
    const std::vector<Tap> taps = mergedTaps(models, view.map);
    const std::vector<DifferenceColumn> columns = differenceColumns(scene, models, *first, taps);
    for (auto other = models.begin(); other != models.end(); ++other) {
        if (other == first || !other->result) {
            continue;
        }
        const auto model = static_cast<std::size_t>(other - models.begin());
        std::vector<GridCell> cells;
        bool is_any_present = false;
        for (const DifferenceColumn& column : columns) {
            const Tap* theirs = lastUpTo(*other->result, taps, column.place, view.map);
            const GridCell a = cellOf(*first, {view.map, column.first, view.head}, view);
            const GridCell b = theirs != nullptr
                                   ? cellOf(*other, {view.map, theirs->name, view.head}, view)
                                   : GridCell{};
            // Of groups that lie elsewhere there is no difference.
            const bool are_elsewhere = a.is_cloud && !haveSameGroups(first->cloud, other->cloud);
            GridCell cell = are_elsewhere ? GridCell{} : differenceOf(normalized(a), normalized(b));
            cell.picture = model;
            is_any_present = is_any_present || cell.present;
            cells.push_back(std::move(cell));
        }
        GridRow row = *other;
        row.label = other->label + QStringLiteral(" − ") + first->label;
        const bool are_clouds = first->cloud.weights && other->cloud.weights;
        if (!is_any_present && are_clouds && !haveSameGroups(first->cloud, other->cloud)) {
            row.result.reset();
            row.message = Text::tr("The groups of the two models lie in other places.");
        }
        const bool fits =
            row.result == nullptr || (other->result->rows == first->result->rows &&
                                      other->result->columns == first->result->columns);
        if (!is_any_present && !fits) {
            row.result.reset();
            row.message = Text::tr("Token grids of %1 × %2 and %3 × %4 have no difference.")
                              .arg(other->result->rows)
                              .arg(other->result->columns)
                              .arg(first->result->rows)
                              .arg(first->result->columns);
        }
        scene.cells.push_back(std::move(cells));
        scene.rows.push_back(std::move(row));
    }
    addMessages(scene, models);
}

QString attentionText(const std::vector<GridRow>& models, const ViewState& view) {
    if (hasTokenQuery(view)) {
        const TokenPlace& place = *view.selection.pinned;
        return (place.is_group ? Text::tr("Attention from %1")
                               : Text::tr("Attention from the token at %1"))
            .arg(spotText(place));
    }
    bool any_cls = false;
    bool any_mean = false;
    for (const GridRow& model : models) {
        if (model.result) {
            (model.result->mean_query ? any_mean : any_cls) = true;
        }
    }
    if (any_cls && any_mean) {
        return Text::tr("CLS attention (mean-query attention without CLS)");
    }
    const QString attention =
        any_mean ? Text::tr("Mean-query attention") : Text::tr("CLS attention");
    return view.query == AttentionQuery::PinnedToken
               ? Text::tr("%1 (pin a token to see its own)").arg(attention)
               : attention;
}

QString attentionWithHead(const std::vector<GridRow>& models, const ViewState& view) {
    const QString attention = attentionText(models, view);
    return view.head ? Text::tr("%1, head %2").arg(attention).arg(view.head->value + 1)
                     : Text::tr("%1, mean over heads").arg(attention);
}

QString mapText(const std::vector<GridRow>& models, const ViewState& view) {
    switch (view.map) {
    case MapKind::Magnitude:
        return Text::tr("Magnitude, L2 distance from the mean token");
    case MapKind::Frequency:
        return Text::tr("Frequency (rad)");
    case MapKind::ClsAttention:
        break;
    }
    return attentionWithHead(models, view);
}

/// What is told of each frame of the strip, and where in the models.
QString filmText(const GridScene& scene, const std::vector<GridRow>& models) {
    const QString map = mapText(models, filmView(scene.view));
    return scene.choice ? Text::tr("%1, at %2").arg(map, scene.choices[*scene.choice].name) : map;
}

QString differenceText(const std::vector<GridRow>& models, const ViewState& view) {
    const QString maps = view.map == MapKind::Magnitude   ? Text::tr("magnitude")
                         : view.map == MapKind::Frequency ? Text::tr("frequency")
                                                          : attentionWithHead(models, view);
    return Text::tr("Difference of normalised maps: %1").arg(maps);
}

} // namespace

void arrangeKind(GridScene& scene, const std::vector<GridRow>& models) {
    switch (scene.view.kind) {
    case GridKind::Layers:
        return arrangeLayers(scene, models);
    case GridKind::Heads:
        return arrangeHeads(scene, models);
    case GridKind::Figure3:
        return arrangeFigure3(scene, models);
    case GridKind::Scrub:
        return arrangeScrub(scene, models);
    case GridKind::Difference:
        return arrangeDifference(scene, models);
    case GridKind::Filmstrip:
        return arrangeFilmstrip(scene, models);
    }
}

QString quantityOf(const GridScene& scene, const std::vector<GridRow>& models) {
    const ViewState& view = scene.view;
    switch (view.kind) {
    case GridKind::Heads:
        // Which block's heads they are, the rows' labels say.
        return attentionText(models, view);
    case GridKind::Figure3:
        return Text::tr("Magnitude and frequency at the taps of the paper’s figure 3");
    case GridKind::Difference:
        return differenceText(models, view);
    case GridKind::Filmstrip:
        return filmText(scene, models);
    case GridKind::Layers:
    case GridKind::Scrub:
        break;
    }
    return mapText(models, view);
}

} // namespace vitreous
