#include "widgets/grid_gestures.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vitreous {
namespace {

constexpr qint64 pause_ms = 600;
constexpr double zoom_per_step = 1.25;
/// A drag across the whole view turns a cloud by half a turn.
constexpr double degrees_across = 180.0;
constexpr double degrees_per_key = 15.0;

/// A token's row and column.
struct Spot {
    int row = 0;
    int column = 0;
};

Spot spotOf(const TokenPlace& place) {
    const int token = static_cast<int>(place.token.value);
    return {token / place.columns, token % place.columns};
}

TokenRegion regionOf(const TokenPlace& grid, Spot one, Spot other) {
    return {
        std::min(one.row, other.row),
        std::min(one.column, other.column),
        std::max(one.row, other.row),
        std::max(one.column, other.column),
        grid.rows,
        grid.columns};
}

/// The region is of that grid and has the spot at a corner.
bool hasCorner(const TokenRegion& region, const TokenPlace& grid, Spot spot) {
    return region.rows == grid.rows && region.columns == grid.columns &&
           (region.first_row == spot.row || region.last_row == spot.row) &&
           (region.first_column == spot.column || region.last_column == spot.column);
}

/// What a region is extended from: the pinned token where it is a corner of it, else its first one.
std::optional<TokenPlace> anchorOf(const Selection& selection) {
    const auto& region = selection.region;
    const auto& pinned = selection.pinned;
    if (!region || (pinned && hasCorner(*region, *pinned, spotOf(*pinned)))) {
        return pinned;
    }
    const int first = region->first_row * region->columns + region->first_column;
    return TokenPlace{TokenIndex{static_cast<std::size_t>(first)}, region->rows, region->columns};
}

} // namespace

GridGestures::GridGestures(const GridContent& content, ViewEditListener edit)
    : content_(content), edit_(std::move(edit)) {}

bool GridGestures::edit(const ViewEdit& change, bool continued) {
    ViewState changed = content_.scene.view;
    change(changed);
    if (changed == content_.scene.view || !edit_) {
        return false;
    }
    edit_(change, continued);
    return true;
}

bool GridGestures::select(const Selection& selection, bool continued) {
    return edit([&selection](ViewState& view) { view.selection = selection; }, continued);
}

QPointF GridGestures::toLayout(QPointF point) const {
    if (point.y() < content_.layout.body_top) {
        return content_.scroll > 0.0 ? QPointF(-1.0, -1.0) : point;
    }
    return point + QPointF(0.0, content_.scroll);
}

std::optional<GridHit> GridGestures::hitAt(QPointF point) const {
    return hitTest(content_.scene, content_.layout, toLayout(point));
}

const CellPlace* GridGestures::cellPlace(const GridHit& hit) const {
    for (const CellPlace& place : content_.layout.cells) {
        if (place.row == hit.row && place.column == hit.column && !place.map.isEmpty()) {
            return &place;
        }
    }
    return nullptr;
}

std::optional<TokenPlace> GridGestures::placeOf(const GridHit& hit) const {
    const auto& cells = content_.scene.cells;
    if (hit.row >= cells.size() || hit.column >= cells[hit.row].size()) {
        return std::nullopt;
    }
    const GridCell& cell = cells[hit.row][hit.column];
    const auto tokens = static_cast<std::size_t>(std::max(0, cell.rows * cell.columns));
    return cell.present && hit.token.value < tokens
               ? std::optional(TokenPlace{hit.token, cell.rows, cell.columns, cell.is_cloud})
               : std::nullopt;
}

void GridGestures::press(QPointF point, Qt::MouseButton button) {
    drag_ = Drag{button, point, point, hitAt(point), cloudSize(point), false};
}

void GridGestures::move(QPointF point) {
    if (!drag_) {
        return;
    }
    if (!drag_->cloud.isEmpty()) {
        turnCloud(point);
    } else if (drag_->button == Qt::LeftButton) {
        dragRegion(point);
    } else {
        pan(point);
    }
    drag_->last = point;
}

QSizeF GridGestures::cloudSize(QPointF point) const {
    const QPointF at = toLayout(point);
    for (const CellPlace& place : content_.layout.cells) {
        const bool is_cloud = content_.scene.cells[place.row][place.column].is_cloud;
        if (is_cloud && (place.map.contains(at) || place.picture.contains(at))) {
            return place.map.size();
        }
    }
    return {};
}

bool GridGestures::isTurning() const {
    return drag_ && drag_->has_changed && !drag_->cloud.isEmpty();
}

