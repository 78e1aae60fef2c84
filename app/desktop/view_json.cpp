#include "app/desktop/view_json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string_view>

#include "core/export/session_reader.h"

namespace vitreous {
namespace {

using nlohmann::json;

template <typename Choice>
struct Named {
    std::string_view name;
    Choice choice;
};

constexpr std::array grid_kinds = {
    Named<GridKind>{"layers", GridKind::Layers},
    Named<GridKind>{"heads", GridKind::Heads},
    Named<GridKind>{"figure3", GridKind::Figure3},
    Named<GridKind>{"scrub", GridKind::Scrub},
    Named<GridKind>{"difference", GridKind::Difference},
    Named<GridKind>{"filmstrip", GridKind::Filmstrip}};

constexpr std::array samplings = {
    Named<Sampling>{"nearest", Sampling::Nearest}, Named<Sampling>{"bilinear", Sampling::Bilinear}};

constexpr std::array range_modes = {
    Named<RangeMode>{"map", RangeMode::PerMap},
    Named<RangeMode>{"row", RangeMode::PerRow},
    Named<RangeMode>{"column", RangeMode::PerColumn},
    Named<RangeMode>{"view", RangeMode::PerView},
    Named<RangeMode>{"percentile", RangeMode::Percentile},
    Named<RangeMode>{"fixed", RangeMode::Fixed}};

constexpr std::array overlays = {
    Named<Overlay>{"blend", Overlay::Blend}, Named<Overlay>{"heat", Overlay::Heat},
    Named<Overlay>{"contour", Overlay::Contour},
    Named<Overlay>{"side_by_side", Overlay::SideBySide}};

constexpr std::array group_values = {
    Named<GroupValues>{"weighted", GroupValues::Weighted},
    Named<GroupValues>{"raw", GroupValues::Raw}};

constexpr std::array shadings = {
    Named<CloudShading>{"eye_dome", CloudShading::EyeDome},
    Named<CloudShading>{"none", CloudShading::None}};

constexpr std::array grounds = {
    Named<CloudGround>{"theme", CloudGround::Theme},
    Named<CloudGround>{"white", CloudGround::White},
    Named<CloudGround>{"black", CloudGround::Black}};

constexpr std::array projections = {
    Named<Projection>{"perspective", Projection::Perspective},
    Named<Projection>{"orthographic", Projection::Orthographic}};

constexpr std::array up_axes = {Named<UpAxis>{"y", UpAxis::Y}, Named<UpAxis>{"z", UpAxis::Z}};

constexpr std::array queries = {
    Named<AttentionQuery>{"cls", AttentionQuery::Cls},
    Named<AttentionQuery>{"pinned_token", AttentionQuery::PinnedToken}};

std::array<Named<MapKind>, 3> maps() {
    std::array<Named<MapKind>, 3> table{};
    constexpr std::array kinds = {MapKind::Magnitude, MapKind::Frequency, MapKind::ClsAttention};
    std::transform(kinds.begin(), kinds.end(), table.begin(), [](MapKind kind) {
        return Named<MapKind>{name(kind), kind};
    });
    return table;
}

std::vector<Named<Colormap>> colormaps() {
    std::vector<Named<Colormap>> table;
    for (const Colormap colormap : allColormaps()) {
        table.push_back({name(colormap), colormap});
    }
    return table;
}

template <typename Table, typename Choice>
json nameIn(const Table& table, Choice choice) {
    const auto found = std::find_if(
        table.begin(), table.end(), [choice](const auto& row) { return row.choice == choice; });
    return found == table.end() ? json(nullptr) : json(found->name);
}

template <typename Table, typename Choice>
void read(const KeyReader& reader, const char* key, const Table& table, Choice& choice) {
    if (!reader.has(key)) {
        return;
    }
    const std::string text = reader.text(key);
    const auto found = std::find_if(
        table.begin(), table.end(), [&text](const auto& row) { return row.name == text; });
    if (found == table.end()) {
        std::string names;
        for (const auto& row : table) {
            names.append(names.empty() ? "" : ", ").append(row.name);
        }
        reader.refuse(key, "one of " + names);
    }
    choice = found->choice;
}

// What fits an int, with room for products of two.
constexpr std::int64_t most_tokens = 1 << 15;

void read(const KeyReader& reader, const char* key, double least, double most, double& number) {
    if (reader.has(key)) {
        number = reader.number(key, least, most);
    }
}

json toJson(const ValueRange& range) {
    // What is written can be read.
    return {
        {"low", std::clamp(range.low, -farthest_range, farthest_range)},
        {"high", std::clamp(range.high, -farthest_range, farthest_range)}};
}

void read(const KeyReader& reader, const char* key, double least, double most, ValueRange& range) {
    if (reader.has(key)) {
        const KeyReader ends = reader.object(key);
        range = {ends.number("low", least, most), ends.number("high", least, most)};
        // The range of a map that is the same everywhere is one number.
        if (range.low > range.high) {
            ends.refuse("high", "a number not below low");
        }
    }
}

json toJson(const Viewport& viewport) {
    return {
        {"zoom", viewport.zoom}, {"center_x", viewport.center_x}, {"center_y", viewport.center_y}};
}

Viewport viewportIn(const KeyReader& reader) {
    Viewport viewport;
    read(reader, "zoom", 1.0, 64.0, viewport.zoom);
    read(reader, "center_x", 0.0, 1.0, viewport.center_x);
    read(reader, "center_y", 0.0, 1.0, viewport.center_y);
    return viewport;
}

json toJson(const CloudView& cloud) {
    const CloudCamera& camera = cloud.camera;
    return {
        {"camera",
         {{"azimuth", camera.azimuth},
          {"elevation", camera.elevation},
          {"distance", camera.distance},
          {"focus", {{"x", camera.focus[0]}, {"y", camera.focus[1]}, {"z", camera.focus[2]}}},
          {"view_angle", camera.view_angle},
          {"projection", nameIn(projections, camera.projection)},
          {"up", nameIn(up_axes, camera.up)},
          {"fitted", camera.is_fitted}}},
        {"values", nameIn(group_values, cloud.values)},
        {"centers", cloud.shows_centers},
        {"point_size", cloud.point_size},
        {"shading", nameIn(shadings, cloud.shading)},
        {"ground", nameIn(grounds, cloud.ground)}};
}

CloudCamera cameraIn(const KeyReader& reader) {
    CloudCamera camera;
    read(reader, "azimuth", -farthest_range, farthest_range, camera.azimuth);
    read(reader, "elevation", -90.0, 90.0, camera.elevation);
    read(reader, "distance", nearest_distance, farthest_distance, camera.distance);
    read(reader, "view_angle", 1.0, 120.0, camera.view_angle);
    read(reader, "projection", projections, camera.projection);
    read(reader, "up", up_axes, camera.up);
    if (reader.has("focus")) {
        const KeyReader focus = reader.object("focus");
        constexpr double farthest = 1e3;
        read(focus, "x", -farthest, farthest, camera.focus[0]);
        read(focus, "y", -farthest, farthest, camera.focus[1]);
        read(focus, "z", -farthest, farthest, camera.focus[2]);
    }
    camera.is_fitted = reader.flag("fitted", false);
    return clamped(camera);
}

CloudView cloudIn(const KeyReader& reader) {
    CloudView cloud;
    if (reader.has("camera")) {
        cloud.camera = cameraIn(reader.object("camera"));
    }
    read(reader, "values", group_values, cloud.values);
    cloud.shows_centers = reader.flag("centers", cloud.shows_centers);
    read(reader, "point_size", least_point_size, most_point_size, cloud.point_size);
    read(reader, "shading", shadings, cloud.shading);
    read(reader, "ground", grounds, cloud.ground);
    return cloud;
}

json toJson(const VideoView& video) {
    return {
        {"joint", video.joint},
        {"low_level", video.low_level},
        {"high_level", video.high_level},
        {"columns", video.columns},
        {"frames_apart", video.frames_apart},
        {"every", video.every},
        {"windows", video.windows},
        {"frame", video.frame},
        {"loops", video.loops},
        {"speed", video.speed}};
}

VideoView videoIn(const KeyReader& reader) {
    VideoView video;
    video.joint = reader.flag("joint", video.joint);
    read(reader, "low_level", 0.0, 1.0, video.low_level);
    read(reader, "high_level", 0.0, 1.0, video.high_level);
    if (reader.has("columns")) {
        video.columns = int(reader.whole("columns", 1, most_film_columns));
    }
    video.frames_apart = reader.flag("frames_apart", video.frames_apart);
    if (reader.has("every")) {
        video.every = int(reader.whole("every", 1, most_frame_step));
    }
    video.windows = reader.flag("windows", video.windows);
    if (reader.has("frame")) {
        video.frame = std::size_t(reader.whole("frame", 0, farthest_frame));
    }
    video.loops = reader.flag("loops", video.loops);
    read(reader, "speed", least_speed, most_speed, video.speed);
    return video;
}

json toJson(const Selection& selection) {
    json fields = {{"pinned", nullptr}, {"region", nullptr}};
    if (selection.pinned) {
        const TokenPlace& place = *selection.pinned;
        fields["pinned"] = {
            {"token", place.token.value},
            {"rows", place.rows},
            {"columns", place.columns},
            {"group", place.is_group}};
    }
    if (selection.region) {
        const TokenRegion& region = *selection.region;
        fields["region"] = {{"first_row", region.first_row}, {"first_column", region.first_column},
                            {"last_row", region.last_row},   {"last_column", region.last_column},
                            {"rows", region.rows},           {"columns", region.columns}};
    }
    return fields;
}

Selection selectionIn(const KeyReader& reader) {
    Selection selection;
    if (reader.has("pinned")) {
        const KeyReader pinned = reader.object("pinned");
        TokenPlace place;
        place.rows = int(pinned.whole("rows", 1, most_tokens));
        place.columns = int(pinned.whole("columns", 1, most_tokens));
        const std::int64_t tokens = std::int64_t(place.rows) * place.columns;
        place.token = TokenIndex{std::size_t(pinned.whole("token", 0, tokens - 1))};
        place.is_group = pinned.flag("group", false);
        selection.pinned = place;
    }
    if (reader.has("region")) {
        const KeyReader rectangle = reader.object("region");
        TokenRegion region;
        region.rows = int(rectangle.whole("rows", 1, most_tokens));
        region.columns = int(rectangle.whole("columns", 1, most_tokens));
        region.first_row = int(rectangle.whole("first_row", 0, region.rows - 1));
        region.last_row = int(rectangle.whole("last_row", region.first_row, region.rows - 1));
        region.first_column = int(rectangle.whole("first_column", 0, region.columns - 1));
        region.last_column =
            int(rectangle.whole("last_column", region.first_column, region.columns - 1));
        selection.region = region;
    }
    return selection;
}

} // namespace

json toJson(const ViewState& view) {
    return {
        {"kind", nameIn(grid_kinds, view.kind)},
        {"map", nameIn(maps(), view.map)},
        {"head", view.head ? json(view.head->value) : json(nullptr)},
        {"query", nameIn(queries, view.query)},
        {"tap", view.tap},
        {"sampling", nameIn(samplings, view.sampling)},
        {"overlay", nameIn(overlays, view.overlay)},
        {"opacity", view.opacity},
        {"threshold", view.threshold},
        {"colormap", nameIn(colormaps(), view.colormap)},
        {"range", nameIn(range_modes, view.range)},
        {"percentiles", toJson(view.percentiles)},
        {"fixed", toJson(view.fixed)},
        {"viewport", toJson(view.viewport)},
        {"cloud", toJson(view.cloud)},
        {"video", toJson(view.video)},
        {"selection", toJson(view.selection)},
    };
}

ViewState viewFromJson(const json& json) {
    const KeyReader reader(json, "view");
    ViewState view;
    read(reader, "kind", grid_kinds, view.kind);
    read(reader, "map", maps(), view.map);
    if (reader.has("head")) {
        view.head = HeadIndex{std::size_t(reader.whole("head", 0, 4095))};
    }
    read(reader, "query", queries, view.query);
    view.tap = reader.text("tap", view.tap);
    read(reader, "sampling", samplings, view.sampling);
    read(reader, "overlay", overlays, view.overlay);
    read(reader, "opacity", 0.0, 1.0, view.opacity);
    read(reader, "threshold", 0.0, 1.0, view.threshold);
    read(reader, "colormap", colormaps(), view.colormap);
    read(reader, "range", range_modes, view.range);
    read(reader, "percentiles", 0.0, 100.0, view.percentiles);
    read(reader, "fixed", -farthest_range, farthest_range, view.fixed);
    if (reader.has("viewport")) {
        view.viewport = viewportIn(reader.object("viewport"));
    }
    if (reader.has("cloud")) {
        view.cloud = cloudIn(reader.object("cloud"));
    }
    if (reader.has("video")) {
        view.video = videoIn(reader.object("video"));
    }
    if (reader.has("selection")) {
        view.selection = selectionIn(reader.object("selection"));
    }
    return view;
}

} // namespace vitreous
