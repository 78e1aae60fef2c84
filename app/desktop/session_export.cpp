// The results as files.

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "app/desktop/session.h"
#include "app/desktop/view_change.h"
#include "core/export/point_files.h"
#include "core/export/provenance.h"

namespace vitreous {
namespace {

/// What an input is called in the names of files: its stem. Inputs of one stem get names that tell
/// them apart: with the extension, with the folder, with a number.
std::map<InputId, std::string> distinctNames(const std::vector<InputItem>& inputs) {
    std::map<std::string, int> counts;
    for (const InputItem& input : inputs) {
        ++counts[input.path.stem().string()];
    }
    std::map<InputId, std::string> names;
    std::set<std::string> taken;
    for (const InputItem& input : inputs) {
        const std::string stem = input.path.stem().string();
        if (counts[stem] == 1) {
            names[input.id] = stem;
            taken.insert(stem);
        }
    }
    for (const InputItem& input : inputs) {
        if (names.contains(input.id)) {
            continue;
        }
        const std::string file = input.path.filename().string();
        const std::string folder = input.path.parent_path().filename().string();
        const std::string placed = folder.empty() ? file : file + " (" + folder + ")";
        std::string name = file;
        for (int number = 1; !taken.insert(name).second; ++number) {
            name = number == 1 ? placed : placed + " " + std::to_string(number);
        }
        names[input.id] = name;
    }
    return names;
}

/// The map that colours an exported cloud: the shown kind's, at the layer that is looked at, else
/// at the last one.
std::string coloringOf(const AnalysisResult& result, const ViewState& view) {
    const bool is_attention = view.map == MapKind::ClsAttention || view.kind == GridKind::Heads;
    const std::vector<Tap>& taps = is_attention ? result.blocks : result.taps;
    if (taps.empty()) {
        return defaultColoring(result);
    }
    const auto found = std::find_if(
        taps.begin(), taps.end(), [&view](const Tap& tap) { return tap.name == view.tap; });
    const std::string& tap = found == taps.end() ? taps.back().name : found->name;
    return std::string(name(is_attention ? MapKind::ClsAttention : view.map)) + "/" + tap;
}

} // namespace

std::vector<WriteRequest> Session::writeRequests(const std::filesystem::path& directory) const {
    std::vector<WriteRequest> requests;
    const InputItem* input = current();
    if (input == nullptr) {
        return requests;
    }
    const std::string name = distinctNames(inputs_.items()).at(input->id);
    for (const ModelItem& item : models_.items()) {
        if (const Analysis* analysis = results_.find(item.id, input->id)) {
            ResultFile file;
            file.directory = directory;
            file.name = resultName(name, item.spec.label);
            file.input = input->path;
            file.input_stamp = analysis->input;
            file.spec = item.spec;
            file.model_stamp = item.loaded.stamp;
            file.result = analysis->result;
            if (analysis->cloud.shape) {
                file.cloud = CloudExport{
                    analysis->cloud.shape, mesh_, coloringOf(*analysis->result, view_),
                    view_.cloud.values, view_.colormap};
            }
            requests.push_back({item.id, std::move(file)});
        }
    }
    return requests;
}

std::vector<std::filesystem::path> Session::replacedFiles(
    const std::filesystem::path& directory) const {
    std::vector<std::filesystem::path> files;
    if (video() != nullptr) {
        const std::filesystem::path arrays = videoArrays(directory);
        files = replacedVideoFiles(arrays);
        std::error_code problem;
        if (std::filesystem::exists(std::filesystem::symlink_status(arrays, problem))) {
            files.push_back(arrays);
        }
        return files;
    }
    for (const WriteRequest& request : writeRequests(directory)) {
        for (const char* extension : {".npz", ".json", ".csv", ".ply"}) {
            const bool is_of_cloud =
                std::string_view(extension) == ".csv" || std::string_view(extension) == ".ply";
            if (is_of_cloud && !request.file.cloud) {
                continue;
            }
            const std::filesystem::path file = directory / (request.file.name + extension);
            std::error_code problem;
            if (std::filesystem::exists(std::filesystem::symlink_status(file, problem))) {
                files.push_back(file);
            }
        }
    }
    return files;
}

double Session::shownRate() const {
    const InputItem* item = video();
    const std::vector<FrameIndex>& frames = video_.frames();
    if (item == nullptr || frames.empty()) {
        return 0.0;
    }
    const double span = timeOf(frames.back()) - timeOf(frames.front());
    return frames.size() > 1 && span > 0.0 ? double(frames.size() - 1) / span
                                           : item->video->frames_per_second;
}

VideoLook Session::videoLook(const GridScene& scene) const {
    VideoLook look;
    look.map = view_.kind == GridKind::Heads ? MapKind::ClsAttention : view_.map;
    look.tap = scene.choice ? scene.choices[*scene.choice].name.toStdString() : view_.tap;
    look.head = hasHead(view_) ? view_.head : std::nullopt;
    look.colormap = view_.colormap;
    look.opacity = view_.opacity;
    look.sampling = view_.sampling;
    look.threshold = view_.threshold;
    look.range = view_.range == RangeMode::Fixed        ? VideoRange::Fixed
                 : view_.range == RangeMode::Percentile ? VideoRange::Percentiles
                 : view_.video.joint                    ? VideoRange::Joint
                                                        : VideoRange::Frame;
    look.fixed = view_.fixed;
    look.percentiles = view_.percentiles;
    // A page has one layer: what is shared with other models' maps of it.
    const RangeMode across =
        view_.kind == GridKind::Scrub ? RangeMode::PerRow : RangeMode::PerColumn;
    look.is_shared = view_.range == RangeMode::PerView || view_.range == across;
    return look;
}

VideoWriteRequest Session::videoRequest(const std::filesystem::path& path, const VideoLook& look)
    const {
    VideoWriteRequest request;
    const InputItem* item = video();
    if (item == nullptr || !video_.target()) {
        return request;
    }
    VideoOrder& order = request.order;
    order.input = item->path;
    order.outputs = {path};
    order.device = device_;
    order.sampling = video_.target()->sampling;
    order.frames_apart = view_.video.frames_apart;
    order.look = look;
    // Arrays are of all maps, pages of the one that is shown.
    order.has_map = path.extension() != ".npz";
    order.has_tap = order.has_map;
    for (const ModelItem& model : models_.items()) {
        const auto& running = video_.target()->models;
        if (std::any_of(running.begin(), running.end(), [&model](const auto& known) {
                return known.id == model.id;
            })) {
            request.models.push_back(model.id);
            request.stamps.push_back(model.loaded.stamp);
            order.models.push_back(model.spec);
            order.look.chips.push_back(model.chip.rgb() & 0xffffffU);
        }
    }
    return request;
}

void Session::exportVideo(const std::filesystem::path& path, const VideoLook& look) {
    VideoWriteRequest request = videoRequest(path, look);
    if (request.models.empty()) {
        Q_EMIT noticed(tr("There are no maps to export yet."), true);
        return;
    }
    runner_.writeVideo(std::move(request));
    Q_EMIT progressChanged(tr("Writing the video"), 0.0);
}

std::filesystem::path Session::videoArrays(const std::filesystem::path& directory) const {
    std::filesystem::path name = video()->path.stem();
    return directory / (name += ".npz");
}

std::vector<std::filesystem::path> Session::replacedVideoFiles(
    const std::filesystem::path& path) const {
    const VideoWriteRequest request = videoRequest(path, {});
    std::vector<ModelSummary> summaries;
    for (const ModelId id : request.models) {
        summaries.push_back(*models_.find(id)->loaded.summary);
    }
    std::vector<std::filesystem::path> files;
    try {
        const VideoTargets targets = targetsOf(request.order, summaries);
        files = targets.all();
        files.insert(files.end(), targets.sidecars.begin(), targets.sidecars.end());
    } catch (const Error&) {
        // Writing says what is wrong with the path.
        return {};
    }
    std::erase_if(files, [&path](const std::filesystem::path& file) {
        std::error_code problem;
        return file == path ||
               !std::filesystem::exists(std::filesystem::symlink_status(file, problem));
    });
    return files;
}

void Session::exportData(const std::filesystem::path& directory) {
    if (video() != nullptr) {
        exportVideo(videoArrays(directory), {});
        return;
    }
    std::vector<WriteRequest> requests = writeRequests(directory);
    if (requests.empty()) {
        Q_EMIT noticed(tr("There are no maps to export yet."), true);
        return;
    }
    runner_.write(std::move(requests));
}

} // namespace vitreous
