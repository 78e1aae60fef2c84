#pragma once

#include <cstddef>
#include <vector>

namespace vitreous {

/// When the last frame of a video ends: it is shown as long as the one before it; a single frame
/// one second. times_secs: when each frame begins, ascending. 0 without frames.
double endOf(const std::vector<double>& times_secs);

/// The frame that is on at a time, by its place in times_secs; the first one before it begins.
std::size_t positionAt(const std::vector<double>& times_secs, double time_secs);

/// Says which frame of a playing video is due. Whatever time the frames take to show, those that
/// come too late are left out. Knows no timer: every call is told what time it is, in seconds from
/// whenever, never going back.
class PlaybackClock {
public:
    struct Due {
        std::size_t position = 0;
        bool has_ended = false;    ///< the last frame was shown for its time; never with loop
        double next_in_secs = 0.0; ///< until another one is due, or the end; 0 once it has ended

        friend bool operator==(const Due&, const Due&) = default;
    };

    /// Plays on from the beginning of a frame. times_secs: when each frame begins, ascending, at
    /// whatever distances; speed: over 0.
    PlaybackClock(
        std::vector<double> times_secs,
        std::size_t position,
        double speed,
        bool loop,
        double now_secs);

    [[nodiscard]] Due at(double now_secs) const;

    /// What is on stays on and goes on with the new speed.
    void setSpeed(double speed, double now_secs);
    /// Where it has ended, the last frame is shown once more before it begins again.
    void setLoop(bool loop, double now_secs);
    /// The same frames begin at other times; what is on stays on.
    void setTimes(std::vector<double> times_secs, double now_secs);
    /// Another frame is on.
    void seek(std::size_t position, double now_secs);

private:
    /// Where in the video it is, wrapped where it loops; not before the first frame.
    [[nodiscard]] double mediaTime(double now_secs) const;
    void anchor(double media_secs, double now_secs);

    std::vector<double> times_secs_;
    double speed_;
    bool loop_;
    double anchor_media_ = 0.0; ///< what was on
    double anchor_now_ = 0.0;   ///< when
};

} // namespace vitreous
