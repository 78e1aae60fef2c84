#pragma once

#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>

#include "widgets/view_state.h"

namespace vitreous {

/// Asks for the two numbers of RangeMode::Percentile or RangeMode::Fixed.
class RangeDialog final : public QDialog {
    Q_OBJECT

public:
    /// For the view's mode; any other asks for the numbers of a fixed range.
    RangeDialog(const ViewState& view, QWidget* parent);

    /// The view with what the fields say.
    [[nodiscard]] ViewState view() const;

private:
    [[nodiscard]] bool isPercentile() const { return view_.range == RangeMode::Percentile; }
    [[nodiscard]] std::optional<ValueRange> numbers() const;
    void check();

    ViewState view_;
    QLineEdit* low_;
    QLineEdit* high_;
    QLabel* problem_;
    QDialogButtonBox* buttons_;
};

} // namespace vitreous
