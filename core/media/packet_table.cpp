#include "core/media/packet_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <mutex>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/log.h>
}

#include "core/media/packet_heads.h"
#include "core/media/size_watch.h"

namespace vitreous {
namespace {

constexpr std::int64_t kMostFrames = 100'000'000; // a month of 30 a second
constexpr double kMostSecs = 1e8;                 // three years
constexpr double kLeastFramesPerSecond = 1.0 / 3600.0;
constexpr double kMostFramesPerSecond = 1000.0; // beyond are time bases that were taken for rates
/// Reading errors in a row at which the rest is given up.
constexpr int kMostErrors = 100'000;

struct CloseInput {
    void operator()(AVFormatContext* format) const { avformat_close_input(&format); }
};
struct FreePacket {
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
using Input = std::unique_ptr<AVFormatContext, CloseInput>;
using Packet = std::unique_ptr<AVPacket, FreePacket>;

void saysNothing(void*, int, const char*, va_list) {}

using KeepOn = std::function<bool()>;

/// FFmpeg asks now and then, while it reads, whether it is to end.
int isToEnd(void* keep_on) {
    return (*static_cast<const KeepOn*>(keep_on))() ? 0 : 1;
}

/// keep_on: as long as the input is there.
Input openInput(const std::filesystem::path& path, const KeepOn& keep_on) {
    AVFormatContext* format = avformat_alloc_context();
    if (format == nullptr) {
        return nullptr;
    }
    format->interrupt_callback = {isToEnd, const_cast<KeepOn*>(&keep_on)};
    // An absolute path: FFmpeg takes "name:rest" for a protocol. It frees what it cannot open.
    if (avformat_open_input(&format, std::filesystem::absolute(path).c_str(), nullptr, nullptr) <
        0) {
        return nullptr;
    }
    Input input(format);
    return avformat_find_stream_info(format, nullptr) < 0 ? nullptr : std::move(input);
}

double sane(double value, double least, double most) {
    return std::isfinite(value) && value >= least && value <= most ? value : 0.0;
}

/// Bytes of the lengths that stand before the parts of each packet; 0: there are none.
int lengthBytes(const AVCodecParameters& stream) {
    const PacketBytes head(stream.extradata, std::size_t(std::max(stream.extradata_size, 0)));
    const std::size_t at = stream.codec_id == AV_CODEC_ID_H264   ? 4
                           : stream.codec_id == AV_CODEC_ID_HEVC ? 21
                                                                 : head.size();
    return at < head.size() && head[0] == 1 ? 1 + (head[at] & 3) : 0;
}

/// Ascending microseconds from the stream's start on; empty where one has no sane time.
std::vector<std::int64_t> microsOf(const std::vector<std::int64_t>& times, const AVStream& stream) {
    const std::int64_t start = stream.start_time == AV_NOPTS_VALUE ? 0 : stream.start_time;
    std::vector<std::int64_t> micros;
    micros.reserve(times.size());
    for (const std::int64_t time : times) {
        // As OpenCV computes it, to be equal to what it says.
        const double msec = (double(time) - double(start)) * av_q2d(stream.time_base) * 1000;
        if (time == AV_NOPTS_VALUE || !(std::abs(msec) <= kMostSecs * 1000)) {
            return {};
        }
        micros.push_back(std::llround(msec * 1000));
    }
    std::sort(micros.begin(), micros.end());
    return micros;
}

} // namespace

double PacketTable::secs(std::size_t frame) const {
    return double(shown[frame] - shown[0]) * 1e-6;
}

double PacketTable::meanRate() const {
    bool is_constant = frames_per_second > 0.0;
    for (std::size_t frame = 0; frame < shown.size() && is_constant; ++frame) {
        is_constant = std::abs(secs(frame) * frames_per_second - double(frame)) < 0.1;
    }
    const double last = shown.empty() ? 0.0 : secs(shown.size() - 1);
    return is_constant || last <= 0.0 ? frames_per_second : double(shown.size() - 1) / last;
}

double PacketTable::shownSecs() const {
    const double rate = meanRate();
    return shown.empty() || rate <= 0.0 ? 0.0 : secs(shown.size() - 1) + 1.0 / rate;
}

namespace {

/// What the stream asks frames to be turned by before they are shown, clockwise.
int rotationOf(const AVStream& stream) {
#if LIBAVFORMAT_VERSION_MAJOR >= 61
    const AVPacketSideData* side = av_packet_side_data_get(
        stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data,
        AV_PKT_DATA_DISPLAYMATRIX);
    const std::uint8_t* matrix = side != nullptr ? side->data : nullptr;
    const std::size_t bytes = side != nullptr ? side->size : 0;
#else
    std::size_t bytes = 0;
    const std::uint8_t* matrix =
        av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &bytes);
#endif
    std::array<std::int32_t, 9> numbers{};
    if (matrix == nullptr || bytes < sizeof(numbers)) {
        return 0;
    }
    std::memcpy(numbers.data(), matrix, sizeof(numbers));
    const double counter_clockwise = av_display_rotation_get(numbers.data());
    if (!std::isfinite(counter_clockwise)) {
        return 0;
    }
    const auto quarters = std::lround(-counter_clockwise / 90.0);
    return static_cast<int>((quarters % 4 + 4) % 4) * 90;
}

} // namespace

PacketTable readPacketTable(
    const std::filesystem::path& path,
    const std::function<bool()>& keep_on) {
    quietFfmpeg();
    PacketTable table;
    const Input input = openInput(path, keep_on);
    AVStream* stream = nullptr;
    for (unsigned i = 0; input && i < input->nb_streams; ++i) {
        AVStream* candidate = input->streams[i];
        const bool is_video = candidate->codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
        if (is_video && stream == nullptr) {
            stream = candidate; // the one that OpenCV takes
        } else {
            candidate->discard = AVDISCARD_ALL;
        }
    }
    const Packet packet(av_packet_alloc());
    if (stream == nullptr || !packet) {
        return table;
    }
    const double unit_secs = av_q2d(stream->time_base);
    table.codec = avcodec_get_name(stream->codecpar->codec_id);
    table.frames_per_second = sane(
        av_q2d(av_guess_frame_rate(input.get(), stream, nullptr)), kLeastFramesPerSecond,
        kMostFramesPerSecond);
    const double duration = stream->duration > 0 ? double(stream->duration) * unit_secs
                                                 : double(input->duration) / AV_TIME_BASE;
    table.duration_secs = sane(duration, 0.0, kMostSecs);
    table.promised = std::clamp<std::int64_t>(stream->nb_frames, 0, kMostFrames);
    table.rotation_degrees = rotationOf(*stream);
    table.is_cover = (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
    SizeWatch sizes(*stream->codecpar);
    const int length_bytes = lengthBytes(*stream->codecpar);
    std::vector<std::int64_t> shown;
    std::vector<std::int64_t> decoded;
    bool is_broken = false;
    for (int errors = 0; errors < kMostErrors && table.packets < kMostFrames;) {
        const int result = av_read_frame(input.get(), packet.get());
        if (result == AVERROR_EOF || !keep_on()) {
            break;
        }
        if (result < 0) {
            ++errors; // a damaged packet: the next one may be whole
        } else if (packet->stream_index == stream->index) {
            errors = 0;
            ++table.packets;
            table.changes_size = !sizes.isSame(*packet);
            if (sizes.showsFrame()) {
                decoded.push_back(packet->dts);
            }
            if (sizes.showsFrame() && (packet->flags & AV_PKT_FLAG_DISCARD) == 0) {
                shown.push_back(packet->pts);
            }
            table.is_damaged = table.is_damaged || is_broken; // not at the end, where files are cut
            const PacketBytes bytes(packet->data, std::size_t(std::max(packet->size, 0)));
            is_broken = (length_bytes > 0 && !fillsItsUnits(bytes, length_bytes)) ||
                        (sizes.knowsHeads() && isBlank(bytes));
        }
        av_packet_unref(packet.get());
    }
    table.decoded = microsOf(decoded, *stream);
    table.shown = microsOf(shown, *stream);
    table.tells_showing = !table.shown.empty();
    if (table.shown.empty() && shown.size() == decoded.size()) {
        // AVI with frames out of order tells only when they are decoded: in the same steps.
        table.shown = table.decoded;
    }
    const double mean = table.meanRate();
    if (mean > kMostFramesPerSecond || mean < kLeastFramesPerSecond) {
        table.shown.clear(); // times that mean nothing
    }
    table.hidden = table.packets - std::int64_t(shown.size());
    return table;
}

void quietFfmpeg() {
    static std::once_flag once;
    std::call_once(once, [] { av_log_set_callback(saysNothing); });
}

} // namespace vitreous
