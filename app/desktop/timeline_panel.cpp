#include "app/desktop/timeline_panel.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <QScopedValueRollback>

#include "app/desktop/icons.h"
#include "app/desktop/video_actions.h"

namespace vitreous {
namespace {

/// Of thumbnails, in pixels: sharp on screens of twice the density.
constexpr int thumbnail_height = 96;
/// Thumbnails that are kept for when the timeline is laid out anew.
constexpr std::size_t most_pictures = 512;
/// Between two looks at the clock while a video plays.
constexpr int tick_ms = 8;
/// Times that differ by less are the same to the eye.
constexpr double same_time_secs = 0.002;

bool areSame(const std::vector<double>& a, const std::vector<double>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double one, double other) {
        return std::abs(one - other) < same_time_secs;
    });
}

} // namespace

TimelinePanel::TimelinePanel(Session& session, QWidget* parent)
    : QDockWidget(tr("Timeline"), parent), session_(session), timeline_(new Timeline) {
    setObjectName(QStringLiteral("timelinePanel"));
    setFeatures(QDockWidget::NoDockWidgetFeatures);
    // A strip needs no title; the View menu hides it.
    setTitleBarWidget(new QWidget(this));
    setWidget(timeline_);
    now_.start();
    ticks_.setTimerType(Qt::PreciseTimer);
    ticks_.setInterval(tick_ms);
    connect(&ticks_, &QTimer::timeout, this, &TimelinePanel::play);
    connect(toggleViewAction(), &QAction::triggered, this, [this](bool is_shown) {
        is_wanted_ = is_shown;
        updateShown();
    });
    // One pass over the event loop may bring several changes, each over all frames.
    read_soon_.setSingleShot(true);
    read_soon_.setInterval(0);
    connect(&read_soon_, &QTimer::timeout, this, &TimelinePanel::readVideo);
    const auto soon = [this] { read_soon_.start(); };
    connect(&session_, &Session::videoChanged, this, soon);
    connect(&session_, &Session::rowsChanged, this, soon);
    connect(&session_, &Session::currentInputChanged, this, &TimelinePanel::readVideo);
    connect(&session_, &Session::viewChanged, this, [this] {
        readFrame();
        readPlaying();
    });
    connect(&session_, &Session::playingChanged, this, &TimelinePanel::readPlaying);
    connect(
        &thumbnails_, &FrameThumbnails::ready, this,
        [this](FrameIndex frame, const QImage& picture) {
            pictures_[frame] = picture;
            const auto place = std::lower_bound(frames_.begin(), frames_.end(), frame);
            if (place != frames_.end() && *place == frame) {
                timeline_->setThumbnail(std::size_t(place - frames_.begin()), picture);
            }
        });
    connectTimeline();
    updateIcons();
    readVideo();
    readPlaying();
}

void TimelinePanel::connectTimeline() {
    connect(timeline_, &Timeline::currentRequested, this, [this](std::size_t position) {
        goTo(position, ViewChange::Continued);
    });
    connect(timeline_, &Timeline::stepRequested, this, [this](int steps) {
        session_.setPlaying(false);
        session_.setFrame(steppedFrame(session_, steps), ViewChange::Continued);
    });
    connect(timeline_, &Timeline::playRequested, &session_, &Session::setPlaying);
    const auto edit = [this](auto member, auto value) {
        ViewState view = session_.view();
        view.video.*member = value;
        session_.setView(view);
    };
    connect(timeline_, &Timeline::loopRequested, this, [edit](bool loops) {
        edit(&VideoView::loops, loops);
    });
    connect(timeline_, &Timeline::speedRequested, this, [edit](double speed) {
        edit(&VideoView::speed, speed);
    });
    connect(timeline_, &Timeline::thumbnailsWanted, this, &TimelinePanel::requestThumbnails);
}

void TimelinePanel::updateIcons() {
    timeline_->setIcons(themedIcon);
}

void TimelinePanel::updateShown() {
    const bool is_video = session_.video() != nullptr;
    toggleViewAction()->setEnabled(is_video);
    setVisible(is_video && is_wanted_);
    const QSignalBlocker blocker(toggleViewAction());
    toggleViewAction()->setChecked(is_wanted_);
}

