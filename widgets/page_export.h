#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "widgets/video_page.h"

namespace vitreous {

/// One frame of a video with what its page shows.
struct PageFrame {
    FrameIndex frame;
    double time_secs = 0.0;
    std::vector<std::shared_ptr<const AnalysisResult>> results; ///< one a row of the page
};

/// The pages of a video on their way into files: `.mp4` (H.264), and directories of
/// `frame_00012.png`. Painted on threads of their own and written in order on another one, while
/// the caller goes on; at most twice as many pages wait as there are such threads. A video shows
/// each page from its frame's time on, or all of them at one rate. Without finish() nothing stays.
class PageExport {
public:
    /// frames_per_second: of the video, or about so many; keeps_times: pages are shown at their
    /// frames' times, which ascend. Throws Error as VideoWriter and PictureSequence.
    PageExport(
        std::shared_ptr<const VideoPage> page,
        const std::vector<std::filesystem::path>& targets,
        double frames_per_second,
        bool keeps_times);
    /// Stops; what is not finished is thrown away.
    ~PageExport();
    PageExport(const PageExport&) = delete;
    PageExport& operator=(const PageExport&) = delete;

    /// The next frame; waits where too many are on their way. Throws what went wrong with earlier
    /// ones.
    void add(PageFrame frame);
    /// Waits for the pages, closes the files and puts them in their places, each whole or not at
    /// all. end_secs: where pages keep their times, when the last one ends; 0: it lasts as long as
    /// others. Throws Error{Resource}.
    void finish(double end_secs = 0.0);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// True where the path stands for a directory of pictures: it has no extension or ends in a slash,
/// or a directory is there.
bool isSequencePath(const std::filesystem::path& path);

} // namespace vitreous
