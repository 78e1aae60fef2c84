#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <QImage>
#include <QObject>

#include "app/desktop/kept_video.h"
#include "core/base/index.h"

namespace vitreous {

/// Small pictures of a video's frames, decoded on a thread of its own that gives way to inference.
/// The newest request wins; what is unreadable stays without a picture. Keeps the video open until
/// it is cancelled.
class FrameThumbnails final : public QObject {
    Q_OBJECT

public:
    explicit FrameThumbnails(QObject* parent = nullptr);
    ~FrameThumbnails() override;
    FrameThumbnails(const FrameThumbnails&) = delete;
    FrameThumbnails& operator=(const FrameThumbnails&) = delete;

    /// reading: another number than before: the file is opened again. height: of the pictures, in
    /// pixels.
    void request(
        const std::filesystem::path& path,
        std::uint64_t reading,
        std::vector<FrameIndex> frames,
        int height);
    void cancel();
    /// Pictures are still to come.
    [[nodiscard]] bool isBusy() const { return done_ != number_; }

Q_SIGNALS:
    /// Of the newest request alone.
    void ready(vitreous::FrameIndex frame, const QImage& picture);
    /// No more pictures will come.
    void finished();

private:
    struct Request {
        std::uint64_t number = 0;
        std::filesystem::path path; ///< empty: the file is let go of
        std::uint64_t reading = 0;
        std::vector<FrameIndex> frames;
        int height = 0;
    };
    void run(const std::stop_token& stop);
    void finish(std::uint64_t number);
    void carryOut(const Request& request, VideoReader& reader, const std::stop_token& stop);

    std::uint64_t number_ = 0; ///< GUI thread only
    std::uint64_t done_ = 0;   ///< the same, that is over
    std::mutex mutex_;         ///< guards what follows, down to the blank line
    std::condition_variable_any wake_;
    std::optional<Request> wanted_;
    Request running_;
    std::stop_source running_stop_;
    std::stop_source opening_stop_; ///< of the video, for which further requests may wait

    std::jthread thread_; ///< last: it uses all of the above
};

} // namespace vitreous
