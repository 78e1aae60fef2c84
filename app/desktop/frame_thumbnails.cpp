#include "app/desktop/frame_thumbnails.h"

#include <exception>
#include <utility>

#include "core/base/thread_priority.h"
#include "core/media/video_reader.h"

namespace vitreous {
namespace {

QImage scaled(const Image& picture, int height) {
    const QImage view(
        picture.pixels.data(), picture.width, picture.height, qsizetype(picture.width) * 3,
        QImage::Format_RGB888);
    return view.scaledToHeight(height, Qt::SmoothTransformation)
        .convertToFormat(QImage::Format_RGB32);
}

} // namespace

FrameThumbnails::FrameThumbnails(QObject* parent)
    : QObject(parent), thread_([this](const std::stop_token& stop) { run(stop); }) {}

FrameThumbnails::~FrameThumbnails() {
    {
        const std::lock_guard lock(mutex_);
        thread_.request_stop();
        running_.request_stop();
    }
    wake_.notify_all();
    thread_.join();
}

void FrameThumbnails::request(
    const std::filesystem::path& path,
    std::vector<FrameIndex> frames,
    int height) {
    {
        const std::lock_guard lock(mutex_);
        running_.request_stop();
        wanted_ = Request{++number_, path, std::move(frames), height};
    }
    wake_.notify_all();
}

void FrameThumbnails::cancel() {
    const std::lock_guard lock(mutex_);
    ++number_;
    running_.request_stop();
    wanted_.reset();
}

void FrameThumbnails::run(const std::stop_token& stop) {
    yieldToInference();
    while (true) {
        Request request;
        std::stop_token running;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, stop, [this] { return wanted_.has_value(); });
            if (stop.stop_requested()) {
                return;
            }
            request = std::move(*wanted_);
            wanted_.reset();
            running_ = std::stop_source();
            running = running_.get_token();
        }
        try {
            carryOut(request, running);
        } catch (const std::exception&) {
            // The frames themselves are asked for elsewhere, where it is said what is wrong.
            continue;
        }
    }
}

void FrameThumbnails::carryOut(const Request& request, const std::stop_token& stop) {
    VideoReader reader(request.path, {stop, {}});
    for (const FrameIndex frame : request.frames) {
        if (stop.stop_requested()) {
            return;
        }
        reader.seek(frame, stop);
        const std::optional<VideoFrame> read = reader.next();
        if (!read || read->index != frame) {
            continue;
        }
        QMetaObject::invokeMethod(
            this,
            [this, number = request.number, frame,
             picture = scaled(read->picture, request.height)] {
                if (number == number_) {
                    Q_EMIT ready(frame, picture);
                }
            },
            Qt::QueuedConnection);
    }
}

} // namespace vitreous
