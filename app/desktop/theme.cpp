#include "app/desktop/theme.h"

#include <utility>

#include <QApplication>
#include <QFile>
#include <QProxyStyle>
#include <QStyleFactory>
#include <QTemporaryDir>

#include "app/desktop/icons.h"

namespace vitreous {
namespace {

ThemeKind& chosenKind() {
    static ThemeKind kind = ThemeKind::Light;
    return kind;
}

Theme makeLight() {
    Theme theme;
    theme.kind = ThemeKind::Light;
    theme.ground = 0xfcfcfb;
    theme.panel = 0xf5f5f3;
    theme.raised = 0xffffff;
    theme.ink = 0x1c1e22;
    theme.quiet = 0x62666d;
    theme.faint = 0xa9acb1;
    theme.line = 0xe3e3df;
    theme.edge = 0xd2d2cd;
    theme.hover = 0xececea;
    theme.press = 0xe0e0dd;
    theme.chosen = 0xdce8f5;
    theme.chosen_ink = 0x12406f;
    theme.accent = 0x2a6db0;
    theme.accent_hover = 0x235d98;
    theme.accent_ink = 0xffffff;
    theme.error = 0xb3261e;
    return theme;
}

Theme makeDark() {
    Theme theme;
    theme.kind = ThemeKind::Dark;
    theme.ground = 0x1e1f22;
    theme.panel = 0x242529;
    theme.raised = 0x2c2d32;
    theme.ink = 0xd6d6d6;
    theme.quiet = 0x9a9ca2;
    theme.faint = 0x65676d;
    theme.line = 0x34363b;
    theme.edge = 0x44464c;
    theme.hover = 0x33353a;
    theme.press = 0x3c3e44;
    theme.chosen = 0x2b4765;
    theme.chosen_ink = 0xdbe9f8;
    theme.accent = 0x6ea8e0;
    theme.accent_hover = 0x86b8e8;
    theme.accent_ink = 0x14161a;
    theme.error = 0xf2938a;
    return theme;
}

QPalette paletteOf(const Theme& theme) {
    QPalette palette;
    palette.setColor(QPalette::Window, theme.ground);
    palette.setColor(QPalette::WindowText, theme.ink);
    palette.setColor(QPalette::Base, theme.raised);
    palette.setColor(QPalette::AlternateBase, theme.panel);
    palette.setColor(QPalette::Text, theme.ink);
    palette.setColor(QPalette::PlaceholderText, theme.faint);
    palette.setColor(QPalette::Button, theme.panel);
    palette.setColor(QPalette::ButtonText, theme.ink);
    palette.setColor(QPalette::BrightText, theme.error);
    palette.setColor(QPalette::ToolTipBase, theme.raised);
    palette.setColor(QPalette::ToolTipText, theme.ink);
    palette.setColor(QPalette::Highlight, theme.accent);
    palette.setColor(QPalette::HighlightedText, theme.accent_ink);
    palette.setColor(QPalette::Link, theme.accent);
    palette.setColor(QPalette::Light, theme.raised);
    palette.setColor(QPalette::Midlight, theme.hover);
    palette.setColor(QPalette::Mid, theme.edge);
    palette.setColor(QPalette::Dark, theme.edge);
    palette.setColor(QPalette::Shadow, theme.line);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, theme.faint);
    }
    return palette;
}

/// Fusion with a tool bar button for what does not fit that is wide enough to be seen and hit.
class QuietStyle final : public QProxyStyle {
public:
    QuietStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

    [[nodiscard]] int pixelMetric(
        PixelMetric metric,
        const QStyleOption* option,
        const QWidget* widget) const override {
        return metric == PM_ToolBarExtensionExtent
                   ? 24
                   : QProxyStyle::pixelMetric(metric, option, widget);
    }
};

/// A style sheet takes pictures from files only: the recoloured chevron is written to one.
QString chevronFile(const Theme& theme, int degrees) {
    static const QTemporaryDir folder;
    QString file =
        folder.filePath(QStringLiteral("chevron-%1-%2.png").arg(nameOf(theme.kind)).arg(degrees));
    if (!QFile::exists(file)) {
        iconPixmap(QStringLiteral("chevron"), theme.quiet, 12, 2.0)
            .transformed(QTransform().rotate(degrees))
            .save(file);
    }
    return file;
}

QString styleSheetOf(const Theme& theme) {
    QFile file(QStringLiteral(":/theme/vitreous.qss"));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    QString sheet = QString::fromUtf8(file.readAll());
    sheet.replace(QStringLiteral("@icon_chevron"), chevronFile(theme, 0));
    sheet.replace(QStringLiteral("@icon_up"), chevronFile(theme, 180));
    // A name that starts with another one comes before it.
    const std::initializer_list<std::pair<const char*, QColor>> colors = {
        {"@accent_hover", theme.accent_hover},
        {"@accent_ink", theme.accent_ink},
        {"@accent", theme.accent},
        {"@chosen_ink", theme.chosen_ink},
        {"@chosen", theme.chosen},
        {"@ground", theme.ground},
        {"@panel", theme.panel},
        {"@raised", theme.raised},
        {"@ink", theme.ink},
        {"@quiet", theme.quiet},
        {"@faint", theme.faint},
        {"@line", theme.line},
        {"@edge", theme.edge},
        {"@hover", theme.hover},
        {"@press", theme.press},
    };
    for (const auto& [name, color] : colors) {
        sheet.replace(QLatin1String(name), color.name());
    }
    return sheet;
}

} // namespace

const Theme& themeOf(ThemeKind kind) {
    static const Theme light = makeLight();
    static const Theme dark = makeDark();
    return kind == ThemeKind::Dark ? dark : light;
}

std::optional<ThemeKind> themeNamed(const QString& name) {
    for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
        if (nameOf(kind) == name) {
            return kind;
        }
    }
    return std::nullopt;
}

QString nameOf(ThemeKind kind) {
    return kind == ThemeKind::Dark ? QStringLiteral("dark") : QStringLiteral("light");
}

void applyTheme(ThemeKind kind) {
    chosenKind() = kind;
    const Theme& theme = themeOf(kind);
    // NOLINTBEGIN(clang-analyzer-cplusplus.NewDeleteLeaks): the application owns its style.
    QApplication::setStyle(new QuietStyle);
    QApplication::setPalette(paletteOf(theme));
    // NOLINTEND(clang-analyzer-cplusplus.NewDeleteLeaks)
    qApp->setStyleSheet(styleSheetOf(theme));
}

const Theme& currentTheme() {
    return themeOf(chosenKind());
}

} // namespace vitreous
