#include "core/inputs/clip_input.h"

#include <algorithm>
#include <map>

#include "core/base/error.h"
#include "core/media/frame_sampling.h"
#include "core/media/video_reader.h"

namespace vitreous {
namespace {

/// Reads the wanted frames that are not known yet. False where one cannot be read.
bool readFrames(
    VideoReader& reader,
    const std::vector<FrameIndex>& wanted,
    const PreprocessSpec& spec,
    std::map<FrameIndex, Image>& known,
    const Task& task) {
    for (const FrameIndex frame : wanted) {
        task.checkStop();
        if (known.contains(frame)) {
            continue;
        }
        reader.seek(frame, task.stop);
        task.checkStop();
        const std::optional<VideoFrame> read = reader.next();
        if (!read) {
            return false;
        }
        known[frame] = cutOut(read->picture, spec);
        task.report(double(known.size()) / double(wanted.size()), "reading frames");
    }
    return true;
}

} // namespace

PreparedInput
readClip(const std::filesystem::path& path, const PreprocessSpec& spec, const Task& task) {
    VideoReader reader(path, task);
    std::map<FrameIndex, Image> known;
    std::vector<FrameIndex> wanted;
    std::int64_t total = -1;
    bool is_whole = false;
    // Where the video ends early it is known then how many frames there are; that is told once, and
    // more than once only of a file that changes meanwhile.
    for (int attempt = 0; !is_whole && attempt < 4 && total != reader.info().frames; ++attempt) {
        total = reader.info().frames;
        wanted = sampledEvenly(total, spec.frames);
        is_whole = readFrames(reader, wanted, spec, known, task);
    }
    if (!is_whole || wanted.empty()) {
        throw Error(
            ErrorCode::Input, "the video does not hold the " +
                                  std::to_string(reader.info().frames) + " frames that it tells");
    }
    std::vector<Image> pictures;
    pictures.reserve(wanted.size());
    std::transform(
        wanted.begin(), wanted.end(), std::back_inserter(pictures),
        [&known](FrameIndex frame) { return known.at(frame); });
    PreparedInput prepared = clipOf(std::move(pictures), spec);
    prepared.frames = std::move(wanted);
    prepared.loss = reader.loss();
    return prepared;
}

} // namespace vitreous
