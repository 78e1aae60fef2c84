#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/model.h"
#include "core/media/colormap.h"
#include "core/video/video_plan.h"
#include "widgets/video_page.h"

namespace vitreous {

/// Which numbers the colour map's ends stand for.
enum class VideoRange {
    Joint,       ///< each model's smallest and largest over all frames
    Frame,       ///< of each frame
    Percentiles, ///< of each frame's map
    Fixed
};

/// What the pages of a video and its filmstrip show.
struct VideoLook {
    std::string tap; ///< empty: the last one
    MapKind map = MapKind::Magnitude;
    std::optional<HeadIndex> head; ///< of the attention; none: the mean
    PageLayout layout = PageLayout::Overlay;
    VideoRange range = VideoRange::Joint;
    bool is_shared = false; ///< models have one range together; of Joint and Frame
    ValueRange fixed{};
    ValueRange percentiles = ViewState{}.percentiles;
    Colormap colormap = Colormap::Viridis;
    double opacity = ViewState{}.opacity;
    Sampling sampling = Sampling::Nearest;
    double threshold = 0.0;     ///< 0..1 of the range, of pages
    int width = 0;              ///< in pixels; 0: see VideoPageOptions
    std::optional<double> rate; ///< frames a second; none: the video's own
    int columns = VideoView{}.columns;
    double low_level = VideoView{}.low_level;
    double high_level = VideoView{}.high_level;
    std::vector<std::uint32_t> chips; ///< of the models, 0xrrggbb; empty: the window's first ones
};

/// What is to be written of a video, as the command line and the window ask for it: videos,
/// pictures, arrays, a filmstrip.
struct VideoOrder {
    std::vector<ModelSpec> models;
    std::filesystem::path input;
    std::vector<std::filesystem::path> outputs;
    DeviceSpec device;
    VideoSampling sampling;
    bool frames_apart = false;
    bool has_tap = false; ///< one was named: an .npz holds no other
    bool has_map = false;
    VideoLook look;
};

} // namespace vitreous
