#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <set>
#include <tuple>

#include "core/base/error.h"
#include "core/base/file_output.h"
#include "core/export/number_text.h"
#include "core/export/point_files.h"
#include "core/io/printable.h"
#include "core/points/group_weights.h"

namespace vitreous {
namespace {

static_assert(
    std::endian::native == std::endian::little,
    "numbers are written as they lie in memory");

constexpr std::size_t block_points = 8192;
constexpr std::uint8_t gray = 128; // of a point without a value

using Rgb = std::array<std::uint8_t, 3>;

/// Readers in Python take an ASCII header alone.
std::string ascii(const std::string& text) {
    std::string plain;
    for (const char c : printable(text)) {
        const auto code = static_cast<unsigned char>(c);
        if (code < 0x80) {
            plain += c;
        } else if (code >= 0xc0) { // the first byte of a character
            plain += '?';
        }
    }
    return plain;
}

/// The map's name with letters, digits and '_' alone, unlike all others.
std::string propertyName(const std::string& map, std::set<std::string>& taken) {
    std::string plain = map;
    std::replace_if(
        plain.begin(), plain.end(),
        [](char c) {
            return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
        },
        '_');
    std::string name = plain;
    for (int i = 2; !taken.insert(name).second; ++i) {
        name = plain + "_" + std::to_string(i);
    }
    return name;
}

/// Value to colour as in the heat maps: the place in the range, times 255, rounded; a range without
/// extent has the colour of 0.
class ColorScale {
public:
    ColorScale(const GroupMap& map, const ColoredCloudOptions& options)
        : table_(colorTable(options.colormap)) {
        if (options.range) {
            std::tie(low_, high_) = *options.range;
            return;
        }
        bool any = false;
        for (const float value : map.values) {
            if (std::isfinite(value)) {
                low_ = any ? std::min(low_, value) : value;
                high_ = any ? std::max(high_, value) : value;
                any = true;
            }
        }
    }

    [[nodiscard]] Rgb colorOf(float value) const {
        if (!std::isfinite(value)) {
            return {gray, gray, gray};
        }
        const double span = double(high_) - double(low_);
        const double place = span > 0.0 ? (double(value) - double(low_)) / span : 0.0;
        return table_.at(std::size_t(std::lround(std::clamp(place, 0.0, 1.0) * 255.0)));
    }

    [[nodiscard]] std::string rangeText() const {
        return numberText(low_) + " to " + numberText(high_);
    }

private:
    const ColorTable& table_;
    float low_ = 0.0F;
    float high_ = 1.0F;
};

class CloudWriter {
public:
    CloudWriter(
        const PointCloud& cloud,
        const AnalysisResult& result,
        const ColoredCloudOptions& options,
        std::vector<GroupMap> maps,
        std::size_t coloring)
        : cloud_(cloud), result_(result), options_(options), maps_(std::move(maps)),
          coloring_(coloring), scale_(maps_.at(coloring), options),
          sphere_(options.sphere ? *options.sphere : unitSphereOf(cloud.positions)),
          is_far_(cloud.origin != std::array<double, 3>{}) {}

    [[nodiscard]] std::string header() const {
        const bool is_raw = options_.values == GroupValues::Raw;
        std::string text = "ply\nformat binary_little_endian 1.0\n";
        const auto comment = [&text](const std::string& line) { text += "comment " + line + "\n"; };
        comment("Vitreous " VITREOUS_VERSION);
        comment("model: " + ascii(result_.model_label));
        if (!options_.input_sha256.empty()) {
            comment("input SHA-256: " + ascii(options_.input_sha256));
        }
        comment(
            "colours: " + maps_[coloring_].name + ", " + std::string(name(options_.colormap)) +
            " from " + scale_.rangeText());
        comment(
            is_raw ? "values: of the nearest group centre"
                   : "values: inverse-distance weights over the 3 nearest group centres");
        std::string properties;
        std::set<std::string> taken;
        for (const GroupMap& map : maps_) {
            const std::string property = propertyName(map.name, taken);
            comment(property + ": " + map.name);
            properties += "property float " + property + "\n";
        }
        text += "element vertex " + std::to_string(cloud_.size()) + "\n";
        for (const char* axis : {"x", "y", "z"}) {
            text += std::string("property ") + (is_far_ ? "double " : "float ") + axis + "\n";
        }
        for (const char* channel : {"red", "green", "blue"}) {
            text += std::string("property uchar ") + channel + "\n";
        }
        return text + properties + "property int group\nend_header\n";
    }

