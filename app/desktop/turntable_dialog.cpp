#include "app/desktop/turntable_dialog.h"

#include <cmath>

#include "app/desktop/form_dialog.h"

namespace vitreous {

TurntableDialog::TurntableDialog(QWidget* parent)
    : QDialog(parent), seconds_(new QDoubleSpinBox), rate_(new QSpinBox), width_(new QSpinBox) {
    QFormLayout* form = prepareForm(*this, tr("Export Turntable"));
    seconds_->setRange(1.0, 120.0);
    seconds_->setDecimals(1);
    seconds_->setValue(6.0);
    seconds_->setSuffix(tr(" s"));
    addField(*form, tr("One turn takes"), seconds_);
    rate_->setRange(5, 60);
    rate_->setValue(30);
    rate_->setSuffix(tr(" frames a second"));
    addField(*form, tr("Rate"), rate_);
    width_->setRange(320, 3840);
    width_->setSingleStep(160);
    width_->setValue(1280);
    width_->setSuffix(tr(" px"));
    addField(*form, tr("Width"), width_);
    addHint(
        *this, tr("All clouds of the view turn once about their up axis, with labels and colour "
                  "bar, as an H.264 video."));
    addExportButtons(*this);
}

TurntableOptions TurntableDialog::options() const {
    TurntableOptions options;
    options.frames_per_second = rate_->value();
    options.frames = int(std::lround(seconds_->value() * rate_->value()));
    options.width = width_->value();
    return options;
}

} // namespace vitreous
