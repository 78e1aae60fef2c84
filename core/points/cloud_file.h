#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>
#include <vector>

#include "core/base/point_cloud.h"
#include "core/base/task.h"

namespace vitreous {

/// What stands for a mesh.
enum class MeshSampling {
    Vertices, ///< its vertices, as they are
    Faces     ///< points spread evenly over its faces, by area
};

struct CloudOptions {
    MeshSampling sampling = MeshSampling::Vertices;
    std::size_t face_points = 8192; ///< how many points MeshSampling::Faces spreads; at least 1
    std::size_t sample = 0;         ///< which point set of a file that holds many (`.h5`), from 0
};

/// Reads a point set, in blocks, by the extension of its name:
/// - `.ply`: ascii or binary of either endianness, any order and type of properties; colours from
///   red, green, blue (also r, g, b and diffuse_...) of 8 or 16 bits or 0..1;
/// - `.pcd`: ascii, binary or binary_compressed; colours from rgb or rgba;
/// - `.xyz`, `.txt`, `.csv`: a point a row, columns x, y, z first or as a header line names them;
///   colours where three whole numbers of 0..255 follow x, y, z or the normal (ModelNet's and
///   ScanObjectNN's rows among them);
/// - `.npy`: (points, 3 or more) as parseNpy takes them, the first three columns alone;
/// - `.off`: OFF, COFF and NOFF of Geomview, ModelNet's counts behind the keyword among them;
/// - `.h5`: one sample of the dataset `data` (samples, points, 3 or more) of float32 or float64, as
///   ModelNet40 and ScanObjectNN have it, the first three columns alone.
/// Points with coordinates that are no numbers or infinite are dropped and counted. Faces are
/// sampled with a fixed seed, polygons as fans, colours interpolated. The task is told of the
/// fraction of bytes read, and asked for a stop, at every block.
/// Throws Error{Input}, path last: missing, a directory, an unknown extension, malformed,
/// truncated, a header that promises more points than the bytes can hold, no point that is usable,
/// no such sample, no faces where faces are asked for. Throws Error{Interrupted} after a stop.
PointCloud readPointCloud(
    const std::filesystem::path& path,
    const CloudOptions& options = {},
    const Task& task = {});

/// Lower-case extensions (with the dot) that readPointCloud accepts, for dialogs and folder scans.
const std::vector<std::string_view>& pointCloudExtensions();
/// True where the name ends so, in whatever case.
bool hasPointCloudExtension(const std::filesystem::path& path);
/// True where the extension is of point sets alone, unlike `.txt`, `.csv` and `.npy`: what a folder
/// is searched for.
bool isPointCloudByName(const std::filesystem::path& path);

} // namespace vitreous
