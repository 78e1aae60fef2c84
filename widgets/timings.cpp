#include "widgets/timings.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QPainter>

#include "widgets/text_block.h"

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Timings)
};

constexpr std::size_t kept_frames = 30;
constexpr double column_width = 72.0;
constexpr double ground_alpha = 0.86;

bool isMeasured(const TimingLine& line) {
    return std::any_of(line.times_ms.begin(), line.times_ms.end(), [](const auto& time) {
        return time.has_value();
    });
}

} // namespace

void FrameTimes::add(double time_ms) {
    times_ms_.push_back(time_ms);
    if (times_ms_.size() > kept_frames) {
        times_ms_.pop_front();
    }
}

std::optional<double> FrameTimes::median() const {
    if (times_ms_.empty()) {
        return std::nullopt;
    }
    std::vector<double> sorted(times_ms_.begin(), times_ms_.end());
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    return *middle;
}

TimingTable timingTable(const std::vector<GridRow>& models, const CanvasTimes& canvas) {
    TimingTable table;
    TimingLine decode{Text::tr("decode"), {std::nullopt}};
    TimingLine preprocess{Text::tr("preprocess"), {}};
    TimingLine forward{Text::tr("forward"), {}};
    TimingLine maps{Text::tr("maps"), {}};
    for (const GridRow& model : models) {
        if (!model.result) {
            continue;
        }
        table.models.push_back({model.label, model.chip});
        preprocess.times_ms.emplace_back();
        if (model.times) {
            // All models are of the same reading of the input.
            decode.times_ms.front() = model.times->decode_ms;
            preprocess.times_ms.back() = model.times->preprocess_ms;
        }
        // The pass with its maps was measured as a whole.
        const double maps_ms = model.result->maps_ms;
        forward.times_ms.emplace_back(model.result->forward_ms - maps_ms);
        maps.times_ms.emplace_back(maps_ms);
    }
    const TimingLine upload{Text::tr("upload"), {canvas.upload_ms}};
    const TimingLine paint{Text::tr("paint"), {canvas.paint_ms}};
    for (const TimingLine& line : {decode, preprocess, forward, maps, upload, paint}) {
        if (isMeasured(line)) {
            table.lines.push_back(line);
        }
    }
    return table;
}

void paintTimings(
    QPainter& painter,
    const TimingTable& table,
    const GridStyle& style,
    const QSize& surface) {
    const double line = lineHeight(style.small_font);
    double names = textWidth(style.small_font, Text::tr("ms"));
    for (const TimingLine& stage : table.lines) {
        names = std::max(names, textWidth(style.small_font, stage.stage));
    }
    const double columns = std::max<double>(1.0, static_cast<double>(table.models.size()));
    const double head = table.models.empty() ? 0.0 : line;
    const QSizeF size(
        std::ceil(names) + columns * column_width + 2.0 * style.step,
        head + static_cast<double>(table.lines.size()) * line + 2.0 * style.step);
    const QRectF block(QPointF(surface.width() - size.width() - style.step, style.step), size);
    QColor ground = style.ground;
    ground.setAlphaF(static_cast<float>(ground_alpha));
    painter.fillRect(block, ground);
    const QRectF text = block.adjusted(style.step, style.step, -style.step, -style.step);
    const auto column = [&](std::size_t index, double top) {
        const double left = text.left() + std::ceil(names) + column_width * double(index);
        return QRectF(left + style.step, top, column_width - style.step, line);
    };
    painter.setPen(style.quiet);
    for (std::size_t i = 0; i < table.models.size(); ++i) {
        const QRectF place = column(i, text.top());
        drawText(
            painter, place, Qt::AlignRight | Qt::AlignTop,
            breakText(table.models[i].label, style.small_font, place.width(), 1));
    }
    double top = text.top() + head;
    for (const TimingLine& stage : table.lines) {
        painter.setPen(style.quiet);
        drawLine(
            painter, QRectF(text.left(), top, names, line), Qt::AlignLeft | Qt::AlignTop,
            style.small_font, stage.stage);
        painter.setPen(style.ink);
        for (std::size_t i = 0; i < stage.times_ms.size(); ++i) {
            drawLine(
                painter, column(i, top), Qt::AlignRight | Qt::AlignTop, style.small_font,
                timeText(stage.times_ms[i]));
        }
        top += line;
    }
}

} // namespace vitreous
