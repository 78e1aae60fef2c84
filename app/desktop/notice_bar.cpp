#include "app/desktop/notice_bar.h"

#include <QHBoxLayout>

#include "app/desktop/failure.h"
#include "app/desktop/icons.h"
#include "app/desktop/theme.h"

namespace vitreous {

NoticeBar::NoticeBar(QWidget* parent)
    : QWidget(parent), icon_(new QLabel), text_(new QLabel), close_(new QToolButton) {
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
    connect(close_, &QToolButton::clicked, this, &QWidget::hide);
    layout->addWidget(icon_);
    layout->addWidget(text_, 1);
    layout->addWidget(close_);
    hide();
}

void NoticeBar::say(const QString& text, bool is_error) {
    is_error_ = is_error;
    text_->setText(asSentence(text));
    setAccessibleName(text);
    updateIcons();
    show();
}

void NoticeBar::updateIcons() {
    const Theme& theme = currentTheme();
    icon_->setPixmap(iconPixmap(
        is_error_ ? QStringLiteral("warning") : QStringLiteral("info"),
        is_error_ ? theme.error : theme.accent, 16, devicePixelRatioF()));
    close_->setIcon(themedIcon(QStringLiteral("close")));
}

} // namespace vitreous
