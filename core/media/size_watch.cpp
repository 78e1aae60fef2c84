#include "core/media/size_watch.h"

#include <cstring>

#include "core/media/image_probe.h"

namespace vitreous {
namespace {

constexpr std::int64_t kMostPixels = 178'956'970;

PacketBytes bytesOf(const AVPacket& packet) {
    return packet.data == nullptr || packet.size <= 0
               ? PacketBytes{}
               : PacketBytes{packet.data, std::size_t(packet.size)};
}

/// What a packet brings beside its bytes.
PacketBytes sideData(const AVPacket& packet, AVPacketSideDataType type) {
    for (int i = 0; i < packet.side_data_elems; ++i) {
        const AVPacketSideData& side = packet.side_data[i];
        if (side.type == type && side.data != nullptr) {
            return {side.data, std::size_t(side.size)};
        }
    }
    return {};
}

} // namespace

SizeWatch::Source SizeWatch::sourceOf(AVCodecID codec) {
    switch (codec) {
    case AV_CODEC_ID_H264:
    case AV_CODEC_ID_HEVC:
    case AV_CODEC_ID_MPEG1VIDEO:
    case AV_CODEC_ID_MPEG2VIDEO:
    case AV_CODEC_ID_VP8:
    case AV_CODEC_ID_AV1:
        return Source::Parser;
    case AV_CODEC_ID_MJPEG:
    case AV_CODEC_ID_PNG:
        return Source::Picture; // each packet is a whole picture file
    case AV_CODEC_ID_VP9:
        return Source::Vp9;
    case AV_CODEC_ID_PRORES:
        return Source::ProRes;
    case AV_CODEC_ID_DNXHD:
        return Source::Dnx;
    // Frames that have no size of their own.
    case AV_CODEC_ID_RAWVIDEO:
    case AV_CODEC_ID_GIF:
    case AV_CODEC_ID_APNG:
    case AV_CODEC_ID_HUFFYUV:
    case AV_CODEC_ID_FFVHUFF:
    case AV_CODEC_ID_UTVIDEO:
    case AV_CODEC_ID_FFV1:
    case AV_CODEC_ID_THEORA:
    case AV_CODEC_ID_MSMPEG4V1:
    case AV_CODEC_ID_MSMPEG4V2:
    case AV_CODEC_ID_MSMPEG4V3:
    case AV_CODEC_ID_WMV1:
    case AV_CODEC_ID_WMV2:
        return Source::Fixed;
    default:
        return Source::Decoder;
    }
}

SizeWatch::SizeWatch(const AVCodecParameters& stream)
    : frame_(av_frame_alloc()), id_(stream.codec_id), source_(sourceOf(stream.codec_id)) {
    open(stream);
}

void SizeWatch::open(const AVCodecParameters& stream) {
    if (source_ != Source::Parser && source_ != Source::Decoder) {
        return;
    }
    const AVCodec* decoder =
        source_ == Source::Decoder ? avcodec_find_decoder(stream.codec_id) : nullptr;
    codec_.reset(avcodec_alloc_context3(decoder));
    if (codec_ && avcodec_parameters_to_context(codec_.get(), &stream) < 0) {
        codec_.reset();
    }
    if (codec_ && source_ == Source::Parser) {
        parser_.reset(av_parser_init(stream.codec_id));
        if (parser_) {
            parser_->flags |= PARSER_FLAG_COMPLETE_FRAMES;
        }
    } else if (codec_) {
        codec_->thread_count = 1; // of several, each would tell its size later
        codec_->skip_frame = AVDISCARD_ALL;
        codec_->skip_idct = AVDISCARD_ALL;
        codec_->skip_loop_filter = AVDISCARD_ALL;
        codec_->max_pixels = kMostPixels;
        if (decoder == nullptr || avcodec_open2(codec_.get(), decoder, nullptr) < 0) {
            codec_.reset(); // OpenCV cannot either
        }
    }
}

/// Takes over what the container says of the packets from this one on. False: another size.
bool SizeWatch::takeChanges(const AVPacket& packet) {
    const PacketBytes change = sideData(packet, AV_PKT_DATA_PARAM_CHANGE);
    // Flags of 4 bytes, the lowest first.
    if (!change.empty() && (change[0] & AV_SIDE_DATA_PARAM_CHANGE_DIMENSIONS) != 0) {
        return false;
    }
    const PacketBytes bytes = bytesOf(packet);
    if (id_ == AV_CODEC_ID_THEORA && !bytes.empty() && (bytes[0] & 0x80U) != 0) {
        return false; // another head among the frames
    }
    const PacketBytes head = sideData(packet, AV_PKT_DATA_NEW_EXTRADATA);
    if (!head.empty() && source_ == Source::Parser && codec_) {
        AVCodecParameters* changed = avcodec_parameters_alloc();
        if (changed != nullptr && avcodec_parameters_from_context(changed, codec_.get()) >= 0) {
            av_freep(&changed->extradata);
            changed->extradata_size = 0;
            changed->extradata =
                static_cast<std::uint8_t*>(av_mallocz(head.size() + AV_INPUT_BUFFER_PADDING_SIZE));
            if (changed->extradata != nullptr) {
                std::memcpy(changed->extradata, head.data(), head.size());
                changed->extradata_size = static_cast<int>(head.size());
                open(*changed);
            }
        }
        avcodec_parameters_free(&changed);
    }
    return true;
}

SizeWatch::Seen SizeWatch::parse(const AVPacket& packet) {
    if (!parser_) {
        return {};
    }
    std::uint8_t* out = nullptr;
    int out_size = 0;
    av_parser_parse2(
        parser_.get(), codec_.get(), &out, &out_size, packet.data, packet.size, packet.pts,
        packet.dts, packet.pos);
    return {
        parser_->width, parser_->height, parser_->format, parser_->coded_width,
        parser_->coded_height};
}

SizeWatch::Seen SizeWatch::decode(const AVPacket& packet) {
    if (!codec_ || !frame_) {
        return {};
    }
    const int result = avcodec_send_packet(codec_.get(), &packet);
    while (avcodec_receive_frame(codec_.get(), frame_.get()) >= 0) {
        av_frame_unref(frame_.get());
    }
    if (result < 0) {
        return {}; // until one is understood, the size is what the container says
    }
    return {
        codec_->width, codec_->height, codec_->pix_fmt, codec_->coded_width, codec_->coded_height};
}

SizeWatch::Seen SizeWatch::look(const AVPacket& packet) {
    const PacketBytes bytes = bytesOf(packet);
    if (source_ == Source::Picture) {
        const ImageProbe probe = probeImage(bytes);
        return {int(probe.width), int(probe.height), -1, 0, 0};
    }
    if (source_ == Source::ProRes || source_ == Source::Dnx) {
        const FrameLayout layout = (source_ == Source::Dnx ? dnxLayout(bytes) : proResLayout(bytes))
                                       .value_or(FrameLayout{});
        return {layout.width, layout.height, layout.format, 0, 0};
    }
    return source_ == Source::Parser ? parse(packet) : decode(packet);
}

bool SizeWatch::isSame(const AVPacket& packet) {
    shows_frame_ = id_ != AV_CODEC_ID_VP8 || !isHiddenVp8(bytesOf(packet));
    is_same_ = is_same_ && takeChanges(packet);
    if (source_ == Source::Vp9) {
        const Vp9Frames::Packet seen = vp9_.add(bytesOf(packet));
        is_same_ = is_same_ && seen.is_same;
        shows_frame_ = seen.shows || !seen.is_understood;
    } else if (source_ != Source::Fixed) {
        const Seen seen = look(packet);
        if (seen[0] > 0 && seen[1] > 0) {
            first_ = first_[0] == 0 ? seen : first_;
            is_same_ = is_same_ && seen == first_;
        }
    }
    return is_same_;
}

} // namespace vitreous
