#include "app/desktop/inspector_panel.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <numeric>
#include <optional>
#include <vector>

#include <QCoreApplication>
#include <QScrollArea>
#include <QVBoxLayout>

#include "app/desktop/theme.h"
#include "widgets/value_text.h"

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(InspectorPanel)
};

constexpr std::size_t most_classes = 5;

QLabel* textLabel() {
    auto* label = new QLabel;
    label->setTextFormat(Qt::RichText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setFocusPolicy(Qt::NoFocus);
    return label;
}

bool fits(const GridCell& cell, const TokenPlace& place) {
    return cell.present && cell.rows == place.rows && cell.columns == place.columns;
}

std::vector<TapSeries> seriesOf(const GridScene& scene, const TokenPlace& place) {
    std::vector<TapSeries> all;
    for (std::size_t row = 0; row < scene.cells.size(); ++row) {
        TapSeries series{scene.rows[row].label, scene.rows[row].chip, {}};
        for (const GridCell& cell : scene.cells[row]) {
            series.values.push_back(
                fits(cell, place) ? double(cell.values[place.token.value])
                                  : std::numeric_limits<double>::quiet_NaN());
        }
        all.push_back(std::move(series));
    }
    return all;
}

/// A coloured square and the model's name.
QString nameOf(const GridRow& row) {
    return QStringLiteral("<span style=\"color:%1\">■</span> <b>%2</b>")
        .arg(row.chip.name(), row.label.toHtmlEscaped());
}

/// The model's value and rank at the last tap that it has.
QString lastValueOf(const GridScene& scene, std::size_t row, const TokenPlace& place) {
    const std::vector<GridCell>& cells = scene.cells[row];
    const auto found = std::find_if(
        cells.rbegin(), cells.rend(), [&place](const GridCell& cell) { return fits(cell, place); });
    if (found == cells.rend()) {
        return Text::tr("%1<br>has no such token").arg(nameOf(scene.rows[row]));
    }
    const auto column = std::size_t(std::distance(found, cells.rend()) - 1);
    const std::optional<std::size_t> rank = rankOf(*found, place.token);
    // In one go: a label may hold "%4".
    return Text::tr("%1<br>%2 at %3, rank %4 of %5")
        .arg(
            nameOf(scene.rows[row]), rawText(double(found->values[place.token.value])),
            scene.columns[column].label.toHtmlEscaped(),
            rank ? QString::number(*rank) : QStringLiteral("–"),
            QString::number(found->values.size()));
}

/// The five largest logits, largest first.
std::vector<std::size_t> largest(const std::vector<float>& logits) {
    std::vector<std::size_t> order(logits.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto count = std::ptrdiff_t(std::min(most_classes, order.size()));
    std::partial_sort(
        order.begin(), order.begin() + count, order.end(),
        [&logits](std::size_t a, std::size_t b) { return logits[a] > logits[b]; });
    order.resize(std::size_t(count));
    return order;
}

QString predictionsOf(const GridRow& row, const ModelSummary& summary, const QColor& quiet) {
    QString lines;
    const std::vector<float>& logits = row.result->logits.values;
    for (const std::size_t index : largest(logits)) {
        lines += QStringLiteral("<tr><td width=\"100%\">%1</td><td align=\"right\" "
                                "style=\"color:%2\">%3</td></tr>")
                     .arg(
                         className(summary, index).toHtmlEscaped(), quiet.name(),
                         QString::number(double(logits[index]), 'f', 2));
    }
    return QStringLiteral("<p>%1</p><table width=\"100%\" cellspacing=\"1\">%2</table>")
        .arg(nameOf(row), lines);
}

} // namespace

InspectorPanel::InspectorPanel(Session& session, QWidget* parent)
    : QDockWidget(tr("Inspector"), parent), session_(session),
      title_(new PanelTitle(tr("Inspector"), this)), place_(textLabel()), plot_(new TapPlot),
      values_(textLabel()), predictions_(textLabel()) {
    setObjectName(QStringLiteral("inspectorPanel"));
    setAllowedAreas(Qt::LeftDockWidgetArea | Qt::RightDockWidgetArea);
    setTitleBarWidget(title_);
    auto* body = new QWidget;
    body->setObjectName(QStringLiteral("inspectorBody"));
    auto* layout = new QVBoxLayout(body);
    layout->setContentsMargins(16, 8, 16, 16);
    layout->setSpacing(8);
    layout->addWidget(place_);
    layout->addWidget(plot_);
    layout->addWidget(values_);
    layout->addWidget(predictions_);
    layout->addStretch(1);
    place_->setAccessibleName(tr("Pinned token"));
    predictions_->setAccessibleName(tr("Predictions"));
    auto* scroll = new QScrollArea;
    scroll->setObjectName(QStringLiteral("inspectorScroll"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setMinimumWidth(240);
    scroll->setAccessibleName(tr("Inspector"));
    scroll->setWidget(body);
    setWidget(scroll);
    setScene({});
}

void InspectorPanel::setScene(const GridScene& scene) {
    const std::optional<TokenPlace>& pinned = scene.view.selection.pinned;
    plot_->setVisible(pinned.has_value());
    values_->setVisible(pinned.has_value());
    if (!pinned) {
        place_->setText(tr("Click a token in the grid to follow it through the layers."));
    } else {
        const auto columns = std::size_t(std::max(1, pinned->columns));
        place_->setText(tr("<b>Token at row %1, column %2</b><br>%3")
                            .arg(pinned->token.value / columns + 1)
                            .arg(pinned->token.value % columns + 1)
                            .arg(scene.quantity.toHtmlEscaped()));
        QStringList taps;
        for (const GridColumn& column : scene.columns) {
            taps << column.label;
        }
        plot_->setSeries(taps, seriesOf(scene, *pinned), scene.quantity);
        QStringList values;
        for (std::size_t row = 0; row < scene.cells.size(); ++row) {
            values << lastValueOf(scene, row, *pinned);
        }
        values_->setText(values.join(QStringLiteral("<br>")));
    }
    showPredictions();
}

void InspectorPanel::showPredictions() {
    QString text;
    const std::vector<ModelItem>& items = session_.models().items();
    const std::vector<GridRow> rows = session_.rows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].result && !rows[i].result->logits.values.empty()) {
            text += predictionsOf(rows[i], *items[i].loaded.summary, currentTheme().quiet);
        }
    }
    predictions_->setVisible(!text.isEmpty());
    predictions_->setText(text.isEmpty() ? QString() : tr("<p><b>Largest logits</b></p>") + text);
}

void InspectorPanel::updateIcons() {
    title_->updateIcons();
    plot_->updateColors();
    showPredictions();
}

} // namespace vitreous
