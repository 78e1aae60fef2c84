#include "widgets/timeline_text.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QFontInfo>

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Timeline)
};

} // namespace

QString secondsText(double secs) {
    return Text::tr("%1 s").arg(secs, 0, 'f', 2);
}

QString clockText(double secs, double step_secs, double longest_secs) {
    constexpr double minute = 60.0;
    const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step_secs))), 0, 3);
    if (longest_secs < minute || step_secs < 1.0) {
        return Text::tr("%1 s").arg(secs, 0, 'f', decimals);
    }
    const auto whole = static_cast<qint64>(std::llround(secs));
    const auto two = [](qint64 number) {
        return QStringLiteral("%1").arg(number, 2, 10, QLatin1Char('0'));
    };
    return whole < 3600 ? QStringLiteral("%1:%2").arg(whole / 60).arg(two(whole % 60))
                        : QStringLiteral("%1:%2:%3")
                              .arg(whole / 3600)
                              .arg(two(whole / 60 % 60), two(whole % 60));
}

QFont smallFont(QFont font) {
    font.setPixelSize(
        std::max(10, static_cast<int>(std::lround(QFontInfo(font).pixelSize() * 0.85))));
#if QT_VERSION >= QT_VERSION_CHECK(6, 7, 0)
    font.setFeature("tnum", 1);
#endif
    return font;
}

} // namespace vitreous
