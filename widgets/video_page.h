#pragma once

#include <memory>
#include <vector>

#include <QImage>
#include <QSize>

#include "widgets/grid_scene.h"

namespace vitreous {

/// What a page shows of a frame.
enum class PageLayout {
    Map,     ///< each model's map alone
    Overlay, ///< each model's map over the frame
    Side     ///< the frame, then each model's map, in one row
};

/// How the pages of a video look.
struct VideoPageOptions {
    PageLayout layout = PageLayout::Overlay;
    int width = 0; ///< in pixels, 192 to 4096; 0: 480 to each picture, at most 1920
};

/// Paints the frames of a video, a page each: every model's map with the labels, the colour bar and
/// the time. All pages have the first one's size.
class VideoPage {
public:
    /// rows: the models with their results of a first frame, each with the tap that the page shows
    /// as its last, and their extents where view.video.joint is to hold over all frames. view: map,
    /// head, range, colours; what kind of grid it is does not matter. Throws Error{Usage}: a width
    /// out of range, a page that no video holds.
    VideoPage(std::vector<GridRow> rows, const ViewState& view, const VideoPageOptions& options);

    /// Both sides even.
    [[nodiscard]] QSize size() const { return size_; }
    /// A frame's page. results: one a row. Any number of threads may call it.
    [[nodiscard]] QImage paint(
        const std::vector<std::shared_ptr<const AnalysisResult>>& results,
        FrameIndex frame,
        double time_secs) const;

private:
    [[nodiscard]] GridScene sceneOf(
        const std::vector<std::shared_ptr<const AnalysisResult>>& results) const;

    std::vector<GridRow> rows_;
    ViewState view_;
    VideoPageOptions options_;
    QSize size_;
};

} // namespace vitreous
