#include "core/media/video_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/media/frame_places.h"
#include "core/media/frame_stamps.h"
#include "core/media/packet_table.h"
#include "core/media/video_capture.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostPixels = 178'956'970; // as for pictures
constexpr double kUsualRate = 25.0;                ///< where the file's is absurd
/// Decoding so many frames costs less than a seek, which goes back to a key frame.
constexpr std::size_t kNearFrames = 64;

[[noreturn]] void refuse(const fs::path& path, const std::string& what) {
    throw Error(ErrorCode::Input, what + ": " + path.string());
}

} // namespace

struct VideoReader::State {
    fs::path path;
    Task task;
    ContainerKind kind = ContainerKind::Unknown;
    PacketTable table;
    VideoCapture capture;
    VideoInfo info;
    std::string loss;

    FrameStamps stamps;           ///< of the frames from the first to the farthest read in order
    FramePlaces places;           ///< of the same
    ExpectedStamps expected;      ///< of all
    std::size_t position = 0;     ///< the frame that comes next
    bool held = false;            ///< it is decoded already
    bool is_placed = true;        ///< the decoder stands before it
    bool from_start = true;       ///< no seek since the file was opened: position is the truth
    double seek_rate = 0.0;       ///< frames a second that OpenCV seeks by; 0: it cannot
    std::uintmax_t bytes = 0;     ///< of the file when it was opened
    std::int64_t total = 0;       ///< frames that should be there, of which some are not
    std::size_t first_damage = 0; ///< the frame behind which packets cannot be decoded; 0: none
    bool is_behind_loss = false;  ///< packets could not be decoded before the farthest frame

    void describe();
    std::int64_t missingAtEnd() const;
    double containerSecs(std::size_t place) const;
    double secs(std::size_t frame) const;
    void reopen();
    void startOver();
    void leap(std::size_t frame);
    bool grab();
    bool advance();
    bool isEnd() const;
    bool isBehindWhatWas() const;
    void endHere();
    void noteLoss();
    void walkTo(std::size_t frame, const std::stop_token& give_up);
    bool jumpTo(std::size_t frame);
    std::optional<std::size_t> placeOf(std::int64_t stamp) const;
    bool foresees(const std::stop_token& give_up);
    bool holdsBehind(std::size_t frame, std::size_t steps, const std::stop_token& give_up);
};

/// Frames behind the last one that is there.
std::int64_t VideoReader::State::missingAtEnd() const {
    if (table.packets == 0 || table.shown.empty()) {
        return 0;
    }
    if (kind == ContainerKind::Mp4) {
        return std::max<std::int64_t>(table.promised - table.packets, 0);
    }
    double duration_secs = table.duration_secs;
    if (kind == ContainerKind::Avi && table.frames_per_second > 0.0) {
        // Of a cut file FFmpeg corrects the duration, but not what the header counts: frames, and
        // places without one.
        duration_secs = std::max(duration_secs, double(table.promised) / table.frames_per_second);
    }
    const double missing_secs = duration_secs - table.shownSecs();
    // Where frames are not counted, sound may outlast them.
    const double tolerated =
        kind == ContainerKind::Avi ? 1.5 / info.frames_per_second : 1.0 + 0.02 * duration_secs;
    return missing_secs > tolerated ? std::llround(missing_secs * info.frames_per_second) : 0;
}

/// What is known once the file was opened.
void VideoReader::State::describe() {
    info.width = capture.width();
    info.height = capture.height();
    info.rotation_degrees = table.rotation_degrees;
    info.codec = table.codec.empty() ? "?" : table.codec;
    info.frames = table.packets > 0 ? table.packets - table.hidden : capture.frames();
    const double rate = table.meanRate();
    info.frames_per_second = rate > 0.0 ? rate : kUsualRate;
    info.duration_secs =
        table.shownSecs() > 0.0 ? table.shownSecs() : double(info.frames) / info.frames_per_second;
    seek_rate = capture.frames() > 1 ? capture.framesPerSecond() : 0.0;
    total = info.frames + missingAtEnd();
    noteLoss();
}

