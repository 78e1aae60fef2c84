#include "app/desktop/view_history.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <QCoreApplication>
#include <QUndoCommand>

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ViewHistory)
};

/// What a change is about, for "Undo ..."; of several things the first.
QString titleOf(const Shown& from, const Shown& to) {
    const ViewState& before = from.view;
    const ViewState& after = to.view;
    const std::array<std::pair<bool, QString>, 21> titles = {{
        {from.input != to.input, Text::tr("Input")},
        {before.kind != after.kind, Text::tr("View")},
        {before.map != after.map, Text::tr("Map")},
        {before.head != after.head, Text::tr("Head")},
        {before.query != after.query, Text::tr("Query")},
        {before.tap != after.tap, Text::tr("Layer")},
        {before.sampling != after.sampling, Text::tr("Sampling")},
        {before.overlay != after.overlay, Text::tr("Overlay")},
        {before.colormap != after.colormap, Text::tr("Colours")},
        {before.range != after.range || before.percentiles != after.percentiles ||
             before.fixed != after.fixed || before.video.joint != after.video.joint,
         Text::tr("Range")},
        {before.threshold != after.threshold || before.video.low_level != after.video.low_level ||
             before.video.high_level != after.video.high_level,
         Text::tr("Threshold")},
        {before.opacity != after.opacity, Text::tr("Opacity")},
        {before.viewport != after.viewport, Text::tr("Zoom")},
        {before.cloud.camera != after.cloud.camera, Text::tr("Camera")},
        {before.cloud != after.cloud, Text::tr("Point Cloud")},
        {before.video.frames_apart != after.video.frames_apart, Text::tr("Centring")},
        {before.video.columns != after.video.columns, Text::tr("Filmstrip")},
        {before.video.every != after.video.every || before.video.windows != after.video.windows,
         Text::tr("Choice of Frames")},
        {before.video.frame != after.video.frame, Text::tr("Frame")},
        {before.video.loops != after.video.loops, Text::tr("Loop")},
        {before.video.speed != after.video.speed, Text::tr("Speed")},
    }};
    const auto found =
        std::find_if(titles.begin(), titles.end(), [](const auto& title) { return title.first; });
    return found != titles.end() ? found->second : Text::tr("Selection");
}

class ViewStep final : public QUndoCommand {
public:
    ViewStep(
        const ViewHistory::Apply& apply,
        const Shown& before,
        const Shown& after,
        ViewChange change)
        : QUndoCommand(titleOf(before, after)), apply_(apply), before_(before), after_(after),
          change_(change) {}

    [[nodiscard]] int id() const override { return 1; }
    void undo() override { apply_(after_, before_); }
    // The stack calls it for a new step too, whose view is on already.
    void redo() override {
        if (is_done_) {
            apply_(before_, after_);
        }
        is_done_ = true;
    }
    bool mergeWith(const QUndoCommand* other) override {
        const auto* next = static_cast<const ViewStep*>(other);
        if (next->change_ != ViewChange::Continued || next->text() != text()) {
            return false;
        }
        after_ = next->after_;
        setObsolete(before_ == after_);
        return true;
    }

private:
    const ViewHistory::Apply& apply_;
    Shown before_;
    Shown after_;
    ViewChange change_;
    bool is_done_ = false;
};

} // namespace

ViewHistory::ViewHistory(Apply apply) : apply_(std::move(apply)) {
    steps_.setUndoLimit(1000);
}

void ViewHistory::add(const Shown& before, const Shown& after, ViewChange change) {
    auto step = std::make_unique<ViewStep>(apply_, before, after, change);
    steps_.push(step.release());
}

} // namespace vitreous
