#pragma once

#include <QLabel>
#include <QProgressBar>
#include <QStatusBar>
#include <QToolButton>

#include "app/desktop/actions.h"
#include "app/desktop/session.h"

namespace vitreous {

/// The line at the bottom: the token under the pointer, the work at hand with its cancel button,
/// the times of the forward passes.
class StatusLine final : public QStatusBar {
    Q_OBJECT

public:
    StatusLine(Session& session, const Actions& actions, QWidget* parent);

    /// Leaves out how long things took, which is never twice the same.
    void hideTimes() { times_->hide(); }
    /// What the pointer is over; empty: nothing, then the note shows.
    void setHover(const QString& text);
    /// What is being done, with a way to cancel it; empty: nothing.
    void showProgress(const QString& text, double fraction);
    /// A quiet remark that stays.
    void setNote(const QString& text);
    [[nodiscard]] QString text() const { return text_->text(); }

private:
    void showTimes();

    Session& session_;
    QString hover_;
    QString note_;
    QLabel* text_;
    QLabel* work_;
    QProgressBar* bar_;
    QToolButton* cancel_;
    QLabel* times_;
};

} // namespace vitreous
