#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace vitreous {

/// What the container of a video says, read without decoding.
struct PacketTable {
    std::string codec;                 ///< FFmpeg's name: "h264"
    double frames_per_second = 0.0;    ///< the container's; 0 where absurd
    double duration_secs = 0.0;        ///< of the pictures, as the container says; 0: it does not
    std::int64_t promised = 0;         ///< packets that its header counts; 0: it does not
    std::int64_t packets = 0;          ///< that are there
    std::int64_t hidden = 0;           ///< of these, by an edit or by the codec
    std::vector<std::int64_t> shown;   ///< when frames are shown: microseconds, ascending
    std::vector<std::int64_t> decoded; ///< when packets are decoded: the same
    bool tells_showing = false;        ///< shown is not a copy of decoded

    int rotation_degrees = 0;  ///< clockwise, that it asks to be turned by: 0, 90, 180 or 270
    bool is_cover = false;     ///< a picture that goes with sound
    bool changes_size = false; ///< frames of several sizes or pixel formats
    bool is_damaged = false; ///< a packet but the last is not whole: frames may be missing anywhere

    /// When a frame is shown, in seconds from the first one.
    [[nodiscard]] double secs(std::size_t frame) const;
    /// From the first frame to the end of the last one.
    [[nodiscard]] double shownSecs() const;
    /// Frames a second on average: the container's rate where all are shown in its steps.
    [[nodiscard]] double meanRate() const;
};

/// Reads through the video stream that FFmpeg takes first. Frames that an edit or the codec hides
/// are left out. Empty where there is none, or it cannot be opened. keep_on: asked at every packet
/// and within; false ends reading with what is there by then. Why beside OpenCV: its times are
/// those of decoding (4.6), and its counts are guesses where a header has none.
PacketTable readPacketTable(
    const std::filesystem::path& path,
    const std::function<bool()>& keep_on);

/// Keeps FFmpeg from writing to the standard error stream, but for who has asked OpenCV to show it
/// by its environment variables.
void quietFfmpeg();

} // namespace vitreous
