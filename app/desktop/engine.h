#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <QImage>

#include "app/video/video_files.h"
#include "core/analysis/model.h"
#include "core/base/file_stamp.h"
#include "core/base/image.h"
#include "core/base/mask.h"
#include "core/inputs/input_file.h"
#include "widgets/cloud/cloud_renderer.h"

namespace vitreous {

/// The files of a model, as they were when it was loaded.
struct ModelStamp {
    FileStamp checkpoint;
    FileStamp llm; ///< empty where the spec names none

    friend bool operator==(const ModelStamp&, const ModelStamp&) = default;
};

/// As they are now.
ModelStamp stampOf(const ModelSpec& spec);

/// The point cloud of a result, and how it is coloured in a `.ply`.
struct CloudExport {
    std::shared_ptr<const CloudShape> shape;
    MeshSampling mesh = MeshSampling::Vertices;
    std::string color_by; ///< "magnitude/blocks.11"; empty: the last tap's magnitude
    GroupValues values = GroupValues::Weighted;
    Colormap colormap = Colormap::Viridis;
};

/// One result to be written as arrays, with all that its provenance needs.
struct ResultFile {
    std::filesystem::path directory;
    std::string name; ///< of the files, without the extension
    std::filesystem::path input;
    FileStamp input_stamp; ///< of the input when it was read
    ModelSpec spec;
    ModelStamp model_stamp; ///< of the model when it was loaded
    AnalysisOptions options;
    std::shared_ptr<const AnalysisResult> result;
    std::optional<CloudExport> cloud; ///< of an input of points
};

/// A digest taken now is to be that of the files the result was made from. Throws Error{Input},
/// path last, where one of them changed.
void requireUnchanged(const ResultFile& file);

/// The core as the window uses it; tests put their own in. All throw vitreous::Error. None is
/// called on the GUI thread.
struct Engine {
    /// Called once on the inference thread before anything else.
    std::function<void()> start;
    std::function<std::shared_ptr<Model>(const ModelSpec&, const DeviceSpec&, const Task&)> load;
    std::function<InputData(const std::filesystem::path&, MeshSampling, const Task&)> read;
    std::function<Mask(const std::filesystem::path&)> read_mask;
    /// Brings an input into a model's form.
    std::function<PreparedInput(const InputData&, const ModelSummary&, const Task&)> prepare;
    /// Writes the result and its provenance, of a point cloud a table and a coloured cloud too;
    /// returns the path of the arrays.
    std::function<std::filesystem::path(const Model&, const ResultFile&, const Task&)> write;
    /// Writes what is ordered of a video, all of it or nothing. The models are those of the order.
    std::function<
        VideoFiles(const VideoOrder&, const std::vector<std::shared_ptr<Model>>&, const Task&)>
        write_video;
};

/// The real one. threads: of inference; 0: one a physical core.
Engine coreEngine(int threads);

/// A small picture of an input, for people.
struct Thumbnail {
    QImage image;
    QSize size;                       ///< of the whole input in pixels; of a cloud, of the image
    std::size_t points = 0;           ///< of a cloud
    std::size_t dropped = 0;          ///< of those, left out for coordinates that are no numbers
    std::optional<VideoInfo> video{}; ///< of a video, whose first frame is shown
    /// When its frames are shown, as its container has it.
    std::shared_ptr<const std::vector<double>> times_secs{};
};

/// side: the image's longer side is at most that, in pixels. Throws Error{Input} where a tensor is
/// neither a picture nor a cloud; Error{Interrupted}.
Thumbnail thumbnailOf(const InputData& data, int side, const Task& task = {});

} // namespace vitreous
