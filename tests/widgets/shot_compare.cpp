#include "shot_compare.h"

#include <array>
#include <cmath>

#include <QPainter>

namespace vitreous::samples {
namespace {

struct Part {
    QString name;
    QRectF rect;
    bool is_map = false;
    bool is_fixed = false; ///< does not scroll
};

std::vector<Part> partsOf(const GridLayout& layout) {
    const QRectF& bar = layout.bar;
    std::vector<Part> parts = {
        {"legend text", layout.legend_text, false, true},
        {"colour bar", bar, true, true},
        {"numbers of the colour bar", QRectF(bar.bottomLeft(), QSizeF(bar.width(), 18.0)), false,
         true}};
    for (const ColumnHead& head : layout.column_heads) {
        parts.push_back({QString("head of column %1").arg(head.column), head.rect});
    }
    for (const RowHead& head : layout.row_heads) {
        parts.push_back({QString("head of row %1").arg(head.row), head.rect});
    }
    for (const RowMessage& message : layout.messages) {
        parts.push_back({QString("message of row %1").arg(message.row), message.rect});
    }
    for (const CellPlace& place : layout.cells) {
        const QString at = QString("of row %1, column %2").arg(place.row).arg(place.column);
        if (place.map.isEmpty()) {
            parts.push_back({"dash " + at, place.box});
        } else {
            parts.push_back({"map " + at, place.map, true});
            parts.push_back({"numbers " + at, place.foot});
        }
    }
    return parts;
}

double meanDifference(const QImage& a, const QImage& b, const QRect& rect) {
    double sum = 0.0;
    for (int y = rect.top(); y <= rect.bottom(); ++y) {
        for (int x = rect.left(); x <= rect.right(); ++x) {
            const QRgb left = a.pixel(x, y);
            const QRgb right = b.pixel(x, y);
            sum += std::abs(qRed(left) - qRed(right)) + std::abs(qGreen(left) - qGreen(right)) +
                   std::abs(qBlue(left) - qBlue(right));
        }
    }
    return sum / (3.0 * rect.width() * rect.height());
}

double inkIn(const QImage& shot, const QRect& rect) {
    QImage ground(shot.size(), QImage::Format_RGB32);
    ground.fill(shot.pixel(1, 1));
    return meanDifference(shot, ground, rect);
}

QString differenceIn(
    const Part& part,
    const QRect& rect,
    const QImage& shot,
    const QImage& expected,
    const Tolerance& tolerance) {
    const double difference = meanDifference(shot, expected, rect);
    if (part.is_map) {
        return difference <= tolerance.map
                   ? QString()
                   : QString("%1: differs by %2").arg(part.name).arg(difference);
    }
    const double ink = inkIn(expected, rect);
    const double found = inkIn(shot, rect);
    const bool is_same = std::abs(found - ink) <= tolerance.ink * ink + 0.01 &&
                         difference <= tolerance.text * ink + 0.01;
    return is_same ? QString()
                   : QString("%1: has ink %2, expected %3, differs by %4")
                         .arg(part.name)
                         .arg(found)
                         .arg(ink)
                         .arg(difference);
}

} // namespace

QString firstDifference(
    const GridLayout& layout,
    const QImage& shot,
    const QImage& expected,
    const Tolerance& tolerance,
    double scroll) {
    if (shot.size() != expected.size()) {
        return "another size";
    }
    const double ratio = shot.devicePixelRatio();
    const QRectF all(QPointF(), QSizeF(shot.size()) / ratio);
    const QRectF body = all.adjusted(0.0, scroll > 0.0 ? layout.body_top : 0.0, 0.0, 0.0);
    std::array<QImage, 2> rest = {shot, expected};
    for (const Part& part : partsOf(layout)) {
        const QRectF place =
            part.is_fixed ? part.rect & all : part.rect.translated(0.0, -scroll) & body;
        if (part.rect.isEmpty() || place.width() < 1.0 || place.height() < 1.0) {
            continue;
        }
        const QRect rect =
            QRect((place.topLeft() * ratio).toPoint(), (place.size() * ratio).toSize()) &
            shot.rect();
        QString difference = differenceIn(part, rect, shot, expected, tolerance);
        if (!difference.isEmpty()) {
            return difference;
        }
        for (QImage& picture : rest) {
            // Text and marks may reach a little beyond their place.
            QPainter painter(&picture);
            painter.fillRect(place.adjusted(-4.0, -4.0, 4.0, 4.0), Qt::black);
        }
    }
    const double elsewhere = meanDifference(rest[0], rest[1], shot.rect());
    return elsewhere <= tolerance.elsewhere ? QString()
                                            : QString("elsewhere: differs by %1").arg(elsewhere);
}

} // namespace vitreous::samples