void GridGestures::turnCloud(QPointF point) {
    // A click that trembles is one still.
    constexpr double least = 3.0;
    const QPointF away = point - drag_->from;
    if (!drag_->has_changed && std::hypot(away.x(), away.y()) < least) {
        return;
    }
    const QPointF moved = point - (drag_->has_changed ? drag_->last : drag_->from);
    const QSizeF size = drag_->cloud;
    const bool turns = drag_->button == Qt::LeftButton;
    const auto move = [moved, size, turns, now = content_.scene.camera](ViewState& view) {
        CloudCamera& camera = view.cloud.camera;
        const QPointF part = moved / size.height();
        camera = turns ? orbited(camera, part.x() * degrees_across, -part.y() * degrees_across)
                       : panned(now, part);
    };
    drag_->has_changed = edit(move, drag_->has_changed) || drag_->has_changed;
}

bool GridGestures::orbit(int right, int up) {
    if (!hasClouds(content_.scene)) {
        return false;
    }
    turn([right, up](ViewState& view) {
        view.cloud.camera =
            orbited(view.cloud.camera, right * degrees_per_key, up * degrees_per_key);
    });
    return true;
}

void GridGestures::dragRegion(QPointF point) {
    if (!drag_->token) {
        return;
    }
    const std::optional<TokenPlace> from = placeOf(*drag_->token);
    const CellPlace* cell = cellPlace(*drag_->token);
    if (!from || cell == nullptr) {
        return;
    }
    const TokenIndex token =
        nearestToken(content_.scene.cells[cell->row][cell->column], *cell, toLayout(point));
    if (token == from->token && !drag_->has_changed) {
        return;
    }
    const TokenPlace to{token, from->rows, from->columns};
    Selection selection = content_.scene.view.selection;
    selection.region = regionOf(*from, spotOf(*from), spotOf(to));
    drag_->has_changed = select(selection, drag_->has_changed) || drag_->has_changed;
}

void GridGestures::pan(QPointF point) {
    const CellPlace* cell = drag_->token ? cellPlace(*drag_->token) : nullptr;
    if (cell == nullptr || content_.scene.view.viewport.zoom <= 1.0) {
        return;
    }
    const QPointF moved = point - drag_->last;
    const QSizeF whole = cell->whole.size();
    const auto shift = [moved, whole](ViewState& view) {
        view.viewport.center_x -= moved.x() / whole.width();
        view.viewport.center_y -= moved.y() / whole.height();
        view.viewport = clamped(view.viewport);
    };
    drag_->has_changed = edit(shift, drag_->has_changed) || drag_->has_changed;
}

void GridGestures::release(QPointF point, Qt::MouseButton button) {
    const std::optional<Drag> drag = std::exchange(drag_, std::nullopt);
    if (!drag || drag->button != button || button != Qt::LeftButton || drag->has_changed) {
        return;
    }
    // A press that slid to another place is no click.
    // On a cloud one that trembled is: the next pixel may be another group's.
    const std::optional<GridHit> hit = drag->cloud.isEmpty() ? hitAt(point) : drag->token;
    if (drag->token != hit) {
        return;
    }
    if (hit) {
        click(*hit);
    } else {
        select({}, false);
    }
}

void GridGestures::click(const GridHit& hit) {
    select({placeOf(hit), std::nullopt}, false);
}

void GridGestures::doubleClick(QPointF point) {
    drag_.reset();
    const std::optional<GridHit> hit = hitAt(point);
    if (!hit) {
        return;
    }
    const std::optional<TokenPlace> place = placeOf(*hit);
    edit(
        [&place](ViewState& view) {
            view.map = MapKind::ClsAttention;
            view.query = AttentionQuery::PinnedToken;
            view.selection = {place, std::nullopt};
        },
        false);
}

std::optional<ViewEdit> GridGestures::choiceEdit(int steps) const {
    const GridScene& scene = content_.scene;
    if (!scene.choice) {
        return std::nullopt;
    }
    const auto last = static_cast<int>(scene.choices.size()) - 1;
    const int next = std::clamp(static_cast<int>(*scene.choice) + steps, 0, last);
    const std::string tap = scene.choices[static_cast<std::size_t>(next)].name.toStdString();
    return [tap](ViewState& view) { view.tap = tap; };
}

bool GridGestures::moveChoice(int steps) {
    const std::optional<ViewEdit> change = choiceEdit(steps);
    return change && edit(*change, false);
}

bool GridGestures::turn(const ViewEdit& change) {
    const bool goes_on = turned_.isValid() && !turned_.hasExpired(pause_ms);
    const bool has_changed = edit(change, goes_on);
    if (has_changed) {
        turned_.start();
    }
    return has_changed;
}

void GridGestures::zoom(QPointF point, double steps) {
    const std::optional<GridHit> hit = hitAt(point);
    const CellPlace* cell = hit ? cellPlace(*hit) : nullptr;
    QPointF at(0.5, 0.5);
    if (cell != nullptr) {
        QPointF inside = toLayout(point) - cell->whole.topLeft();
        if (!cell->picture.isEmpty() && !cell->map.contains(toLayout(point))) {
            inside += cell->map.topLeft() - cell->picture.topLeft();
        }
        at = {inside.x() / cell->whole.width(), inside.y() / cell->whole.height()};
    }
    const double factor = std::pow(zoom_per_step, steps);
    turn([factor, at](ViewState& view) { view.viewport = zoomed(view.viewport, factor, at); });
}

