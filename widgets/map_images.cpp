#include "widgets/map_images.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

namespace vitreous {
namespace {

constexpr double pixels_worth_a_thread = 200'000.0;
constexpr unsigned most_threads = 4;

} // namespace

bool MapImages::Source::isSame(const Source& other) const {
    return look == other.look && window == other.window &&
           picture.cacheKey() == other.picture.cacheKey() && cell == other.cell;
}

void MapImages::update(
    const GridScene& scene,
    const std::vector<VisibleMap>& visible,
    double pixel_ratio) {
    std::vector<Map*> stale;
    for (const VisibleMap& map : visible) {
        maps_.resize(std::max(maps_.size(), map.place + 1));
    }
    for (const VisibleMap& map : visible) {
        if (!look(scene, map)) {
            stale.push_back(&maps_[map.place]);
        }
    }
    compose(stale);
    for (const VisibleMap& map : visible) {
        maps_[map.place].image.setDevicePixelRatio(pixel_ratio);
    }
    // Scaled pictures that no map has under it any more.
    std::erase_if(
        pictures_, [](Picture& picture) { return !std::exchange(picture.is_used, false); });
}

void MapImages::compose(const std::vector<Map*>& maps) {
    double pixels = 0.0;
    for (const Map* map : maps) {
        pixels += map->source.window.size.width() * map->source.window.size.height();
    }
    std::atomic<std::size_t> next{0};
    const auto work = [&maps, &next] {
        for (std::size_t i = next++; i < maps.size(); i = next++) {
            const Source& source = maps[i]->source;
            composeMapInto(maps[i]->image, source.cell, source.look, source.picture, source.window);
        }
    };
    std::vector<std::jthread> helpers;
    if (pixels >= pixels_worth_a_thread) {
        const std::size_t cores = std::min(most_threads, std::thread::hardware_concurrency());
        for (std::size_t i = 1; i < std::min(cores, maps.size()); ++i) {
            helpers.emplace_back(work);
        }
    }
    work();
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

bool MapImages::look(const GridScene& scene, const VisibleMap& visible) {
    Map& known = maps_[visible.place];
    const GridCell& cell = scene.cells[visible.row][visible.column];
    Source source;
    source.picture = pictureFor(scene, cell.picture, visible.window);
    if (std::exchange(known.seen, scene_number_) == scene_number_ &&
        known.source.picture.cacheKey() == source.picture.cacheKey()) {
        return true;
    }
    source.cell = cell;
    source.look = lookOf(scene, cell, !scene.pictures[cell.picture].isNull(), visible.line_width);
    source.window = visible.window;
    const bool is_same = !known.image.isNull() && known.source.isSame(source);
    if (visible.is_picture && !is_same) {
        known.image = source.picture;
    }
    known.source = std::move(source);
    return is_same || visible.is_picture;
}

} // namespace vitreous
