#include "core/media/video_writer.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/base/file_output.h"
#include "core/media/h264_file.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

constexpr int most_pixels_across = 4096; ///< that decoders commonly take

bool isMovieName(const fs::path& path) {
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return extension == ".mp4";
}

} // namespace

struct VideoWriter::Encoder {
    explicit Encoder(const fs::path& path) : target(path), aside(path) {}

    fs::path target;
    FileAside aside; ///< before the file: it goes last
    H264File file;
    int width = 0;
    int height = 0;
    double frames_per_second = 0.0;
    std::size_t frames = 0;
};

VideoWriter::VideoWriter(const fs::path& path, int width, int height, double frames_per_second) {
    if (!isMovieName(path)) {
        throw Error(
            ErrorCode::Usage,
            "a video is written as .mp4, not with this extension: " + path.string());
    }
    const auto fits = [](int side) {
        return side >= 2 && side <= most_pixels_across && side % 2 == 0;
    };
    if (!fits(width) || !fits(height) || !(frames_per_second > 0.0)) {
        throw Error(
            ErrorCode::Usage, "a video of " + std::to_string(width) + " x " +
                                  std::to_string(height) +
                                  " pixels, expected even numbers from 2 to " +
                                  std::to_string(most_pixels_across) + ": " + path.string());
    }
    encoder_ = std::make_unique<Encoder>(path);
    encoder_->width = width;
    encoder_->height = height;
    encoder_->frames_per_second = frames_per_second;
    if (!encoder_->file.open(encoder_->aside.path(), width, height, frames_per_second)) {
        throw Error(
            ErrorCode::Resource,
            "cannot be written (no permission, or no H.264 encoder in FFmpeg): " + path.string());
    }
}

VideoWriter::~VideoWriter() = default;

void VideoWriter::add(const Image& frame) {
    addAt(frame, double(encoder_->frames) / encoder_->frames_per_second);
}

void VideoWriter::addAt(const Image& frame, double time_secs) {
    if (frame.width != encoder_->width || frame.height != encoder_->height) {
        throw Error(
            ErrorCode::Usage,
            "a frame of " + std::to_string(frame.width) + " x " + std::to_string(frame.height) +
                " pixels, expected " + std::to_string(encoder_->width) + " x " +
                std::to_string(encoder_->height) + ": " + encoder_->target.string());
    }
    if (!encoder_->file.add(frame, time_secs)) {
        throw Error(
            ErrorCode::Resource,
            "a frame cannot be written (is the disk full?): " + encoder_->target.string());
    }
    ++encoder_->frames;
}

void VideoWriter::finish(double end_secs) {
    const bool is_whole = encoder_->file.finish(end_secs);
    if (encoder_->frames == 0) {
        throw Error(ErrorCode::Resource, "a video without a frame: " + encoder_->target.string());
    }
    if (!is_whole) {
        throw Error(
            ErrorCode::Resource,
            "the last frames cannot be written (is the disk full?): " + encoder_->target.string());
    }
    encoder_->aside.commit();
}

} // namespace vitreous
