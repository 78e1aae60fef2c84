#include "app/desktop/form_dialog.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace vitreous {

QFormLayout* prepareForm(QDialog& dialog, const QString& title) {
    dialog.setWindowTitle(title);
    auto* layout = new QVBoxLayout(&dialog);
    layout->setContentsMargins(24, 24, 24, 16);
    layout->setSpacing(16);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    layout->addLayout(form);
    return form;
}

void addField(QFormLayout& form, const QString& label, QWidget* field) {
    field->setAccessibleName(label);
    form.addRow(label, field);
}

QLabel* addHint(QDialog& dialog, const QString& text) {
    constexpr int width = 340;
    auto* hint = new QLabel(text);
    hint->setWordWrap(true);
    hint->setMinimumWidth(width);
    dialog.layout()->addWidget(hint);
    return hint;
}

void addExportButtons(QDialog& dialog) {
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto* go_on = buttons->addButton(QDialog::tr("&Export…"), QDialogButtonBox::AcceptRole);
    go_on->setDefault(true);
    dialog.layout()->addWidget(buttons);
    QObject::connect(buttons, &QDialogButtonBox::accepted, &dialog, &QDialog::accept);
    QObject::connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
}

} // namespace vitreous
