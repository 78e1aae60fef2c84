#pragma once

#include <functional>
#include <vector>

#include <QMenu>
#include <QObject>

#include "app/desktop/actions.h"
#include "app/desktop/session.h"

namespace vitreous {

/// What the window's commands do with videos: playing, which frames are analysed, how ranges and
/// means are taken over them.
class VideoActions final : public QObject {
    Q_OBJECT

public:
    VideoActions(Session& session, const Actions& actions, QObject* parent);

    /// Adds the commands to a menu.
    void fill(QMenu* menu) const;

private:
    struct Choice {
        const char* id;
        std::function<bool(const VideoView&)> is_chosen;
    };

    template <typename Value>
    void choose(const char* id, Value VideoView::*member, Value value);
    void readState();

    Session& session_;
    const Actions& actions_;
    std::vector<Choice> choices_;
};

/// The frame some steps on among those that are shown, the first or last one at most; wraps around
/// where the video loops.
FrameIndex steppedFrame(const Session& session, int steps);

} // namespace vitreous
