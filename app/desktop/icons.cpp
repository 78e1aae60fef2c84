#include "app/desktop/icons.h"

#include <QFile>
#include <QPainter>
#include <QSvgRenderer>

#include "app/desktop/theme.h"

namespace vitreous {

QPixmap iconPixmap(const QString& name, const QColor& color, int size, double pixel_ratio) {
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    QByteArray drawing = file.readAll();
    drawing.replace("\"#000\"", '"' + color.name().toLatin1() + '"');
    QPixmap pixmap(QSize(size, size) * pixel_ratio);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(drawing);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    painter.end();
    pixmap.setDevicePixelRatio(pixel_ratio);
    return pixmap;
}

QIcon themedIcon(const QString& name) {
    const Theme& theme = currentTheme();
    QIcon icon;
    for (const double ratio : {1.0, 2.0}) {
        icon.addPixmap(iconPixmap(name, theme.ink, 16, ratio), QIcon::Normal, QIcon::Off);
        icon.addPixmap(iconPixmap(name, theme.chosen_ink, 16, ratio), QIcon::Normal, QIcon::On);
        icon.addPixmap(iconPixmap(name, theme.faint, 16, ratio), QIcon::Disabled, QIcon::Off);
    }
    return icon;
}

} // namespace vitreous
