#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "app/video/video_order.h"
#include "core/base/file_output.h"
#include "core/base/task.h"
#include "core/nn/preprocess.h"
#include "widgets/page_export.h"

namespace vitreous {

/// Frames of a video that wait for its last one, because only then their range is known. What pages
/// show of their maps waits in a hidden file, their pictures in memory up to 512 MB; those beyond
/// are decoded again. Memory beside the pictures: 24 bytes a frame.
class KeptFrames {
public:
    /// beside: the hidden file is in its directory. specs: of each model, what it sees of a frame.
    /// look: which map, tap and head are shown.
    KeptFrames(
        std::filesystem::path video,
        const std::filesystem::path& beside,
        std::vector<PreprocessSpec> specs,
        const VideoLook& look,
        bool has_pictures);

    /// The next frame, with results that hold the shown map alone. Throws Error{Resource}, path
    /// last (disk full, no permission); Error{Model}: maps of other sizes than before.
    void add(const PageFrame& page);
    [[nodiscard]] std::size_t count() const { return frames_.size(); }
    /// Hands over all of them, in order. Throws what take does, Error{Resource}, Error{Interrupted}
    /// and Error{Input}: the video has changed.
    void forEach(const std::function<void(PageFrame)>& take, const Task& task) const;

private:
    struct Frame {
        FrameIndex index;
        double time_secs = 0.0;
        std::int64_t pictures = -1; ///< place in pictures_ of the first model's; -1: not kept
    };

    [[nodiscard]] const Array* shownOf(const AnalysisResult& result) const;
    /// The values of the head that is shown, or of the mean over heads.
    void append(const Array& map);
    [[nodiscard]] std::shared_ptr<AnalysisResult> resultOf(
        std::size_t model,
        const std::vector<float>& values) const;

    std::filesystem::path video_;
    std::filesystem::path beside_;
    FileAside file_;
    std::vector<PreprocessSpec> specs_;
    MapKind map_;
    std::optional<HeadIndex> head_;
    bool has_pictures_;
    std::vector<std::shared_ptr<const AnalysisResult>> first_; ///< of each model, for what is alike
    std::vector<std::size_t> sizes_;                           ///< of each model's shown map
    std::vector<float> record_;
    std::vector<Frame> frames_;
    std::vector<Image> pictures_;
    std::size_t picture_bytes_ = 0;
};

} // namespace vitreous
