#include "widgets/map_image.h"

#include <algorithm>

#include <QPainter>

namespace vitreous {
namespace {

/// A picture that is shown at least so many times as large as it is keeps its pixels sharp.
constexpr int least_enlargement = 2;

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

MapLook lookOf(const GridScene& scene, const GridCell& cell, bool has_picture, int line_width) {
    if (cell.is_picture) {
        return pictureLook();
    }
    const ViewState& view = scene.view;
    MapLook look;
    look.sampling = view.sampling;
    look.overlay = scene.overlay;
    const bool is_alone = scene.overlay == Overlay::Heat || scene.overlay == Overlay::SideBySide;
    look.opacity = has_picture && !is_alone ? static_cast<float>(view.opacity) : 1.0F;
    look.threshold = cell.threshold.value_or(static_cast<float>(view.threshold));
    look.colormap = scene.colormap;
    look.line_width = line_width;
    return look;
}

MapLook pictureLook() {
    return {.overlay = Overlay::Blend, .opacity = 0.0F};
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
