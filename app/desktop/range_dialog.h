#pragma once

#include <optional>

#include <QDialog>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>

#include "widgets/view_state.h"

namespace vitreous {

/// Asks for the two numbers of RangeMode::Percentile or RangeMode::Fixed, and for the threshold; of
/// a filmstrip for its two thresholds and how many frames it has.
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
    [[nodiscard]] static std::optional<double> partOfRange(const QLineEdit& field);
    [[nodiscard]] bool areThresholdsRight() const;
    void addThresholds(const ViewState& view);
    void check();

    bool is_percentile_;
    QFormLayout* form_;
    QLineEdit* low_ = nullptr;
    QLineEdit* high_ = nullptr;
    QLineEdit* threshold_ = nullptr;  ///< null for a filmstrip
    QLineEdit* low_level_ = nullptr;  ///< of a filmstrip; else null
    QLineEdit* high_level_ = nullptr; ///< of a filmstrip; else null
    QSpinBox* columns_ = nullptr;     ///< of a filmstrip; else null
    QDialogButtonBox* buttons_;
};

} // namespace vitreous
