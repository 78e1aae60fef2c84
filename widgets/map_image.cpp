#include "widgets/map_image.h"

#include <algorithm>
#include <array>
#include <cmath>

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

std::vector<Between> placesAlong(int pixels, int tokens) {
    std::vector<Between> places(static_cast<std::size_t>(pixels));
    for (int i = 0; i < pixels; ++i) {
        Between& place = places[static_cast<std::size_t>(i)];
        place.nearest = (2 * i + 1) * tokens / (2 * pixels);
        const float centre = (static_cast<float>(i) + 0.5F) * static_cast<float>(tokens) /
                                 static_cast<float>(pixels) -
                             0.5F;
        const float clamped = std::clamp(centre, 0.0F, static_cast<float>(tokens - 1));
        place.first = static_cast<int>(clamped);
        place.second = std::min(place.first + 1, tokens - 1);
        place.weight = clamped - static_cast<float>(place.first);
    }
    return places;
}

/// Colours one cell's values.
class Colorer {
public:
    Colorer(const GridCell& cell, Colormap colormap)
        : cell_(cell), table_(colorTable(colormap)),
          low_(static_cast<float>(cell.range.low) * 0.5F),
          // Halves, because the span of two floats may not be a float.
          half_span_(static_cast<float>(cell.range.high) * 0.5F - low_) {}

    [[nodiscard]] Pixel nearest(const Between& x, const Between& y) const {
        const float value = at(x.nearest, y.nearest);
        return std::isfinite(value) ? color(value) : neutral();
    }
    [[nodiscard]] Pixel bilinear(const Between& x, const Between& y) const {
        if (!std::isfinite(at(x.nearest, y.nearest))) {
            return neutral();
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
        return color(sum / weights);
    }

private:
    [[nodiscard]] float at(int column, int row) const {
        return cell_.values
            [static_cast<std::size_t>(row) * static_cast<std::size_t>(cell_.columns) +
             static_cast<std::size_t>(column)];
    }
    [[nodiscard]] Pixel color(float value) const {
        const float t = half_span_ > 0.0F ? (value * 0.5F - low_) / half_span_ : 0.0F;
        const auto entry = static_cast<std::size_t>(rounded(std::clamp(t, 0.0F, 1.0F) * 255.0F));
        const auto& rgb = table_[entry];
        return {static_cast<float>(rgb[0]), static_cast<float>(rgb[1]), static_cast<float>(rgb[2])};
    }
    static Pixel neutral() {
        return {
            static_cast<float>(neutral_color.red()), static_cast<float>(neutral_color.green()),
            static_cast<float>(neutral_color.blue())};
    }

    const GridCell& cell_;
    const ColorTable& table_;
    float low_;
    float half_span_;
};

QRgb blend(const Pixel& map, QRgb picture, float opacity) {
    const auto channel = [opacity](float over, int under) {
        return rounded(static_cast<float>(under) * (1.0F - opacity) + over * opacity);
    };
    return qRgb(
        channel(map[0], qRed(picture)), channel(map[1], qGreen(picture)),
        channel(map[2], qBlue(picture)));
}

} // namespace

QImage scaledPicture(const QImage& picture, QSize size) {
    if (picture.isNull() || size.isEmpty()) {
        return {};
    }
    const QSize times(
        (size.width() + picture.width() - 1) / picture.width(),
        (size.height() + picture.height() - 1) / picture.height());
    QImage source = picture;
    if (size.width() >= least_enlargement * picture.width() &&
        size.height() >= least_enlargement * picture.height()) {
        // Whole pixels first: a small input is shown as the model sees it, not blurred.
        source = picture.scaled(picture.width() * times.width(), picture.height() * times.height());
    }
    return source.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
        .convertToFormat(QImage::Format_RGB32);
}

QImage composeMap(const GridCell& cell, const ViewState& view, const QImage& picture, QSize size) {
    QImage image(size, QImage::Format_RGB32);
    if (image.isNull() || !cell.present) {
        return {};
    }
    const std::vector<Between> across = placesAlong(size.width(), cell.columns);
    const std::vector<Between> down = placesAlong(size.height(), cell.rows);
    const Colorer colorer(cell, view.colormap);
    const bool has_picture = picture.size() == size;
    const float opacity = has_picture ? static_cast<float>(view.opacity) : 1.0F;
    for (int y = 0; y < size.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        const auto* under =
            has_picture ? reinterpret_cast<const QRgb*>(picture.constScanLine(y)) : nullptr;
        const Between& row = down[static_cast<std::size_t>(y)];
        for (int x = 0; x < size.width(); ++x) {
            const Between& column = across[static_cast<std::size_t>(x)];
            const Pixel map = view.sampling == Sampling::Nearest ? colorer.nearest(column, row)
                                                                 : colorer.bilinear(column, row);
            line[x] = blend(map, under != nullptr ? under[x] : 0U, opacity);
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
