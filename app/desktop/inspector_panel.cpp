#include "app/desktop/inspector_panel.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QScrollArea>
#include <QVBoxLayout>
#include <QWheelEvent>

#include "app/desktop/inspected_values.h"
#include "app/desktop/inspector_text.h"
#include "app/desktop/predictions_text.h"

namespace vitreous {
namespace {

/// A wheel over it moves the panel that it is in, not its choice.
class StillComboBox final : public QComboBox {
protected:
    void wheelEvent(QWheelEvent* event) override { event->ignore(); }
};

/// What of a view the inspector is about: the maps of all layers and what is picked out in them.
ViewState inspectedPart(const ViewState& view) {
    ViewState part;
    part.map = view.kind == GridKind::Heads ? MapKind::ClsAttention : view.map;
    part.head = view.head;
    part.query = view.query;
    part.tap = view.tap;
    part.selection = view.selection;
    return part;
}

bool areSame(const GridRow& a, const GridRow& b) {
    return a.label == b.label && a.chip == b.chip && a.result == b.result &&
           a.attention == b.attention;
}

/// A label that takes no room where it has nothing to say.
void say(QLabel& label, const QString& html) {
    label.setVisible(!html.isEmpty());
    label.setText(html);
}

} // namespace

InspectorPanel::InspectorPanel(Session& session, const Actions& actions, QWidget* parent)
    : QDockWidget(tr("Inspector"), parent), session_(session),
      title_(new PanelTitle(tr("Inspector"), this)), place_(textLabel(tr("Selection"))),
      plot_(new TapPlot), values_(textLabel(tr("Values"))), layer_(new QWidget),
      layers_(new StillComboBox), traces_(new TraceSection), trace_reader_(session),
      histogram_(new HistogramPlot), histogram_text_(textLabel(tr("About the histogram"))),
      outliers_(new OutlierSection(session)), masks_(new MaskSection(session, actions)),
      predictions_(textLabel(tr("Predictions"))) {
    setObjectName(QStringLiteral("inspectorPanel"));
    setAllowedAreas(Qt::LeftDockWidgetArea | Qt::RightDockWidgetArea);
    setTitleBarWidget(title_);
    buildLayers();
    auto* body = new QWidget;
    body->setObjectName(QStringLiteral("inspectorBody"));
    auto* layout = new QVBoxLayout(body);
    layout->setContentsMargins(16, 8, 16, 16);
    layout->setSpacing(8);
    layout->addWidget(place_);
    layout->addWidget(plot_);
    layout->addWidget(layer_);
    layout->addWidget(values_);
    layout->addWidget(traces_);
    layout->addWidget(histogram_);
    layout->addWidget(histogram_text_);
    layout->addWidget(outliers_);
    layout->addWidget(masks_);
    layout->addWidget(predictions_);
    layout->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setObjectName(QStringLiteral("inspectorScroll"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setMinimumWidth(240);
    scroll->setAccessibleName(tr("Inspector"));
    scroll->setWidget(body);
    setWidget(scroll);
    connect(&session_, &Session::masksChanged, this, &InspectorPanel::showMasks);
    connect(traces_, &TraceSection::timeRequested, this, [this](double secs) {
        session_.setFrame(session_.frameAt(secs), ViewChange::Continued);
    });
    showScene();
}

void InspectorPanel::buildLayers() {
    auto* layout = new QHBoxLayout(layer_);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->setSpacing(8);
    auto* label = new QLabel(tr("At layer"));
    label->setBuddy(layers_);
    layers_->setAccessibleName(tr("Layer"));
    layers_->setToolTip(tr("The layer whose values, histogram, outliers and scores are shown"));
    layers_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    layers_->setMinimumContentsLength(8);
    layout->addWidget(label);
    layout->addWidget(layers_, 1);
    connect(layers_, &QComboBox::activated, this, [this](int index) {
        ViewState view = session_.view();
        view.tap = layers_->itemData(index).toString().toStdString();
        session_.setView(view);
    });
}

void InspectorPanel::setScene(const GridScene& scene) {
    ViewState view = inspectedPart(scene.view);
    if (hovered_ && view.selection == Selection()) {
        view.selection.pinned = hovered_;
        // Its attention is shown once it is pinned.
        view.query = AttentionQuery::Cls;
    }
    std::vector<GridRow> models = session_.rows();
    if (scene.columns.empty()) {
        models.clear();
    }
    // While the view is zoomed or its colours change, all that is said here stays; another layer is
    // another column.
    ViewState same_but_layer = scene_.view;
    same_but_layer.tap = view.tap;
    const bool is_same =
        view == same_but_layer &&
        std::equal(models.begin(), models.end(), scene_.rows.begin(), scene_.rows.end(), areSame);
    if (is_same && view == scene_.view) {
        // Other frames may have come.
        showTraces();
        return;
    }
    if (is_same) {
        scene_.view = view;
    } else {
        scene_ = buildGridScene(std::move(models), view);
    }
    showScene();
}

void InspectorPanel::setHovered(const std::optional<TokenPlace>& place) {
    hovered_ = place;
}

void InspectorPanel::setTraces(
    std::vector<Trace> traces,
    double now_secs,
    const QString& quantity) {
    traces_->setTraces(std::move(traces), now_secs, quantity);
}

void InspectorPanel::showScene() {
    column_ = columnOf(scene_);
    showPlace();
    showTraces();
    showLayers();
    showHistogram();
    const bool has_layers = !scene_.columns.empty();
    outliers_->setScene(
        scene_, has_layers ? scene_.columns[column_].name.toStdString() : std::string());
    showMasks();
    showPredictions();
}

void InspectorPanel::showPlace() {
    const QString place = placeText(scene_.view.selection);
    plot_->setVisible(!place.isEmpty());
    if (place.isEmpty()) {
        place_->setText(
            hasClouds(scene_)
                ? tr("Click a point in the grid to follow its group through the layers.")
                : tr("Click a token in the grid to follow it through the layers."));
        say(*values_, {});
        return;
    }
    const QString quantity = scene_.view.selection.region
                                 ? tr("Mean over the region. %1").arg(scene_.quantity)
                                 : scene_.quantity;
    place_->setText(QStringLiteral("<b>%1</b><br>%2").arg(place, asHtml(quantity)));
    QStringList taps;
    for (const GridColumn& column : scene_.columns) {
        taps << column.label;
    }
    plot_->setSeries(taps, seriesOf(scene_), quantity);
    QStringList values;
    for (std::size_t row = 0; row < scene_.cells.size() && !scene_.columns.empty(); ++row) {
        values << selectedText(scene_, row, column_);
    }
    say(*values_, values.join(QStringLiteral("<br>")));
}

void InspectorPanel::showTraces() {
    if (scene_.columns.empty()) {
        setTraces({}, 0.0, {});
        return;
    }
    const QString& tap = scene_.columns[column_].name;
    setTraces(
        trace_reader_.read(scene_.view, tap.toStdString()), session_.timeOf(session_.shownFrame()),
        tr("%1, at %2").arg(scene_.quantity, tap));
}

void InspectorPanel::showLayers() {
    QStringList labels;
    QStringList names;
    for (const GridColumn& column : scene_.columns) {
        labels << column.label;
        names << column.name;
    }
    QStringList shown;
    for (int i = 0; i < layers_->count(); ++i) {
        shown << layers_->itemData(i).toString();
    }
    // A list that is open keeps its place.
    if (shown != names) {
        layers_->clear();
        for (qsizetype i = 0; i < names.size(); ++i) {
            layers_->addItem(labels[i], names[i]);
            layers_->setItemData(int(i), names[i], Qt::ToolTipRole);
        }
    }
    layers_->setCurrentIndex(names.isEmpty() ? -1 : int(column_));
    layer_->setVisible(!names.isEmpty());
}

void InspectorPanel::showHistogram() {
    std::vector<HistogramSeries> series;
    if (!scene_.columns.empty()) {
        series = histogramsOf(scene_, column_);
    }
    histogram_->setVisible(!series.empty());
    QString text;
    if (!series.empty()) {
        text = tr("Tokens by value");
        if (scene_.view.selection.region) {
            text = tr("Tokens by value; a line marks the region’s mean");
        } else if (scene_.view.selection.pinned) {
            text = tr("Tokens by value; a line marks the pinned one");
        }
    }
    say(*histogram_text_, text.isEmpty() ? text : quietly(text));
    histogram_->setSeries(std::move(series), scene_.quantity);
}

void InspectorPanel::showMasks() {
    masks_->setScene(scene_, column_);
}

void InspectorPanel::showPredictions() {
    QString text;
    const std::vector<ModelItem>& items = session_.models().items();
    const std::vector<GridRow> rows = session_.rows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].result && !rows[i].result->logits.values.empty()) {
            text += predictionsOf(rows[i], *items[i].loaded.summary);
        }
    }
    say(*predictions_, text.isEmpty() ? text : tr("<p><b>Largest logits</b></p>") + text);
}

void InspectorPanel::updateIcons() {
    title_->updateIcons();
    plot_->updateColors();
    traces_->updateColors();
    histogram_->updateColors();
    // Texts have colours of the theme in them.
    showScene();
}

} // namespace vitreous
