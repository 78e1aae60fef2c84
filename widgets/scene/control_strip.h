#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <QRectF>
#include <QString>

#include "widgets/scene/controls_look.h"
#include "widgets/view_state.h"

namespace vitreous {

class ImGuiHost;

/// A layer that can be shown.
struct LayerChoice {
    std::string tap;
    QString label; ///< short

    friend bool operator==(const LayerChoice&, const LayerChoice&) = default;
};

/// What the strip shows and changes.
struct StripContent {
    ViewState view; ///< without what is selected and seen, which the strip has nothing of
    std::vector<LayerChoice> layers;  ///< that view.tap chooses from
    std::optional<std::size_t> layer; ///< the chosen one; nothing: there is no choice
    ValueRange range;                 ///< in use, over all maps
    bool has_clouds = false;          ///< there are points whose size can be chosen

    friend bool operator==(const StripContent&, const StripContent&) = default;
};

/// A change that the user makes, to be made to the view as it is now.
struct StripEdit {
    std::function<void(ViewState&)> change;
    bool is_continued = false; ///< goes on with the edit before it: the same drag or typing
};

/// A row of controls: layer, range, threshold (of a filmstrip two), opacity, size of points. Where
/// the width is short they shrink, then take further rows.
class ControlStrip {
public:
    ControlStrip(ImGuiHost& host, StripContent content);

    void setContent(StripContent content) { content_ = std::move(content); }
    void setLook(const ControlsLook& look, double pixel_ratio);
    /// Height for a width, both in device pixels.
    [[nodiscard]] double height(double width) const;
    /// Inside a frame: draws the strip and takes input. Returns what the user changed.
    std::optional<StripEdit> draw(const QRectF& place);
    /// What the control under the pointer is for; empty: none is.
    [[nodiscard]] QString toolTip() const;

private:
    enum class Kind { Layer, Range, Threshold, LowLevel, HighLevel, Opacity, PointSize };
    /// A control with its label, in device pixels.
    struct Group {
        Kind kind = Kind::Layer;
        double label = 0.0;
        double value = 0.0; ///< of the text behind a slider
        double least = 0.0; ///< of the slider or the two fields
        double best = 0.0;
        double x = 0.0;
        double y = 0.0;
        double extent = 0.0; ///< the chosen one between least and best
    };
    struct Slider {
        const char* id;
        double low;
        double high;
        const char* format;
        QString text;
    };

    [[nodiscard]] std::vector<Group> groups() const;
    [[nodiscard]] std::vector<Group> arrange(double width) const;
    void drawGroup(const Group& group);
    void drawLayer(const Group& group);
    void drawRange(const Group& group);
    void drawThreshold(const Group& group);
    void drawLevel(const Group& group);
    void drawOpacity(const Group& group);
    void drawPointSize(const Group& group);
    bool drawSlider(const Group& group, const Slider& slider, double& value);
    bool drawField(const char* id, double left, double width, double top, double& value);
    void drawText(double left, double top, const QString& text, bool is_quiet) const;
    /// Behind each control: what the user changed, or nothing.
    void finish(std::function<void(ViewState&)> change);
    [[nodiscard]] double px(double logical) const { return logical * ratio_; }
    [[nodiscard]] static QString label(Kind kind);

    ImGuiHost& host_;
    StripContent content_;
    ControlsLook look_;
    double ratio_ = 1.0;
    std::optional<StripEdit> edit_;
    std::optional<Kind> hovered_;
    unsigned typed_ = 0;      ///< the slider that is typed into; 0: none
    bool has_edited_ = false; ///< since the active control was taken hold of
};

} // namespace vitreous
