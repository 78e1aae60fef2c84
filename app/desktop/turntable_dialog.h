#pragma once

#include <QDialog>
#include <QDoubleSpinBox>
#include <QSpinBox>

#include "widgets/turntable.h"

namespace vitreous {

/// Asks how a turntable is to be: how long it takes, how smooth and how wide it is.
class TurntableDialog final : public QDialog {
    Q_OBJECT

public:
    explicit TurntableDialog(QWidget* parent);

    /// What the fields say, without a caption.
    [[nodiscard]] TurntableOptions options() const;

private:
    QDoubleSpinBox* seconds_;
    QSpinBox* rate_;
    QSpinBox* width_;
};

} // namespace vitreous
