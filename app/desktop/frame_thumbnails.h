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

#include "core/base/index.h"

namespace vitreous {

/// Small pictures of a video's frames, decoded on a thread of its own that gives way to inference.
/// The newest request wins; what is unreadable stays without a picture.
class FrameThumbnails final : public QObject {
    Q_OBJECT

public:
    explicit FrameThumbnails(QObject* parent = nullptr);
    ~FrameThumbnails() override;
    FrameThumbnails(const FrameThumbnails&) = delete;
    FrameThumbnails& operator=(const FrameThumbnails&) = delete;

    /// height: of the pictures, in pixels.
    void request(const std::filesystem::path& path, std::vector<FrameIndex> frames, int height);
    void cancel();

Q_SIGNALS:
    /// Of the newest request alone.
    void ready(vitreous::FrameIndex frame, const QImage& picture);

private:
    struct Request {
        std::uint64_t number = 0;
        std::filesystem::path path;
        std::vector<FrameIndex> frames;
        int height = 0;
    };
    void run(const std::stop_token& stop);
    void carryOut(const Request& request, const std::stop_token& stop);

    std::uint64_t number_ = 0; ///< GUI thread only
    std::mutex mutex_;         ///< guards what follows, down to the blank line
    std::condition_variable_any wake_;
    std::optional<Request> wanted_;
    std::stop_source running_;

    std::jthread thread_; ///< last: it uses all of the above
};

} // namespace vitreous
