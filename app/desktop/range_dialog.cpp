#include "app/desktop/range_dialog.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace vitreous {

RangeDialog::RangeDialog(const ViewState& view, const ValueRange& shown, QWidget* parent)
    : QDialog(parent), is_percentile_(view.range == RangeMode::Percentile), form_(new QFormLayout),
      buttons_(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel)) {
    setWindowTitle(tr("Range and Threshold"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 16);
    layout->setSpacing(16);
    form_->setHorizontalSpacing(16);
    form_->setVerticalSpacing(8);
    layout->addLayout(form_);
    const ValueRange& now = is_percentile_                   ? view.percentiles
                            : view.range == RangeMode::Fixed ? view.fixed
                                                             : shown;
    low_ = addField(is_percentile_ ? tr("Lower percentile") : tr("Low"), now.low);
    high_ = addField(is_percentile_ ? tr("Upper percentile") : tr("High"), now.high);
    threshold_ = addField(tr("Threshold, 0 to 1 of the range"), view.threshold);
    auto* hint = new QLabel(
        is_percentile_ ? tr("Percentiles from 0 to 100, the lower one first. Tokens below the "
                            "threshold show the picture alone.")
                       : tr("The low number first. Other numbers hold for all maps. Tokens below "
                            "the threshold show the picture alone."));
    hint->setWordWrap(true);
    hint->setMinimumWidth(320);
    layout->addWidget(hint);
    layout->addWidget(buttons_);
    connect(buttons_, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons_, &QDialogButtonBox::rejected, this, &QDialog::reject);
    low_->selectAll();
    low_->setFocus();
    check();
}

QLineEdit* RangeDialog::addField(const QString& label, double value) {
    auto* field = new QLineEdit(QString::number(value, 'g', 7));
    field->setAccessibleName(label);
    form_->addRow(label, field);
    connect(field, &QLineEdit::textEdited, this, &RangeDialog::check);
    return field;
}

std::optional<ValueRange> RangeDialog::numbers() const {
    bool is_low = false;
    bool is_high = false;
    const ValueRange range{low_->text().toDouble(&is_low), high_->text().toDouble(&is_high)};
    const bool fits = !is_percentile_ || (range.low >= 0.0 && range.high <= 100.0);
    return is_low && is_high && fits && isUsable(range) ? std::optional(range) : std::nullopt;
}

std::optional<double> RangeDialog::threshold() const {
    bool is_number = false;
    const double value = threshold_->text().toDouble(&is_number);
    return is_number && value >= 0.0 && value <= 1.0 ? std::optional(value) : std::nullopt;
}

void RangeDialog::check() {
    const bool is_touched = low_->isModified() || high_->isModified();
    const bool is_right = threshold() && (!is_touched || numbers());
    buttons_->button(QDialogButtonBox::Ok)->setEnabled(is_right);
}

void RangeDialog::apply(ViewState& view) const {
    if (const auto value = threshold(); value && threshold_->isModified()) {
        view.threshold = *value;
    }
    const auto range = numbers();
    if (!range || !(low_->isModified() || high_->isModified())) {
        return;
    }
    if (is_percentile_) {
        view.range = RangeMode::Percentile;
        view.percentiles = *range;
    } else {
        view.range = RangeMode::Fixed;
        view.fixed = *range;
    }
}

} // namespace vitreous
