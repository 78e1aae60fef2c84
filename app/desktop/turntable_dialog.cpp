#include "app/desktop/turntable_dialog.h"

#include <cmath>

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace vitreous {

TurntableDialog::TurntableDialog(QWidget* parent)
    : QDialog(parent), seconds_(new QDoubleSpinBox), rate_(new QSpinBox), width_(new QSpinBox) {
    setWindowTitle(tr("Export Turntable"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 16);
    layout->setSpacing(16);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    layout->addLayout(form);
    const auto add = [form](const QString& label, QWidget* field) {
        field->setAccessibleName(label);
        form->addRow(label, field);
    };
    seconds_->setRange(1.0, 120.0);
    seconds_->setDecimals(1);
    seconds_->setValue(6.0);
    seconds_->setSuffix(tr(" s"));
    add(tr("One turn takes"), seconds_);
    rate_->setRange(5, 60);
    rate_->setValue(30);
    rate_->setSuffix(tr(" frames a second"));
    add(tr("Rate"), rate_);
    width_->setRange(320, 3840);
    width_->setSingleStep(160);
    width_->setValue(1280);
    width_->setSuffix(tr(" px"));
    add(tr("Width"), width_);
    auto* hint = new QLabel(
        tr("All clouds of the view turn once about their up axis, with labels and colour bar, as "
           "an H.264 video."));
    hint->setWordWrap(true);
    hint->setMinimumWidth(320);
    layout->addWidget(hint);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto* go_on = buttons->addButton(tr("&Export…"), QDialogButtonBox::AcceptRole);
    go_on->setDefault(true);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

TurntableOptions TurntableDialog::options() const {
    TurntableOptions options;
    options.frames_per_second = rate_->value();
    options.frames = int(std::lround(seconds_->value() * rate_->value()));
    options.width = width_->value();
    return options;
}

} // namespace vitreous
