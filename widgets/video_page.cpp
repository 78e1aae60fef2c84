#include "widgets/video_page.h"

#include <algorithm>
#include <limits>

#include <QCoreApplication>
#include <QPainter>

#include "core/base/error.h"
#include "widgets/grid_canvas.h"

namespace vitreous {
namespace {

constexpr int dots_per_inch = 144;
constexpr int margin = 12; ///< in pixels, around what a figure has none around
constexpr int least_width = 192;
constexpr int most_width = 4096;
constexpr int most_height = 4096;
constexpr int picture_width = 480;
constexpr int comfortable_width = 1920;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(VideoPage)
};

int widthOf(const VideoPageOptions& options, std::size_t models) {
    if (options.width == 0) {
        const auto pictures =
            static_cast<int>(models) + (options.layout == PageLayout::Side ? 1 : 0);
        return std::min(comfortable_width, picture_width * pictures);
    }
    if (options.width < least_width || options.width > most_width) {
        throw Error(ErrorCode::Usage, "expected a video 192 to 4096 pixels wide");
    }
    return options.width;
}

/// Puts the frame itself before the maps.
void addInput(GridScene& scene) {
    if (scene.cells.empty() || scene.pictures.empty()) {
        return;
    }
    std::vector<GridCell>& cells = scene.cells.front();
    const auto map =
        std::find_if(cells.begin(), cells.end(), [](const GridCell& cell) { return cell.present; });
    if (map == cells.end()) {
        return;
    }
    GridCell input = *map;
    input.is_picture = true;
    std::fill(input.values.begin(), input.values.end(), std::numeric_limits<float>::quiet_NaN());
    cells.insert(cells.begin(), input);
    scene.columns.insert(scene.columns.begin(), {Text::tr("Input"), Text::tr("Input")});
}

} // namespace

VideoPage::VideoPage(
    std::vector<GridRow> rows,
    const ViewState& view,
    const VideoPageOptions& options)
    : rows_(std::move(rows)), view_(view), options_(options) {
    view_.kind = GridKind::Scrub;
    view_.tap.clear();
    view_.overlay = options.layout == PageLayout::Overlay ? Overlay::Blend : Overlay::Heat;
    options_.width = widthOf(options, rows_.size());
    std::vector<std::shared_ptr<const AnalysisResult>> results;
    for (const GridRow& row : rows_) {
        results.push_back(row.result);
    }
    size_ = paint(results, {}, 0.0).size();
}

GridScene VideoPage::sceneOf(
    const std::vector<std::shared_ptr<const AnalysisResult>>& results) const {
    std::vector<GridRow> rows = rows_;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].result = results[i];
    }
    GridScene scene = buildGridScene(std::move(rows), view_);
    if (options_.layout == PageLayout::Side) {
        addInput(scene);
    }
    return scene;
}

QImage VideoPage::paint(
    const std::vector<std::shared_ptr<const AnalysisResult>>& results,
    FrameIndex frame,
    double time_secs) const {
    FigureOptions figure;
    figure.png_dpi = dots_per_inch;
    figure.width_inch = static_cast<double>(options_.width - 2 * margin) / dots_per_inch;
    figure.caption =
        Text::tr("%1 s · frame %2").arg(time_secs, 0, 'f', 2).arg(qulonglong{frame.value} + 1);
    const QImage image = figureImage(sceneOf(results), figure);
    const auto even = [](int side) { return side + side % 2; };
    const QSize wanted =
        size_.isEmpty() ? QSize(even(image.width() + 2 * margin), even(image.height() + 2 * margin))
                        : size_;
    if (wanted.height() > most_height) {
        throw Error(
            ErrorCode::Usage, "a page of " + std::to_string(wanted.width()) + " x " +
                                  std::to_string(wanted.height()) +
                                  " pixels, expected at most 4096: take a smaller width");
    }
    QImage page(wanted, QImage::Format_RGB32);
    page.fill(Qt::white);
    QPainter(&page).drawImage(margin, margin, image);
    return page;
}

} // namespace vitreous
