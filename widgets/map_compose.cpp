#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "widgets/grid_style.h"
#include "widgets/map_image.h"

namespace vitreous {
namespace {

// Software rendering draws a million of these pixels a frame: whatever several pixels share is made
// once, and the loops over a row's pixels are plain enough for the compiler to make them vectors.

/// Where a pixel's centre falls between two token centres of one axis.
struct Between {
    std::size_t first = 0;
    std::size_t second = 0;
    float weight = 0.0F; ///< of the second
    std::size_t nearest = 0;
};

/// pixels: of the seen part, which begins at `offset` in a whole of `whole` pixels.
std::vector<Between> placesAlong(int pixels, int offset, int whole, int tokens) {
    std::vector<Between> places(static_cast<std::size_t>(pixels));
    for (int i = 0; i < pixels; ++i) {
        Between& place = places[static_cast<std::size_t>(i)];
        place.nearest = static_cast<std::size_t>((2 * (i + offset) + 1) * tokens / (2 * whole));
        const float centre = (static_cast<float>(i + offset) + 0.5F) * static_cast<float>(tokens) /
                                 static_cast<float>(whole) -
                             0.5F;
        const float clamped = std::clamp(centre, 0.0F, static_cast<float>(tokens - 1));
        place.first = static_cast<std::size_t>(clamped);
        place.second = std::min(place.first + 1, static_cast<std::size_t>(tokens - 1));
        place.weight = clamped - static_cast<float>(place.first);
    }
    return places;
}

/// The nearest whole number to one that is not negative; std::lround is a call a pixel.
int rounded(float value) {
    constexpr float half = 0.5F;
    return static_cast<int>(value + half);
}

/// A value's place in the range, below 0 where there is no finite value.
constexpr float no_value = -1.0F;

/// Brings values to 0..1 of a range.
class Ranger {
public:
    explicit Ranger(const ValueRange& range)
        : low_(static_cast<float>(range.low) * 0.5F),
          // Halves, because the span of two floats may not be a float.
          half_span_(static_cast<float>(range.high) * 0.5F - low_) {}

    void bring(float* values, std::size_t count) const {
        if (half_span_ <= 0.0F) {
            std::fill_n(values, count, 0.0F);
            return;
        }
        for (std::size_t i = 0; i < count; ++i) {
            const float t = (values[i] * 0.5F - low_) / half_span_;
            // In this order what is not a number becomes 0.
            const float above = t > 0.0F ? t : 0.0F;
            values[i] = above < 1.0F ? above : 1.0F;
        }
    }

private:
    float low_;
    float half_span_;
};

/// The places in the range of one map's pixels, a row at a time.
class PlaceRows {
public:
    PlaceRows(const GridCell& cell, Sampling sampling, const MapWindow& window)
        : cell_(cell), sampling_(sampling), ranger_(cell.range),
          columns_(static_cast<std::size_t>(cell.columns)), sums_(columns_), weights_(columns_) {
        const QSize size = window.size.toSize();
        const QSize whole = window.whole.toSize();
        const QPoint offset = window.offset.toPoint();
        across_ = placesAlong(size.width(), offset.x(), whole.width(), cell.columns);
        down_ = placesAlong(size.height(), offset.y(), whole.height(), cell.rows);
        is_finite_ = std::all_of(cell.values.begin(), cell.values.end(), [](float value) {
            return std::isfinite(value);
        });
        row_.resize(across_.size());
    }

    /// True where a row has the places of the row before it.
    [[nodiscard]] bool isRepeated(std::size_t y) const {
        return y > 0 && sampling_ == Sampling::Nearest && down_[y].nearest == down_[y - 1].nearest;
    }

    /// The places of a row's pixels, until the next call.
    const std::vector<float>& at(std::size_t y) {
        if (sampling_ == Sampling::Nearest) {
            nearest(valuesOf(down_[y].nearest));
        } else {
            bilinear(down_[y]);
        }
        return row_;
    }

private:
    [[nodiscard]] const float* valuesOf(std::size_t row) const {
        return cell_.values.data() + row * columns_;
    }

