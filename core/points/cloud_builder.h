#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/point_cloud.h"
#include "core/points/byte_source.h"
#include "core/points/cloud_file.h"

namespace vitreous {

using Rgb = std::array<std::uint8_t, 3>;
using Triangle = std::array<std::uint32_t, 3>; ///< positions of its corners among the vertices

/// The points of a file in the making, and the faces where they are asked for.
class CloudBuilder {
public:
    CloudBuilder(const ByteSource& source, const CloudOptions& options);

    [[nodiscard]] const CloudOptions& options() const { return options_; }
    /// True where the faces are to be read.
    [[nodiscard]] bool wantsFaces() const { return options_.sampling == MeshSampling::Faces; }
    /// Memory for so many points, which the caller has held against the bytes of the file.
    void reserve(std::uint64_t points, bool has_colors);
    void add(const std::array<double, 3>& position) { addPosition(position); }
    void add(const std::array<double, 3>& position, const Rgb& color);
    /// How many point sets the file holds, of which the points are one.
    void setSamples(std::size_t samples) { cloud_.samples = samples; }
    /// Forgets the colours, which turned out to be something else.
    void forgetColors();

    /// A face's triangle; its corners are held against the vertices by finish().
    void addTriangle(const Triangle& triangle) { triangles_.push_back(triangle); }
    /// Points read so far, dropped ones among them.
    [[nodiscard]] std::uint64_t count() const { return count_; }

    /// The cloud. Throws Error{Input}, path last: no usable point; no face, or one with a corner
    /// that is no vertex, where faces are asked for.
    PointCloud finish();

private:
    bool addPosition(const std::array<double, 3>& position);
    void append(const std::array<double, 3>& position);
    void settleOrigin();

    const ByteSource& source_;
    CloudOptions options_;
    PointCloud cloud_;
    std::vector<std::array<double, 3>> first_; ///< points until the origin is settled
    bool is_settled_ = false;
    std::uint64_t count_ = 0;
    std::vector<Triangle> triangles_;
};

/// Cuts a polygon into a fan of triangles, corner by corner.
class PolygonFan {
public:
    PolygonFan(CloudBuilder& builder, const ByteSource& source)
        : builder_(builder), source_(source) {}

    /// Throws Error{Input} where the number cannot be a vertex's.
    void add(double corner);

private:
    CloudBuilder& builder_;
    const ByteSource& source_;
    Triangle fan_{};
    int corners_ = 0;
};

/// Spreads points evenly over triangles, with a fixed seed. vertices: may have NaN, whose triangles
/// are left out. Returns no point where no triangle has an area.
PointCloud
sampleFaces(const PointCloud& vertices, const std::vector<Triangle>& triangles, std::size_t points);

} // namespace vitreous
