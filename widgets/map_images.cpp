#include "widgets/map_images.h"

#include <utility>

namespace vitreous {

bool MapImages::Source::isSame(const Source& other) const {
    return look == other.look && window == other.window &&
           picture.cacheKey() == other.picture.cacheKey() && cell == other.cell;
}

void MapImages::beginFrame(const GridContent& content, double pixel_ratio) {
    maps_.resize(2 * content.layout.cells.size());
    pixel_ratio_ = pixel_ratio;
}

void MapImages::endFrame() {
    std::erase_if(
        pictures_, [](Picture& picture) { return !std::exchange(picture.is_used, false); });
}

QImage MapImages::pictureFor(const GridScene& scene, std::size_t number, const MapWindow& window) {
    const QImage& source = scene.pictures[number];
    for (Picture& known : pictures_) {
        if (known.number == number && known.window == window && known.source == source) {
            // Another layer's maps have the same picture under them, in another image. With that
            // one kept, they are told to be the same without looking at their pixels next time.
            known.source = source;
            known.is_used = true;
            return known.scaled;
        }
    }
    QImage scaled = scaledPicture(source, window);
    if (scaled.isNull()) {
        scaled = QImage(window.size.toSize(), QImage::Format_RGB32);
        scaled.fill(Qt::black);
    }
    pictures_.push_back({number, source, window, scaled});
    return scaled;
}

const QImage& MapImages::at(const GridScene& scene, const VisibleMap& map) {
    Map& known = maps_[map.place];
    const GridCell& cell = scene.cells[map.row][map.column];
    Source source;
    source.picture = pictureFor(scene, cell.picture, map.window);
    if (std::exchange(known.seen, scene_number_) == scene_number_ &&
        known.source.picture.cacheKey() == source.picture.cacheKey()) {
        return known.image;
    }
    source.cell = cell;
    source.look = lookOf(scene, !scene.pictures[cell.picture].isNull(), map.line_width);
    source.window = map.window;
    if (map.is_picture) {
        known.image = source.picture;
    } else if (known.image.isNull() || !known.source.isSame(source)) {
        composeMapInto(known.image, cell, source.look, source.picture, map.window);
    }
    known.image.setDevicePixelRatio(pixel_ratio_);
    known.source = std::move(source);
    return known.image;
}

} // namespace vitreous
