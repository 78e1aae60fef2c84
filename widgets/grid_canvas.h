#pragma once

#include <functional>
#include <optional>

#include <QWidget>

#include "core/base/index.h"
#include "widgets/grid_scene.h"

namespace vitreous {

/// The token under the pointer.
struct GridHit {
    std::size_t row = 0;
    std::size_t column = 0;
    TokenIndex token;

    friend bool operator==(const GridHit&, const GridHit&) = default;
};

/// The comparison grid: draws a GridScene, reports hover. Two makes: OpenGL (heat maps by GLSL from
/// shaders/, one canvas for the whole grid) and plain QPainter; both show the same picture.
class GridCanvas {
public:
    virtual ~GridCanvas() = default;
    virtual QWidget* widget() = 0;
    virtual void setScene(GridScene scene) = 0;
    [[nodiscard]] virtual const GridScene& scene() const = 0;
    /// Called when the pointer enters another token or leaves (nothing). One listener.
    virtual void onHover(std::function<void(std::optional<GridHit>)> listener) = 0;
    /// True where OpenGL draws.
    [[nodiscard]] virtual bool isAccelerated() const = 0;
};

/// True where this platform can show a QOpenGLWidget: not offscreen/minimal/linuxfb/vnc, and a context of
/// 3.2 or later was created and made current on a QOffscreenSurface (platform.md says why).
bool canUseOpenGl();

/// The OpenGL canvas where canUseOpenGl(), else the painter one. The widget belongs to parent.
GridCanvas* makeGridCanvas(QWidget* parent, bool allow_opengl = true);

/// The surface format that has to be the default before QApplication is made: 3.3 core, depth 24, stencil 8.
void setDefaultSurfaceFormat();

/// Options of an exported figure.
struct FigureOptions {
    double width_inch = 6.75; ///< the paper's text width
    int png_dpi = 300;
    bool show_caption = true; ///< one quiet line below: input, quantity, range rule, version
    QString caption;
};

/// Writes the scene as `.png` or vector `.pdf` (real text, maps as pixel-exact images or rectangles), on white
/// ground, whole or not at all. Throws Error{Resource} (disk, permission), Error{Usage} (another extension).
void exportFigure(const QString& path, const GridScene& scene, const FigureOptions& options);

} // namespace vitreous
