#pragma once

#include <array>
#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
}

#include "core/media/packet_heads.h"

namespace vitreous {

/// Sees whether the frames of a video stream change their size or pixel format: from the heads of
/// its packets where these tell, else with the codec's decoder, which is asked to skip all frames.
/// For readPacketTable, since OpenCV would read beyond a smaller frame's end.
class SizeWatch {
public:
    explicit SizeWatch(const AVCodecParameters& stream);

    /// False from the first packet on that has another size than one before, or may have.
    bool isSame(const AVPacket& packet);
    /// False where the last packet shows no frame.
    [[nodiscard]] bool showsFrame() const { return shows_frame_; }
    /// Whether the codec's frames begin with a head.
    [[nodiscard]] bool knowsHeads() const { return source_ != Source::Fixed; }

private:
    struct CloseParser {
        void operator()(AVCodecParserContext* parser) const { av_parser_close(parser); }
    };
    struct FreeCodec {
        void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
    };
    struct FreeFrame {
        void operator()(AVFrame* frame) const { av_frame_free(&frame); }
    };
    enum class Source { Fixed, Picture, Vp9, ProRes, Dnx, Parser, Decoder };
    /// Width, height and pixel format; with what lies around the part that is shown.
    using Seen = std::array<int, 5>;

    static Source sourceOf(AVCodecID codec);
    void open(const AVCodecParameters& stream);
    bool takeChanges(const AVPacket& packet);
    Seen parse(const AVPacket& packet);
    Seen decode(const AVPacket& packet);
    Seen look(const AVPacket& packet);

    std::unique_ptr<AVCodecParserContext, CloseParser> parser_;
    std::unique_ptr<AVCodecContext, FreeCodec> codec_;
    std::unique_ptr<AVFrame, FreeFrame> frame_;
    AVCodecID id_;
    Source source_;
    Vp9Frames vp9_;
    Seen first_{};
    bool is_same_ = true;
    bool shows_frame_ = true;
};

} // namespace vitreous
