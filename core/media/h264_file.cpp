#include "core/media/h264_file.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <thread>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libavutil/frame.h>
}

#include "core/base/thread_priority.h"
#include "core/media/packet_table.h"

namespace vitreous {
namespace {

constexpr int most_threads = 4;
constexpr int finest_rate = 100'000; ///< of a rate's fraction
/// Of a second, as transport streams count: all usual rates are whole numbers of it.
constexpr int ticks = 90'000;
constexpr double most_secs = 1e9;
/// Of x264. Against its defaults (medium, 23) as good a picture of maps, a third more bytes, and a
/// quarter of the time, in which a small model would otherwise be half through its next frame.
constexpr const char* preset = "superfast";
constexpr const char* quality = "26";

struct Free {
    void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
    void operator()(AVFormatContext* format) const {
        avio_closep(&format->pb);
        avformat_free_context(format);
    }
};

const AVCodec* encoderHere() {
    const AVCodec* x264 = avcodec_find_encoder_by_name("libx264");
    return x264 != nullptr ? x264 : avcodec_find_encoder(AV_CODEC_ID_H264);
}

} // namespace

struct H264File::State {
    bool openEncoder(int width, int height, AVRational rate);
    bool openFile(const std::filesystem::path& path);
    void fill(const Image& image);
    bool encode(const AVFrame* picture);
    bool write(AVPacket& made, std::int64_t end_ticks);

    std::unique_ptr<AVFormatContext, Free> format;
    std::unique_ptr<AVCodecContext, Free> codec;
    std::unique_ptr<AVFrame, Free> frame;
    std::unique_ptr<AVPacket, Free> packet;
    std::unique_ptr<AVPacket, Free>
        last;                     ///< made, not written: the next one tells how long it lasts
    AVStream* stream = nullptr;   ///< of the format
    std::int64_t frame_ticks = 1; ///< on average
    cv::Mat planes;
};

bool H264File::State::openEncoder(int width, int height, AVRational rate) {
    const AVCodec* encoder = encoderHere();
    if (encoder == nullptr) {
        return false;
    }
    codec.reset(avcodec_alloc_context3(encoder));
    codec->width = width;
    codec->height = height;
    codec->pix_fmt = AV_PIX_FMT_YUV420P;
    codec->framerate = rate;
    codec->time_base = {1, ticks};
    // In order, so that the last packet is of the last frame: its length is the video's.
    codec->max_b_frames = 0;
    // What players would otherwise guess by the size of the picture.
    codec->color_range = AVCOL_RANGE_MPEG;
    codec->colorspace = AVCOL_SPC_SMPTE170M;
    codec->color_primaries = AVCOL_PRI_BT709;
    codec->color_trc = AVCOL_TRC_IEC61966_2_1;
    codec->thread_count = std::clamp(int(std::thread::hardware_concurrency()), 1, most_threads);
    codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    AVDictionary* options = nullptr;
    av_dict_set(&options, "preset", preset, 0);
    av_dict_set(&options, "crf", quality, 0);
    bool is_open = false;
    // The encoder's threads yield as the one does that makes them.
    std::jthread([&] {
        yieldToInference();
        is_open = avcodec_open2(codec.get(), encoder, &options) >= 0;
    }).join();
    av_dict_free(&options);
    return is_open;
}

bool H264File::State::openFile(const std::filesystem::path& path) {
    AVFormatContext* made = nullptr;
    // FFmpeg takes what stands before a colon for a protocol.
    const std::filesystem::path absolute = std::filesystem::absolute(path);
    if (avformat_alloc_output_context2(&made, nullptr, "mp4", absolute.c_str()) < 0) {
        return false;
    }
    format.reset(made);
    stream = avformat_new_stream(format.get(), nullptr);
    if (stream == nullptr || avcodec_parameters_from_context(stream->codecpar, codec.get()) < 0) {
        return false;
    }
    stream->time_base = codec->time_base;
    stream->avg_frame_rate = codec->framerate;
    return avio_open(&format->pb, absolute.c_str(), AVIO_FLAG_WRITE) >= 0 &&
           avformat_write_header(format.get(), nullptr) >= 0;
}

void H264File::State::fill(const Image& image) {
    const cv::Mat rgb(
        image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.pixels.data()));
    cv::cvtColor(rgb, planes, cv::COLOR_RGB2YUV_I420);
    const std::uint8_t* from = planes.data;
    for (int plane = 0; plane < 3; ++plane) {
        const int width = plane == 0 ? image.width : image.width / 2;
        const int height = plane == 0 ? image.height : image.height / 2;
        for (int y = 0; y < height; ++y) {
            std::memcpy(
                frame->data[plane] + std::ptrdiff_t(y) * frame->linesize[plane], from,
                static_cast<std::size_t>(width));
            from += width;
        }
    }
}

