#include "app/cli/analyze_arguments.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "app/cli/device_options.h"
#include "core/media/video_container.h"

namespace vitreous::cli {

struct AnalyzeOptions::Typed {
    std::vector<std::string> models;
    std::vector<std::string> inputs;
    std::string output;
    DeviceOptions device;
    std::vector<std::string> taps;
    std::vector<std::string> maps;
    std::string mesh = "vertices";
    PointFileOptions point_files;
    std::string values = "weighted";
    std::string colormap{name(Colormap::Viridis)};
    std::string centring = "joint";
    bool resume = false;
    bool features = false;
    bool progress = false;
};

namespace {

std::string extensionsText(const std::vector<std::string>& extensions) {
    std::string text;
    for (const std::string& extension : extensions) {
        text += (text.empty() ? "" : ", ") + extension;
    }
    return text;
}

std::set<MapKind> mapsFrom(const std::vector<std::string>& texts) {
    std::set<MapKind> maps;
    for (const std::string& text : texts) {
        const auto kinds = {MapKind::Magnitude, MapKind::Frequency, MapKind::ClsAttention};
        const auto* const kind = std::find_if(
            kinds.begin(), kinds.end(), [&text](MapKind one) { return name(one) == text; });
        if (kind == kinds.end()) {
            throw Error(
                ErrorCode::Usage,
                "--maps: expected magnitude, frequency or cls_attention, found '" + text + "'");
        }
        maps.insert(*kind);
    }
    return maps;
}

} // namespace

AnalyzeOptions::AnalyzeOptions(CLI::App& app)
    : typed_(std::make_unique<Typed>()),
      command_(app.add_subcommand(
          "analyze",
          "Compute the maps of every model for every input and write them as .npz")) {
    Typed& typed = *typed_;
    command_->add_option("--model", typed.models, modelHelp)->required()->type_name("MODEL");
    command_
        ->add_option(
            "--input", typed.inputs,
            "pictures, point clouds (.ply, .pcd, .xyz, .txt, .csv, .off, .h5), videos (" +
                extensionsText(videoExtensions()) +
                "), directories of them, or .npy tensors (3, height, width), (points, 3) or "
                "(3, frames, height, width) that are preprocessed already. A model runs on the "
                "inputs of its kind. Of a directory .txt, .csv and .npy are left out")
        ->required()
        ->type_name("PATH");
    command_
        ->add_option(
            "--output", typed.output, "directory for <input stem>.<model label>.npz and .json")
        ->required()
        ->type_name("DIR");
    typed.device.addTo(*command_);
    command_
        ->add_option("--taps", typed.taps, "taps to analyse, by name with * and ? (default: all)")
        ->type_name("GLOB");
    command_
        ->add_option("--maps", typed.maps, "of magnitude, frequency, cls_attention (default: all)")
        ->delimiter(',')
        ->type_name("MAP,...");
    addPointOptions();
    command_
        ->add_option(
            "--centring", typed.centring,
            "the mean that the maps of videos are taken from: of all frames together, or of each "
            "step of time by itself; of no use for other models (default: joint)")
        ->check(CLI::IsMember({"joint", "frame"}))
        ->type_name("joint|frame");
    command_->add_flag("--features", typed.features, "write the features of every tap too");
    command_->add_flag("--resume", typed.resume, "leave out what an earlier run has written");
    command_->add_flag("--progress", typed.progress, "show progress, also without a terminal");
}

void AnalyzeOptions::addPointOptions() {
    Typed& typed = *typed_;
    CLI::Option_group& points = *command_->add_option_group("Point clouds");
    points
        .add_option(
            "--mesh", typed.mesh,
            "the points of a mesh: its vertices, or 8192 spread evenly over its faces (default: "
            "vertices)")
        ->check(CLI::IsMember({"vertices", "faces"}))
        ->type_name("vertices|faces");
    points.add_flag(
        "--csv", typed.point_files.csv,
        "write a .csv too: a row a group with its centre and all maps, attention as the mean over "
        "heads and by head");
    CLI::Option* ply = points.add_flag(
        "--ply", typed.point_files.ply,
        "write a .ply too: the whole cloud, coloured, with the raw values of all maps as "
        "properties");
    points
        .add_option(
            "--color-by", typed.point_files.color_by,
            "the map that colours the .ply, such as magnitude/blocks.11 (default: the last tap's "
            "magnitude)")
        ->needs(ply)
        ->type_name("MAP/TAP");
    std::vector<std::string> colormaps;
    for (const Colormap colormap : allColormaps()) {
        colormaps.emplace_back(name(colormap));
    }
    points.add_option("--colormap", typed.colormap, "colours of the .ply (default: viridis)")
        ->needs(ply)
        ->check(CLI::IsMember(colormaps))
        ->type_name("NAME");
    points
        .add_option(
            "--values", typed.values,
            "values in the .ply: by inverse distance from the 3 nearest group centres, or those of "
            "the nearest (default: weighted)")
        ->needs(ply)
        ->check(CLI::IsMember({"weighted", "raw"}))
        ->type_name("weighted|raw");
}

AnalyzeOptions::~AnalyzeOptions() = default;

bool AnalyzeOptions::parsed() const {
    return command_->parsed();
}

AnalyzeArguments AnalyzeOptions::arguments() const {
    const Typed& typed = *typed_;
    AnalyzeArguments arguments{
        .models = modelsFrom(typed.models),
        .inputs = {typed.inputs.begin(), typed.inputs.end()},
        .output = typed.output,
        .device = typed.device.spec(),
        .options = {.features = typed.features, .frames_apart = typed.centring == "frame"},
        .threads = typed.device.threads,
        .batch = typed.device.batch,
        .clouds =
            {.sampling = typed.mesh == "faces" ? MeshSampling::Faces : MeshSampling::Vertices},
        .point_files = typed.point_files,
        .resume = typed.resume,
        .progress = typed.progress};
    if (typed.values == name(GroupValues::Raw)) {
        arguments.point_files.values = GroupValues::Raw;
    }
    for (const Colormap colormap : allColormaps()) {
        if (typed.colormap == name(colormap)) {
            arguments.point_files.colormap = colormap;
        }
    }
    if (!typed.taps.empty()) {
        arguments.options.taps = typed.taps;
    }
    if (!typed.maps.empty()) {
        arguments.options.maps = mapsFrom(typed.maps);
    }
    if (arguments.output.empty()) {
        throw Error(ErrorCode::Usage, "--output: expected a directory, found nothing");
    }
    return arguments;
}

} // namespace vitreous::cli
