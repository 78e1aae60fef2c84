#include "app/desktop/video_actions.h"

#include <algorithm>
#include <array>

namespace vitreous {
namespace {

constexpr std::array playing_ids = {"video.play", "video.next", "video.previous", "video.loop"};
constexpr std::array every_ids = {
    "video.every_1", "video.every_2", "video.every_5", "video.every_10", "video.every_25"};
constexpr std::array clip_ids = {"video.whole", "video.windows"};
constexpr std::array range_ids = {"video.range_joint", "video.range_frame"};
constexpr std::array centring_ids = {"video.centre_joint", "video.centre_frame"};

} // namespace

FrameIndex steppedFrame(const Session& session, int steps) {
    const std::vector<FrameIndex>& frames = session.videoWork().frames();
    if (frames.empty()) {
        return session.frame();
    }
    const auto behind = std::upper_bound(frames.begin(), frames.end(), session.frame());
    const std::int64_t place = std::max<std::int64_t>(0, behind - frames.begin() - 1);
    const auto count = std::int64_t(frames.size());
    std::int64_t next = place + steps;
    next = session.view().video.loops ? (next % count + count) % count
                                      : std::clamp<std::int64_t>(next, 0, count - 1);
    return frames[std::size_t(next)];
}

VideoActions::VideoActions(Session& session, const Actions& actions, QObject* parent)
    : QObject(parent), session_(session), actions_(actions) {
    connect(actions_["video.play"], &QAction::triggered, this, [this](bool is_on) {
        session_.setPlaying(is_on);
    });
    connect(actions_["video.loop"], &QAction::triggered, this, [this](bool is_on) {
        ViewState view = session_.view();
        view.video.loops = is_on;
        session_.setView(view);
    });
    const auto step = [this](int steps) {
        session_.setPlaying(false);
        session_.setFrame(steppedFrame(session_, steps), ViewChange::Continued);
    };
    connect(actions_["video.next"], &QAction::triggered, this, [step] { step(1); });
    connect(actions_["video.previous"], &QAction::triggered, this, [step] { step(-1); });
    choose("video.every_1", &VideoView::every, 1);
    choose("video.every_2", &VideoView::every, 2);
    choose("video.every_5", &VideoView::every, 5);
    choose("video.every_10", &VideoView::every, 10);
    choose("video.every_25", &VideoView::every, 25);
    choose("video.whole", &VideoView::windows, false);
    choose("video.windows", &VideoView::windows, true);
    choose("video.range_joint", &VideoView::joint, true);
    choose("video.range_frame", &VideoView::joint, false);
    choose("video.centre_joint", &VideoView::frames_apart, false);
    choose("video.centre_frame", &VideoView::frames_apart, true);
    connect(&session_, &Session::viewChanged, this, &VideoActions::readState);
    connect(&session_, &Session::rowsChanged, this, &VideoActions::readState);
    connect(&session_, &Session::currentInputChanged, this, &VideoActions::readState);
    connect(&session_, &Session::playingChanged, this, &VideoActions::readState);
    readState();
}

template <typename Value>
void VideoActions::choose(const char* id, Value VideoView::*member, Value value) {
    choices_.push_back(
        {id, [member, value](const VideoView& video) { return video.*member == value; }});
    connect(actions_[id], &QAction::triggered, this, [this, member, value] {
        ViewState view = session_.view();
        view.video.*member = value;
        session_.setView(view);
    });
}

void VideoActions::fill(QMenu* menu) const {
    const auto add = [this, menu](const auto& ids) {
        for (const char* id : ids) {
            menu->addAction(actions_[id]);
        }
    };
    add(playing_ids);
    menu->addSeparator();
    add(every_ids);
    menu->addSeparator();
    add(clip_ids);
    menu->addSeparator();
    add(range_ids);
    menu->addSeparator();
    add(centring_ids);
}

void VideoActions::readState() {
    const bool is_video = session_.video() != nullptr;
    const auto enable = [this](const auto& ids, bool is_enabled) {
        for (const char* id : ids) {
            actions_[id]->setEnabled(is_enabled);
        }
    };
    bool has_clip_models = false;
    for (const ModelItem& item : session_.models().items()) {
        has_clip_models = has_clip_models || (item.state == ModelItem::State::Ready &&
                                              item.loaded.summary->frames > 0);
    }
    enable(playing_ids, is_video);
    enable(every_ids, is_video);
    enable(range_ids, is_video);
    enable(clip_ids, is_video && has_clip_models);
    enable(centring_ids, is_video && has_clip_models);
    actions_["kind.filmstrip"]->setEnabled(is_video);
    for (const Choice& choice : choices_) {
        actions_[choice.id]->setChecked(choice.is_chosen(session_.view().video));
    }
    actions_["video.play"]->setChecked(session_.isPlaying());
    actions_["video.loop"]->setChecked(session_.view().video.loops);
}

} // namespace vitreous
