#include "widgets/grid_layout.h"

#include <algorithm>
#include <cmath>

#include "widgets/map_window.h"

namespace vitreous {
namespace {

/// Of the text's width beside the colour bar, below which the bar has its own line.
constexpr double least_legend_steps = 12.0;
/// How much larger the cells have to become for one more break in the row of layers.
constexpr double worth_a_band = 1.2;

/// A way to break the columns into bands, and what it leads to.
struct Arrangement {
    std::size_t bands = 0;
    std::size_t per_band = 0;
    double side = 0.0;
    std::vector<int> head_lines; ///< of each band
    int foot_lines = 0;
};

bool hasMaps(const GridScene& scene, std::size_t row) {
    return scene.rows[row].result != nullptr;
}

/// Places the parts of one scene.
class Arranger {
public:
    Arranger(const GridScene& scene, const GridMetrics& metrics, double width)
        : scene_(scene), metrics_(metrics), width_(width) {
        for (std::size_t row = 0; row < scene.rows.size(); ++row) {
            (hasMaps(scene, row) ? map_rows_ : message_rows_) += 1;
        }
        is_beside_ = scene.overlay == Overlay::SideBySide;
        aspect_ = firstAspect();
        left_ = metrics.margin + metrics.row_head;
        left_ += metrics.row_head > 0.0 ? metrics.step : 0.0;
        legend_room_ = std::max(1.0, width - metrics.margin - left_);
        const double beside = legend_room_ - metrics.bar_width - 2.0 * metrics.step;
        // What is cut off beside the bar is whole above it.
        const double least = std::max(least_legend_steps * metrics.step, metrics.legend_text);
        has_bar_below_ = metrics.bar_width > 0.0 && beside < least;
        if (metrics.legend > 0.0) {
            legend_ = metrics.legend + 2.0 * metrics.step;
            legend_ += has_bar_below_ ? metrics.step + metrics.legend_bar : 0.0;
        }
    }

    [[nodiscard]] Arrangement arrange(std::optional<double> height) const;
    [[nodiscard]] GridLayout place(const Arrangement& arrangement) const;

private:
    [[nodiscard]] double firstAspect() const;
    [[nodiscard]] Arrangement candidate(std::size_t bands, std::optional<double> height) const;
    [[nodiscard]] double sideFor(const Arrangement& arrangement, std::optional<double> height)
        const;
    [[nodiscard]] double headHeight(int lines) const;
    void breakHeads(Arrangement& arrangement) const;
    void addFeet(Arrangement& arrangement, std::optional<double> height) const;
    [[nodiscard]] Arrangement tall() const;
    double placeBand(
        GridLayout& layout,
        const Arrangement& arrangement,
        std::size_t band,
        double top) const;
    void placeCells(
        GridLayout& layout,
        const Arrangement& arrangement,
        std::size_t row,
        std::size_t band,
        double top) const;
    void placeLegend(GridLayout& layout) const;
    void placeMap(CellPlace& place, const GridCell& cell) const;