/// When the container shows a frame, counted from its first one.
double VideoReader::State::containerSecs(std::size_t place) const {
    if (place < table.shown.size()) {
        return table.secs(place);
    }
    const std::size_t known = table.shown.size();
    const double last = known > 0 ? table.secs(known - 1) : 0.0;
    return last + double(known > 0 ? place - known + 1 : place) / info.frames_per_second;
}

double VideoReader::State::secs(std::size_t frame) const {
    return containerSecs(places.of(frame)) - containerSecs(places.of(0));
}

void VideoReader::State::reopen() {
    if (!capture.open(path, table.rotation_degrees)) {
        refuse(path, "can no longer be opened as a video");
    }
    position = 0;
    held = false;
    is_placed = true;
    from_start = true;
}

/// Reads in order up to the current place.
void VideoReader::State::startOver() {
    const std::size_t wanted = position;
    reopen();
    walkTo(wanted, {});
}

/// Moves to about that frame; the place is to be told then.
void VideoReader::State::leap(std::size_t frame) {
    capture.seekAbout(std::int64_t(std::floor(containerSecs(places.of(frame)) * seek_rate)));
    from_start = false;
    held = false;
    is_placed = false;
}

/// Decodes the next frame, behind packets that cannot be decoded too.
bool VideoReader::State::grab() {
    // At the end this fails at once, each time: FFmpeg does not tell it from a damaged packet.
    const std::int64_t left = info.frames - std::int64_t(position);
    const std::int64_t attempts = std::clamp<std::int64_t>(left, 64, 100'000);
    for (std::int64_t attempt = 0; attempt < attempts; ++attempt) {
        task.checkStop();
        if (capture.grab()) {
            is_behind_loss = is_behind_loss || (attempt > 0 && position == stamps.size());
            if (attempt > 0 && from_start && first_damage == 0) {
                first_damage = position;
                noteLoss();
            }
            return true;
        }
    }
    return false;
}

/// Where nothing more can be decoded: whether that is where the end is to be expected.
bool VideoReader::State::isEnd() const {
    if (position > stamps.size()) {
        return expected.isTrusted() && std::int64_t(position) == info.frames;
    }
    return position == stamps.size();
}

/// Whether this place is new in a file that has grown since it was opened.
bool VideoReader::State::isBehindWhatWas() const {
    std::error_code problem;
    return table.packets > 0 && std::int64_t(position) >= info.frames &&
           fs::file_size(path, problem) != bytes;
}

void VideoReader::State::endHere() {
    info.frames = std::int64_t(position);
    info.is_exact = true;
    total = std::max(total, info.frames);
    noteLoss();
}

void VideoReader::State::noteLoss() {
    const std::string of_all = " of " + std::to_string(total);
    const std::string damage =
        first_damage > 0 ? "damaged behind frame " + std::to_string(first_damage) : "damaged";
    const std::int64_t at_end = missingAtEnd();
    const std::int64_t missing = total - info.frames;
    if (at_end > 0) {
        // The packet that was cut through is damaged as well, and is no news.
        constexpr std::int64_t few = 32;
        const bool is_damaged = first_damage > 0 && std::int64_t(first_damage) + few < info.frames;
        loss = "frames " + std::to_string(info.frames + 1) + " to " + std::to_string(total) +
               of_all + " could not be read: the file ends early" +
               (is_damaged ? " and is " + damage : "");
    } else if (missing > 0) {
        loss =
            std::to_string(missing) + of_all + " frames could not be read: the file is " + damage;
    } else if (kind == ContainerKind::TransportStream && bytes % transport_packet_bytes != 0) {
        loss = "what comes behind frame " + std::to_string(info.frames) +
               " could not be read: the file ends early";
    } else if (first_damage > 0) {
        loss = "not all of the video could be read: the file is " + damage;
    }
}

/// Has the frame at the current place decoded. False behind the last one.
bool VideoReader::State::advance() {
    if (held) {
        return true;
    }
    if (info.is_exact && std::int64_t(position) >= info.frames) {
        return false;
    }
    if (!is_placed) {
        startOver();
    }
    if (from_start && isBehindWhatWas()) {
        endHere();
        return false;
    }
    if (!grab()) {
        if (isEnd()) {
            endHere();
            return false;
        }
    } else {
        const std::int64_t stamp = capture.stampMicros();
        if (position == stamps.size()) {
            stamps.add(stamp);
            places.add(stamp, stamps, table, is_behind_loss);
            return held = true;
        }
        // The last frames leave the decoder without a packet whose time they could have.
        const bool as_known = position < stamps.size()
                                  ? stamps.matches(position, stamp)
                                  : stamp == 0 || expected.placeOf(stamp) == position;
        if (as_known || from_start) {
            return held = true;
        }
    }
    if (from_start) {
        return false; // shorter than when it was read before: the file was changed
    }
    // A place that was wrong after all: only reading in order tells.
    if (position < stamps.size()) {
        stamps.distrust();
    } else {
        expected.distrust();
    }
    const std::size_t wanted = position;
    startOver();
    return position == wanted && advance();
}

void VideoReader::State::walkTo(std::size_t frame, const std::stop_token& give_up) {
    while (position < frame && !give_up.stop_requested() && advance()) {
        held = false;
        ++position;
    }
}

std::optional<std::size_t> VideoReader::State::placeOf(std::int64_t stamp) const {
    if (const std::optional<std::size_t> known = stamps.find(stamp)) {
        return known;
    }
    const std::optional<std::size_t> place = expected.placeOf(stamp);
    return expected.isTrusted() && place && *place >= stamps.size() ? place : std::nullopt;
}

/// Seeks to a place at or before the frame that is known for certain. False: there is none; the
/// place is lost then.
bool VideoReader::State::jumpTo(std::size_t frame) {
    for (const std::size_t margin : {2, 32, 256, 2048}) {
        if (frame <= margin + 1) {
            return false;
        }
        leap(frame - margin);
        task.checkStop();
        if (!capture.grab()) {
            continue;
        }
        const std::optional<std::size_t> place = placeOf(capture.stampMicros());
        if (place && *place <= frame) {
            position = *place;
            held = true;
            is_placed = true;
            return true;
        }
    }
    return false;
}

/// Whether frames from about there on have the stamps that are expected, so many or up to the last
/// one.
bool VideoReader::State::holdsBehind(
    std::size_t frame,
    std::size_t steps,
    const std::stop_token& give_up) {
    leap(frame);
    std::optional<std::size_t> last;
    const auto end = std::size_t(info.frames);
    for (std::size_t step = 0; step < steps; ++step) {
        task.checkStop();
        if (give_up.stop_requested()) {
            return false;
        }
        if (!capture.grab()) {
            return last && *last + 1 == end;
        }
        const std::int64_t stamp = capture.stampMicros();
        const std::optional<std::size_t> now =
            last && stamp == 0 ? *last + 1 : expected.placeOf(stamp);
        if (!now || (last && *now != *last + 1) || *now >= end) {
            return false;
        }
        last = now;
    }
    return true;
}

/// Whether frames that were not read in order can be told by what the container says: where the
/// first ones, some in between and the last ones up to the end are as expected.
bool VideoReader::State::foresees(const std::stop_token& give_up) {
    constexpr std::size_t few = 16;
    const auto end = std::size_t(std::max<std::int64_t>(info.frames, 0));
    if (table.is_damaged || places.haveGaps()) {
        expected.distrust(); // it knows no frames that are lost
    }
    if (expected.isDecided() || end < 4 * few) {
        return expected.isTrusted();
    }
    if (stamps.size() < few) {
        startOver();
        walkTo(few, give_up);
    }
    bool is_so = expected.suppose(table.decoded, stamps) || expected.suppose(table.shown, stamps);
    // With frames put in order more than at the start, the end would come too early.
    is_so = is_so && holdsBehind(end - 2 * few, 2 * end, give_up);
    for (std::size_t part = 1; part < 4 && is_so; ++part) {
        is_so = holdsBehind(end / 4 * part, 4, give_up);
    }
    if (!give_up.stop_requested()) {
        expected.decide(is_so);
    }
    return is_so;
}

VideoReader::VideoReader(const fs::path& path, const Task& task)
    : state_(std::make_unique<State>()) {
    State& state = *state_;
    state.path = path;
    state.task = task;
    task.checkStop();
    state.kind = requireVideoContainer(path);
    std::error_code problem;
    state.bytes = fs::file_size(path, problem);
    state.table = readPacketTable(path, [&task] { return !task.stop.stop_requested(); });
    task.checkStop();
    if (state.table.is_cover) {
        refuse(path, "sound with a cover picture, not a video");
    }
    if (state.table.changes_size) {
        // OpenCV would read behind the smaller frame's end.
        refuse(path, "a video whose frames change their size or pixel format, which is not read");
    }
    if (!state.capture.open(path, state.table.rotation_degrees)) {
        refuse(path, "no video can be read from it (sound alone, damaged, or an unknown codec)");
    }
    state.describe();
    const VideoInfo& info = state.info;
    if (info.width <= 0 || info.height <= 0 ||
        std::uint64_t(info.width) * std::uint64_t(info.height) > kMostPixels) {
        refuse(
            path, "frames of a size that is not read, expected 1 to 16384 pixels a side and at "
                  "most " +
                      std::to_string(kMostPixels) + " in all");
    }
    if (!state.advance()) {
        refuse(path, "not one frame of the video can be read");
    }
    if (state.kind == ContainerKind::Animation) {
        state.walkTo(1, {});
        if (!state.advance()) {
            refuse(path, "a picture, not a video");
        }
        state.reopen();
    }
}

VideoReader::~VideoReader() = default;
VideoReader::VideoReader(VideoReader&&) noexcept = default;
VideoReader& VideoReader::operator=(VideoReader&&) noexcept = default;

const VideoInfo& VideoReader::info() const {
    return state_->info;
}

std::vector<double> VideoReader::containerTimes() const {
    const PacketTable& table = state_->table;
    std::vector<double> times_secs;
    times_secs.reserve(table.shown.size());
    for (std::size_t frame = 0; frame < table.shown.size(); ++frame) {
        times_secs.push_back(table.secs(frame));
    }
    return times_secs;
}

const std::string& VideoReader::loss() const {
    return state_->loss;
}

std::optional<VideoFrame> VideoReader::next() {
    State& state = *state_;
    while (state.advance()) {
        const std::size_t index = state.position;
        VideoFrame frame{{index}, state.secs(index), state.capture.picture()};
        state.held = false;
        ++state.position;
        if (frame.picture.width == state.info.width && frame.picture.height == state.info.height) {
            return frame;
        }
    }
    return std::nullopt;
}

bool VideoReader::skip() {
    if (!state_->advance()) {
        return false;
    }
    state_->held = false;
    ++state_->position;
    return true;
}

void VideoReader::seek(FrameIndex frame, const std::stop_token& give_up) {
    State& state = *state_;
    const std::size_t wanted = frame.value;
    if (state.info.is_exact && std::int64_t(wanted) >= state.info.frames) {
        state.held = false;
        state.is_placed = false;
        state.position = wanted; // behind the end
        return;
    }
    const bool is_behind = state.is_placed && wanted >= state.position;
    if (is_behind && wanted - state.position <= kNearFrames) {
        state.walkTo(wanted, give_up);
        return;
    }
    // Of places that were not read yet, only what the container says tells; else reading goes on
    // from the farthest known one.
    std::size_t aim = wanted;
    const bool can_jump = state.seek_rate > 0.0 && state.stamps.tellPlaces();
    if (wanted >= state.stamps.size() && !(can_jump && state.foresees(give_up))) {
        aim = state.stamps.size() - 1;
    }
    if (give_up.stop_requested()) {
        return;
    }
    const bool is_there = state.is_placed && state.position <= wanted && state.position >= aim;
    if (!is_there && !(can_jump && aim > kNearFrames && state.jumpTo(aim))) {
        state.reopen();
    }
    state.walkTo(wanted, give_up);
}

} // namespace vitreous
