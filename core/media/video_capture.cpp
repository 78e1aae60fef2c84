#include "core/media/video_capture.h"

#include <cmath>

#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgproc.hpp>

#include "core/media/packet_table.h"

namespace vitreous {
namespace {

constexpr int kMostPixelsAcross = 16384;
constexpr double kMostFrames = 1e9; // a year of 30 a second
constexpr double kLeastFramesPerSecond = 1.0 / 3600.0;
constexpr double kMostFramesPerSecond = 1000.0; // beyond are time bases that were taken for rates

double property(const cv::VideoCapture& capture, int id, double most) {
    const double value = capture.get(id);
    return std::isfinite(value) && value > 0.0 && value <= most ? value : 0.0;
}

/// Clockwise, by whole quarters.
void turn(cv::Mat& picture, int degrees) {
    if (degrees == 90) {
        cv::rotate(picture, picture, cv::ROTATE_90_CLOCKWISE);
    } else if (degrees == 180) {
        cv::rotate(picture, picture, cv::ROTATE_180);
    } else if (degrees == 270) {
        cv::rotate(picture, picture, cv::ROTATE_90_COUNTERCLOCKWISE);
    }
}

} // namespace

bool VideoCapture::open(const std::filesystem::path& path, int rotation_degrees) {
    quietFfmpeg();
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    rotation_degrees_ = rotation_degrees;
    // An absolute path: FFmpeg takes "name:rest" for a protocol.
    return capture_.open(std::filesystem::absolute(path).string(), cv::CAP_FFMPEG) &&
           capture_.set(cv::CAP_PROP_ORIENTATION_AUTO, 0.0);
}

int VideoCapture::size(int id) const {
    return int(property(capture_, id, kMostPixelsAcross));
}

int VideoCapture::width() const {
    return size(
        rotation_degrees_ % 180 == 0 ? cv::CAP_PROP_FRAME_WIDTH : cv::CAP_PROP_FRAME_HEIGHT);
}

int VideoCapture::height() const {
    return size(
        rotation_degrees_ % 180 == 0 ? cv::CAP_PROP_FRAME_HEIGHT : cv::CAP_PROP_FRAME_WIDTH);
}

std::int64_t VideoCapture::frames() const {
    return std::int64_t(property(capture_, cv::CAP_PROP_FRAME_COUNT, kMostFrames));
}

double VideoCapture::framesPerSecond() const {
    const double rate = property(capture_, cv::CAP_PROP_FPS, kMostFramesPerSecond);
    return rate >= kLeastFramesPerSecond ? rate : 0.0;
}

std::int64_t VideoCapture::stampMicros() const {
    const double msec = capture_.get(cv::CAP_PROP_POS_MSEC);
    constexpr double most_msec = 1e11; // three years
    return std::isfinite(msec) && msec > 0.0 && msec < most_msec ? std::llround(msec * 1000.0) : 0;
}

Image VideoCapture::picture() {
    cv::Mat bgr;
    try {
        if (!capture_.retrieve(bgr) || bgr.type() != CV_8UC3) {
            return {};
        }
        turn(bgr, rotation_degrees_);
        Image image{bgr.cols, bgr.rows, {}};
        image.pixels.resize(bgr.total() * 3);
        cv::Mat rgb(bgr.rows, bgr.cols, CV_8UC3, image.pixels.data());
        cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
        return image;
    } catch (const cv::Exception&) {
        return {}; // as good as no picture
    }
}

void VideoCapture::seekAbout(std::int64_t frame) {
    capture_.set(cv::CAP_PROP_POS_FRAMES, double(frame));
}

} // namespace vitreous
