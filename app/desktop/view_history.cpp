#include "app/desktop/view_history.h"

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
QString titleOf(const ViewState& before, const ViewState& after) {
    if (before.map != after.map) {
        return Text::tr("Map");
    }
    if (before.head != after.head) {
        return Text::tr("Head");
    }
    if (before.tap != after.tap) {
        return Text::tr("Layer");
    }
    if (before.sampling != after.sampling) {
        return Text::tr("Sampling");
    }
    if (before.colormap != after.colormap) {
        return Text::tr("Colours");
    }
    if (before.range != after.range) {
        return Text::tr("Range");
    }
    return before.opacity != after.opacity ? Text::tr("Opacity") : Text::tr("Selection");
}

class ViewStep final : public QUndoCommand {
public:
    ViewStep(
        const std::function<void(const ViewState&)>& apply,
        const ViewState& before,
        const ViewState& after,
        ViewChange change)
        : QUndoCommand(titleOf(before, after)), apply_(apply), before_(before), after_(after),
          change_(change) {}

    [[nodiscard]] int id() const override { return 1; }
    void undo() override { apply_(before_); }
    // The stack calls it for a new step too, whose view is on already.
    void redo() override {
        if (is_done_) {
            apply_(after_);
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
    const std::function<void(const ViewState&)>& apply_;
    ViewState before_;
    ViewState after_;
    ViewChange change_;
    bool is_done_ = false;
};

} // namespace

ViewHistory::ViewHistory(std::function<void(const ViewState&)> apply) : apply_(std::move(apply)) {
    steps_.setUndoLimit(1000);
}

void ViewHistory::add(const ViewState& before, const ViewState& after, ViewChange change) {
    auto step = std::make_unique<ViewStep>(apply_, before, after, change);
    steps_.push(step.release());
}

} // namespace vitreous
