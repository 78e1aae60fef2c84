#include "app/desktop/video_export_dialog.h"

#include <algorithm>
#include <cmath>

#include "app/desktop/form_dialog.h"

namespace vitreous {
namespace {

/// Of a page, in pixels; what is below stands for 480 to each picture.
constexpr int least_width = 192;
constexpr int most_width = 4096;

} // namespace

VideoExportDialog::VideoExportDialog(const VideoLook& look, double rate, QWidget* parent)
    : QDialog(parent), look_(look), kind_(new QComboBox), layout_(new QComboBox),
      width_(new QSpinBox), rate_(new QDoubleSpinBox) {
    QFormLayout* form = prepareForm(*this, tr("Export Video"));
    kind_->addItem(tr("H.264 video (.mp4)"), int(Kind::Video));
    kind_->addItem(tr("Folder of pictures (.png)"), int(Kind::Pictures));
    kind_->addItem(tr("Arrays of all layers (.npz)"), int(Kind::Arrays));
    addField(*form, tr("Write"), kind_);
    layout_->addItem(tr("Maps over the frames"), int(PageLayout::Overlay));
    layout_->addItem(tr("Maps alone"), int(PageLayout::Map));
    layout_->addItem(tr("Frame, then maps, side by side"), int(PageLayout::Side));
    addField(*form, tr("Pages show"), layout_);
    width_->setRange(least_width - 64, most_width);
    width_->setSingleStep(64);
    width_->setSpecialValueText(tr("480 px a picture"));
    width_->setValue(width_->minimum());
    width_->setSuffix(tr(" px"));
    addField(*form, tr("Width"), width_);
    rate_->setRange(0.0, 240.0);
    rate_->setDecimals(3);
    rate_->setSpecialValueText(tr("as in the video"));
    rate_->setValue(0.0);
    rate_->setSuffix(tr(" frames a second"));
    rate_->setToolTip(tr("The video shows about %1 of these frames a second").arg(rate, 0, 'g', 4));
    addField(*form, tr("Rate"), rate_);
    hint_ = addHint(*this, {});
    addExportButtons(*this);
    connect(kind_, &QComboBox::currentIndexChanged, this, &VideoExportDialog::showKind);
    showKind();
}

VideoExportDialog::Kind VideoExportDialog::kind() const {
    return Kind(kind_->currentData().toInt());
}

void VideoExportDialog::showKind() {
    const bool has_pages = kind() != Kind::Arrays;
    layout_->setEnabled(has_pages);
    width_->setEnabled(has_pages);
    rate_->setEnabled(kind() == Kind::Video);
    const QString range = rangeText();
    const QString attention =
        look_.map == MapKind::ClsAttention
            ? tr(" Attention is from CLS, or the mean query of a model without it.")
            : QString();
    hint_->setText(
        has_pages ? tr("All models at the layer that is shown, with labels, time and colour bar; "
                       "the view’s map, head, colours, opacity and threshold, the maps %1.")
                            .arg(range) +
                        attention
                  : tr("Every layer's magnitude, frequency and attention in every frame, one file "
                       "a model, as numpy.load reads them."));
}

QString VideoExportDialog::rangeText() const {
    switch (look_.range) {
    case VideoRange::Fixed:
        return tr("on the view’s fixed range");
    case VideoRange::Percentiles:
        return tr("each between two percentiles of its frame");
    case VideoRange::Joint:
        return look_.is_shared ? tr("on one range for all models over all frames")
                               : tr("each on its range over all frames");
    case VideoRange::Frame:
        break;
    }
    return look_.is_shared ? tr("of a frame on one range for all models")
                           : tr("each on its frame’s own range");
}

void VideoExportDialog::apply(VideoLook& look) const {
    look.layout = PageLayout(layout_->currentData().toInt());
    look.width = width_->value() >= least_width ? width_->value() : 0;
    look.rate.reset();
    if (rate_->value() > 0.0) {
        look.rate = std::max(0.1, rate_->value());
    }
}

} // namespace vitreous
