#pragma once

#include <cstddef>
#include <vector>

namespace vitreous {

/// Where a video's frames lie along a strip: side by side, each as wide as any other. Positions
/// count the frames that are shown, from 0.
class TimelineScale {
public:
    /// Shows all of them.
    void setCount(std::size_t count);
    void setWidth(double width) { width_ = width; }

    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] double width() const { return width_; }
    /// Of one frame.
    [[nodiscard]] double slot() const;
    /// The left edge of a frame's place, the right one of the frame before it.
    [[nodiscard]] double edgeOf(double position) const { return (position - first_) * slot(); }
    [[nodiscard]] double middleOf(std::size_t position) const;
    /// The frame at a place, the nearest one beyond the ends. count() has to be over 0.
    [[nodiscard]] std::size_t at(double x) const;

    /// How many are seen, and the first one of them; both may end within a frame.
    [[nodiscard]] double shown() const { return shown_; }
    [[nodiscard]] double first() const { return first_; }
    /// Shows fewer (factor over 1) or more of them, with what is at x staying there.
    void zoom(double factor, double x);
    /// Shows others, so many places further on.
    void scroll(double places);
    /// Scrolls so far that a frame is seen, some way from the ends. Returns false where nothing
    /// moves.
    bool reveal(std::size_t position);

    /// The frames that thumbnails of a width show, from the left; each stands for an equal part.
    [[nodiscard]] std::vector<std::size_t> thumbnails(double thumbnail_width) const;

private:
    void setShown(double first, double shown);

    std::size_t count_ = 0;
    double width_ = 0.0;
    double first_ = 0.0;
    double shown_ = 0.0;
};

/// A time in seconds between two labels of a scale: 1, 2 or 5 times a power of ten, at least so
/// much.
double roundStep(double least_secs);

} // namespace vitreous
