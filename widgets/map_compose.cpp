#include <algorithm>
#include <array>
#include <cstring>

#include "widgets/grid_style.h"
#include "widgets/map_image.h"
#include "widgets/place_rows.h"

namespace vitreous {
namespace {

// Software rendering draws a million of these pixels a frame: whatever several pixels share is made
// once, and the loops over a row's pixels are plain enough for the compiler to make them vectors.

/// The nearest whole number to one that is not negative; std::lround is a call a pixel.
int rounded(float value) {
    constexpr float half = 0.5F;
    return static_cast<int>(value + half);
}

/// What a pixel becomes: so much of the picture and so much of a colour, in a QRgb's order of
/// bytes.
struct Ink {
    std::array<float, 4> kept{};
    std::array<float, 4> added{};
};

/// An ink for so much of a colour over the picture.
Ink inkOf(QRgb color, float opacity) {
    const auto bytesOf = [](QRgb pixel) {
        std::array<uchar, 4> bytes{};
        std::memcpy(bytes.data(), &pixel, bytes.size());
        return bytes;
    };
    constexpr QRgb alpha = 0xff000000U;
    const auto is_alpha = bytesOf(alpha);
    const auto bytes = bytesOf(color | alpha);
    Ink made;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const float share = is_alpha[i] != 0 ? 1.0F : opacity;
        made.kept[i] = 1.0F - share;
        made.added[i] = static_cast<float>(bytes[i]) * share;
    }
    return made;
}

Ink inkOf(const ColorTable& table, std::size_t entry, float opacity) {
    const auto& rgb = table[entry];
    return inkOf(qRgb(rgb[0], rgb[1], rgb[2]), opacity);
}

/// A row's inks side by side, four numbers a pixel.
class InkRow {
public:
    explicit InkRow(std::size_t pixels) : kept_(4 * pixels), added_(4 * pixels) {}

    /// numbers: for each pixel the one of its ink.
    template <typename Number, std::size_t Count>
    void set(const std::vector<Number>& numbers, const std::array<Ink, Count>& inks) {
        for (std::size_t x = 0; x < numbers.size(); ++x) {
            const Ink& ink = inks[static_cast<std::size_t>(numbers[x])];
            std::memcpy(&kept_[4 * x], ink.kept.data(), sizeof(ink.kept));
            std::memcpy(&added_[4 * x], ink.added.data(), sizeof(ink.added));
        }
    }

    void blend(const uchar* picture, uchar* out) const {
        const float* kept = kept_.data();
        const float* added = added_.data();
        const std::size_t bytes = kept_.size();
        for (std::size_t i = 0; i < bytes; ++i) {
            const float value = static_cast<float>(picture[i]) * kept[i] + added[i];
            out[i] = static_cast<uchar>(rounded(value));
        }
    }

private:
    std::vector<float> kept_;
    std::vector<float> added_;
};

/// A map's colours over its picture, a row at a time.
class Colors {
public:
    Colors(PlaceRows& places, const MapLook& look, std::size_t width)
        : places_(places), threshold_(look.threshold), numbers_(width) {
        const ColorTable& table = colorTable(look.colormap);
        for (std::size_t i = 0; i < table.size(); ++i) {
            inks_[i] = inkOf(table, i, look.opacity);
        }
        inks_[neutral] = inkOf(neutral_color.rgb(), look.opacity);
        inks_[picture_alone] = inkOf(0, 0.0F);
    }

    void setRow(std::size_t y, InkRow& row) {
        if (places_.isRepeated(y)) {
            return;
        }
        const float* at = places_.at(y).data();
        int* numbers = numbers_.data();
        const float threshold = threshold_;
        const std::size_t width = numbers_.size();
        for (std::size_t x = 0; x < width; ++x) {
            const int entry = rounded(at[x] * 255.0F);
            const int seen = at[x] < threshold ? picture_alone : entry;
            numbers[x] = at[x] < 0.0F ? neutral : seen;
        }
        row.set(numbers_, inks_);
    }

private:
    /// Behind the colours of the table.
    static constexpr int neutral = 256;
    static constexpr int picture_alone = 257;

    PlaceRows& places_;
    float threshold_;
    std::array<Ink, 258> inks_;
    std::vector<int> numbers_;
};

/// Between which two contour lines a place in the range lies.
uchar bandOf(float place, float threshold) {
    if (threshold > 0.0F) {
        return place >= threshold ? 1 : 0;
    }
    const float steps = std::max(place, 0.0F) * static_cast<float>(contour_steps);
    return static_cast<uchar>(std::min(static_cast<int>(steps), contour_steps - 1));
}

/// Lines of equal value over the picture, a row at a time.
class Contours {
public:
    Contours(PlaceRows& places, const MapLook& look, std::size_t width, std::size_t height)
        : width_(width), height_(height), reach_(static_cast<std::size_t>(look.line_width)),
          stride_(width + 2 * reach_), bands_(stride_ * height), numbers_(width), previous_(width) {
        for (std::size_t y = 0; y < height_; ++y) {
            setBands(places, y, look.threshold);
        }
        const ColorTable& table = colorTable(look.colormap);
        for (std::size_t i = 0; i < contour_steps; ++i) {
            const float step = static_cast<float>(i) / static_cast<float>(contour_steps);
            const float level = look.threshold > 0.0F ? look.threshold : step;
            const auto& rgb = table[static_cast<std::size_t>(rounded(level * 255.0F))];
            const QRgb color = qRgb(rgb[0], rgb[1], rgb[2]);
            inks_[i] = inkOf(color, look.opacity);
            inks_[contour_steps + i] = inkOf(outlineOf(color), look.opacity);
        }
        inks_[shade] = inkOf(0, look.opacity * contour_shade);
    }

