#pragma once

#include <map>
#include <optional>
#include <vector>

#include <QImage>
#include <QPixmap>
#include <QTimer>
#include <QWidget>

#include "widgets/timeline_scale.h"

namespace vitreous {

/// The timeline's middle: thumbnails, under them which frames are computed and the times, over them
/// the playhead. A slider for the keyboard and for screen readers.
class TimelineStrip final : public QWidget {
    Q_OBJECT

public:
    explicit TimelineStrip(QWidget* parent = nullptr);

    /// aspect: of a frame, its width over its height.
    void setVideo(std::vector<double> times_secs, double aspect);
    /// Of the same frames, one a frame.
    void setTimes(std::vector<double> times_secs);
    void setThumbnail(std::size_t position, const QImage& thumbnail);
    void forgetThumbnails();
    /// One a frame.
    void setComputed(std::vector<bool> computed);
    void setCurrent(std::size_t position);

    [[nodiscard]] const std::vector<double>& times() const { return times_secs_; }
    [[nodiscard]] std::size_t current() const { return current_; }
    [[nodiscard]] const TimelineScale& scale() const { return scale_; }
    /// "Frame 12 of 60, 0.44 s".
    [[nodiscard]] QString textOf(std::size_t position) const;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void currentRequested(std::size_t position);
    void stepRequested(int frames);
    /// Play where it is paused, pause where it plays.
    void playToggled();
    void thumbnailsWanted(const std::vector<std::size_t>& positions);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void invalidate();
    /// Once the size or the zoom stays the same, tells which thumbnails are missing.
    void askForThumbnails();
    void requestAt(double x);
    void showToolTip(QPoint at);
    [[nodiscard]] const QImage* nearestThumbnail(std::size_t position) const;
    [[nodiscard]] QPixmap drawn() const;
    void paintThumbnails(QPainter& painter) const;
    void paintComputed(QPainter& painter) const;
    void paintTimes(QPainter& painter) const;
    void paintPlayhead(QPainter& painter) const;

    std::vector<double> times_secs_;
    double aspect_ = 1.0;
    std::size_t current_ = 0;
    std::vector<std::size_t> computed_before_; ///< how many are, of the frames before each
    std::map<std::size_t, QImage> thumbnails_;
    std::vector<std::size_t> wanted_; ///< that are seen
    TimelineScale scale_;
    QTimer asking_;
    QPixmap background_; ///< all but the playhead; null: to be drawn
    std::optional<double> hover_;
};

/// Tells screen readers of strips as sliders; to be called once.
void describeStripsForReaders();

} // namespace vitreous