bool GridGestures::scrub(double steps) {
    // Touchpads and fine wheels tell many small parts of a step.
    if (!wheel_moved_.isValid() || wheel_moved_.hasExpired(pause_ms) || unturned_ * steps < 0.0) {
        unturned_ = 0.0;
    }
    wheel_moved_.start();
    unturned_ += steps;
    const int whole = static_cast<int>(unturned_);
    unturned_ -= whole;
    const std::optional<ViewEdit> change = choiceEdit(-whole);
    if (change && whole != 0) {
        turn(*change);
    }
    return change.has_value();
}

bool GridGestures::wheel(QPointF point, double steps, Qt::KeyboardModifiers modifiers) {
    const bool zooms = modifiers.testFlag(Qt::ControlModifier);
    const bool scrubs = !zooms && content_.scene.view.kind == GridKind::Scrub;
    if (!scrubs && !cloudSize(point).isEmpty()) {
        const double factor = std::pow(zoom_per_step, steps);
        turn([factor, now = content_.scene.camera](ViewState& view) {
            view.cloud.camera = dollied(now, factor);
        });
        return true;
    }
    if (zooms) {
        zoom(point, steps);
        return true;
    }
    return scrubs && scrub(steps);
}

bool GridGestures::key(int key, Qt::KeyboardModifiers modifiers) {
    const bool extends = modifiers == Qt::ShiftModifier;
    if (modifiers != Qt::NoModifier && !extends) {
        return false;
    }
    const auto arrow = [&](int columns, int rows) {
        if (!extends) {
            return movePinned(columns, rows);
        }
        return orbit(columns, -rows) || extendRegion(columns, rows);
    };
    switch (key) {
    case Qt::Key_Up:
        return arrow(0, -1);
    case Qt::Key_Down:
        return arrow(0, 1);
    case Qt::Key_Left:
        return arrow(-1, 0);
    case Qt::Key_Right:
        return arrow(1, 0);
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (!extends) {
            select({tokenToPin(), std::nullopt}, false);
        }
        return !extends;
    case Qt::Key_Escape:
        if (!extends) {
            select({}, false);
        }
        return !extends;
    default:
        return false;
    }
}

bool GridGestures::movePinned(int columns, int rows) {
    const std::optional<TokenPlace> pinned = content_.scene.view.selection.pinned;
    if (!pinned) {
        return false;
    }
    const Spot spot = spotOf(*pinned);
    const int along = pinned->is_group ? columns + rows : columns;
    const int column = std::clamp(spot.column + along, 0, pinned->columns - 1);
    const int row = std::clamp(spot.row + rows, 0, pinned->rows - 1);
    const int moved = row * pinned->columns + column;
    const TokenIndex token{static_cast<std::size_t>(moved)};
    select(
        {TokenPlace{token, pinned->rows, pinned->columns, pinned->is_group}, std::nullopt}, false);
    return true;
}

bool GridGestures::extendRegion(int columns, int rows) {
    Selection selection = content_.scene.view.selection;
    const std::optional<TokenPlace> anchor = anchorOf(selection);
    if (!anchor) {
        return false;
    }
    const Spot fixed = spotOf(*anchor);
    Spot corner = fixed;
    if (const auto& region = selection.region) {
        // The corner across from the anchor is the one that moves.
        corner.row = region->first_row == fixed.row ? region->last_row : region->first_row;
        corner.column =
            region->first_column == fixed.column ? region->last_column : region->first_column;
    }
    corner.row = std::clamp(corner.row + rows, 0, anchor->rows - 1);
    corner.column = std::clamp(corner.column + columns, 0, anchor->columns - 1);
    selection.region = regionOf(*anchor, fixed, corner);
    select(selection, false);
    return true;
}

std::optional<TokenPlace> GridGestures::tokenToPin() const {
    if (content_.hover) {
        return placeOf(*content_.hover);
    }
    for (const std::vector<GridCell>& row : content_.scene.cells) {
        const auto cell =
            std::find_if(row.begin(), row.end(), [](const GridCell& one) { return one.present; });
        if (cell != row.end()) {
            // A cloud's groups are in no order of places: the first.
            const int middle =
                cell->is_cloud ? 0 : cell->rows / 2 * cell->columns + cell->columns / 2;
            return TokenPlace{
                TokenIndex{static_cast<std::size_t>(middle)}, cell->rows, cell->columns,
                cell->is_cloud};
        }
    }
    return std::nullopt;
}

} // namespace vitreous
