#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include <QImage>
#include <QOpenGLExtraFunctions>
#include <QOpenGLShaderProgram>
#include <QOpenGLTexture>
#include <QOpenGLVertexArrayObject>

#include "widgets/grid_surface.h"

namespace vitreous {

/// Draws a scene's maps with the heat-map shader: one atlas of raw values, one colour table, one
/// picture a model. All calls need the context current that create() saw.
class HeatmapRenderer : private QOpenGLExtraFunctions {
public:
    HeatmapRenderer() = default;
    ~HeatmapRenderer();
    HeatmapRenderer(const HeatmapRenderer&) = delete;
    HeatmapRenderer& operator=(const HeatmapRenderer&) = delete;

    /// Compiles the shader. Returns false where this context cannot.
    bool create();
    /// The scene has other values or pictures than before: both go to the GPU again.
    void invalidate();

    /// Draws maps into the bound framebuffer, whose size in device pixels is the viewport's.
    void draw(const GridScene& scene, const std::vector<VisibleMap>& maps, QSize surface);

    /// Wall time of what the newest frame that had to upload gave to the GPU; nothing before one.
    [[nodiscard]] std::optional<double> uploadMs() const { return upload_ms_; }

private:
    void uploadValues(const GridScene& scene);
    void uploadTable(Colormap colormap);
    QOpenGLTexture*
    pictureFor(const GridScene& scene, std::size_t picture, const MapWindow& window);
    bool createProgram(std::size_t variant);
    QOpenGLShaderProgram& useProgram(std::size_t variant, QSize surface);
    void drawMap(const GridScene& scene, const VisibleMap& map, QSize surface);

    struct Tile {
        int x = 0;
        int y = 0;
    };
    struct Picture {
        QImage source;
        MapWindow window{QSizeF()};
        std::unique_ptr<QOpenGLTexture> texture;
    };

    std::array<QOpenGLShaderProgram, 4> programs_; ///< with or without contours, for each sampling
    std::optional<std::size_t> used_;              ///< the variant that is bound
    QOpenGLVertexArrayObject vertices_;
    std::unique_ptr<QOpenGLTexture> values_;
    std::unique_ptr<QOpenGLTexture> table_;
    std::vector<Picture> pictures_;
    std::vector<std::vector<Tile>> tiles_;
    std::optional<Colormap> table_of_;
    bool is_stale_ = true;
    qint64 upload_ns_ = 0; ///< in this frame
    std::optional<double> upload_ms_;
};

} // namespace vitreous
