#include "widgets/map_image.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <QPainter>

#include "widgets/grid_style.h"

namespace vitreous {
namespace {

/// The nearest whole number to one that is not negative; std::lround is a call a pixel.
int rounded(float value) {
    constexpr float half = 0.5F;
    return static_cast<int>(value + half);
}

using Pixel = std::array<float, 3>;

/// A picture that is shown at least so many times as large as it is keeps its pixels sharp.
constexpr int least_enlargement = 2;

/// Where a pixel's centre falls between two token centres of one axis.
struct Between {
    int first = 0;
    int second = 0;
    float weight = 0.0F; ///< of the second
    int nearest = 0;
};

/// pixels: of the seen part, which begins at `offset` in a whole of `whole` pixels.
std::vector<Between> placesAlong(int pixels, int offset, int whole, int tokens) {
    std::vector<Between> places(static_cast<std::size_t>(pixels));
    for (int i = 0; i < pixels; ++i) {
        Between& place = places[static_cast<std::size_t>(i)];
        place.nearest = (2 * (i + offset) + 1) * tokens / (2 * whole);
        const float centre = (static_cast<float>(i + offset) + 0.5F) * static_cast<float>(tokens) /
                                 static_cast<float>(whole) -
                             0.5F;
        const float clamped = std::clamp(centre, 0.0F, static_cast<float>(tokens - 1));
        place.first = static_cast<int>(clamped);
        place.second = std::min(place.first + 1, tokens - 1);
        place.weight = clamped - static_cast<float>(place.first);
    }
    return places;
}

/// A value's place in the range, below 0 where there is no finite value.
constexpr float no_value = -1.0F;

/// Brings one cell's values to 0..1 of its range.
class Ranger {
public:
    explicit Ranger(const GridCell& cell)
        : cell_(cell), low_(static_cast<float>(cell.range.low) * 0.5F),
          // Halves, because the span of two floats may not be a float.
          half_span_(static_cast<float>(cell.range.high) * 0.5F - low_) {}

    [[nodiscard]] float nearest(const Between& x, const Between& y) const {
        const float value = at(x.nearest, y.nearest);
        return std::isfinite(value) ? inRange(value) : no_value;
    }
    [[nodiscard]] float bilinear(const Between& x, const Between& y) const {
        if (!std::isfinite(at(x.nearest, y.nearest))) {
            return no_value;
        }
        float sum = 0.0F;
        float weights = 0.0F;
        const auto add = [&](int column, int row, float weight) {
            const float value = at(column, row);
            if (std::isfinite(value)) {
                sum += value * weight;
                weights += weight;
            }
        };
        add(x.first, y.first, (1.0F - x.weight) * (1.0F - y.weight));
        add(x.second, y.first, x.weight * (1.0F - y.weight));
        add(x.first, y.second, (1.0F - x.weight) * y.weight);
        add(x.second, y.second, x.weight * y.weight);
        return inRange(sum / weights);
    }

private:
    [[nodiscard]] float at(int column, int row) const {
        return cell_.values
            [static_cast<std::size_t>(row) * static_cast<std::size_t>(cell_.columns) +
             static_cast<std::size_t>(column)];
    }
    [[nodiscard]] float inRange(float value) const {
        const float t = half_span_ > 0.0F ? (value * 0.5F - low_) / half_span_ : 0.0F;
        return std::clamp(t, 0.0F, 1.0F);
    }

    const GridCell& cell_;
    float low_;
    float half_span_;
};

/// The places in the range of all pixels that are seen, row-major.
std::vector<float> placesOf(const GridCell& cell, Sampling sampling, const MapWindow& window) {
    const QSize size = window.size.toSize();
    const QSize whole = window.whole.toSize();
    const QPoint offset = window.offset.toPoint();
    const auto across = placesAlong(size.width(), offset.x(), whole.width(), cell.columns);
    const auto down = placesAlong(size.height(), offset.y(), whole.height(), cell.rows);
    const Ranger ranger(cell);
    std::vector<float> places;
    places.reserve(across.size() * down.size());
    for (const Between& row : down) {
        for (const Between& column : across) {
            places.push_back(
                sampling == Sampling::Nearest ? ranger.nearest(column, row)
                                              : ranger.bilinear(column, row));
        }
    }
    return places;
}

/// Between which two contour lines a place in the range lies.
int bandOf(float place, float threshold) {
    if (place < 0.0F) {
        return 0;
    }
    if (threshold > 0.0F) {
        return place >= threshold ? 1 : 0;
    }
    return std::min(static_cast<int>(place * static_cast<float>(contour_steps)), contour_steps - 1);
}

/// Colours the pixels of one map.
class Colorer {
public:
    Colorer(const std::vector<float>& places, QSize size, const MapLook& look)
        : places_(places), size_(size), look_(look), table_(colorTable(look.colormap)) {}

