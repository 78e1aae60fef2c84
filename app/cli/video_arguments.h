#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/model.h"
#include "core/media/colormap.h"
#include "core/video/video_plan.h"
#include "widgets/video_page.h"

namespace CLI {
class App;
}

namespace vitreous::cli {

/// Which numbers the colour map's ends stand for.
enum class VideoRange {
    Joint, ///< each model's smallest and largest over all frames
    Frame, ///< of each frame
    Fixed
};

/// What the pages of a video and its filmstrip show.
struct VideoLook {
    std::string tap; ///< empty: the last one
    MapKind map = MapKind::Magnitude;
    std::optional<HeadIndex> head; ///< of the attention; none: the mean
    PageLayout layout = PageLayout::Overlay;
    VideoRange range = VideoRange::Joint;
    ValueRange fixed{};
    Colormap colormap = Colormap::Viridis;
    double opacity = ViewState{}.opacity;
    int width = 0;              ///< in pixels; 0: see VideoPageOptions
    std::optional<double> rate; ///< frames a second; none: the video's own
    int columns = VideoView{}.columns;
    double low_level = VideoView{}.low_level;
    double high_level = VideoView{}.high_level;
};

/// `video`: the maps of every frame of a video, as videos, pictures, arrays or a filmstrip.
struct VideoArguments {
    std::vector<ModelSpec> models;
    std::filesystem::path input;
    std::vector<std::filesystem::path> outputs;
    DeviceSpec device;
    int threads = 0; ///< 0: one a physical core
    VideoSampling sampling;
    bool frames_apart = false;
    bool has_tap = false; ///< one was named: an .npz holds no other
    bool has_map = false;
    VideoLook look;
    bool progress = false; ///< also where stderr is no terminal
};

/// The options of `video` as they are typed.
class VideoOptions {
public:
    /// Adds the command to the program.
    explicit VideoOptions(CLI::App& app);
    VideoOptions(const VideoOptions&) = delete;
    VideoOptions& operator=(const VideoOptions&) = delete;
    ~VideoOptions();

    /// True once the command line that was parsed has this command.
    [[nodiscard]] bool parsed() const;
    /// What was asked for. Throws Error{Usage}.
    [[nodiscard]] VideoArguments arguments() const;

private:
    struct Typed;
    void addSampling();
    void addLook();

    std::unique_ptr<Typed> typed_;
    CLI::App* command_;
};

} // namespace vitreous::cli
