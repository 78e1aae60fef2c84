#include "core/media/video_writer.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>
#include <system_error>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "core/base/error.h"
#include "core/base/file_output.h"

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
    explicit Encoder(const fs::path& path)
        : target(path), aside(path), movie(aside.path().string() + ".mp4") {}
    Encoder(const Encoder&) = delete;
    Encoder& operator=(const Encoder&) = delete;
    ~Encoder() {
        writer.release();
        std::error_code ignored;
        fs::remove(movie, ignored);
    }

    fs::path target;
    FileAside aside;
    fs::path movie; ///< FFmpeg tells the container by the name's ending
    cv::VideoWriter writer;
    int width = 0;
    int height = 0;
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
    // What goes wrong is said by the error below.
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    encoder_ = std::make_unique<Encoder>(path);
    encoder_->width = width;
    encoder_->height = height;
    const bool is_open = encoder_->writer.open(
        encoder_->movie.string(), cv::CAP_FFMPEG, cv::VideoWriter::fourcc('a', 'v', 'c', '1'),
        frames_per_second, cv::Size(width, height), true);
    if (!is_open) {
        throw Error(
            ErrorCode::Resource,
            "cannot be written (no permission, or no H.264 encoder in FFmpeg): " + path.string());
    }
}

VideoWriter::~VideoWriter() = default;

void VideoWriter::add(const Image& frame) {
    if (frame.width != encoder_->width || frame.height != encoder_->height) {
        throw Error(
            ErrorCode::Usage,
            "a frame of " + std::to_string(frame.width) + " x " + std::to_string(frame.height) +
                " pixels, expected " + std::to_string(encoder_->width) + " x " +
                std::to_string(encoder_->height) + ": " + encoder_->target.string());
    }
    const cv::Mat rgb(
        frame.height, frame.width, CV_8UC3, const_cast<std::uint8_t*>(frame.pixels.data()));
    cv::Mat bgr;
    cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
    try {
        encoder_->writer.write(bgr);
    } catch (const cv::Exception& problem) {
        throw Error(
            ErrorCode::Resource,
            "a frame cannot be written (" + problem.err + "): " + encoder_->target.string());
    }
    ++encoder_->frames;
}

void VideoWriter::finish() {
    encoder_->writer.release();
    // The encoder does not tell of a disk that was full: what is there is counted.
    cv::VideoCapture written(encoder_->movie.string(), cv::CAP_FFMPEG);
    const double frames = written.isOpened() ? written.get(cv::CAP_PROP_FRAME_COUNT) : 0.0;
    written.release();
    if (encoder_->frames == 0 || frames < static_cast<double>(encoder_->frames)) {
        throw Error(
            ErrorCode::Resource,
            "only " + std::to_string(static_cast<std::size_t>(std::max(frames, 0.0))) + " of " +
                std::to_string(encoder_->frames) +
                " frames were written (is the disk full?): " + encoder_->target.string());
    }
    std::error_code problem;
    fs::rename(encoder_->movie, encoder_->aside.path(), problem);
    if (problem) {
        throw Error(
            ErrorCode::Resource,
            "cannot be written (" + problem.message() + "): " + encoder_->target.string());
    }
    encoder_->aside.commit();
}

} // namespace vitreous
