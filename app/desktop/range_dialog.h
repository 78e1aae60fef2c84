#pragma once

#include <optional>

#include <QDialog>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>

#include "widgets/view_state.h"

namespace vitreous {

/// Asks for the two numbers of RangeMode::Percentile or RangeMode::Fixed, and for the threshold.
class RangeDialog final : public QDialog {
    Q_OBJECT

public:
    /// shown: the range that the maps have now, for a view without numbers of its own.
    RangeDialog(const ViewState& view, const ValueRange& shown, QWidget* parent);

    /// Gives the view what the fields say. A range that was not touched stays as it is.
    void apply(ViewState& view) const;

private:
    QLineEdit* addField(const QString& label, double value);
    [[nodiscard]] std::optional<ValueRange> numbers() const;
    [[nodiscard]] std::optional<double> threshold() const;
    void check();

    bool is_percentile_;
    QFormLayout* form_;
    QLineEdit* low_ = nullptr;
    QLineEdit* high_ = nullptr;
    QLineEdit* threshold_ = nullptr;
    QDialogButtonBox* buttons_;
};

} // namespace vitreous
