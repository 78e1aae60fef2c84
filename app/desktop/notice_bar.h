#pragma once

#include <QLabel>
#include <QToolButton>
#include <QWidget>

namespace vitreous {

/// A line above the grid that says what cannot be said beside an item; stays until it is closed.
class NoticeBar final : public QWidget {
    Q_OBJECT

public:
    explicit NoticeBar(QWidget* parent = nullptr);

    void say(const QString& text, bool is_error);
    [[nodiscard]] QString text() const { return text_->text(); }
    void updateIcons();

private:
    QLabel* icon_;
    QLabel* text_;
    QToolButton* close_;
    bool is_error_ = false;
};

} // namespace vitreous