    /// The bytes of the points from first to before last.
    void fill(std::string& bytes, std::size_t first, std::size_t last) const {
        bytes.clear();
        for (std::size_t point = first; point < last; ++point) {
            const PointShares shares =
                sharesAt(placedIn(sphere_, &cloud_.positions[3 * point]), result_.centers.values);
            appendPosition(bytes, point);
            for (const std::uint8_t sample : scale_.colorOf(valueOf(maps_[coloring_], shares))) {
                appendNumber(bytes, sample);
            }
            for (const GroupMap& map : maps_) {
                appendNumber(bytes, valueOf(map, shares));
            }
            appendNumber(bytes, static_cast<std::int32_t>(shares.groups[0]));
        }
    }

private:
    template <typename Number>
    static void appendNumber(std::string& bytes, Number value) {
        std::array<char, sizeof value> own{};
        std::memcpy(own.data(), &value, sizeof value);
        bytes.append(own.data(), own.size());
    }

    void appendPosition(std::string& bytes, std::size_t point) const {
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const float coordinate = cloud_.positions[3 * point + axis];
            if (is_far_) {
                appendNumber(bytes, double(coordinate) + cloud_.origin[axis]);
            } else {
                appendNumber(bytes, coordinate);
            }
        }
    }

    [[nodiscard]] float valueOf(const GroupMap& map, const PointShares& shares) const {
        return options_.values == GroupValues::Raw ? map.values[shares.groups[0]]
                                                   : valueAt(shares, map.values);
    }

    const PointCloud& cloud_;
    const AnalysisResult& result_;
    const ColoredCloudOptions& options_;
    std::vector<GroupMap> maps_;
    std::size_t coloring_;
    ColorScale scale_;
    UnitSphere sphere_;
    bool is_far_;
};

/// The position of the map that colours. Throws Error{Usage}.
std::size_t coloringOf(
    const std::vector<GroupMap>& maps,
    const std::string& color_by,
    const std::filesystem::path& path) {
    const auto found = std::find_if(
        maps.begin(), maps.end(), [&](const GroupMap& map) { return map.name == color_by; });
    if (found == maps.end()) {
        throw Error(
            ErrorCode::Usage, maps.empty()
                                  ? "no map to colour the points by: " + path.string()
                                  : "no map '" + color_by + "' to colour by, the last is " +
                                        maps.back().name + ": " + path.string());
    }
    return std::size_t(found - maps.begin());
}

} // namespace

void writeColoredCloud(
    const std::filesystem::path& path,
    const PointCloud& cloud,
    const AnalysisResult& result,
    const ColoredCloudOptions& options,
    const Task& task) {
    if (result.centers.values.empty()) {
        throw Error(
            ErrorCode::Input,
            "the result has no groups, expected a point cloud's: " + path.string());
    }
    std::vector<GroupMap> maps = groupMaps(result, /*with_heads=*/false);
    const std::size_t coloring = coloringOf(
        maps, options.color_by.empty() ? defaultColoring(result) : options.color_by, path);
    const CloudWriter writer(cloud, result, options, std::move(maps), coloring);
    FileAside file(path);
    file.write(writer.header());
    std::string bytes;
    for (std::size_t first = 0; first < cloud.size(); first += block_points) {
        task.checkStop();
        task.report(double(first) / double(cloud.size()), "writing points");
        writer.fill(bytes, first, std::min(first + block_points, cloud.size()));
        file.write(bytes);
    }
    task.checkStop();
    file.commit();
    task.report(1.0, "writing points");
}

} // namespace vitreous
