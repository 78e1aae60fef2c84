#pragma once

#include <QComboBox>
#include <QDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>

#include "app/desktop/model_list.h"

namespace vitreous {

/// Asks for what a checkpoint cannot tell. Empty fields are left to the file.
class ModelOptionsDialog final : public QDialog {
    Q_OBJECT

public:
    ModelOptionsDialog(const ModelItem& item, QWidget* parent);

    /// The spec that the fields come to.
    [[nodiscard]] ModelSpec spec() const;

private:
    QLineEdit* addNumber(const QString& label, std::optional<int> value, int found);
    void buildStates(const ModelItem& item);

    ModelSpec spec_;
    QFormLayout* form_;
    QLineEdit* label_;
    QLineEdit* heads_;
    QLineEdit* llm_heads_;
    QLineEdit* size_;
    QComboBox* state_ = nullptr;
};

} // namespace vitreous