    [[nodiscard]] QRgb pixel(int x, int y, QRgb under) const {
        const float place = at(x, y);
        if (look_.overlay == Overlay::Contour) {
            return contour(x, y, under);
        }
        const bool is_below = place >= 0.0F && place < look_.threshold;
        return is_below ? under | 0xff000000U : blend(color(place), under, look_.opacity);
    }

private:
    [[nodiscard]] float at(int x, int y) const {
        const int column = std::clamp(x, 0, size_.width() - 1);
        const int row = std::clamp(y, 0, size_.height() - 1);
        return places_
            [static_cast<std::size_t>(row) * static_cast<std::size_t>(size_.width()) +
             static_cast<std::size_t>(column)];
    }
    [[nodiscard]] Pixel color(float place) const {
        if (place < 0.0F) {
            return {
                static_cast<float>(neutral_color.red()), static_cast<float>(neutral_color.green()),
                static_cast<float>(neutral_color.blue())};
        }
        const auto& rgb = table_[static_cast<std::size_t>(rounded(place * 255.0F))];
        return {static_cast<float>(rgb[0]), static_cast<float>(rgb[1]), static_cast<float>(rgb[2])};
    }
    [[nodiscard]] int band(int x, int y) const { return bandOf(at(x, y), look_.threshold); }
    /// A line in the colour of its level on the upper side of it, a dark one on the lower side.
    [[nodiscard]] QRgb contour(int x, int y, QRgb under) const {
        const int own = band(x, y);
        const std::array<int, 4> around = {
            band(x - 1, y), band(x + 1, y), band(x, y - 1), band(x, y + 1)};
        if (*std::max_element(around.begin(), around.end()) > own) {
            return blend({0.0F, 0.0F, 0.0F}, under, look_.opacity);
        }
        if (*std::min_element(around.begin(), around.end()) < own) {
            const float level = look_.threshold > 0.0F
                                    ? look_.threshold
                                    : static_cast<float>(own) / static_cast<float>(contour_steps);
            return blend(color(level), under, look_.opacity);
        }
        return blend({0.0F, 0.0F, 0.0F}, under, look_.opacity * contour_shade);
    }
    static QRgb blend(const Pixel& map, QRgb picture, float opacity) {
        const auto channel = [opacity](float over, int under) {
            return rounded(static_cast<float>(under) * (1.0F - opacity) + over * opacity);
        };
        return qRgb(
            channel(map[0], qRed(picture)), channel(map[1], qGreen(picture)),
            channel(map[2], qBlue(picture)));
    }

    const std::vector<float>& places_;
    QSize size_;
    const MapLook& look_;
    const ColorTable& table_;
};

} // namespace

QImage scaledPicture(const QImage& picture, const MapWindow& window) {
    const QSize size = window.size.toSize();
    if (picture.isNull() || size.isEmpty()) {
        return {};
    }
    const QSize whole = window.whole.toSize();
    const bool is_enlarged = whole.width() >= least_enlargement * picture.width() &&
                             whole.height() >= least_enlargement * picture.height();
    if (!window.isWhole()) {
        const double across = double(picture.width()) / whole.width();
        const double down = double(picture.height()) / whole.height();
        QImage part(size, QImage::Format_RGB32);
        QPainter painter(&part);
        painter.setRenderHint(QPainter::SmoothPixmapTransform, !is_enlarged);
        painter.drawImage(
            QRectF(QPointF(), QSizeF(size)), picture,
            QRectF(
                window.offset.x() * across, window.offset.y() * down, size.width() * across,
                size.height() * down));
        return part;
    }
    QImage source = picture;
    if (is_enlarged) {
        // Whole pixels first: a small input is shown as the model sees it, not blurred.
        const int times_across = (size.width() + picture.width() - 1) / picture.width();
        const int times_down = (size.height() + picture.height() - 1) / picture.height();
        source = picture.scaled(picture.width() * times_across, picture.height() * times_down);
    }
    return source.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
        .convertToFormat(QImage::Format_RGB32);
}

MapLook lookOf(const GridScene& scene, bool has_picture) {
    const ViewState& view = scene.view;
    MapLook look;
    look.sampling = view.sampling;
    look.overlay = view.overlay;
    const bool is_alone = view.overlay == Overlay::Heat || view.overlay == Overlay::SideBySide;
    look.opacity = has_picture && !is_alone ? static_cast<float>(view.opacity) : 1.0F;
    look.threshold = static_cast<float>(view.threshold);
    look.colormap = scene.colormap;
    return look;
}

QImage composeMap(
    const GridCell& cell,
    const MapLook& look,
    const QImage& picture,
    const MapWindow& window) {
    const QSize size = window.size.toSize();
    QImage image(size, QImage::Format_RGB32);
    if (image.isNull() || !cell.present) {
        return {};
    }
    const std::vector<float> places = placesOf(cell, look.sampling, window);
    const Colorer colorer(places, size, look);
    const bool has_picture = picture.size() == size;
    for (int y = 0; y < size.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        const auto* under =
            has_picture ? reinterpret_cast<const QRgb*>(picture.constScanLine(y)) : nullptr;
        for (int x = 0; x < size.width(); ++x) {
            line[x] = colorer.pixel(x, y, under != nullptr ? under[x] : 0U);
        }
    }
    return image;
}

QImage colorBar(Colormap colormap, int width) {
    QImage bar(std::max(width, 1), 1, QImage::Format_RGB32);
    const ColorTable& table = colorTable(colormap);
    for (int x = 0; x < bar.width(); ++x) {
        const auto& rgb = table[static_cast<std::size_t>((2 * x + 1) * 256 / (2 * bar.width()))];
        bar.setPixel(x, 0, qRgb(rgb[0], rgb[1], rgb[2]));
    }
    return bar;
}

} // namespace vitreous
