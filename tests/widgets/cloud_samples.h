#pragma once

#include <cmath>
#include <memory>
#include <numbers>
#include <vector>

#include "widgets/grid_scene.h"

namespace vitreous::samples {

/// A sphere's surface of so many points about the origin.
inline std::shared_ptr<const PointCloud> spherePoints(std::size_t points, bool has_colors) {
    auto cloud = std::make_shared<PointCloud>();
    const double golden = std::numbers::pi * (3.0 - std::sqrt(5.0));
    for (std::size_t i = 0; i < points; ++i) {
        const double y = 1.0 - 2.0 * (double(i) + 0.5) / double(points);
        const double around = std::sqrt(1.0 - y * y);
        const double angle = golden * double(i);
        cloud->positions.insert(
            cloud->positions.end(),
            {float(around * std::cos(angle)), float(y), float(around * std::sin(angle))});
        if (has_colors) {
            cloud->colors.insert(cloud->colors.end(), {200, 40, 40});
        }
    }
    return cloud;
}

/// Six groups: the ends of the axes, +x, -x, +y, -y, +z, -z; their values are 0 to 5 and more with
/// each tap. Each has two points of the input.
inline std::shared_ptr<AnalysisResult> axesResult(const std::string& label) {
    auto result = std::make_shared<AnalysisResult>();
    result->model_label = label;
    result->rows = 1;
    result->columns = 6;
    result->taps = {{"blocks.0", "1"}, {"blocks.1", "2"}};
    result->blocks = result->taps;
    float more = 0.0F;
    for (const Tap& tap : result->taps) {
        Array map{{6}, {}};
        for (int group = 0; group < 6; ++group) {
            map.values.push_back(float(group) + more);
        }
        result->magnitude[tap.name] = map;
        result->frequency[tap.name] = map;
        Array heads{{2, 6}, map.values};
        heads.values.insert(heads.values.end(), map.values.rbegin(), map.values.rend());
        result->cls_attention[tap.name] = heads;
        more += 10.0F;
    }
    result->centers = {{6, 3}, {1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1}};
    result->input = result->centers;
    result->groups = {{6, 2}, {0, 2, 1, 3, 2, 0, 3, 1, 4, 2, 5, 3}};
    return result;
}

/// A model of the axes' groups over the cloud.
inline GridRow cloudRow(
    const QString& label,
    const std::shared_ptr<const PointCloud>& cloud,
    float turned = 1.0F) {
    GridRow row;
    row.label = label;
    row.chip = QColor(0x00, 0x72, 0xb2);
    auto result = axesResult(label.toStdString());
    for (float& value : result->centers.values) {
        value *= turned;
    }
    row.result = result;
    const UnitSphere sphere = unitSphereOf(cloud->positions);
    row.cloud.shape = std::make_shared<const CloudShape>(shapeOf(cloud, sphere));
    row.cloud.weights =
        std::make_shared<const GroupWeights>(weighGroups(*cloud, sphere, result->centers));
    return row;
}

} // namespace vitreous::samples