void TimelinePanel::readVideo() {
    read_soon_.stop();
    const InputItem* item = session_.video();
    updateShown();
    if (item == nullptr) {
        film_.reset();
        frames_.clear();
        times_secs_.clear();
        pictures_.clear();
        thumbnails_.cancel();
        return;
    }
    const VideoWork& work = session_.videoWork();
    const Film film{item->id, item->path, work.target() ? work.target()->reading : 0};
    const bool is_read_anew = film_ != film;
    const bool is_other_input = !film_ || film_->input != film.input;
    if (is_read_anew) {
        film_ = film;
        pictures_.clear();
        thumbnails_.cancel();
    }
    const std::vector<FrameIndex>& frames = work.frames();
    std::vector<double> times = session_.timesOf(frames);
    const double aspect =
        double(std::max(1, item->video->width)) / double(std::max(1, item->video->height));
    if (is_other_input || frames != frames_ || aspect != aspect_) {
        frames_ = frames;
        times_secs_ = std::move(times);
        aspect_ = aspect;
        timeline_->setVideo(times_secs_, work.loss(), aspect);
        if (clock_) {
            startClock();
        }
    } else {
        if (!areSame(times, times_secs_)) {
            times_secs_ = std::move(times);
            timeline_->setTimes(times_secs_);
            if (clock_) {
                clock_->setTimes(times_secs_, nowSecs());
            }
        }
        timeline_->setLoss(work.loss());
        if (is_read_anew) {
            timeline_->forgetThumbnails();
        }
    }
    std::vector<std::size_t> numbers;
    std::transform(
        frames_.begin(), frames_.end(), std::back_inserter(numbers),
        [](FrameIndex frame) { return frame.value; });
    timeline_->setFrameNumbers(
        std::move(numbers), std::size_t(std::max<std::int64_t>(0, item->video->frames)));
    timeline_->setEnd(item->video->duration_secs);
    readComputed();
    readFrame();
}

void TimelinePanel::readComputed() {
    std::vector<bool> computed;
    computed.reserve(frames_.size());
    for (const FrameIndex frame : frames_) {
        computed.push_back(session_.videoWork().isComputed(frame));
    }
    timeline_->setComputed(std::move(computed));
}

std::size_t TimelinePanel::position() const {
    const auto behind = std::upper_bound(frames_.begin(), frames_.end(), session_.frame());
    return behind == frames_.begin() ? 0 : std::size_t(behind - frames_.begin()) - 1;
}

void TimelinePanel::readFrame() {
    if (frames_.empty()) {
        return;
    }
    timeline_->setCurrent(position());
    if (clock_ && position() != played_) {
        // Who jumps elsewhere, by whatever way, plays on from there.
        played_ = position();
        clock_->seek(played_, nowSecs());
    }
}

void TimelinePanel::readPlaying() {
    const VideoView& view = session_.view().video;
    timeline_->setPlaying(session_.isPlaying());
    timeline_->setLoop(view.loops);
    timeline_->setSpeed(view.speed);
    if (session_.isPlaying() && !clock_ && read_soon_.isActive()) {
        readVideo();
    }
    if (!session_.isPlaying() || frames_.empty()) {
        ticks_.stop();
        clock_.reset();
        return;
    }
    if (!clock_) {
        // At its end a video begins again.
        if (position() + 1 == frames_.size() && !view.loops) {
            session_.playFrame(frames_.front());
        }
        startClock();
        ticks_.start();
        return;
    }
    if (played_speed_ != view.speed || played_loops_ != view.loops) {
        clock_->setSpeed(view.speed, nowSecs());
        clock_->setLoop(view.loops, nowSecs());
        played_speed_ = view.speed;
        played_loops_ = view.loops;
    }
}

void TimelinePanel::startClock() {
    played_speed_ = session_.view().video.speed;
    played_loops_ = session_.view().video.loops;
    played_ = position();
    clock_.emplace(times_secs_, played_, played_speed_, played_loops_, nowSecs());
}

void TimelinePanel::play() {
    if (!clock_ || frames_.empty()) {
        return;
    }
    const PlaybackClock::Due due = clock_->at(nowSecs());
    const VideoWork& work = session_.videoWork();
    const std::size_t before = position();
    if (due.position != before) {
        const auto next = [this](std::size_t place) { return (place + 1) % frames_.size(); };
        const bool waits = work.target() && !work.target()->models.empty() &&
                           !work.isShowable(frames_[due.position]) &&
                           (work.isBusy() || work.isShowable(frames_[next(before)]));
        if (waits) {
            // What is not computed yet is waited for, as a film is that is still being loaded.
            std::size_t ready = before;
            while (ready != due.position && work.isShowable(frames_[next(ready)])) {
                ready = next(ready);
            }
            played_ = ready;
            clock_->seek(ready, nowSecs());
            session_.playFrame(frames_[ready]);
            return;
        }
        played_ = due.position;
        session_.playFrame(frames_[due.position]);
    }
    if (due.has_ended) {
        session_.setPlaying(false);
    }
}

void TimelinePanel::goTo(std::size_t position, ViewChange change) {
    if (position < frames_.size()) {
        session_.setFrame(frames_[position], change);
    }
}

void TimelinePanel::requestThumbnails(const std::vector<std::size_t>& positions) {
    const InputItem* item = session_.video();
    std::vector<FrameIndex> missing;
    for (const std::size_t position : positions) {
        if (position >= frames_.size()) {
            continue;
        }
        const auto known = pictures_.find(frames_[position]);
        if (known != pictures_.end()) {
            timeline_->setThumbnail(position, known->second);
        } else {
            missing.push_back(frames_[position]);
        }
    }
    if (pictures_.size() > most_pictures) {
        // Those that are wanted now come with this request.
        pictures_.clear();
    }
    if (item != nullptr && film_ && !missing.empty()) {
        thumbnails_.request(item->path, film_->reading, std::move(missing), thumbnail_height);
    }
}

} // namespace vitreous
