#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include "core/media/video_reader.h"

namespace vitreous {

/// A video that stays open from one request to the next: opening reads through the whole file. Of
/// one thread.
class KeptVideo {
public:
    /// end: ends reading, whatever is read then.
    explicit KeptVideo(std::stop_token end) : end_(std::move(end)) {}

    /// The reader of that file, opened anew where it is another one or another reading of it. stop:
    /// ends opening alone; an open video outlives the request that it was opened for. Throws
    /// Error{Input}, Error{Interrupted}.
    VideoReader&
    open(const std::filesystem::path& path, std::uint64_t reading, const std::stop_token& stop);
    void close() { opened_.reset(); }

private:
    struct Opened {
        std::filesystem::path path;
        std::uint64_t reading = 0;
        std::stop_source stop;
        std::optional<VideoReader> reader;
        std::optional<std::stop_callback<std::function<void()>>> ending;
    };

    std::stop_token end_;
    std::unique_ptr<Opened> opened_; ///< null: none
};

} // namespace vitreous