    void nearest(const float* values) {
        std::copy_n(values, columns_, sums_.begin());
        ranger_.bring(sums_.data(), columns_);
        for (std::size_t i = 0; i < columns_; ++i) {
            sums_[i] = std::isfinite(values[i]) ? sums_[i] : no_value;
        }
        for (std::size_t x = 0; x < row_.size(); ++x) {
            row_[x] = sums_[across_[x].nearest];
        }
    }

    /// First down, for each column of tokens, then across.
    void bilinear(const Between& down) {
        const float* upper = valuesOf(down.first);
        const float* lower = valuesOf(down.second);
        const float rest = 1.0F - down.weight;
        for (std::size_t i = 0; i < columns_; ++i) {
            const float above = std::isfinite(upper[i]) ? rest : 0.0F;
            const float below = std::isfinite(lower[i]) ? down.weight : 0.0F;
            sums_[i] =
                (above > 0.0F ? upper[i] * above : 0.0F) + (below > 0.0F ? lower[i] * below : 0.0F);
            weights_[i] = above + below;
        }
        for (std::size_t x = 0; x < row_.size(); ++x) {
            const Between& place = across_[x];
            row_[x] =
                sums_[place.first] * (1.0F - place.weight) + sums_[place.second] * place.weight;
        }
        if (!is_finite_) {
            divideByWeights();
        }
        ranger_.bring(row_.data(), row_.size());
        if (!is_finite_) {
            dropWhatIsNotFinite(valuesOf(down.nearest));
        }
    }

    void divideByWeights() {
        for (std::size_t x = 0; x < row_.size(); ++x) {
            const Between& place = across_[x];
            row_[x] /= weights_[place.first] * (1.0F - place.weight) +
                       weights_[place.second] * place.weight;
        }
    }

    void dropWhatIsNotFinite(const float* values) {
        for (std::size_t x = 0; x < row_.size(); ++x) {
            row_[x] = std::isfinite(values[across_[x].nearest]) ? row_[x] : no_value;
        }
    }

    const GridCell& cell_;
    Sampling sampling_;
    Ranger ranger_;
    std::size_t columns_;
    std::vector<Between> across_;
    std::vector<Between> down_;
    std::vector<float> sums_;    ///< by column of tokens: of the finite values around the row
    std::vector<float> weights_; ///< that they have
    std::vector<float> row_;
    bool is_finite_ = true; ///< all values are
};

/// What a pixel becomes: so much of the picture and so much of a colour, in a QRgb's order of
/// bytes.
struct Ink {
    std::array<float, 4> kept{};
    std::array<float, 4> added{};
};

using InkIndex = std::uint16_t;

/// All that a pixel of one map can become.
class Inks {
public:
    /// Behind the 256 colours of the table.
    static constexpr InkIndex neutral = 256;
    static constexpr InkIndex picture_alone = 257;
    static constexpr InkIndex dark_line = 258;
    static constexpr InkIndex shade = 259;

    explicit Inks(const MapLook& look) {
        const ColorTable& table = colorTable(look.colormap);
        for (std::size_t i = 0; i < table.size(); ++i) {
            inks_[i] = ink(qRgb(table[i][0], table[i][1], table[i][2]), look.opacity);
        }
        inks_[neutral] = ink(neutral_color.rgb(), look.opacity);
        inks_[picture_alone] = ink(0, 0.0F);
        inks_[dark_line] = ink(0, look.opacity);
        inks_[shade] = ink(0, look.opacity * contour_shade);
    }

