#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QImage>
#include <QOpenGLExtraFunctions>
#include <QOpenGLShaderProgram>
#include <QOpenGLTexture>
#include <QOpenGLVertexArrayObject>
#include <QRect>

#include "widgets/grid_scene.h"

namespace vitreous {

/// Draws a scene's maps with the heat-map shader: one atlas of raw values, one colour table, one
/// picture a row. All calls need the context current that create() saw.
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

    /// One map's place on the surface, in device pixels, y down.
    struct Place {
        std::size_t row = 0;
        std::size_t column = 0;
        QRect rect;
    };
    /// Draws maps into the bound framebuffer, whose size in device pixels is the viewport's.
    void draw(const GridScene& scene, const std::vector<Place>& places, QSize surface);

private:
    void uploadValues(const GridScene& scene);
    void uploadTable(Colormap colormap);
    QOpenGLTexture* pictureFor(const GridScene& scene, std::size_t row, QSize size);
    void drawMap(const GridScene& scene, const Place& place);

    struct Tile {
        int x = 0;
        int y = 0;
    };
    struct Picture {
        QSize size;
        std::unique_ptr<QOpenGLTexture> texture;
    };

    QOpenGLShaderProgram program_;
    QOpenGLVertexArrayObject vertices_;
    std::unique_ptr<QOpenGLTexture> values_;
    std::unique_ptr<QOpenGLTexture> table_;
    std::vector<Picture> pictures_;
    std::vector<std::vector<Tile>> tiles_;
    std::optional<Colormap> table_of_;
    bool is_stale_ = true;
};

} // namespace vitreous
