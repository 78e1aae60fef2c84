#include "app/desktop/predictions_text.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "app/desktop/inspector_text.h"
#include "app/desktop/model_list.h"
#include "app/desktop/theme.h"

namespace vitreous {
namespace {

constexpr std::size_t most_classes = 5;

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

} // namespace

QString predictionsOf(const GridRow& row, const ModelSummary& summary) {
    QString lines;
    const std::vector<float>& logits = row.result->logits.values;
    for (const std::size_t index : largest(logits)) {
        lines += QStringLiteral("<tr><td width=\"100%\">%1</td><td align=\"right\" "
                                "style=\"color:%2\">%3</td></tr>")
                     .arg(
                         asHtml(className(summary, index)), currentTheme().quiet.name(),
                         QString::number(double(logits[index]), 'f', 2));
    }
    return QStringLiteral("<p>%1</p><table width=\"100%\" cellspacing=\"1\">%2</table>")
        .arg(nameOf(row), lines);
}

} // namespace vitreous
