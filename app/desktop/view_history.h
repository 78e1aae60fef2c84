#pragma once

#include <functional>

#include <QUndoStack>

#include "widgets/view_state.h"

namespace vitreous {

/// How a change of the view counts for undo.
enum class ViewChange {
    Step,      ///< a step of its own
    Continued, ///< goes on with the step before it, as a slider that is dragged does
};

/// The changes of the view so far, each one step to undo and redo. The newest 1000 are kept.
class ViewHistory final {
public:
    /// apply: shows a view; called by undo and redo alone.
    explicit ViewHistory(std::function<void(const ViewState&)> apply);

    /// Tells that the view was changed, after it was.
    void add(const ViewState& before, const ViewState& after, ViewChange change);
    /// For the actions that undo and redo.
    [[nodiscard]] QUndoStack& steps() { return steps_; }

private:
    std::function<void(const ViewState&)> apply_;
    QUndoStack steps_;
};

} // namespace vitreous
