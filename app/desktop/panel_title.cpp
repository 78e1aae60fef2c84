#include "app/desktop/panel_title.h"

#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>

#include "app/desktop/icons.h"

namespace vitreous {
namespace {

QFont titleFont(QFont font) {
    font.setPointSizeF(font.pointSizeF() * 0.92);
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

PanelTitle::PanelTitle(const QString& title, QDockWidget* dock) : close_(new QToolButton) {
    setObjectName(QStringLiteral("panelTitle"));
    setAttribute(Qt::WA_StyledBackground);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 6, 8, 2);
    auto* label = new QLabel(title);
    label->setFont(titleFont(dock->font()));
    layout->addWidget(label, 1);
    close_->setToolTip(tr("Hide this panel"));
    close_->setAccessibleName(tr("Hide the panel %1").arg(title));
    close_->setIconSize({12, 12});
    close_->setFocusPolicy(Qt::TabFocus);
    connect(close_, &QToolButton::clicked, dock, &QDockWidget::close);
    layout->addWidget(close_);
    updateIcons();
}

void PanelTitle::updateIcons() {
    close_->setIcon(themedIcon(QStringLiteral("close")));
}

} // namespace vitreous
