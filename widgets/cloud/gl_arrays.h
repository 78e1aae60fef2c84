#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <vtkNew.h>
#include <vtkSmartPointer.h>

#include "core/media/colormap.h"

class vtkOpenGLBufferObject;
class vtkOpenGLRenderWindow;
class vtkTextureObject;

namespace vitreous {

/// Numbers of each point of a cloud, for a shader's samplerBuffer. With the window's context
/// current.
class PointNumbers {
public:
    PointNumbers(vtkOpenGLRenderWindow& window, std::span<const std::uint8_t> bytes);
    PointNumbers(vtkOpenGLRenderWindow& window, std::span<const std::uint16_t> numbers);
    ~PointNumbers();
    PointNumbers(const PointNumbers&) = delete;
    PointNumbers& operator=(const PointNumbers&) = delete;

    /// A GPU has room for so many, in tens of millions and more.
    static bool hasRoom(vtkOpenGLRenderWindow& window, std::size_t numbers);

    [[nodiscard]] vtkTextureObject& texture() { return *texture_; }

private:
    vtkNew<vtkOpenGLBufferObject> buffer_;
    vtkNew<vtkTextureObject> texture_;
};

/// A value's place in a range, 0 at its low end and 1 at its high one, not cut to them. 0 where the
/// range has no extent.
float placeInRange(float value, float low, float high);

/// The group values of all cells of a frame, one after the other, in rows of one texture.
class ValueTable {
public:
    static constexpr int width = 1024;

    explicit ValueTable(vtkOpenGLRenderWindow& window);
    ~ValueTable();
    ValueTable(const ValueTable&) = delete;
    ValueTable& operator=(const ValueTable&) = delete;

    void clear() { numbers_.clear(); }
    /// As many as there are groups: those that are missing have no finite value. Returns the number
    /// of the first one in the table.
    int add(std::span<const float> values, std::size_t groups, float low, float high);
    /// To the GPU, if they are others than before. With the window's context current.
    void upload();
    [[nodiscard]] vtkTextureObject& texture() { return *texture_; }

private:
    vtkNew<vtkTextureObject> texture_;
    std::vector<float> numbers_; ///< (values, 2): the place in the range and 1 where it is finite
    std::vector<float> uploaded_;
};

/// A colour map's colours in a texture.
class ColorTexture {
public:
    explicit ColorTexture(vtkOpenGLRenderWindow& window);
    ~ColorTexture();
    ColorTexture(const ColorTexture&) = delete;
    ColorTexture& operator=(const ColorTexture&) = delete;

    /// With the window's context current.
    void upload(Colormap colormap);
    [[nodiscard]] vtkTextureObject& texture() { return *texture_; }

private:
    vtkNew<vtkTextureObject> texture_;
    Colormap colormap_{};
    bool is_empty_ = true;
};

} // namespace vitreous
