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

} // namespace

bool VideoCapture::open(const std::filesystem::path& path) {
    quietFfmpeg();
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    // An absolute path: FFmpeg takes "name:rest" for a protocol.
    return capture_.open(std::filesystem::absolute(path).string(), cv::CAP_FFMPEG);
}

int VideoCapture::width() const {
    return int(property(capture_, cv::CAP_PROP_FRAME_WIDTH, kMostPixelsAcross));
}

int VideoCapture::height() const {
    return int(property(capture_, cv::CAP_PROP_FRAME_HEIGHT, kMostPixelsAcross));
}

std::int64_t VideoCapture::frames() const {
    return std::int64_t(property(capture_, cv::CAP_PROP_FRAME_COUNT, kMostFrames));
}

double VideoCapture::framesPerSecond() const {
    const double rate = property(capture_, cv::CAP_PROP_FPS, kMostFramesPerSecond);
    return rate >= kLeastFramesPerSecond ? rate : 0.0;
}

int VideoCapture::rotationDegrees() const {
    const int turned = int(property(capture_, cv::CAP_PROP_ORIENTATION_META, 360.0));
    return turned == 90 || turned == 180 || turned == 270 ? turned : 0;
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
