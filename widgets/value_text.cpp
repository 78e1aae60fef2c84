#include "widgets/value_text.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Grid)
};

constexpr int longest_fraction = 5;
constexpr int comfortable_fraction = 4;
constexpr double longest_integer = 1e5;

QString withMinus(QString text) {
    return text.replace(QLatin1Char('-'), QChar(0x2212));
}

/// "2.5e6", without the exponent's plus and leading zeros.
QString scientific(double value) {
    if (value == 0.0) {
        return QStringLiteral("0");
    }
    const QString text = QString::number(value, 'e', 1);
    const qsizetype at = text.indexOf(QLatin1Char('e'));
    return text.left(at + 1) + QString::number(text.mid(at + 1).toInt());
}

} // namespace

QString tickText(double value, const ValueRange& range) {
    const double largest = std::max(std::abs(range.low), std::abs(range.high));
    const double span = range.high - range.low;
    const double scale = span > 0.0 ? span : largest;
    if (largest == 0.0) {
        return QStringLiteral("0");
    }
    int decimals = std::max(0, 2 - static_cast<int>(std::floor(std::log10(scale))));
    if (decimals > comfortable_fraction) {
        --decimals;
    }
    if (largest >= longest_integer || decimals > longest_fraction) {
        return withMinus(scientific(value));
    }
    QString text = QString::number(value, 'f', decimals);
    if (text.startsWith(QLatin1Char('-')) && text.toDouble() == 0.0) {
        text.remove(0, 1);
    }
    return withMinus(text);
}

QString rangeText(const ValueRange& range) {
    return rangeLines(range).join(QString());
}

QStringList rangeLines(const ValueRange& range) {
    if (range.high > 0.0 && range.low == -range.high) {
        return {QChar(0x00B1) + tickText(range.high, range)};
    }
    if (range.low == range.high) {
        return {tickText(range.low, range)};
    }
    return {tickText(range.low, range) + QChar(0x2013), tickText(range.high, range)};
}

QString rawText(double value) {
    if (std::isnan(value)) {
        return QStringLiteral("NaN");
    }
    if (std::isinf(value)) {
        return value > 0 ? QString(QChar(0x221E)) : QString(QChar(0x2212)) + QChar(0x221E);
    }
    return withMinus(QString::number(value, 'g', 5));
}

QString spotText(const GridCell& cell, TokenIndex token) {
    return spotText({token, cell.rows, cell.columns, cell.is_cloud});
}

QString spotText(const TokenPlace& place) {
    return place.is_group ? Text::tr("group %1").arg(place.token.value + 1)
                          : spotText(place.token, place.columns);
}

QString spotText(TokenIndex token, int columns) {
    const auto across = static_cast<std::size_t>(std::max(1, columns));
    return Text::tr("row %1, column %2")
        .arg(token.value / across + 1)
        .arg(token.value % across + 1);
}

} // namespace vitreous
