#pragma once

#include <vector>

#include "widgets/grid_surface.h"
#include "widgets/map_image.h"

namespace vitreous {

/// The images of visible maps: each is kept while what it is made of stays the same, and a picture
/// is scaled once for all maps of its model.
class MapImages {
public:
    /// Another scene or other places: at the next frame every image is looked at again.
    void invalidate() { ++scene_number_; }

    /// Before a frame's at().
    void beginFrame(const GridContent& content, double pixel_ratio);
    /// A visible map as the heat-map shader draws it, until the next call.
    const QImage& at(const GridScene& scene, const VisibleMap& map);
    /// After a frame: forgets scaled pictures that no map has under it any more.
    void endFrame();

private:
    /// What an image is made of.
    struct Source {
        GridCell cell;
        MapLook look;
        MapWindow window{QSizeF()};
        QImage picture; ///< scaled

        /// Pictures are compared by handle.
        [[nodiscard]] bool isSame(const Source& other) const;
    };
    struct Map {
        Source source;
        QImage image;
        unsigned seen = 0; ///< the scene that it was looked at for
    };
    struct Picture {
        std::size_t number = 0; ///< in the scene
        QImage source;
        MapWindow window{QSizeF()};
        QImage scaled;
        bool is_used = true;
    };

    [[nodiscard]] QImage
    pictureFor(const GridScene& scene, std::size_t number, const MapWindow& window);

    std::vector<Map> maps_; ///< by VisibleMap::place
    std::vector<Picture> pictures_;
    unsigned scene_number_ = 1;
    double pixel_ratio_ = 1.0;
};

} // namespace vitreous
