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
    addThresholds(view);
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

void RangeDialog::addThresholds(const ViewState& view) {
    if (view.kind != GridKind::Filmstrip) {
        threshold_ = addField(tr("Threshold, 0 to 1 of the range"), view.threshold);
        return;
    }
    low_level_ = addField(tr("Low threshold, 0 to 1 of the range"), view.video.low_level);
    high_level_ = addField(tr("High threshold"), view.video.high_level);
    columns_ = new QSpinBox;
    columns_->setRange(1, most_film_columns);
    columns_->setValue(view.video.columns);
    columns_->setAccessibleName(tr("Frames"));
    form_->addRow(tr("Frames"), columns_);
}

std::optional<double> RangeDialog::partOfRange(const QLineEdit& field) {
    bool is_number = false;
    const double value = field.text().toDouble(&is_number);
    return is_number && value >= 0.0 && value <= 1.0 ? std::optional(value) : std::nullopt;
}

bool RangeDialog::areThresholdsRight() const {
    if (threshold_ != nullptr) {
        return partOfRange(*threshold_).has_value();
    }
    const auto low = partOfRange(*low_level_);
    const auto high = partOfRange(*high_level_);
    return low && high && *low <= *high;
}

void RangeDialog::check() {
    const bool is_touched = low_->isModified() || high_->isModified();
    const bool is_right = areThresholdsRight() && (!is_touched || numbers());
    buttons_->button(QDialogButtonBox::Ok)->setEnabled(is_right);
}

void RangeDialog::apply(ViewState& view) const {
    const auto take = [](const QLineEdit* field, double& value) {
        if (field != nullptr && field->isModified()) {
            value = partOfRange(*field).value_or(value);
        }
    };
    take(threshold_, view.threshold);
    take(low_level_, view.video.low_level);
    take(high_level_, view.video.high_level);
    if (columns_ != nullptr) {
        view.video.columns = columns_->value();
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
