#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/analysis/result.h"
#include "core/base/file_output.h"
#include "core/base/index.h"
#include "core/base/task.h"

namespace vitreous {

/// The `.npz` of one model's maps of a video, in the making (cli.md): `magnitude/<tap>` and
/// `frequency/<tap>` (time, rows, columns), `cls_attention/<block>` (heads, time, rows, columns),
/// `logits` (time, classes), of a clip model (classes,) or with several clips (clips, classes),
/// `frames` (time,) and `times` (time,) in seconds. Time counts the frames that were added: of a
/// clip model the frames of a tubelet have the same maps.
///
/// Values wait in a hidden file beside the target; memory holds one frame's, and 16 bytes a frame.
class VideoNpz {
public:
    /// Throws nothing yet: the first frame begins the files.
    VideoNpz(std::filesystem::path path, bool is_clip);

    /// The next frame, in order. part: the forward pass that it comes from. Throws Error{Resource},
    /// path last (disk full, no permission).
    void add(FrameIndex frame, double time_secs, const AnalysisResult& result, std::size_t part);
    /// Makes the file, whole or not at all. Throws Error{Resource}; Error{Interrupted}.
    void finish(const Task& task = {});

private:
    /// An array's place in what is kept of a frame.
    struct Column {
        std::string name;
        std::int64_t heads = 0; ///< 0: a map without heads
        std::vector<std::int64_t> plane;
        std::int64_t offset = 0; ///< values from a frame's first one on
    };

    void addColumn(const std::string& name, const Array& array, bool has_heads);
    void begin(const AnalysisResult& result);

    std::filesystem::path path_;
    bool is_clip_;
    FileAside spill_;
    std::vector<Column> columns_;
    std::vector<float> record_;
    std::int64_t record_values_ = 0;
    std::vector<float> frames_;
    std::vector<float> times_;
    std::vector<float> clip_logits_;
    std::size_t clips_ = 0;
    std::size_t last_part_ = 0;
};

} // namespace vitreous
