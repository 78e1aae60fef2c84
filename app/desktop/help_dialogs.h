#pragma once

class QWidget;

namespace vitreous {

void showShortcuts(QWidget* parent);
void showAbout(QWidget* parent);

} // namespace vitreous
