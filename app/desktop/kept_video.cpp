#include "app/desktop/kept_video.h"

#include <utility>

namespace vitreous {

VideoReader& KeptVideo::open(
    const std::filesystem::path& path,
    std::uint64_t reading,
    const std::stop_token& stop) {
    if (opened_ && opened_->path == path && opened_->reading == reading) {
        return *opened_->reader;
    }
    opened_.reset();
    auto opened = std::make_unique<Opened>();
    opened->path = path;
    opened->reading = reading;
    const std::function<void()> end = [&source = opened->stop] { source.request_stop(); };
    opened->ending.emplace(end_, end);
    {
        const std::stop_callback<std::function<void()>> giving_up(stop, end);
        opened->reader.emplace(path, Task{opened->stop.get_token(), {}});
    }
    // It may be open by the time it was given up; nothing more could be read of it then.
    Task{opened->stop.get_token(), {}}.checkStop();
    opened_ = std::move(opened);
    return *opened_->reader;
}

} // namespace vitreous