    const GridScene& scene_;
    const GridMetrics& metrics_;
    double width_;
    bool is_beside_ = false; ///< the picture lies beside each map
    double aspect_ = 1.0;    ///< a cell's width over its height
    double left_ = 0.0;
    double legend_ = 0.0;      ///< height with the space below it
    double legend_room_ = 0.0; ///< width
    bool has_bar_below_ = false;
    std::size_t map_rows_ = 0;
    std::size_t message_rows_ = 0;
};

double Arranger::firstAspect() const {
    for (const std::vector<GridCell>& row : scene_.cells) {
        for (const GridCell& cell : row) {
            if (cell.present) {
                const double aspect = aspectOf(cell);
                return is_beside_ ? 2.0 * aspect : aspect;
            }
        }
    }
    return 1.0;
}

double Arranger::headHeight(int lines) const {
    return metrics_.head_line * lines + metrics_.step / 2.0;
}

void Arranger::breakHeads(Arrangement& arrangement) const {
    for (std::size_t column = 0; column < metrics_.heads.size(); ++column) {
        const HeadWidths& head = metrics_.heads[column];
        const bool is_too_long =
            head.on_one_line > arrangement.side && head.on_two_lines < head.on_one_line;
        if (head.has_two_lines || is_too_long) {
            arrangement.head_lines[column / arrangement.per_band] = 2;
        }
    }
}

double Arranger::sideFor(const Arrangement& arrangement, std::optional<double> height) const {
    const auto across = static_cast<double>(arrangement.per_band);
    double side = (width_ - left_ - metrics_.margin - (across - 1.0) * metrics_.gap) / across;
    if (height) {
        const auto bands = static_cast<double>(arrangement.bands);
        const auto rows = static_cast<double>(map_rows_);
        const double foot = arrangement.foot_lines * metrics_.foot_line;
        double fixed = 2.0 * metrics_.margin + legend_ + (bands - 1.0) * 2.0 * metrics_.step;
        fixed += static_cast<double>(message_rows_) * (metrics_.message_row + metrics_.gap);
        fixed += bands * rows * (foot + metrics_.gap);
        for (const int lines : arrangement.head_lines) {
            fixed += headHeight(lines);
        }
        side = std::min(side, (*height - fixed) / (bands * rows) * aspect_);
    }
    return std::floor(std::min(side, metrics_.cell_max));
}

void Arranger::addFeet(Arrangement& arrangement, std::optional<double> height) const {
    for (const int lines : {1, 2}) {
        const double wanted = lines == 1 ? metrics_.foot_width : metrics_.foot_stacked;
        Arrangement footed = arrangement;
        footed.foot_lines = lines;
        footed.side = sideFor(footed, height);
        if (wanted > 0.0 && footed.side >= wanted) {
            arrangement = footed;
            return;
        }
    }
}

Arrangement Arranger::candidate(std::size_t bands, std::optional<double> height) const {
    Arrangement found;
    found.per_band = (scene_.columns.size() + bands - 1) / bands;
    found.bands = (scene_.columns.size() + found.per_band - 1) / found.per_band;
    found.head_lines.assign(found.bands, 1);
    found.side = sideFor(found, height);
    breakHeads(found);
    found.side = sideFor(found, height);
    if (metrics_.foot_line > 0.0) {
        addFeet(found, height);
    }
    return found;
}

Arrangement Arranger::tall() const {
    Arrangement found = candidate(1, std::nullopt);
    for (std::size_t bands = 2; bands <= scene_.columns.size(); ++bands) {
        if (found.side >= std::max(metrics_.cell_comfortable, metrics_.foot_stacked)) {
            break;
        }
        found = candidate(bands, std::nullopt);
    }
    found.side = std::max(found.side, 1.0);
    return found;
}

Arrangement Arranger::arrange(std::optional<double> height) const {
    if (scene_.columns.empty() || map_rows_ == 0) {
        return {};
    }
    if (!height) {
        return tall();
    }
    Arrangement best;
    for (std::size_t bands = 1; bands <= scene_.columns.size(); ++bands) {
        const Arrangement found = candidate(bands, height);
        const bool is_first = best.side < metrics_.cell_min;
        if (found.side > best.side * (is_first ? 1.0 : worth_a_band)) {
            best = found;
        }
    }
    return best.side >= metrics_.cell_min ? best : tall();
}

void Arranger::placeMap(CellPlace& place, const GridCell& cell) const {
    if (!cell.present) {
        return;
    }
    const QRectF& box = place.box;
    const double room = is_beside_ ? std::floor((box.width() - metrics_.gap) / 2.0) : box.width();
    const double aspect = aspectOf(cell);
    double width = room;
    double height = width / aspect;
    if (height > box.height()) {
        height = box.height();
        width = height * aspect;
    }
    width = std::max(1.0, std::round(width));
    height = std::max(1.0, std::round(height));
    const double top = box.top() + std::floor((box.height() - height) / 2.0);
    double left = box.left() + std::floor((room - width) / 2.0);
    if (is_beside_) {
        place.picture = QRectF(left, top, width, height);
        left += room + metrics_.gap;
    }
    place.map = QRectF(left, top, width, height);
    // A point cloud is seen through its camera.
    const Viewport viewport = cell.is_cloud ? Viewport{} : scene_.view.viewport;
    const MapWindow window(viewport, place.map.size());
    place.whole = QRectF(place.map.topLeft() - window.offset, window.whole);
}

void Arranger::placeCells(
    GridLayout& layout,
    const Arrangement& arrangement,
    std::size_t row,
    std::size_t band,
    double top) const {
    const std::size_t first = band * arrangement.per_band;
    const std::size_t last = std::min(first + arrangement.per_band, scene_.columns.size());
    const double height = std::max(1.0, std::round(arrangement.side / aspect_));
    for (std::size_t column = first; column < last; ++column) {
        const double left =
            left_ + static_cast<double>(column - first) * (arrangement.side + metrics_.gap);
        CellPlace place;
        place.row = row;
        place.column = column;
        place.box = QRectF(left, top, arrangement.side, height);
        placeMap(place, scene_.cells[row][column]);
        if (arrangement.foot_lines > 0) {
            place.foot = QRectF(
                left, top + height, arrangement.side, arrangement.foot_lines * metrics_.foot_line);
        }
        layout.cells.push_back(place);
    }
}

double Arranger::placeBand(
    GridLayout& layout,
    const Arrangement& arrangement,
    std::size_t band,
    double top) const {
    if (arrangement.bands > 0) {
        const std::size_t first = band * arrangement.per_band;
        const std::size_t last = std::min(first + arrangement.per_band, scene_.columns.size());
        const int lines = arrangement.head_lines[band];
        const double height = metrics_.head_line * lines;
        for (std::size_t column = first; column < last; ++column) {
            const double left =
                left_ + static_cast<double>(column - first) * (arrangement.side + metrics_.gap);
            layout.column_heads.push_back(
                {column, QRectF(left, top, arrangement.side, height), lines});
        }
        top += headHeight(lines);
    }
    const double cell = std::max(1.0, std::round(arrangement.side / aspect_));
    const double foot = arrangement.foot_lines * metrics_.foot_line;
    for (std::size_t row = 0; row < scene_.rows.size(); ++row) {
        const bool has_maps = hasMaps(scene_, row) && arrangement.bands > 0;
        if (!has_maps && band > 0) {
            continue;
        }
        const double height = has_maps ? cell : metrics_.message_row;
        layout.row_heads.push_back({row, QRectF(metrics_.margin, top, metrics_.row_head, height)});
        if (has_maps) {
            placeCells(layout, arrangement, row, band, top);
            top += foot;
        } else {
            const double room = std::max(1.0, width_ - metrics_.margin - left_);
            layout.messages.push_back({row, QRectF(left_, top, room, height)});
        }
        top += height + metrics_.gap;
    }
    return top - metrics_.gap;
}

void Arranger::placeLegend(GridLayout& layout) const {
    layout.body_top = metrics_.margin;
    if (metrics_.legend <= 0.0) {
        return;
    }
    layout.legend = QRectF(left_, metrics_.margin, legend_room_, legend_ - 2.0 * metrics_.step);
    layout.legend_text = QRectF(layout.legend.topLeft(), QSizeF(legend_room_, metrics_.legend));
    layout.bar =
        QRectF(left_, metrics_.margin + metrics_.bar_top, metrics_.bar_width, metrics_.bar_height);
    if (has_bar_below_) {
        // A bar that is wider than the cells begins beside them.
        const double excess = std::max(0.0, metrics_.bar_width - legend_room_);
        layout.bar.moveLeft(std::max(metrics_.margin, left_ - excess));
        layout.bar.moveTop(layout.legend_text.bottom() + metrics_.step);
    } else if (metrics_.bar_width > 0.0) {
        layout.legend_text.setLeft(layout.bar.right() + 2.0 * metrics_.step);
    }
    layout.body_top += legend_ - metrics_.step;
}

GridLayout Arranger::place(const Arrangement& arrangement) const {
    GridLayout layout;
    layout.bands = arrangement.bands;
    layout.columns_per_band = arrangement.per_band;
    layout.side = arrangement.side;
    layout.foot_lines = arrangement.foot_lines;
    placeLegend(layout);
    double bottom = metrics_.margin + legend_;
    for (std::size_t band = 0; band < std::max<std::size_t>(1, arrangement.bands); ++band) {
        bottom =
            placeBand(layout, arrangement, band, band == 0 ? bottom : bottom + 2.0 * metrics_.step);
    }
    double right =
        left_ + static_cast<double>(arrangement.per_band) * (arrangement.side + metrics_.gap);
    right = std::max(right, layout.legend.isEmpty() ? 0.0 : left_ + metrics_.bar_width);
    layout.size = QSizeF(right + metrics_.margin, bottom + metrics_.margin);
    return layout;
}

} // namespace

double aspectOf(const GridCell& cell) {
    return cell.is_cloud ? 1.0 : static_cast<double>(cell.columns) / cell.rows;
}

GridLayout layoutGrid(
    const GridScene& scene,
    const GridMetrics& metrics,
    double width,
    std::optional<double> height) {
    if (scene.rows.empty()) {
        return {};
    }
    const Arranger arranger(scene, metrics, width);
    return arranger.place(arranger.arrange(height));
}

} // namespace vitreous
