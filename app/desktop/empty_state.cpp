#include "app/desktop/empty_state.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "app/desktop/icons.h"
#include "app/desktop/theme.h"

namespace vitreous {

EmptyState::EmptyState(QWidget* parent)
    : QWidget(parent), mark_(new QLabel), title_(new QLabel), text_(new QLabel),
      demo_(new QPushButton(tr("Open the demo"))) {
    setObjectName(QStringLiteral("empty"));
    setAttribute(Qt::WA_StyledBackground);
    mark_->setAlignment(Qt::AlignCenter);
    title_->setObjectName(QStringLiteral("emptyTitle"));
    title_->setAlignment(Qt::AlignCenter);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.6);
    title_->setFont(large);
    text_->setObjectName(QStringLiteral("emptyText"));
    text_->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    text_->setWordWrap(true);
    text_->setFixedWidth(440);

    auto* open = new QPushButton(tr("Open…"));
    open->setProperty("primary", true);
    connect(open, &QPushButton::clicked, this, &EmptyState::openRequested);
    connect(demo_, &QPushButton::clicked, this, &EmptyState::demoRequested);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(open);
    buttons->addWidget(demo_);
    buttons->addStretch(1);

    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(0);
    layout->addStretch(2);
    layout->addWidget(mark_);
    layout->addSpacing(24);
    layout->addWidget(title_);
    layout->addSpacing(8);
    // A broken label keeps its height for width only in a layout of its own.
    auto* middle = new QHBoxLayout;
    middle->addStretch(1);
    middle->addWidget(text_);
    middle->addStretch(1);
    layout->addLayout(middle);
    layout->addSpacing(24);
    layout->addLayout(buttons);
    layout->addStretch(3);
    setMissing(true, true);
}

void EmptyState::setMissing(bool models, bool inputs) {
    models_missing_ = models;
    if (models && inputs) {
        title_->setText(tr("Drop two checkpoints and a picture"));
        text_->setText(tr("Every layer of both models appears side by side: which tokens it cares "
                          "about, by magnitude, frequency and CLS attention. Files and folders, "
                          "in any order."));
    } else if (inputs) {
        title_->setText(tr("Now drop a picture"));
        text_->setText(tr("Or a folder of pictures. The maps of the models appear here, one row "
                          "a model, one column a layer."));
    } else {
        title_->setText(tr("Now drop a checkpoint"));
        text_->setText(tr("A ViT or ViT-LLaMA, as training left it: .pth, .pt, .bin, .ckpt, "
                          ".safetensors or a Hugging Face folder."));
    }
    demo_->setVisible(models && inputs);
    updateIcons();
}

void EmptyState::updateIcons() {
    mark_->setPixmap(iconPixmap(
        models_missing_ ? QStringLiteral("model") : QStringLiteral("picture"), currentTheme().faint,
        56, devicePixelRatioF()));
}

} // namespace vitreous
