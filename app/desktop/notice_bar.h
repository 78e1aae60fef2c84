#pragma once

#include <functional>
#include <vector>

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QWidget>

namespace vitreous {

/// An answer that a notice offers.
struct NoticeAction {
    QString text;
    std::function<void()> act;
};

/// A line above the grid that says what cannot be said beside an item; stays until it is closed.
class NoticeBar final : public QWidget {
    Q_OBJECT

public:
    explicit NoticeBar(QWidget* parent = nullptr);

    void say(const QString& text, bool is_error);
    /// Says something that may be answered; each answer closes the line, then acts.
    void ask(const QString& text, const std::vector<NoticeAction>& actions);
    [[nodiscard]] QString text() const { return text_->text(); }
    void updateIcons();

Q_SIGNALS:
    /// Answered, or closed without an answer.
    void closed();

private:
    void close();
    void setActions(const std::vector<NoticeAction>& actions);

    QHBoxLayout* actions_;
    QLabel* icon_;
    QLabel* text_;
    QToolButton* close_;
    bool is_error_ = false;
};

} // namespace vitreous
