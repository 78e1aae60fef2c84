#pragma once

#include <memory>
#include <string>
#include <vector>

#include <QPalette>

#include "widgets/grid_scene.h"

namespace vitreous::samples {

/// The taps of a ViT with the given number of blocks.
std::vector<Tap> vitTaps(int depth);
/// The taps of a ViT with one LLM block.
std::vector<Tap> vitLlamaTaps(int depth);

/// A result with smooth maps of every kind and heads, over the picture. seed shifts the maps.
std::shared_ptr<AnalysisResult> smoothResult(
    const std::string& label,
    const std::vector<Tap>& taps,
    int grid,
    const QImage& picture,
    int seed);

/// A picture with a gradient.
QImage gradientPicture(int side);

/// ViT and ViT-LLaMA over one picture.
std::vector<GridRow> twoModels(const QImage& picture, int depth = 12, int grid = 14);

/// The same over frames of a video that pans over the picture, the third one current; the last one
/// is not computed yet.
std::vector<GridRow> filmModels(const QImage& picture, std::size_t frames = 8, int grid = 14);

/// One cell with these values under the given range rule, one model, one tap, no picture.
GridScene oneMap(const std::vector<float>& values, int rows, int columns, const ViewState& view);

QPalette lightPalette();
QPalette darkPalette();

} // namespace vitreous::samples
