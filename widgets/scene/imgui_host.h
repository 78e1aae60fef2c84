#pragma once

#include <QElapsedTimer>
#include <QEvent>
#include <QPointF>
#include <QRect>
#include <QSize>

struct ImGuiContext;

namespace vitreous {

/// One Dear ImGui context: takes Qt's events and draws with OpenGL. Lengths inside a frame are
/// device pixels, so that text is crisp at any pixel ratio. Frames are made without OpenGL; only
/// what says so needs a context current. The state of controls outlives the renderer.
class ImGuiHost {
public:
    ImGuiHost();
    ~ImGuiHost();
    ImGuiHost(const ImGuiHost&) = delete;
    ImGuiHost& operator=(const ImGuiHost&) = delete;

    /// Makes ImGui's functions act on this context. beginFrame() does so too.
    void makeCurrent() const;
    /// The font of everything, by the size of its em in device pixels.
    void setFont(double pixels);
    /// Width of a text in device pixels.
    [[nodiscard]] double textWidth(const QString& text) const;
    /// Height of a line in device pixels.
    [[nodiscard]] double lineHeight() const;

    /// Takes an event of a widget with so many device pixels to a logical one. A key that it brings
    /// stays down for one frame.
    void feed(const QEvent& event, double pixel_ratio) const;
    /// The pointer is elsewhere.
    void pointerLeaves() const;
    void beginFrame(QSize size);
    void endFrame();
    /// A field that is typed into is given up.
    void dropFocus() const;
    /// By the newest frame: the pointer is over a control or drags one.
    [[nodiscard]] bool wantsMouse() const;
    /// By the newest frame: a field is being typed into.
    [[nodiscard]] bool wantsText() const;
    [[nodiscard]] Qt::CursorShape cursor() const;

    /// With the OpenGL context current: makes what drawing needs, where it is missing. Frames that
    /// were begun before cannot be drawn. Returns false where it is impossible.
    bool prepareRenderer();
    /// With the OpenGL context current: draws the newest frame over the bound framebuffer.
    void render() const;
    /// The same with a part of the frame, over a framebuffer that is as large as the part.
    void render(const QRect& part) const;
    /// With the OpenGL context current, which goes or is left.
    void releaseRenderer();

private:
    ImGuiContext* context_;
    QElapsedTimer since_frame_;
    double font_pixels_ = 0.0;
    bool has_renderer_ = false;
    bool has_failed_ = false;
    bool is_font_stale_ = false;
};

} // namespace vitreous
