#include "app/desktop/view_bar.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QPainter>
#include <QSignalBlocker>
#include <QToolButton>

#include "app/desktop/icons.h"
#include "app/desktop/segments.h"

namespace vitreous {
namespace {

/// A colour map as a strip.
QIcon swatch(Colormap colormap) {
    constexpr int width = 40;
    constexpr int height = 12;
    constexpr int ratio = 2;
    QPixmap pixmap(width * ratio, height * ratio);
    QPainter painter(&pixmap);
    const ColorTable& table = colorTable(colormap);
    for (int x = 0; x < pixmap.width(); ++x) {
        const auto& color = table[std::size_t(x * 255 / (pixmap.width() - 1))];
        painter.fillRect(x, 0, 1, pixmap.height(), QColor(color[0], color[1], color[2]));
    }
    painter.end();
    pixmap.setDevicePixelRatio(ratio);
    return QIcon(pixmap);
}

} // namespace

ViewBar::ViewBar(Session& session, const Actions& actions, QWidget* parent)
    : QToolBar(tr("View"), parent), session_(session), head_(new QComboBox),
      opacity_(new QSlider(Qt::Horizontal)), opacity_text_(new QLabel), colormap_(new QComboBox),
      range_(new QComboBox) {
    setObjectName(QStringLiteral("viewBar"));
    setMovable(false);
    setContextMenuPolicy(Qt::PreventContextMenu);
    addWidget(new Segments(
        tr("Map"),
        {actions["view.magnitude"], actions["view.frequency"], actions["view.attention"]}, false));
    buildHeads();
    addSeparator();
    addWidget(
        new Segments(tr("Sampling"), {actions["view.nearest"], actions["view.bilinear"]}, true));
    buildOpacity();
    buildColormaps();
    buildRanges();
    connect(&session_, &Session::viewChanged, this, &ViewBar::readView);
    connect(&session_, &Session::rowsChanged, this, &ViewBar::readHeads);
    updateIcons();
    readHeads();
    readView();
}

void ViewBar::updateIcons() {
    // What does not fit is behind this button.
    if (auto* more = findChild<QToolButton*>(QStringLiteral("qt_toolbar_ext_button"))) {
        more->setIcon(themedIcon(QStringLiteral("chevron")));
        more->setAccessibleName(tr("More controls"));
        more->setFocusPolicy(Qt::TabFocus);
    }
}

void ViewBar::addLabelled(const QString& label, QWidget* control) {
    auto* pair = new QWidget;
    pair->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    auto* layout = new QHBoxLayout(pair);
    layout->setContentsMargins(8, 0, 0, 0);
    layout->setSpacing(8);
    auto* text = new QLabel(label);
    text->setBuddy(control);
    layout->addWidget(text);
    layout->addWidget(control);
    control->setAccessibleName(label);
    addWidget(pair);
}

void ViewBar::buildHeads() {
    head_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    head_->setToolTip(tr("Which head of the attention is shown"));
    connect(head_, &QComboBox::activated, this, [this](int index) {
        ViewState view = session_.view();
        view.head = index == 0 ? std::nullopt : std::optional(HeadIndex{std::size_t(index - 1)});
        session_.setView(view);
    });
    addLabelled(tr("Head"), head_);
}

void ViewBar::buildOpacity() {
    opacity_->setRange(0, 100);
    opacity_->setPageStep(10);
    opacity_->setFixedWidth(80);
    connect(opacity_, &QSlider::sliderPressed, this, [this] { is_dragging_ = false; });
    opacity_->setToolTip(tr("Opacity of the maps over the picture"));
    connect(opacity_, &QSlider::valueChanged, this, [this](int percent) {
        ViewState view = session_.view();
        view.opacity = percent / 100.0;
        const bool goes_on = opacity_->isSliderDown() && is_dragging_;
        is_dragging_ = opacity_->isSliderDown();
        session_.setView(view, goes_on ? ViewChange::Continued : ViewChange::Step);
    });
    addLabelled(tr("Opacity"), opacity_);
    opacity_text_->setMinimumWidth(opacity_text_->fontMetrics().horizontalAdvance(tr("100 %")));
    addWidget(opacity_text_);
}

void ViewBar::buildColormaps() {
    colormap_->setIconSize({40, 12});
    for (const Colormap colormap : allColormaps()) {
        const std::string_view text = name(colormap);
        colormap_->addItem(
            swatch(colormap), QString::fromUtf8(text.data(), qsizetype(text.size())));
    }
    connect(colormap_, &QComboBox::activated, this, [this](int index) {
        ViewState view = session_.view();
        view.colormap = allColormaps()[std::size_t(index)];
        session_.setView(view);
    });
    addLabelled(tr("Colours"), colormap_);
}

void ViewBar::buildRanges() {
    range_->addItem(tr("each map"), int(RangeMode::PerMap));
    range_->addItem(tr("row"), int(RangeMode::PerRow));
    range_->addItem(tr("whole view"), int(RangeMode::PerView));
    range_->setToolTip(tr("Which maps share one range of values"));
    connect(range_, &QComboBox::activated, this, [this](int index) {
        ViewState view = session_.view();
        view.range = RangeMode(range_->itemData(index).toInt());
        session_.setView(view);
    });
    addLabelled(tr("Range"), range_);
}

void ViewBar::readHeads() {
    const int heads = session_.headCount();
    if (head_->count() != heads + 1) {
        const QSignalBlocker quiet(head_);
        head_->clear();
        head_->addItem(tr("Mean"));
        for (int head = 0; head < heads; ++head) {
            head_->addItem(QString::number(head + 1));
        }
    }
    readView();
}

void ViewBar::readView() {
    const ViewState& view = session_.view();
    const QSignalBlocker quiet(opacity_);
    head_->setEnabled(view.map == MapKind::ClsAttention && head_->count() > 1);
    // While models load again there may be fewer heads than the chosen one: none is named then.
    const int place = view.head ? int(view.head->value) + 1 : 0;
    head_->setCurrentIndex(place < head_->count() ? place : -1);
    const int percent = qRound(view.opacity * 100.0);
    opacity_->setValue(percent);
    opacity_text_->setText(tr("%1 %").arg(percent));
    const auto colormaps = allColormaps();
    const auto found = std::find(colormaps.begin(), colormaps.end(), view.colormap);
    colormap_->setCurrentIndex(int(found - colormaps.begin()));
    range_->setCurrentIndex(range_->findData(int(view.range)));
}

} // namespace vitreous
