#include "widgets/scene/timing_overlay.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <imgui.h>

#include "widgets/scene/imgui_colors.h"
#include "widgets/scene/imgui_host.h"

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Timings)
};

// Logical pixels.
constexpr double widest_label = 104.0;
constexpr double chip_side = 8.0;
constexpr double corner = 4.0;
constexpr float ground_alpha = 0.86F;

QString elided(const ImGuiHost& host, const QString& text, double width) {
    if (host.textWidth(text) <= width) {
        return text;
    }
    QString cut = text;
    while (cut.size() > 1 && host.textWidth(cut + u'…') > width) {
        cut.chop(1);
    }
    return cut + u'…';
}

class Overlay {
public:
    Overlay(
        const ImGuiHost& host,
        const TimingTable& table,
        const ControlsLook& look,
        double pixel_ratio)
        : host_(host), table_(table), look_(look), ratio_(pixel_ratio), step_(look.step * ratio_),
          line_(host.lineHeight() + std::round(2.0 * ratio_)) {
        for (const TimingLine& line : table.lines) {
            names_ = std::max(names_, std::ceil(host.textWidth(line.stage)));
        }
        const double number = host.textWidth(QStringLiteral("0000.00"));
        for (const TimedModel& model : table.models) {
            labels_.push_back(elided(host, model.label, widest_label * ratio_));
            columns_.push_back(
                std::ceil(std::max(number, host.textWidth(labels_.back()) + chipRoom())));
        }
        if (columns_.empty()) {
            columns_.push_back(std::ceil(number));
        }
    }

    QRectF draw(double surface_width) {
        double width = 2.0 * step_ + names_;
        for (const double column : columns_) {
            width += 1.5 * step_ + column;
        }
        const auto lines = static_cast<double>(table_.lines.size() + 1);
        const QPointF size(width, 2.0 * step_ + lines * line_);
        const QPointF place(std::round(surface_width - step_ - width), std::round(step_));
        list_ = ImGui::GetForegroundDrawList();
        QColor ground = look_.ground;
        ground.setAlphaF(ground_alpha);
        const auto rounding = static_cast<float>(corner * ratio_);
        list_->AddRectFilled(
            imguiPoint(place), imguiPoint(place + size), imguiColor(ground), rounding);
        list_->AddRect(
            imguiPoint(place), imguiPoint(place + size),
            imguiColor(mixed(look_.ground, look_.ink, 0.16)), rounding, 0,
            static_cast<float>(std::max(1.0, std::floor(ratio_))));
        const QPointF text = place + QPointF(step_, step_);
        drawHead(text);
        double top = text.y() + line_;
        for (const TimingLine& line : table_.lines) {
            write({text.x(), top}, line.stage, quiet());
            double right = text.x() + names_;
            for (std::size_t i = 0; i < line.times_ms.size() && i < columns_.size(); ++i) {
                right += 1.5 * step_ + columns_[i];
                writeRight({right, top}, timeText(line.times_ms[i]), look_.ink);
            }
            top += line_;
        }
        return {place, QSizeF(size.x(), size.y())};
    }

private:
    [[nodiscard]] double chipRoom() const { return (chip_side + 4.0) * ratio_; }
    [[nodiscard]] QColor quiet() const { return mixed(look_.ground, look_.ink, 0.64); }

    void drawHead(const QPointF& text) {
        write(text, Text::tr("ms"), quiet());
        double right = text.x() + names_;
        for (std::size_t i = 0; i < labels_.size(); ++i) {
            right += 1.5 * step_ + columns_[i];
            writeRight({right, text.y()}, labels_[i], quiet());
            const double side = std::round(chip_side * ratio_);
            const QPointF chip(
                std::round(right - host_.textWidth(labels_[i]) - chipRoom()),
                std::round(text.y() + (host_.lineHeight() - side) / 2.0));
            list_->AddRectFilled(
                imguiPoint(chip), imguiPoint(chip + QPointF(side, side)),
                imguiColor(table_.models[i].chip));
        }
    }

    void write(const QPointF& place, const QString& text, const QColor& color) {
        const QPointF pixel(std::round(place.x()), std::round(place.y()));
        list_->AddText(imguiPoint(pixel), imguiColor(color), text.toUtf8().constData());
    }

    void writeRight(const QPointF& place, const QString& text, const QColor& color) {
        write({place.x() - host_.textWidth(text), place.y()}, text, color);
    }

    const ImGuiHost& host_;
    const TimingTable& table_;
    const ControlsLook& look_;
    double ratio_;
    double step_;
    double line_;
    double names_ = 0.0;
    std::vector<QString> labels_;
    std::vector<double> columns_;
    ImDrawList* list_ = nullptr;
};

} // namespace

QRectF drawTimings(
    const ImGuiHost& host,
    const TimingTable& table,
    const ControlsLook& look,
    double surface_width,
    double pixel_ratio) {
    return Overlay(host, table, look, pixel_ratio).draw(surface_width);
}

} // namespace vitreous
