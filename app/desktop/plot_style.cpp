#include "app/desktop/plot_style.h"

#include <qcustomplot.h>

#include "app/desktop/theme.h"

namespace vitreous {

void makeQuiet(QCustomPlot& plot) {
    plot.setFocusPolicy(Qt::NoFocus);
    plot.setAttribute(Qt::WA_TransparentForMouseEvents);
    plot.xAxis->grid()->setVisible(false);
    // Its numbers line up with the text around it.
    plot.axisRect()->setMinimumMargins(QMargins(0, 4, 4, 0));
    plot.xAxis->setPadding(0);
}

void takeTheme(QCustomPlot& plot) {
    const Theme& theme = currentTheme();
    plot.setBackground(QBrush(theme.panel));
    QFont small = plot.font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    for (QCPAxis* axis : {plot.xAxis, plot.yAxis}) {
        axis->setBasePen(QPen(theme.line));
        axis->setTickPen(QPen(theme.line));
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelColor(theme.quiet);
        axis->setTickLabelFont(small);
        axis->grid()->setPen(QPen(theme.line));
        axis->grid()->setZeroLinePen(QPen(theme.edge));
    }
}

} // namespace vitreous