bool H264File::State::encode(const AVFrame* picture) {
    if (avcodec_send_frame(codec.get(), picture) < 0) {
        return false;
    }
    for (;;) {
        const int received = avcodec_receive_packet(codec.get(), packet.get());
        if (received == AVERROR(EAGAIN) || received == AVERROR_EOF) {
            return true;
        }
        if (received < 0) {
            return false;
        }
        if (last->size > 0 && !write(*last, packet->pts)) {
            return false;
        }
        av_packet_move_ref(last.get(), packet.get());
    }
}

bool H264File::State::write(AVPacket& made, std::int64_t end_ticks) {
    made.duration = std::max<std::int64_t>(1, end_ticks - made.pts);
    av_packet_rescale_ts(&made, codec->time_base, stream->time_base);
    made.stream_index = stream->index;
    return av_interleaved_write_frame(format.get(), &made) >= 0;
}

H264File::H264File() = default;
H264File::~H264File() = default;

bool H264File::open(
    const std::filesystem::path& path,
    int width,
    int height,
    double frames_per_second) {
    quietFfmpeg();
    state_ = std::make_unique<State>();
    State& state = *state_;
    const AVRational rate = av_d2q(frames_per_second, finest_rate);
    if (rate.num <= 0 || rate.den <= 0 || !state.openEncoder(width, height, rate) ||
        !state.openFile(path)) {
        state_.reset();
        return false;
    }
    state.packet.reset(av_packet_alloc());
    state.last.reset(av_packet_alloc());
    state.frame.reset(av_frame_alloc());
    state.frame->format = state.codec->pix_fmt;
    state.frame->width = width;
    state.frame->height = height;
    state.frame->pts = -1;
    state.frame_ticks = std::max<std::int64_t>(1, std::llround(ticks / frames_per_second));
    return av_frame_get_buffer(state.frame.get(), 0) >= 0;
}

bool H264File::add(const Image& frame, double time_secs) {
    State& state = *state_;
    if (!(time_secs >= 0.0 && time_secs <= most_secs)) {
        return false;
    }
    // The encoder may still look at the frame before.
    if (av_frame_make_writable(state.frame.get()) < 0) {
        return false;
    }
    state.fill(frame);
    const std::int64_t wanted = state.frame->pts < 0 ? 0 : std::llround(time_secs * ticks);
    state.frame->pts = std::max(state.frame->pts + 1, wanted);
    return state.encode(state.frame.get());
}

bool H264File::finish(double end_secs) {
    State& state = *state_;
    bool is_whole = state.encode(nullptr);
    if (state.last->size > 0) {
        const std::int64_t end_ticks = std::llround(std::clamp(end_secs, 0.0, most_secs) * ticks);
        const std::int64_t begin = state.last->pts;
        is_whole =
            state.write(*state.last, end_ticks > begin ? end_ticks : begin + state.frame_ticks) &&
            is_whole;
    }
    is_whole = av_write_trailer(state.format.get()) >= 0 && is_whole;
    // Of a disk that is full, closing tells last.
    is_whole = avio_closep(&state.format->pb) >= 0 && is_whole;
    state_.reset();
    return is_whole;
}

} // namespace vitreous
