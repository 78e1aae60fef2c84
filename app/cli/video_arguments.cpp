#include "app/cli/video_arguments.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include <CLI/CLI.hpp>

#include "app/cli/device_options.h"
#include "core/base/error.h"

namespace vitreous::cli {

struct VideoOptions::Typed {
    std::vector<std::string> models;
    std::string input;
    std::vector<std::string> outputs;
    DeviceOptions device{.batch = VideoSampling{}.batch};
    int every = 1;
    bool windows = false;
    std::string centring = "joint";
    std::string tap;
    std::string map{name(MapKind::Magnitude)};
    int head = 0; ///< from 1; 0: none
    std::string layout = "overlay";
    std::string range = "joint";
    bool shared = false;
    std::string sampling = "nearest";
    double threshold = 0.0;
    std::string colormap{name(Colormap::Viridis)};
    double opacity = VideoLook{}.opacity;
    int width = 0;
    double rate = 0.0;
    int columns = VideoLook{}.columns;
    std::string levels;
    bool progress = false;
};

namespace {

constexpr int mostSteps = 1'000'000;
constexpr int mostHeads = 4096;
constexpr std::array<MapKind, 3> kinds = {
    MapKind::Magnitude, MapKind::Frequency, MapKind::ClsAttention};

/// Two numbers with a sign between them; nothing where the text is something else.
std::optional<ValueRange> pairFrom(const std::string& text, char sign) {
    const auto numberFrom = [](const std::string& part) -> std::optional<double> {
        char* end = nullptr;
        const double value = std::strtod(part.c_str(), &end);
        const bool is_number = !part.empty() && *end == '\0' && std::isfinite(value);
        return is_number ? std::optional(value) : std::nullopt;
    };
    const std::size_t at = text.find(sign);
    if (at == std::string::npos) {
        return std::nullopt;
    }
    const auto low = numberFrom(text.substr(0, at));
    const auto high = numberFrom(text.substr(at + 1));
    return low && high ? std::optional(ValueRange{*low, *high}) : std::nullopt;
}

void setRange(VideoLook& look, const std::string& text) {
    if (text == "joint" || text == "frame") {
        look.range = text == "joint" ? VideoRange::Joint : VideoRange::Frame;
        return;
    }
    const bool has_percent = text.ends_with('%') && text.find("%:") != std::string::npos;
    std::string numbers = text;
    if (has_percent) {
        std::erase(numbers, '%');
    }
    const auto pair = pairFrom(numbers, ':');
    if (has_percent && pair && pair->low >= 0.0 && pair->low < pair->high && pair->high <= 100.0) {
        look.range = VideoRange::Percentiles;
        look.percentiles = *pair;
        return;
    }
    if (has_percent || !pair || !isUsable(*pair)) {
        throw Error(
            ErrorCode::Usage, "--range: expected joint, frame, LOW:HIGH with LOW below HIGH or "
                              "percentiles as 2%:98%, "
                              "found '" +
                                  text + "'");
    }
    look.range = VideoRange::Fixed;
    look.fixed = *pair;
}

void setLevels(VideoLook& look, const std::string& text) {
    if (text.empty()) {
        return;
    }
    const auto levels = pairFrom(text, ',');
    if (!levels || levels->low < 0.0 || levels->high > 1.0 || levels->low > levels->high) {
        throw Error(
            ErrorCode::Usage,
            "--levels: expected LOW,HIGH between 0 and 1, LOW first, found '" + text + "'");
    }
    look.low_level = levels->low;
    look.high_level = levels->high;
}

std::vector<std::string> mapNames() {
    std::vector<std::string> names;
    std::transform(kinds.begin(), kinds.end(), std::back_inserter(names), [](MapKind kind) {
        return std::string(name(kind));
    });
    return names;
}

std::vector<std::string> colormapNames() {
    std::vector<std::string> names;
    for (const Colormap colormap : allColormaps()) {
        names.emplace_back(name(colormap));
    }
    return names;
}

template <typename Value, typename Values>
Value named(const std::string& text, const Values& values) {
    return *std::find_if(
        values.begin(), values.end(), [&text](Value value) { return name(value) == text; });
}

} // namespace

VideoOptions::VideoOptions(CLI::App& app)
    : typed_(std::make_unique<Typed>()),
      command_(app.add_subcommand(
          "video",
          "Run models on the frames of a video and write their maps as a video, pictures, arrays "
          "or a filmstrip")) {
    Typed& typed = *typed_;
    command_->add_option("--model", typed.models, modelHelp)->required()->type_name("MODEL");
    command_->add_option("--input", typed.input, "the video")->required()->type_name("CLIP");
    command_
        ->add_option(
            "--output", typed.outputs,
            "what to write, by extension: .mp4 (H.264); a directory of frame_NNNNN.png; .npz "
            "(of several models one each, <stem>.<model label>.npz); .pdf or .png: the "
            "filmstrip of the paper's figure 5. Several are fine. A .json beside each says how it "
            "was made")
        ->required()
        ->type_name("OUT");
    addSampling();
    addLook();
    typed.device.addTo(*command_);
    command_->add_flag("--progress", typed.progress, "show progress, also without a terminal");
}

void VideoOptions::addSampling() {
    Typed& typed = *typed_;
    CLI::Option_group& group = *command_->add_option_group("Frames");
    group
        .add_option(
            "--every", typed.every,
            "every N-th frame; of a video model only with --windows (default: 1)")
        ->check(CLI::Range(1, mostSteps))
        ->type_name("N");
    group.add_flag(
        "--windows", typed.windows,
        "video models: one clip after the other; else one clip, its frames taken evenly out of the "
        "whole video");
    group
        .add_option(
            "--centring", typed.centring,
            "video models: maps centred over all frames of a clip, or in each frame (default: "
            "joint)")
        ->check(CLI::IsMember({"joint", "frame"}))
        ->type_name("joint|frame");
}

void VideoOptions::addLook() {
    Typed& typed = *typed_;
    CLI::Option_group& group = *command_->add_option_group("Maps and pages");
    group
        .add_option(
            "--tap", typed.tap,
            "the tap to show; a model without it shows its last one before (default: the last one; "
            "an .npz holds all)")
        ->type_name("TAP");
    group
        .add_option(
            "--map", typed.map,
            "magnitude, frequency or cls_attention (default: magnitude; an .npz holds all)")
        ->check(CLI::IsMember(mapNames()))
        ->type_name("MAP");
    group
        .add_option(
            "--head", typed.head, "of cls_attention, counted from 1 (default: the mean over heads)")
        ->check(CLI::Range(1, mostHeads))
        ->type_name("N");
    group
        .add_option(
            "--layout", typed.layout,
            "the map alone, over the frame, or the frame and the maps side by side (default: "
            "overlay)")
        ->check(CLI::IsMember({"map", "overlay", "side"}))
        ->type_name("map|overlay|side");
    group
        .add_option(
            "--range", typed.range,
            "what the colours span: each model's values over all frames, those of each frame, "
            "percentiles of each frame, or numbers (default: joint)")
        ->type_name("joint|frame|LOW%:HIGH%|LOW:HIGH");
    group.add_flag("--shared", typed.shared, "one range for all models together");
    group.add_option("--sampling", typed.sampling, "how maps are enlarged (default: nearest)")
        ->check(CLI::IsMember({"nearest", "bilinear"}))
        ->type_name("nearest|bilinear");
    group
        .add_option(
            "--threshold", typed.threshold,
            "0 to 1 of the range: below it pages show the frame alone (default: 0)")
        ->check(CLI::Range(0.0, 1.0));
    group.add_option("--colormap", typed.colormap, "colours of the maps (default: viridis)")
        ->check(CLI::IsMember(colormapNames()))
        ->type_name("NAME");
    group.add_option("--opacity", typed.opacity, "of the map over the frame (default: 0.75)")
        ->check(CLI::Range(0.0, 1.0));
    group
        .add_option(
            "--width", typed.width,
            "of a page in pixels (default: 480 to each picture, at most 1920)")
        ->check(CLI::Range(192, 4096));
    group
        .add_option(
            "--fps", typed.rate,
            "frames a second of the .mp4 (default: each at its own time in the video)")
        ->check(CLI::Range(0.1, 240.0));
    group.add_option("--columns", typed.columns, "frames of the filmstrip (default: 8)")
        ->check(CLI::Range(1, most_film_columns));
    group
        .add_option(
            "--levels", typed.levels,
            "the filmstrip's two thresholds, 0 to 1 of the range (default: 0.4,0.7)")
        ->type_name("LOW,HIGH");
}

VideoOptions::~VideoOptions() = default;

bool VideoOptions::parsed() const {
    return command_->parsed();
}

VideoArguments VideoOptions::arguments() const {
    const Typed& typed = *typed_;
    VideoArguments arguments;
    arguments.models = modelsFrom(typed.models);
    arguments.input = typed.input;
    arguments.outputs.assign(typed.outputs.begin(), typed.outputs.end());
    arguments.device = typed.device.spec();
    arguments.threads = typed.device.threads;
    arguments.sampling = {typed.every, typed.windows, typed.device.batch};
    arguments.frames_apart = typed.centring == "frame";
    arguments.has_tap = !typed.tap.empty();
    arguments.has_map = command_->count("--map") > 0;
    arguments.progress = typed.progress;
    VideoLook& look = arguments.look;
    look.tap = typed.tap;
    look.map = named<MapKind>(typed.map, kinds);
    if (typed.head > 0) {
        if (look.map != MapKind::ClsAttention) {
            throw Error(ErrorCode::Usage, "--head: expected --map cls_attention with it");
        }
        look.head = HeadIndex{static_cast<std::size_t>(typed.head - 1)};
    }
    look.layout = typed.layout == "map"    ? PageLayout::Map
                  : typed.layout == "side" ? PageLayout::Side
                                           : PageLayout::Overlay;
    setRange(look, typed.range);
    const bool can_share = look.range == VideoRange::Joint || look.range == VideoRange::Frame;
    if (typed.shared && !can_share) {
        throw Error(ErrorCode::Usage, "--shared: expected --range joint or frame with it");
    }
    look.is_shared = typed.shared;
    look.sampling = typed.sampling == "bilinear" ? Sampling::Bilinear : Sampling::Nearest;
    look.threshold = typed.threshold;
    setLevels(look, typed.levels);
    look.colormap = named<Colormap>(typed.colormap, allColormaps());
    look.opacity = typed.opacity;
    look.width = typed.width;
    look.columns = typed.columns;
    if (typed.rate > 0.0) {
        look.rate = typed.rate;
    }
    return arguments;
}

} // namespace vitreous::cli
