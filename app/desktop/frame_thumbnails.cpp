#include "app/desktop/frame_thumbnails.h"

#include <exception>
#include <utility>

#include "app/desktop/failure.h"
#include "core/base/thread_priority.h"

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
        running_stop_.request_stop();
    }
    wake_.notify_all();
    thread_.join();
}

void FrameThumbnails::request(
    const std::filesystem::path& path,
    std::uint64_t reading,
    std::vector<FrameIndex> frames,
    int height) {
    {
        const std::lock_guard lock(mutex_);
        running_stop_.request_stop();
        if (running_.path != path || running_.reading != reading) {
            opening_stop_.request_stop();
        }
        wanted_ = Request{++number_, path, reading, std::move(frames), height};
    }
    wake_.notify_all();
}

void FrameThumbnails::cancel() {
    request({}, 0, {}, 0);
}

void FrameThumbnails::run(const std::stop_token& stop) {
    yieldToInference();
    KeptVideo video(stop);
    while (true) {
        Request request;
        std::stop_token running;
        std::stop_token opening;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, stop, [this] { return wanted_.has_value(); });
            if (stop.stop_requested()) {
                return;
            }
            request = std::move(*wanted_);
            wanted_.reset();
            running_ = request;
            running_stop_ = std::stop_source();
            running = running_stop_.get_token();
            opening_stop_ = std::stop_source();
            opening = opening_stop_.get_token();
        }
        try {
            if (request.path.empty()) {
                video.close();
            } else {
                carryOut(request, video.open(request.path, request.reading, opening), running);
            }
        } catch (...) {
            // The frames themselves are asked for elsewhere, where it is said what is wrong.
            if (failureOf(std::current_exception()).code != ErrorCode::Interrupted) {
                video.close();
            }
        }
        QMetaObject::invokeMethod(
            this, [this, number = request.number] { finish(number); }, Qt::QueuedConnection);
    }
}

void FrameThumbnails::finish(std::uint64_t number) {
    if (number == number_) {
        done_ = number;
        Q_EMIT finished();
    }
}

void FrameThumbnails::carryOut(
    const Request& request,
    VideoReader& reader,
    const std::stop_token& stop) {
    for (const FrameIndex frame : request.frames) {
        reader.seek(frame, stop);
        if (stop.stop_requested()) {
            return;
        }
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
