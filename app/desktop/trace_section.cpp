#include "app/desktop/trace_section.h"

#include <cmath>
#include <utility>

#include <QVBoxLayout>

#include "app/desktop/inspector_text.h"
#include "widgets/timeline_text.h"
#include "widgets/value_text.h"

namespace vitreous {

TraceSection::TraceSection(QWidget* parent)
    : QWidget(parent), text_(textLabel(tr("Over time"))), plot_(new TracePlot),
      values_(textLabel(tr("Values at this time"))) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(text_);
    layout->addWidget(plot_);
    layout->addWidget(values_);
    plot_->setToolTip(tr("Click to go to a time"));
    connect(plot_, &TracePlot::timeRequested, this, &TraceSection::timeRequested);
    hide();
}

void TraceSection::setTraces(std::vector<Trace> traces, double now_secs, const QString& quantity) {
    quantity_ = quantity;
    plot_->setTraces(std::move(traces), now_secs);
    setVisible(!plot_->traces().empty());
    showText();
}

void TraceSection::updateColors() {
    plot_->updateColors();
    showText();
}

void TraceSection::showText() {
    text_->setText(QStringLiteral("<b>%1</b><br>%2").arg(tr("Over time"), asHtml(quantity_)));
    QStringList values;
    QStringList plain;
    for (const Trace& trace : plot_->traces()) {
        GridRow row;
        row.label = trace.label;
        row.chip = trace.chip;
        const double value = trace.at(plot_->now());
        const QString text = std::isnan(value) ? tr("not computed yet") : rawText(value);
        values << QStringLiteral("%1: %2").arg(nameOf(row), text);
        plain << QStringLiteral("%1: %2").arg(trace.label, text);
    }
    const QString time = tr("At %1").arg(secondsText(plot_->now()));
    values_->setText(time + QStringLiteral("<br>") + values.join(QStringLiteral("<br>")));
    plot_->setAccessibleDescription(
        QStringLiteral("%1; %2; %3").arg(quantity_, time, plain.join(QStringLiteral(", "))));
}

} // namespace vitreous