    /// A line in the colour of its level on the upper side of it, its outline on the lower side.
    void setRow(std::size_t y, InkRow& row) {
        const uchar* own = &bands_[y * stride_] + reach_;
        const uchar* above = own - std::min(y, reach_) * stride_;
        const uchar* below = own + std::min(height_ - 1 - y, reach_) * stride_;
        const auto reach = static_cast<std::ptrdiff_t>(reach_);
        uchar* numbers = numbers_.data();
        for (std::size_t x = 0; x < width_; ++x) {
            const auto at = static_cast<std::ptrdiff_t>(x);
            const uchar left = own[at - reach];
            const uchar right = own[at + reach];
            const uchar most = std::max(std::max(left, right), std::max(above[x], below[x]));
            const uchar least = std::min(std::min(left, right), std::min(above[x], below[x]));
            const uchar lower = least < own[x] ? own[x] : shade;
            numbers[x] = most > own[x] ? static_cast<uchar>(contour_steps + most) : lower;
        }
        if (y == 0 || numbers_ != previous_) {
            row.set(numbers_, inks_);
            previous_ = numbers_;
        }
    }

private:
    /// Behind the colours of the levels and of their outlines.
    static constexpr uchar shade = 2 * contour_steps;

    /// What shows beside that colour on any picture.
    static QRgb outlineOf(QRgb color) {
        const float light = static_cast<float>(qRed(color)) * contour_weights[0] +
                            static_cast<float>(qGreen(color)) * contour_weights[1] +
                            static_cast<float>(qBlue(color)) * contour_weights[2];
        return light < contour_light * 255.0F ? qRgb(255, 255, 255) : qRgb(0, 0, 0);
    }

    void setBands(PlaceRows& places, std::size_t y, float threshold) {
        uchar* row = &bands_[y * stride_];
        if (places.isRepeated(y)) {
            std::copy_n(row - stride_, stride_, row);
            return;
        }
        const float* at = places.at(y).data();
        for (std::size_t x = 0; x < width_; ++x) {
            row[x + reach_] = bandOf(at[x], threshold);
        }
        // The pixels at the sides are their own neighbours.
        std::fill_n(row, reach_, row[reach_]);
        std::fill_n(row + reach_ + width_, reach_, row[reach_ + width_ - 1]);
    }

    std::size_t width_;
    std::size_t height_;
    std::size_t reach_;        ///< how far a line goes to either side, in pixels
    std::size_t stride_;       ///< of a row with so many more pixels at either side
    std::vector<uchar> bands_; ///< row-major
    std::array<Ink, 2 * contour_steps + 1> inks_;
    std::vector<uchar> numbers_;
    std::vector<uchar> previous_;
};

/// Blends all rows over the picture; null: over black.
template <typename Rows>
void blendRows(QImage& image, const QImage& picture, Rows rows) {
    const auto width = static_cast<std::size_t>(image.width());
    const std::vector<uchar> black(picture.isNull() ? 4 * width : 0);
    InkRow row(width);
    for (int y = 0; y < image.height(); ++y) {
        rows.setRow(static_cast<std::size_t>(y), row);
        row.blend(picture.isNull() ? black.data() : picture.constScanLine(y), image.scanLine(y));
    }
}

} // namespace

void composeMapInto(
    QImage& image,
    const GridCell& cell,
    const MapLook& look,
    const QImage& picture,
    const MapWindow& window) {
    const QSize size = window.size.toSize();
    if (size.isEmpty() || !cell.present) {
        image = {};
        return;
    }
    if (image.size() != size || image.format() != QImage::Format_RGB32) {
        image = QImage(size, QImage::Format_RGB32);
    }
    const auto width = static_cast<std::size_t>(size.width());
    const QImage under = picture.size() == size ? picture : QImage();
    PlaceRows places(cell, look.sampling, window);
    if (look.overlay == Overlay::Contour) {
        const auto height = static_cast<std::size_t>(size.height());
        blendRows(image, under, Contours(places, look, width, height));
    } else {
        blendRows(image, under, Colors(places, look, width));
    }
}

QImage composeMap(
    const GridCell& cell,
    const MapLook& look,
    const QImage& picture,
    const MapWindow& window) {
    QImage image;
    composeMapInto(image, cell, look, picture, window);
    return image;
}

} // namespace vitreous
