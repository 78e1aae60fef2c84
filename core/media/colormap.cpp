#include "core/media/colormap.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace vitreous {
namespace {

struct ColormapRow {
    Colormap colormap;
    std::string_view name;
    int opencv; ///< OpenCV's number, or one of the two below
};

constexpr int kGray = -1;
constexpr int kCoolwarm = -2;

constexpr std::array kRows = {
    ColormapRow{Colormap::Viridis, "viridis", cv::COLORMAP_VIRIDIS},
    ColormapRow{Colormap::Magma, "magma", cv::COLORMAP_MAGMA},
    ColormapRow{Colormap::Inferno, "inferno", cv::COLORMAP_INFERNO},
    ColormapRow{Colormap::Cividis, "cividis", cv::COLORMAP_CIVIDIS},
    ColormapRow{Colormap::Turbo, "turbo", cv::COLORMAP_TURBO},
    ColormapRow{Colormap::Gray, "gray", kGray},
    ColormapRow{Colormap::Coolwarm, "coolwarm", kCoolwarm},
};

ColorTable opencvTable(int number) {
    cv::Mat ramp(1, 256, CV_8UC1);
    for (int i = 0; i < 256; ++i) {
        ramp.at<std::uint8_t>(0, i) = static_cast<std::uint8_t>(i);
    }
    cv::Mat colors;
    cv::applyColorMap(ramp, colors, number);
    ColorTable table;
    for (int i = 0; i < 256; ++i) {
        const auto bgr = colors.at<cv::Vec3b>(0, i);
        table[static_cast<std::size_t>(i)] = {bgr[2], bgr[1], bgr[0]};
    }
    return table;
}

ColorTable grayTable() {
    ColorTable table;
    for (std::size_t i = 0; i < 256; ++i) {
        table[i].fill(static_cast<std::uint8_t>(i));
    }
    return table;
}

// Moreland, "Diverging Color Maps for Scientific Visualization", 2009: from blue over a light gray
// to red in Msh (polar CIELAB), the hue bent so that the path stays even.
struct Msh {
    double m;
    double s;
    double h;
};

std::array<std::uint8_t, 3> srgbOf(const Msh& color) {
    const double l = color.m * std::cos(color.s);
    const double a = color.m * std::sin(color.s) * std::cos(color.h);
    const double b = color.m * std::sin(color.s) * std::sin(color.h);
    const double fy = (l + 16.0) / 116.0;
    const auto inverse = [](double t) {
        return t > 6.0 / 29.0 ? t * t * t : (t - 16.0 / 116.0) / 7.787;
    };
    const double x = 0.95047 * inverse(fy + a / 500.0);
    const double y = inverse(fy);
    const double z = 1.08883 * inverse(fy - b / 200.0);
    const std::array linear = {
        3.2406 * x - 1.5372 * y - 0.4986 * z, -0.9689 * x + 1.8758 * y + 0.0415 * z,
        0.0557 * x - 0.2040 * y + 1.0570 * z};
    std::array<std::uint8_t, 3> bytes{};
    for (std::size_t i = 0; i < 3; ++i) {
        const double v = std::clamp(linear[i], 0.0, 1.0);
        const double encoded = v > 0.0031308 ? 1.055 * std::pow(v, 1.0 / 2.4) - 0.055 : 12.92 * v;
        bytes[i] = static_cast<std::uint8_t>(std::lround(std::clamp(encoded, 0.0, 1.0) * 255.0));
    }
    return bytes;
}

ColorTable coolwarmTable() {
    constexpr Msh kCool{80.0, 1.08, -1.1};
    constexpr Msh kWarm{80.0, 1.08, 0.5};
    constexpr double kMiddle = 88.0;
    const auto bend = [](const Msh& color) {
        const double spin = color.s * std::sqrt(kMiddle * kMiddle - color.m * color.m) /
                            (color.m * std::sin(color.s));
        return color.h > -1.0471975511965976 ? color.h + spin : color.h - spin;
    };
    ColorTable table;
    for (std::size_t i = 0; i < 256; ++i) {
        const double t = double(i) / 255.0;
        const Msh& end = t < 0.5 ? kCool : kWarm;
        const double share = t < 0.5 ? 2.0 * t : 2.0 - 2.0 * t; // 0 at the end, 1 in the middle
        table[i] = srgbOf(
            {end.m + (kMiddle - end.m) * share, end.s * (1.0 - share),
             end.h + (bend(end) - end.h) * share});
    }
    return table;
}

ColorTable makeTable(int number) {
    return number == kGray       ? grayTable()
           : number == kCoolwarm ? coolwarmTable()
                                 : opencvTable(number);
}

} // namespace

std::span<const Colormap> allColormaps() {
    static const std::array<Colormap, kRows.size()> all = [] {
        std::array<Colormap, kRows.size()> list{};
        std::transform(kRows.begin(), kRows.end(), list.begin(), [](const ColormapRow& row) {
            return row.colormap;
        });
        return list;
    }();
    return all;
}

std::string_view name(Colormap colormap) {
    return kRows.at(static_cast<std::size_t>(colormap)).name;
}

const ColorTable& colorTable(Colormap colormap) {
    static const std::array<ColorTable, kRows.size()> tables = [] {
        std::array<ColorTable, kRows.size()> list{};
        std::transform(kRows.begin(), kRows.end(), list.begin(), [](const ColormapRow& row) {
            return makeTable(row.opencv);
        });
        return list;
    }();
    return tables.at(static_cast<std::size_t>(colormap));
}

} // namespace vitreous
