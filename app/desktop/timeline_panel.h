#pragma once

#include <map>
#include <optional>
#include <vector>

#include <QDockWidget>
#include <QElapsedTimer>
#include <QTimer>

#include "app/desktop/frame_thumbnails.h"
#include "app/desktop/session.h"
#include "widgets/playback.h"
#include "widgets/timeline.h"

namespace vitreous {

/// The current video's frames along the bottom of the window, and what plays them. Only there where
/// the current input is a video.
class TimelinePanel final : public QDockWidget {
    Q_OBJECT

public:
    TimelinePanel(Session& session, QWidget* parent);

    [[nodiscard]] Timeline& timeline() { return *timeline_; }
    /// All that is known is shown, thumbnails too.
    [[nodiscard]] bool isSettled() const { return !read_soon_.isActive() && !thumbnails_.isBusy(); }
    /// Icons in the current theme's colours.
    void updateIcons();
    /// Shows or hides the panel as the input and the user have it.
    void updateShown();

private:
    /// A video as it is read.
    struct Film {
        InputId input;
        std::filesystem::path path;
        std::uint64_t reading = 0;

        friend bool operator==(const Film&, const Film&) = default;
    };

    void connectTimeline();
    /// Another video, other frames of it, or better known times.
    void readVideo();
    /// Playing goes on from the frame that is looked at.
    void startClock();
    [[nodiscard]] double nowSecs() const { return double(now_.nsecsElapsed()) * 1e-9; }
    void readComputed();
    void readFrame();
    void readPlaying();
    void requestThumbnails(const std::vector<std::size_t>& positions);
    void goTo(std::size_t position, ViewChange change);
    /// Shows the frame whose time has come, the last one before it that has maps.
    void play();
    [[nodiscard]] std::size_t position() const;

    Session& session_;
    Timeline* timeline_;
    FrameThumbnails thumbnails_;
    std::optional<PlaybackClock> clock_; ///< while playing
    std::size_t played_ = 0;             ///< the position that it shows
    double played_speed_ = 1.0;          ///< that the clock goes by
    bool played_loops_ = false;
    QElapsedTimer now_;
    QTimer ticks_;
    QTimer read_soon_;
    std::optional<Film> film_; ///< that is shown
    double aspect_ = 1.0;
    std::vector<FrameIndex> frames_;
    std::vector<double> times_secs_;
    std::map<FrameIndex, QImage> pictures_; ///< thumbnails of the video so far
    bool is_wanted_ = true;                 ///< by the user
};

} // namespace vitreous
