#pragma once

#include <functional>
#include <optional>

#include <QString>
#include <QWidget>

#include "widgets/grid_hit.h"
#include "widgets/grid_scene.h"
#include "widgets/scene/timing_table.h"

namespace vitreous {

/// A change of the view, to be made to the view as it is now.
using ViewEdit = std::function<void(ViewState&)>;
/// continued: goes on with the change before it, as a drag does.
using ViewEditListener = std::function<void(const ViewEdit& edit, bool continued)>;

/// The comparison grid: draws a GridScene, reports hover and what the user changes in it. Two
/// makes: OpenGL (heat maps by GLSL from shaders/, one canvas for the whole grid) and plain
/// QPainter; both show the same picture. The widget scrolls by itself where the grid is taller than
/// it, so it needs no scroll area around it. Colours and font are the widget's palette and font.
class GridCanvas {
public:
    virtual ~GridCanvas() = default;
    virtual QWidget* widget() = 0;
    virtual void setScene(GridScene scene) = 0;
    [[nodiscard]] virtual const GridScene& scene() const = 0;
    /// Called when the pointer enters another token or leaves (nothing), and with every scene that
    /// the token under the pointer has new values in. One listener.
    virtual void onHover(std::function<void(std::optional<GridHit>)> listener) = 0;
    /// Called when the user changes the view in the grid: selects, zooms, goes through the layers,
    /// or uses the controls. The grid shows it once a scene with the new view is set. One listener.
    virtual void onViewEdited(ViewEditListener listener) = 0;
    /// Goes so many steps on through scene().choices; false where there are none.
    virtual bool moveChoice(int steps) = 0;
    /// The strip of controls along the lower edge; there is none without OpenGL. Off at first.
    virtual void showControls(bool is_shown) = 0;
    /// How long each stage from the file to the screen took, in the upper right corner. Off at
    /// first.
    virtual void showTimings(bool is_shown) = 0;
    /// What that shows, shown or not. Frames are measured while it is.
    [[nodiscard]] virtual TimingTable timings() const = 0;
    /// True where there can be such a strip.
    [[nodiscard]] virtual bool hasControls() const = 0;
    /// True where OpenGL draws the maps.
    [[nodiscard]] virtual bool isAccelerated() const = 0;
};

/// True where this platform can show a QOpenGLWidget: not offscreen/minimal/linuxfb/vnc, and a
/// context of 3.3 or later (not OpenGL ES) was created and made current on a QOffscreenSurface
/// (Qt 6.4 crashes where one is shown without).
bool canUseOpenGl();

/// True where a GL_RENDERER draws on the CPU. Qt composes a window that has an OpenGL canvas in it
/// with OpenGL, whole, for each frame: on the CPU that alone takes longer than QPainter's frame.
bool isSoftwareRenderer(const QString& renderer);

/// Whether a grid is drawn with OpenGL: where canUseOpenGl() and a GPU draws. The environment's
/// VITREOUS_CANVAS says otherwise: `opengl` (on the CPU too) or `painter`.
bool prefersOpenGl();

/// The OpenGL canvas where prefersOpenGl(), else the painter one. The widget belongs to parent.
GridCanvas* makeGridCanvas(QWidget* parent, bool allow_opengl = true);

/// The surface format that has to be the default before QApplication is made: 3.3 core, depth 24,
/// stencil 8.
void setDefaultSurfaceFormat();

/// Options of an exported figure.
struct FigureOptions {
    double width_inch = 6.75; ///< the paper's text width
    int png_dpi = 300;
    bool show_caption = true; ///< one quiet line below: input, quantity, range rule, version
    QString caption;
};

/// Writes the scene as `.png` or vector `.pdf` (real text, maps as images at 300 dpi or more), on
/// white ground, whole or not at all. The caption goes into the file's metadata too, shown or not;
/// without one it says the quantity, the range rule and the program's version. Throws
/// Error{Resource} (disk, permission, memory), Error{Usage} (another extension, a width or
/// resolution out of range).
void exportFigure(const QString& path, const GridScene& scene, const FigureOptions& options);

/// The figure that a `.png` holds. Throws as exportFigure.
QImage figureImage(const GridScene& scene, const FigureOptions& options);

} // namespace vitreous
