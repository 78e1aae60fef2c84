#include "app/desktop/view_bar.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QSignalBlocker>
#include <QToolButton>

#include "app/desktop/icons.h"
#include "app/desktop/segments.h"
#include "app/desktop/view_change.h"

namespace vitreous {
namespace {

constexpr int label_spacing = 8;

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
    : QToolBar(tr("View"), parent), session_(session), layer_(new QComboBox), head_(new QComboBox),
      opacity_(new QSlider(Qt::Horizontal)), opacity_text_(new QLabel), colormap_(new QComboBox) {
    setObjectName(QStringLiteral("viewBar"));
    setMovable(false);
    setContextMenuPolicy(Qt::PreventContextMenu);
    buildKinds(actions);
    addWidget(new Segments(
        tr("Map"),
        {actions["view.magnitude"], actions["view.frequency"], actions["view.attention"]}, false));
    buildQueries(actions);
    buildLayers();
    buildHeads();
    addSeparator();
    sampling_shown_ = addWidget(
        new Segments(tr("Sampling"), {actions["view.nearest"], actions["view.bilinear"]}, true));
    groups_shown_ = addWidget(new Segments(
        tr("Points"), {actions["cloud.weighted"], actions["cloud.raw"], actions["cloud.centers"]},
        true));
    buildOverlays(actions);
    buildColormaps();
    buildRanges(actions);
    buildOpacity();
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

QAction* ViewBar::addLabelled(const QString& label, QWidget* control) {
    auto* pair = new QWidget;
    pair->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    auto* layout = new QHBoxLayout(pair);
    layout->setContentsMargins(8, 0, 0, 0);
    layout->setSpacing(label_spacing);
    auto* text = new QLabel(label);
    text->setBuddy(control);
    layout->addWidget(text);
    layout->addWidget(control);
    control->setAccessibleName(label);
    QAction* shown = addWidget(pair);
    labels_.emplace_back(shown, text);
    return shown;
}

template <typename Value>
QComboBox* ViewBar::addChoice(
    const QString& name,
    const QString& tip,
    Value ViewState::*member,
    const std::vector<Entry<Value>>& entries) {
    auto* box = new QComboBox;
    for (const Entry<Value>& entry : entries) {
        box->addItem(entry.text, int(entry.value));
    }
    box->setToolTip(tip);
    box->setAccessibleName(name);
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    connect(box, &QComboBox::activated, this, [entries](int index) {
        entries[std::size_t(index)].action->trigger();
    });
    choices_.push_back({box, [member](const ViewState& view) { return int(view.*member); }});
    return box;
}

void ViewBar::buildKinds(const Actions& actions) {
    auto* kinds = addChoice<GridKind>(
        tr("View"), tr("What the rows and columns of the grid are"), &ViewState::kind,
        {{tr("Layers"), GridKind::Layers, actions["kind.layers"]},
         {tr("Heads"), GridKind::Heads, actions["kind.heads"]},
         {tr("Figure 3"), GridKind::Figure3, actions["kind.figure3"]},
         {tr("Scrub"), GridKind::Scrub, actions["kind.scrub"]},
         {tr("Difference"), GridKind::Difference, actions["kind.difference"]},
         {tr("Filmstrip"), GridKind::Filmstrip, actions["kind.filmstrip"]}});
    addWidget(kinds);
    addSeparator();
}

void ViewBar::buildOverlays(const Actions& actions) {
    auto* overlays = addChoice<Overlay>(
        tr("Overlay"), tr("How map and picture share a cell"), &ViewState::overlay,
        {{tr("blended"), Overlay::Blend, actions["view.blend"]},
         {tr("map alone"), Overlay::Heat, actions["view.heat"]},
         {tr("contours"), Overlay::Contour, actions["view.contour"]},
         {tr("side by side"), Overlay::SideBySide, actions["view.beside"]}});
    addWidget(overlays);
}

void ViewBar::buildRanges(const Actions& actions) {
    auto* ranges = addChoice<RangeMode>(
        tr("Range"), tr("Which maps share one range of values"), &ViewState::range,
        {{tr("each map"), RangeMode::PerMap, actions["view.range_map"]},
         {tr("row"), RangeMode::PerRow, actions["view.range_row"]},
         {tr("column"), RangeMode::PerColumn, actions["view.range_column"]},
         {tr("whole view"), RangeMode::PerView, actions["view.range_view"]},
         {tr("percentiles"), RangeMode::Percentile, actions["view.range_percentile"]},
         {tr("fixed"), RangeMode::Fixed, actions["view.range_fixed"]}});
    addLabelled(tr("Range"), ranges);
}

void ViewBar::buildQueries(const Actions& actions) {
    auto* queries = addChoice<AttentionQuery>(
        tr("From"), tr("Whose attention is shown: of CLS, or of the pinned token"),
        &ViewState::query,
        {{tr("CLS"), AttentionQuery::Cls, actions["view.query_cls"]},
         {tr("pinned token"), AttentionQuery::PinnedToken, actions["view.query"]}});
    query_shown_ = addLabelled(tr("From"), queries);
}

void ViewBar::buildLayers() {
    layer_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    layer_->setToolTip(tr("The layer that Scrub shows, the block whose heads are shown"));
    connect(layer_, &QComboBox::activated, this, [this](int index) {
        ViewState view = session_.view();
        view.tap = layer_->itemData(index).toString().toStdString();
        session_.setView(view);
    });
    layer_shown_ = addLabelled(tr("Layer"), layer_);
}

void ViewBar::setScene(const GridScene& scene) {
    QStringList names;
    for (const GridColumn& choice : scene.choices) {
        names << choice.name;
    }
    if (names != layers_) {
        // Only then: the list may be open.
        layers_ = names;
        layer_->clear();
        for (const GridColumn& choice : scene.choices) {
            layer_->addItem(choice.label, choice.name);
            layer_->setItemData(layer_->count() - 1, choice.name, Qt::ToolTipRole);
        }
    }
    layer_shown_->setVisible(scene.choice.has_value());
    const bool has_clouds = hasClouds(scene);
    sampling_shown_->setVisible(!has_clouds);
    groups_shown_->setVisible(has_clouds);
    layer_->setCurrentIndex(scene.choice ? int(*scene.choice) : -1);
}

void ViewBar::buildHeads() {
    head_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    head_->setToolTip(tr("Which head of the attention is shown"));
    connect(head_, &QComboBox::activated, this, [this](int index) {
        ViewState view = session_.view();
        view.head = index == 0 ? std::nullopt : std::optional(HeadIndex{std::size_t(index - 1)});
        session_.setView(view);
    });
    head_shown_ = addLabelled(tr("Head"), head_);
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
    colormap_->setToolTip(tr("Colours of the maps"));
    addLabelled(tr("Colours"), colormap_);
}

bool ViewBar::event(QEvent* event) {
    const bool is_taken = QToolBar::event(event);
    if (event->type() == QEvent::LayoutRequest) {
        fitLabels();
    }
    return is_taken;
}

void ViewBar::resizeEvent(QResizeEvent* event) {
    QToolBar::resizeEvent(event);
    fitLabels();
}

void ViewBar::fitLabels() {
    int hidden = 0; // pixels that come back with the labels
    for (const auto& [shown, label] : labels_) {
        if (label->isHidden() && shown->isVisible()) {
            hidden += label->sizeHint().width() + label_spacing;
        }
    }
    const bool fits = sizeHint().width() + hidden <= width();
    for (const auto& [shown, label] : labels_) {
        label->setVisible(fits);
    }
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
    colormap_->setEnabled(view.kind != GridKind::Difference);
    query_shown_->setVisible(view.map == MapKind::ClsAttention || view.kind == GridKind::Heads);
    head_shown_->setVisible(hasHead(view) && head_->count() > 1);
    // While models load again there may be fewer heads than the chosen one: none is named then.
    const int place = view.head ? int(view.head->value) + 1 : 0;
    head_->setCurrentIndex(place < head_->count() ? place : -1);
    const int percent = qRound(view.opacity * 100.0);
    opacity_->setValue(percent);
    opacity_text_->setText(tr("%1 %").arg(percent));
    const auto colormaps = allColormaps();
    const auto found = std::find(colormaps.begin(), colormaps.end(), view.colormap);
    colormap_->setCurrentIndex(int(found - colormaps.begin()));
    for (const Choice& choice : choices_) {
        choice.box->setCurrentIndex(choice.box->findData(choice.read(view)));
    }
}

} // namespace vitreous
