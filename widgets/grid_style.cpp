#include "widgets/grid_style.h"

#include <algorithm>
#include <cmath>

#include <QFontInfo>

namespace vitreous {
namespace {

constexpr double quiet_ink = 0.64;
constexpr double faint_ink = 0.28;

QColor mix(const QColor& ground, const QColor& ink, double share) {
    const auto channel = [share](int from, int to) {
        return static_cast<int>(std::lround(from + (to - from) * share));
    };
    return {
        channel(ground.red(), ink.red()), channel(ground.green(), ink.green()),
        channel(ground.blue(), ink.blue())};
}

void setColors(GridStyle& style, const QColor& ground, const QColor& ink) {
    style.ground = ground;
    style.ink = ink;
    style.quiet = mix(ground, ink, quiet_ink);
    style.faint = mix(ground, ink, faint_ink);
}

QFont sized(QFont font, double pixels) {
    font.setPixelSize(static_cast<int>(std::max(1L, std::lround(pixels))));
#if QT_VERSION >= QT_VERSION_CHECK(6, 7, 0)
    font.setFeature("tnum", 1);
#endif
    return font;
}

} // namespace

GridStyle screenStyle(const QPalette& palette, const QFont& font) {
    GridStyle style;
    setColors(style, palette.color(QPalette::Window), palette.color(QPalette::WindowText));
    const double pixels = std::max(10, QFontInfo(font).pixelSize());
    style.label_font = sized(font, pixels);
    style.head_font = sized(font, pixels);
    style.small_font = sized(font, std::max(10.0, pixels * 0.85));
    return style;
}

GridStyle figureStyle(double units_per_point) {
    GridStyle style;
    setColors(style, Qt::white, QColor(0x11, 0x11, 0x11));
    QFont font(QStringLiteral("DejaVu Sans"));
    font.setHintingPreference(QFont::PreferNoHinting);
    style.label_font = sized(font, 7.5 * units_per_point);
    style.head_font = sized(font, 7.0 * units_per_point);
    style.small_font = sized(font, 6.5 * units_per_point);
    style.step = 4.0 * units_per_point;
    style.gap = 1.5 * units_per_point;
    style.margin = 1.5 * units_per_point;
    style.hairline = 0.5 * units_per_point;
    style.bar_width = 120.0 * units_per_point;
    style.bar_height = 5.0 * units_per_point;
    style.row_head_max = 68.0 * units_per_point;
    // Nobody can point at paper to read a range.
    style.stacks_numbers = true;
    style.cell_min = 40.0 * units_per_point;
    style.cell_comfortable = 40.0 * units_per_point;
    style.cell_max = 108.0 * units_per_point;
    style.cloud_max = 160.0 * units_per_point;
    style.scrub_max = 320.0 * units_per_point;
    return style;
}

} // namespace vitreous
