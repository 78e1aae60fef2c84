#include "app/desktop/range_dialog.h"

#include <cmath>

#include <QFormLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace vitreous {

RangeDialog::RangeDialog(const ViewState& view, QWidget* parent)
    : QDialog(parent), view_(view), low_(new QLineEdit), high_(new QLineEdit), problem_(new QLabel),
      buttons_(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel)) {
    if (view_.range != RangeMode::Percentile) {
        view_.range = RangeMode::Fixed;
    }
    setWindowTitle(isPercentile() ? tr("Percentiles of Each Map") : tr("Fixed Range"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 16);
    layout->setSpacing(16);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    const ValueRange& now = isPercentile() ? view_.percentiles : view_.fixed;
    const auto addField = [form](const QString& label, QLineEdit* field, double value) {
        field->setText(QString::number(value, 'g', 7));
        field->setAccessibleName(label);
        form->addRow(label, field);
    };
    addField(isPercentile() ? tr("Lower percentile") : tr("Low"), low_, now.low);
    addField(isPercentile() ? tr("Upper percentile") : tr("High"), high_, now.high);
    layout->addLayout(form);
    problem_->setWordWrap(true);
    problem_->setMinimumWidth(280);
    layout->addWidget(problem_);
    layout->addWidget(buttons_);
    connect(buttons_, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons_, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(low_, &QLineEdit::textChanged, this, &RangeDialog::check);
    connect(high_, &QLineEdit::textChanged, this, &RangeDialog::check);
    check();
}

std::optional<ValueRange> RangeDialog::numbers() const {
    bool is_low = false;
    bool is_high = false;
    const ValueRange range{low_->text().toDouble(&is_low), high_->text().toDouble(&is_high)};
    const bool is_finite = std::isfinite(range.low) && std::isfinite(range.high);
    if (!is_low || !is_high || !is_finite || range.low >= range.high) {
        return std::nullopt;
    }
    if (isPercentile() && (range.low < 0.0 || range.high > 100.0)) {
        return std::nullopt;
    }
    return range;
}

void RangeDialog::check() {
    const bool is_right = numbers().has_value();
    buttons_->button(QDialogButtonBox::Ok)->setEnabled(is_right);
    const QString expected = isPercentile()
                                 ? tr("Two numbers from 0 to 100, the smaller one first.")
                                 : tr("Two numbers, the smaller one first.");
    problem_->setText(expected);
}

ViewState RangeDialog::view() const {
    ViewState view = view_;
    if (const auto range = numbers()) {
        (isPercentile() ? view.percentiles : view.fixed) = *range;
    }
    return view;
}

} // namespace vitreous
