#include "app/desktop/model_options_dialog.h"

#include <QDialogButtonBox>
#include <QIntValidator>
#include <QVBoxLayout>

namespace vitreous {
namespace {

std::optional<int> numberIn(const QLineEdit* field) {
    bool is_number = false;
    const int number = field->text().toInt(&is_number);
    return is_number && number > 0 ? std::optional(number) : std::nullopt;
}

} // namespace

ModelOptionsDialog::ModelOptionsDialog(const ModelItem& item, QWidget* parent)
    : QDialog(parent), spec_(item.spec), form_(new QFormLayout), label_(new QLineEdit) {
    setWindowTitle(tr("Model Options"));
    const ModelSummary found = item.loaded.summary ? *item.loaded.summary : ModelSummary();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 16);
    layout->setSpacing(16);
    auto* intro = new QLabel(tr(
        "What the file cannot tell. Empty fields are left to it, and guessed where it is silent."));
    intro->setWordWrap(true);
    layout->addWidget(intro);
    form_->setHorizontalSpacing(16);
    form_->setVerticalSpacing(8);
    layout->addLayout(form_);
    label_->setText(QString::fromStdString(item.spec.label));
    form_->addRow(tr("&Label"), label_);
    heads_ = addNumber(tr("&Heads"), item.spec.heads, found.heads);
    llm_heads_ = addNumber(tr("LLM h&eads"), item.spec.llm_heads, found.llm_heads);
    size_ = addNumber(tr("Input &side in pixels"), item.spec.size, found.input_width);
    buildStates(item);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
    setMinimumWidth(400);
}

QLineEdit*
ModelOptionsDialog::addNumber(const QString& label, std::optional<int> value, int found) {
    auto* field = new QLineEdit(value ? QString::number(*value) : QString());
    field->setValidator(new QIntValidator(1, 65536, field));
    if (found > 0) {
        field->setPlaceholderText(QString::number(found));
    }
    form_->addRow(label, field);
    field->setAccessibleName(QString(label).remove(u'&'));
    return field;
}

void ModelOptionsDialog::buildStates(const ModelItem& item) {
    if (!item.loaded.summary || item.loaded.summary->state_keys.size() < 2) {
        return;
    }
    state_ = new QComboBox;
    for (const std::string& key : item.loaded.summary->state_keys) {
        state_->addItem(
            key.empty() ? tr("top level") : QString::fromStdString(key),
            QString::fromStdString(key));
        if (key == item.loaded.summary->state_key) {
            state_->setCurrentIndex(state_->count() - 1);
        }
    }
    form_->addRow(tr("State &dictionary"), state_);
}

ModelSpec ModelOptionsDialog::spec() const {
    ModelSpec spec = spec_;
    if (const QString label = label_->text().trimmed(); !label.isEmpty()) {
        spec.label = label.toStdString();
    }
    spec.heads = numberIn(heads_);
    spec.llm_heads = numberIn(llm_heads_);
    spec.size = numberIn(size_);
    if (state_ != nullptr && state_->currentIndex() >= 0) {
        const std::string chosen = state_->currentData().toString().toStdString();
        if (!spec.state.empty() || state_->currentIndex() != 0) {
            spec.state = chosen;
        }
    }
    return spec;
}

} // namespace vitreous
