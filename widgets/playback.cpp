#include "widgets/playback.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vitreous {

double endOf(const std::vector<double>& times_secs) {
    if (times_secs.empty()) {
        return 0.0;
    }
    const double last = times_secs.back();
    return times_secs.size() == 1 ? last + 1.0 : 2.0 * last - times_secs[times_secs.size() - 2];
}

std::size_t positionAt(const std::vector<double>& times_secs, double time_secs) {
    const auto after = std::upper_bound(times_secs.begin(), times_secs.end(), time_secs);
    return after == times_secs.begin() ? 0
                                       : static_cast<std::size_t>(after - times_secs.begin()) - 1;
}

PlaybackClock::PlaybackClock(
    std::vector<double> times_secs,
    std::size_t position,
    double speed,
    bool loop,
    double now_secs)
    : times_secs_(std::move(times_secs)), speed_(speed), loop_(loop) {
    seek(position, now_secs);
}

double PlaybackClock::mediaTime(double now_secs) const {
    const double media = anchor_media_ + std::max(0.0, now_secs - anchor_now_) * speed_;
    if (!loop_ || times_secs_.empty()) {
        return media;
    }
    const double first = times_secs_.front();
    const double length = endOf(times_secs_) - first;
    return length > 0.0 ? first + std::fmod(media - first, length) : first;
}

PlaybackClock::Due PlaybackClock::at(double now_secs) const {
    if (times_secs_.empty()) {
        return {0, true, 0.0};
    }
    const double media = mediaTime(now_secs);
    const double end = endOf(times_secs_);
    if (!loop_ && media >= end) {
        return {times_secs_.size() - 1, true, 0.0};
    }
    // Frames of the same time: the last one of them.
    const std::size_t position = positionAt(times_secs_, media);
    const double next = position + 1 < times_secs_.size() ? times_secs_[position + 1] : end;
    return {position, false, std::max(0.0, next - media) / speed_};
}

void PlaybackClock::setSpeed(double speed, double now_secs) {
    anchor(mediaTime(now_secs), now_secs);
    speed_ = speed;
}

void PlaybackClock::setLoop(bool loop, double now_secs) {
    if (loop && at(now_secs).has_ended && !times_secs_.empty()) {
        seek(times_secs_.size() - 1, now_secs);
    } else {
        anchor(mediaTime(now_secs), now_secs);
    }
    loop_ = loop;
}

void PlaybackClock::setTimes(std::vector<double> times_secs, double now_secs) {
    const Due due = at(now_secs);
    const double since =
        times_secs_.empty() ? 0.0 : mediaTime(now_secs) - times_secs_[due.position];
    times_secs_ = std::move(times_secs);
    seek(due.position, now_secs);
    anchor_media_ += since;
}

void PlaybackClock::seek(std::size_t position, double now_secs) {
    anchor(
        times_secs_.empty() ? 0.0 : times_secs_[std::min(position, times_secs_.size() - 1)],
        now_secs);
}

void PlaybackClock::anchor(double media_secs, double now_secs) {
    anchor_media_ = media_secs;
    anchor_now_ = now_secs;
}

} // namespace vitreous
