#include "core/video/video_npz.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <span>
#include <string>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/export/npz.h"

namespace vitreous {
namespace {

/// A file that is open for reading.
class Opened {
public:
    explicit Opened(const std::filesystem::path& path)
        : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;
    ~Opened() {
        if (descriptor_ >= 0) {
            close(descriptor_);
        }
    }
    /// False where so many bytes are not there.
    [[nodiscard]] bool readAt(std::span<float> to, std::int64_t first_value) const {
        auto* bytes = reinterpret_cast<char*>(to.data());
        std::size_t left = to.size_bytes();
        auto at = static_cast<off_t>(first_value) * static_cast<off_t>(sizeof(float));
        while (left > 0) {
            const ssize_t count = pread(descriptor_, bytes, left, at);
            if (count < 0 && errno == EINTR) {
                continue;
            }
            if (count <= 0) {
                return false;
            }
            bytes += count;
            at += count;
            left -= static_cast<std::size_t>(count);
        }
        return true;
    }

private:
    int descriptor_;
};

} // namespace

VideoNpz::VideoNpz(std::filesystem::path path, bool is_clip)
    : path_(std::move(path)), is_clip_(is_clip), spill_(path_) {}

void VideoNpz::addColumn(const std::string& name, const Array& array, bool has_heads) {
    Column column{.name = name, .heads = 0, .plane = array.shape, .offset = record_values_};
    if (has_heads && !column.plane.empty()) {
        column.heads = column.plane.front();
        column.plane.erase(column.plane.begin());
    }
    record_values_ += elementCount(array.shape);
    columns_.push_back(std::move(column));
}

void VideoNpz::begin(const AnalysisResult& result) {
    for (const auto& [tap, map] : result.magnitude) {
        addColumn("magnitude/" + tap, map, false);
    }
    for (const auto& [tap, map] : result.frequency) {
        addColumn("frequency/" + tap, map, false);
    }
    for (const auto& [block, maps] : result.cls_attention) {
        addColumn("cls_attention/" + block, maps, true);
    }
    if (!is_clip_ && !result.logits.shape.empty()) {
        addColumn("logits", result.logits, false);
    }
}

void VideoNpz::add(
    FrameIndex frame,
    double time_secs,
    const AnalysisResult& result,
    std::size_t part) {
    if (frames_.empty()) {
        begin(result);
    }
    record_.clear();
    const auto append = [this](const std::map<std::string, Array>& maps) {
        for (const auto& [name, map] : maps) {
            record_.insert(record_.end(), map.values.begin(), map.values.end());
        }
    };
    append(result.magnitude);
    append(result.frequency);
    append(result.cls_attention);
    if (!is_clip_) {
        record_.insert(record_.end(), result.logits.values.begin(), result.logits.values.end());
    } else if (clips_ == 0 || part != last_part_) {
        const std::vector<float>& logits = result.logits.values;
        clip_logits_.insert(clip_logits_.end(), logits.begin(), logits.end());
        ++clips_;
        last_part_ = part;
    }
    if (static_cast<std::int64_t>(record_.size()) != record_values_) {
        throw Error(
            ErrorCode::Model, "frame " + std::to_string(frame.value) +
                                  " has maps of other sizes than those before: " + path_.string());
    }
    spill_.write({reinterpret_cast<const char*>(record_.data()), record_.size() * sizeof(float)});
    frames_.push_back(static_cast<float>(frame.value));
    times_.push_back(static_cast<float>(time_secs));
}

void VideoNpz::finish(const Task& task) {
    const Opened spilled(spill_.path());
    const auto time = static_cast<std::int64_t>(frames_.size());
    std::vector<NpzStream> streams;
    const auto add = [&streams](std::string name, std::vector<std::int64_t> shape, auto read) {
        streams.push_back({std::move(name), std::move(shape), std::move(read)});
    };
    const auto fromMemory = [](const std::vector<float>& values) {
        return [&values](std::span<float> to, std::int64_t first) {
            std::copy_n(values.begin() + first, to.size(), to.begin());
        };
    };
    for (const Column& column : columns_) {
        std::vector<std::int64_t> shape = column.plane;
        shape.insert(shape.begin(), time);
        if (column.heads > 0) {
            shape.insert(shape.begin(), column.heads);
        }
        add(column.name, shape, [&](std::span<float> to, std::int64_t first) {
            const std::int64_t plane = elementCount(column.plane);
            while (!to.empty()) {
                const std::int64_t head = first / (time * plane);
                const std::int64_t frame = first / plane % time;
                const std::int64_t within = first % plane;
                const auto count = std::min(to.size(), static_cast<std::size_t>(plane - within));
                if (!spilled.readAt(
                        to.first(count),
                        frame * record_values_ + column.offset + head * plane + within)) {
                    throw Error(
                        ErrorCode::Resource,
                        "what was kept aside cannot be read again: " + path_.string());
                }
                to = to.subspan(count);
                first += static_cast<std::int64_t>(count);
            }
        });
    }
    if (!clip_logits_.empty()) {
        const auto classes = static_cast<std::int64_t>(clip_logits_.size() / clips_);
        add("logits",
            clips_ == 1 ? std::vector{classes}
                        : std::vector{static_cast<std::int64_t>(clips_), classes},
            fromMemory(clip_logits_));
    }
    add("frames", {time}, fromMemory(frames_));
    add("times", {time}, fromMemory(times_));
    writeNpz(path_, streams, task);
}

} // namespace vitreous
