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

    /// Brings the images of the visible maps up to date, before a frame.
    void update(const GridScene& scene, const std::vector<VisibleMap>& visible, double pixel_ratio);
    /// A visible map as the heat-map shader draws it, until the next update.
    [[nodiscard]] const QImage& at(const VisibleMap& map) const { return maps_[map.place].image; }

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

    /// Returns false where the image has to be made anew of its source.
    bool look(const GridScene& scene, const VisibleMap& visible);
    static void compose(const std::vector<Map*>& maps);
    [[nodiscard]] QImage
    pictureFor(const GridScene& scene, std::size_t number, const MapWindow& window);

    std::vector<Map> maps_; ///< by VisibleMap::place
    std::vector<Picture> pictures_;
    unsigned scene_number_ = 1;
};

} // namespace vitreous
