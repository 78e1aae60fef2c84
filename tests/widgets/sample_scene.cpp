#include "sample_scene.h"

#include <cmath>

namespace vitreous::samples {
namespace {

Array smoothMap(int grid, int seed, double scale) {
    Array map{{grid, grid}, {}};
    const double phase = 0.7 * seed;
    const double x0 = 0.5 + 0.3 * std::cos(phase);
    const double y0 = 0.5 + 0.3 * std::sin(phase);
    for (int y = 0; y < grid; ++y) {
        for (int x = 0; x < grid; ++x) {
            const double dx = (x + 0.5) / grid - x0;
            const double dy = (y + 0.5) / grid - y0;
            const double bump = std::exp(-(dx * dx + dy * dy) / 0.05);
            const double wave = 0.15 * std::sin(x * 0.9 + phase) * std::cos(y * 0.7 - phase);
            map.values.push_back(static_cast<float>(scale * (0.3 + bump + wave)));
        }
    }
    return map;
}

Array headMaps(int heads, int grid, int seed) {
    Array maps{{heads, grid, grid}, {}};
    for (int head = 0; head < heads; ++head) {
        const Array map = smoothMap(grid, seed + 3 * head, 0.01);
        maps.values.insert(maps.values.end(), map.values.begin(), map.values.end());
    }
    return maps;
}

Image toImage(const QImage& picture) {
    const QImage rgb = picture.convertToFormat(QImage::Format_RGB888);
    Image image{rgb.width(), rgb.height(), {}};
    for (int y = 0; y < rgb.height(); ++y) {
        const uchar* line = rgb.constScanLine(y);
        image.pixels.insert(image.pixels.end(), line, line + 3 * rgb.width());
    }
    return image;
}

bool isBlock(const Tap& tap) {
    return tap.name.rfind("blocks.", 0) == 0 || tap.name == "llama.layers.0";
}

} // namespace

std::vector<Tap> vitTaps(int depth) {
    std::vector<Tap> taps;
    taps.reserve(static_cast<std::size_t>(depth) + 1);
    for (int i = 0; i < depth; ++i) {
        taps.push_back({"blocks." + std::to_string(i), std::to_string(i + 1)});
    }
    taps.push_back({"norm", "Norm"});
    return taps;
}

std::vector<Tap> vitLlamaTaps(int depth) {
    std::vector<Tap> taps = vitTaps(depth);
    const std::vector<Tap> llm = {
        {"llama_dim_mapper1", "L1"},
        {"llama.layers.0.attention", "LLM attn"},
        {"llama.layers.0.attention+residual", "LLM attn+res"},
        {"llama.layers.0.feed_forward", "LLM FFN"},
        {"llama.layers.0", "LLM"},
        {"llama.norm", "LLM norm"},
        {"llama_dim_mapper2", "L2"}};
    taps.insert(taps.end() - 1, llm.begin(), llm.end());
    return taps;
}

std::shared_ptr<AnalysisResult> smoothResult(
    const std::string& label,
    const std::vector<Tap>& taps,
    int grid,
    const QImage& picture,
    int seed) {
    auto result = std::make_shared<AnalysisResult>();
    result->model_label = label;
    result->rows = grid;
    result->columns = grid;
    result->taps = taps;
    result->picture = toImage(picture);
    for (std::size_t i = 0; i < taps.size(); ++i) {
        const int shift = seed + static_cast<int>(i);
        const double scale = 2.0 + static_cast<double>(i);
        result->magnitude[taps[i].name] = smoothMap(grid, shift, scale);
        result->frequency[taps[i].name] = smoothMap(grid, shift + 5, 10.0);
        if (isBlock(taps[i])) {
            result->blocks.push_back(taps[i]);
            result->cls_attention[taps[i].name] = headMaps(6, grid, shift);
        }
    }
    return result;
}

QImage gradientPicture(int side) {
    QImage picture(side, side, QImage::Format_RGB32);
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            picture.setPixel(x, y, qRgb(255 * x / side, 255 * y / side, 128));
        }
    }
    return picture;
}

std::vector<GridRow> twoModels(const QImage& picture, int depth, int grid) {
    return {
        {"ViT-S",
         QColor(0x3b, 0x6f, 0xb6),
         smoothResult("ViT-S", vitTaps(depth), grid, picture, 0),
         {}},
        {"ViT-S-LLaMA",
         QColor(0xd1, 0x7a, 0x22),
         smoothResult("ViT-S-LLaMA", vitLlamaTaps(depth), grid, picture, 2),
         {}}};
}

std::vector<GridRow> filmModels(const QImage& picture, std::size_t frames, int grid) {
    std::vector<GridRow> models = twoModels(picture, 4, grid);
    const int side = std::min(picture.width(), picture.height()) * 4 / 5;
    for (GridRow& model : models) {
        const std::vector<Tap> taps = model.result->taps;
        VideoExtents extents;
        for (std::size_t i = 0; i < frames; ++i) {
            const int shift = static_cast<int>(i) * (picture.width() - side) /
                              static_cast<int>(std::max<std::size_t>(1, frames - 1));
            const QImage seen = picture.copy(shift, shift, side, side);
            const auto result = smoothResult(
                model.result->model_label, taps, grid, seen,
                static_cast<int>(i) + (model.label.contains("LLaMA") ? 2 : 0));
            const bool is_computed = i + 1 < frames;
            model.film.push_back(
                {10 * i, 0.4 * static_cast<double>(i), is_computed ? result : nullptr, i == 2});
            if (is_computed) {
                extents.add(*result);
            }
        }
        model.result = model.film[2].result;
        model.extents = std::make_shared<const VideoExtents>(std::move(extents));
    }
    return models;
}

GridScene oneMap(const std::vector<float>& values, int rows, int columns, const ViewState& view) {
    auto result = std::make_shared<AnalysisResult>();
    result->taps = {{"blocks.0", "1"}};
    result->magnitude["blocks.0"] = Array{{rows, columns}, values};
    return buildGridScene({{"Model", QColor(Qt::blue), result, {}}}, view);
}

QPalette lightPalette() {
    QPalette palette;
    palette.setColor(QPalette::Window, QColor(0xfa, 0xfa, 0xf9));
    palette.setColor(QPalette::WindowText, QColor(0x1f, 0x23, 0x28));
    return palette;
}

QPalette darkPalette() {
    QPalette palette;
    palette.setColor(QPalette::Window, QColor(0x1e, 0x1f, 0x22));
    palette.setColor(QPalette::WindowText, QColor(0xd6, 0xd6, 0xd6));
    return palette;
}

} // namespace vitreous::samples
