#pragma once

#include <memory>

#include "app/video/video_order.h"

namespace CLI {
class App;
}

namespace vitreous::cli {

/// `video`: the maps of every frame of a video, as videos, pictures, arrays or a filmstrip.
struct VideoArguments : VideoOrder {
    int threads = 0;       ///< 0: one a physical core
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
