#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "widgets/grid_scene.h"
#include "widgets/grid_style.h"
#include "widgets/scene/timing_table.h"

class QPainter;
class QSize;

namespace vitreous {

/// What the canvas measures of itself, in milliseconds of wall time.
struct CanvasTimes {
    std::optional<double> upload_ms; ///< the newest maps and pictures to the GPU
    std::optional<double> paint_ms;  ///< median of the newest frames
};

/// The newest frames' times.
class FrameTimes {
public:
    void add(double time_ms);
    void clear() { times_ms_.clear(); }
    [[nodiscard]] std::size_t count() const { return times_ms_.size(); }
    /// Of the newest 30; nothing where there is none.
    [[nodiscard]] std::optional<double> median() const;

private:
    std::deque<double> times_ms_;
};

/// The timing display's content. Stages that nobody measured are left out.
TimingTable timingTable(const std::vector<GridRow>& models, const CanvasTimes& canvas);

/// Paints the timings at the top right of a surface.
void paintTimings(
    QPainter& painter,
    const TimingTable& table,
    const GridStyle& style,
    const QSize& surface);

} // namespace vitreous
