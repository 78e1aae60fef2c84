// What a result says of every group, as columns.

#include "core/base/error.h"
#include "core/base/file_output.h"
#include "core/export/number_text.h"
#include "core/export/point_files.h"

namespace vitreous {
namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 16;

void addMaps(
    std::vector<GroupMap>& maps,
    MapKind kind,
    const std::vector<Tap>& taps,
    const std::map<std::string, Array>& arrays) {
    for (const Tap& tap : taps) {
        if (const auto found = arrays.find(tap.name); found != arrays.end()) {
            maps.push_back({std::string(name(kind)) + "/" + tap.name, found->second.values});
        }
    }
}

void addAttention(std::vector<GroupMap>& maps, const AnalysisResult& result, bool with_heads) {
    for (const Tap& block : result.blocks) {
        const auto found = result.cls_attention.find(block.name);
        if (found == result.cls_attention.end() || found->second.shape.size() != 2) {
            continue;
        }
        const std::vector<float>& rows = found->second.values;
        const auto heads = static_cast<std::size_t>(found->second.shape[0]);
        const auto groups = static_cast<std::size_t>(found->second.shape[1]);
        const std::string title = std::string(name(MapKind::ClsAttention)) + "/" + block.name;
        GroupMap mean{title, std::vector<float>(groups)};
        for (std::size_t group = 0; group < groups; ++group) {
            double sum = 0.0;
            for (std::size_t head = 0; head < heads; ++head) {
                sum += double(rows[head * groups + group]);
            }
            mean.values[group] = static_cast<float>(sum / double(heads));
        }
        maps.push_back(std::move(mean));
        for (std::size_t head = 0; with_heads && head < heads; ++head) {
            const auto first = rows.begin() + std::ptrdiff_t(head * groups);
            maps.push_back(
                {title + "_head" + std::to_string(head), {first, first + std::ptrdiff_t(groups)}});
        }
    }
}

} // namespace

std::vector<GroupMap> groupMaps(const AnalysisResult& result, bool with_heads) {
    std::vector<GroupMap> maps;
    addMaps(maps, MapKind::Magnitude, result.taps, result.magnitude);
    addMaps(maps, MapKind::Frequency, result.taps, result.frequency);
    addAttention(maps, result, with_heads);
    return maps;
}

std::string defaultColoring(const AnalysisResult& result) {
    const auto last = [](MapKind kind, const std::vector<Tap>& taps) {
        return std::string(name(kind)) + "/" + taps.back().name;
    };
    if (!result.magnitude.empty()) {
        return last(MapKind::Magnitude, result.taps);
    }
    if (!result.frequency.empty()) {
        return last(MapKind::Frequency, result.taps);
    }
    return result.cls_attention.empty() ? "" : last(MapKind::ClsAttention, result.blocks);
}

void writeCloudCsv(
    const std::filesystem::path& path,
    const AnalysisResult& result,
    const Task& task) {
    const std::vector<float>& centers = result.centers.values;
    if (centers.empty()) {
        throw Error(
            ErrorCode::Input,
            "the result has no groups, expected a point cloud's: " + path.string());
    }
    const std::vector<GroupMap> maps = groupMaps(result, /*with_heads=*/true);
    FileAside file(path);
    // Names of taps hold nothing that would have to be quoted.
    std::string text = "group,center_x,center_y,center_z";
    for (const GroupMap& map : maps) {
        text += "," + map.name;
    }
    text += "\n";
    for (std::size_t group = 0; group < centers.size() / 3; ++group) {
        text += std::to_string(group);
        for (std::size_t axis = 0; axis < 3; ++axis) {
            text += "," + numberText(centers[3 * group + axis]);
        }
        for (const GroupMap& map : maps) {
            text += "," + numberText(map.values[group]);
        }
        text += '\n';
        if (text.size() >= block_bytes) {
            task.checkStop();
            file.write(text);
            text.clear();
        }
    }
    task.checkStop();
    file.write(text);
    file.commit();
}

} // namespace vitreous