    [[nodiscard]] const Ink& operator[](InkIndex index) const { return inks_[index]; }

private:
    static Ink ink(QRgb color, float opacity) {
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

    std::array<Ink, 260> inks_;
};

InkIndex inkOf(float place) {
    return place < 0.0F ? Inks::neutral : static_cast<InkIndex>(rounded(place * 255.0F));
}

/// Between which two contour lines a place in the range lies.
uchar bandOf(float place, float threshold) {
    if (threshold > 0.0F) {
        return place >= threshold ? 1 : 0;
    }
    const float steps = std::max(place, 0.0F) * static_cast<float>(contour_steps);
    return static_cast<uchar>(std::min(static_cast<int>(steps), contour_steps - 1));
}

/// Lines of equal value: which ink each pixel takes.
class Contours {
public:
    Contours(PlaceRows& places, QSize size, float threshold)
        : width_(static_cast<std::size_t>(size.width())),
          height_(static_cast<std::size_t>(size.height())), stride_(width_ + 2),
          bands_(stride_ * height_) {
        for (std::size_t y = 0; y < height_; ++y) {
            uchar* row = &bands_[y * stride_];
            if (places.isRepeated(y)) {
                std::copy_n(row - stride_, stride_, row);
                continue;
            }
            const std::vector<float>& at = places.at(y);
            for (std::size_t x = 0; x < width_; ++x) {
                row[x + 1] = bandOf(at[x], threshold);
            }
            // The pixels at the sides are their own neighbours.
            row[0] = row[1];
            row[width_ + 1] = row[width_];
        }
        for (std::size_t i = 0; i < levels_.size(); ++i) {
            const float level = static_cast<float>(i) / static_cast<float>(contour_steps);
            levels_[i] = inkOf(threshold > 0.0F ? threshold : level);
        }
    }

    /// A line in the colour of its level on the upper side of it, a dark one on the lower side.
    void inksAt(std::size_t y, std::vector<InkIndex>& inks) const {
        const uchar* own = &bands_[y * stride_] + 1;
        const uchar* above = y > 0 ? own - stride_ : own;
        const uchar* below = y + 1 < height_ ? own + stride_ : own;
        for (std::size_t x = 0; x < width_; ++x) {
            const uchar left = own[x - 1];
            const uchar right = own[x + 1];
            const uchar most = std::max(std::max(left, right), std::max(above[x], below[x]));
            const uchar least = std::min(std::min(left, right), std::min(above[x], below[x]));
            const InkIndex lower = least < own[x] ? levels_[own[x]] : Inks::shade;
            inks[x] = most > own[x] ? Inks::dark_line : lower;
        }
    }

private:
    std::size_t width_;
    std::size_t height_;
    std::size_t stride_;       ///< of a row with one more pixel at either side
    std::vector<uchar> bands_; ///< row-major
    std::array<InkIndex, contour_steps> levels_{};
};

/// A row's inks side by side, four numbers a pixel.
class InkRow {
public:
    explicit InkRow(std::size_t pixels) : kept_(4 * pixels), added_(4 * pixels) {}

    void set(const std::vector<InkIndex>& indices, const Inks& inks) {
        for (std::size_t x = 0; x < indices.size(); ++x) {
            const Ink& ink = inks[indices[x]];
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
            out[i] = static_cast<uchar>(static_cast<int>(value + 0.5F));
        }
    }

private:
    std::vector<float> kept_;
    std::vector<float> added_;
};

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
    const auto height = static_cast<std::size_t>(size.height());
    const bool is_contour = look.overlay == Overlay::Contour;
    const bool has_picture = picture.size() == size;
    const std::vector<uchar> black(4 * width);
    const Inks inks(look);
    PlaceRows places(cell, look.sampling, window);
    std::optional<Contours> contours;
    if (is_contour) {
        contours.emplace(places, size, look.threshold);
    }
    std::vector<InkIndex> indices(width);
    InkRow row(width);
    for (std::size_t y = 0; y < height; ++y) {
        if (contours) {
            contours->inksAt(y, indices);
            row.set(indices, inks);
        } else if (!places.isRepeated(y)) {
            const std::vector<float>& at = places.at(y);
            for (std::size_t x = 0; x < width; ++x) {
                const bool is_below = at[x] >= 0.0F && at[x] < look.threshold;
                indices[x] = is_below ? Inks::picture_alone : inkOf(at[x]);
            }
            row.set(indices, inks);
        }
        const int line = static_cast<int>(y);
        row.blend(has_picture ? picture.constScanLine(line) : black.data(), image.scanLine(line));
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
