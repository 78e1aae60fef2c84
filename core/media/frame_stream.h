#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/index.h"
#include "core/media/video_reader.h"

namespace vitreous {

/// Frames decoded on a thread of its own, ahead of who takes them. Memory: at most queue + 2
/// pictures (those waiting, one being made, one on its way out) and what FFmpeg's decoder keeps
/// (its reference frames and a frame a thread), however long the video is; 24 bytes a frame that
/// was passed for its time.
class FrameStream {
public:
    /// wanted: in the order to be given; ascending is fastest, gaps are jumped over where it pays.
    /// Frames that cannot be read are left out. Never throws for the file: next() does. stop: ends
    /// decoding, and wakes who waits in next().
    FrameStream(
        const std::filesystem::path& path,
        std::vector<FrameIndex> wanted,
        std::size_t queue = 8,
        std::stop_token stop = {});
    /// Stops and joins: within the time of one decoded frame.
    ~FrameStream();
    FrameStream(const FrameStream&) = delete;
    FrameStream& operator=(const FrameStream&) = delete;

    /// The next wanted frame: waits for it; none behind the last one. Throws the decoder's Error,
    /// again at every call; Error{Interrupted} once a stop was asked for.
    std::optional<VideoFrame> next();
    /// From now on these are wanted: what is waiting is dropped, and decoding goes on here. The
    /// newest call wins. After the end as well.
    void want(std::vector<FrameIndex> rest);
    /// What the reader knows by now; none before the file is open.
    [[nodiscard]] std::optional<VideoInfo> info() const;
    /// What could not be read, as far as it is known: VideoReader::loss().
    [[nodiscard]] std::string loss() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace vitreous
