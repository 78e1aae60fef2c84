#include "widgets/cloud/gl_arrays.h"

#include <algorithm>
#include <cmath>

#include <qopengl.h>
#include <vtkOpenGLBufferObject.h>
#include <vtkOpenGLRenderWindow.h>
#include <vtkOpenGLState.h>
#include <vtkTextureObject.h>

namespace vitreous {
namespace {

template <typename Number>
void fill(
    vtkOpenGLBufferObject& buffer,
    vtkTextureObject& texture,
    vtkOpenGLRenderWindow& window,
    std::span<const Number> numbers,
    int type) {
    buffer.Upload(numbers.data(), numbers.size(), vtkOpenGLBufferObject::TextureBuffer);
    texture.SetContext(&window);
    texture.CreateTextureBuffer(static_cast<unsigned int>(numbers.size()), 1, type, &buffer);
}

} // namespace

PointNumbers::PointNumbers(vtkOpenGLRenderWindow& window, std::span<const std::uint8_t> bytes) {
    fill(*buffer_, *texture_, window, bytes, VTK_UNSIGNED_CHAR);
}

PointNumbers::PointNumbers(vtkOpenGLRenderWindow& window, std::span<const std::uint16_t> numbers) {
    fill(*buffer_, *texture_, window, numbers, VTK_UNSIGNED_SHORT);
}

PointNumbers::~PointNumbers() = default;

bool PointNumbers::hasRoom(vtkOpenGLRenderWindow& window, std::size_t numbers) {
    int most = 0;
    window.GetState()->vtkglGetIntegerv(GL_MAX_TEXTURE_BUFFER_SIZE, &most);
    return numbers <= static_cast<std::size_t>(most);
}

float placeInRange(float value, float low, float high) {
    // As far outside of the range as anyone can tell, and still a number when it is weighted.
    constexpr double farthest = 1e30;
    const double span = double(high) - double(low);
    if (!(span > 0.0)) {
        return 0.0F;
    }
    return float(std::clamp((double(value) - double(low)) / span, -farthest, farthest));
}

ValueTable::ValueTable(vtkOpenGLRenderWindow& window) {
    texture_->SetContext(&window);
}

ValueTable::~ValueTable() = default;

int ValueTable::add(std::span<const float> values, std::size_t groups, float low, float high) {
    const std::size_t first = numbers_.size() / 2;
    for (std::size_t i = 0; i < groups; ++i) {
        const bool is_finite = i < values.size() && std::isfinite(values[i]);
        numbers_.push_back(is_finite ? placeInRange(values[i], low, high) : 0.0F);
        numbers_.push_back(is_finite ? 1.0F : 0.0F);
    }
    return static_cast<int>(first);
}

void ValueTable::upload() {
    const std::size_t row = 2 * std::size_t(width);
    const std::size_t rows = std::max<std::size_t>((numbers_.size() + row - 1) / row, 1);
    numbers_.resize(rows * row);
    if (numbers_ == uploaded_) {
        return;
    }
    uploaded_ = numbers_;
    texture_->Create2DFromRaw(
        static_cast<unsigned int>(width), static_cast<unsigned int>(rows), 2, VTK_FLOAT,
        uploaded_.data());
}

ColorTexture::ColorTexture(vtkOpenGLRenderWindow& window) {
    texture_->SetContext(&window);
}

ColorTexture::~ColorTexture() = default;

void ColorTexture::upload(Colormap colormap) {
    if (!is_empty_ && colormap_ == colormap) {
        return;
    }
    colormap_ = colormap;
    is_empty_ = false;
    ColorTable table = colorTable(colormap);
    texture_->Create2DFromRaw(
        static_cast<unsigned int>(table.size()), 1, 3, VTK_UNSIGNED_CHAR, table.data());
}

} // namespace vitreous
