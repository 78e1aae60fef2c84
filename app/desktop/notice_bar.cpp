#include "app/desktop/notice_bar.h"

#include <QApplication>

#include "app/desktop/failure.h"
#include "app/desktop/icons.h"
#include "app/desktop/theme.h"

namespace vitreous {

NoticeBar::NoticeBar(QWidget* parent)
    : QWidget(parent), actions_(new QHBoxLayout), icon_(new QLabel), text_(new QLabel),
      close_(new QToolButton) {
    setObjectName(QStringLiteral("notice"));
    setAttribute(Qt::WA_StyledBackground);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 8, 8, 8);
    layout->setSpacing(8);
    text_->setWordWrap(true);
    text_->setTextFormat(Qt::PlainText);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    close_->setToolTip(tr("Close"));
    close_->setAccessibleName(tr("Close the message"));
    close_->setFocusPolicy(Qt::TabFocus);
    connect(close_, &QToolButton::clicked, this, &NoticeBar::close);
    layout->addWidget(icon_);
    layout->addWidget(text_, 1);
    actions_->setSpacing(8);
    layout->addLayout(actions_);
    layout->addWidget(close_);
    hide();
}

void NoticeBar::say(const QString& text, bool is_error) {
    setActions({});
    is_error_ = is_error;
    text_->setText(asSentence(text));
    setAccessibleName(text);
    updateIcons();
    show();
}

void NoticeBar::ask(const QString& text, const std::vector<NoticeAction>& actions) {
    say(text, false);
    setActions(actions);
}

void NoticeBar::close() {
    if (parentWidget() != nullptr && isAncestorOf(QApplication::focusWidget())) {
        // Else it would go to whatever control comes next.
        parentWidget()->setFocus();
    }
    hide();
    Q_EMIT closed();
}

void NoticeBar::setActions(const std::vector<NoticeAction>& actions) {
    while (const QLayoutItem* item = actions_->takeAt(0)) {
        // An answer may bring the next question while it is at work.
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    for (const NoticeAction& action : actions) {
        auto* button = new QPushButton(action.text);
        button->setAccessibleName(QString(action.text).remove(u'&'));
        connect(button, &QPushButton::clicked, this, [this, act = action.act] {
            const auto now = act;
            close();
            now();
        });
        actions_->addWidget(button);
        button->show();
    }
}

void NoticeBar::updateIcons() {
    const Theme& theme = currentTheme();
    icon_->setPixmap(iconPixmap(
        is_error_ ? QStringLiteral("warning") : QStringLiteral("info"),
        is_error_ ? theme.error : theme.accent, 16, devicePixelRatioF()));
    close_->setIcon(themedIcon(QStringLiteral("close")));
}

} // namespace vitreous
