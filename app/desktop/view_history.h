#pragma once

#include <functional>
#include <optional>

#include <QUndoStack>

#include "app/desktop/ids.h"
#include "widgets/view_state.h"

namespace vitreous {

/// How a change of the view counts for undo.
enum class ViewChange {
    Step,      ///< a step of its own
    Continued, ///< goes on with the step before it, as a slider that is dragged does
};

/// What is shown, and how.
struct Shown {
    ViewState view;
    std::optional<InputId> input;

    friend bool operator==(const Shown&, const Shown&) = default;
};

/// The changes of the view and of the current input so far, each one step to undo and redo. The
/// newest 1000 are kept.
class ViewHistory final {
public:
    /// Brings that which differs between a step's two ends to its other end.
    using Apply = std::function<void(const Shown& from, const Shown& to)>;

    /// apply: called by undo and redo alone.
    explicit ViewHistory(Apply apply);

    /// Tells that what is shown was changed, after it was.
    void add(const Shown& before, const Shown& after, ViewChange change);
    /// For the actions that undo and redo.
    [[nodiscard]] QUndoStack& steps() { return steps_; }

private:
    Apply apply_;
    QUndoStack steps_;
};

} // namespace vitreous
