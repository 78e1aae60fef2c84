#include "core/media/packet_heads.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace vitreous {
namespace {

int bigEndian16(PacketBytes bytes, std::size_t at) {
    return bytes[at] << 8 | bytes[at + 1];
}

/// Bits from the highest one on; behind the end it gives zeros and has failed.
class Bits {
public:
    explicit Bits(PacketBytes bytes) : bytes_(bytes) {}

    int take(int count) {
        int value = 0;
        for (int i = 0; i < count; ++i, ++at_) {
            const bool is_there = at_ / 8 < bytes_.size();
            has_failed_ = has_failed_ || !is_there;
            value = value << 1 | (is_there ? bytes_[at_ / 8] >> (7 - at_ % 8) & 1 : 0);
        }
        return value;
    }
    [[nodiscard]] bool hasFailed() const { return has_failed_; }

private:
    PacketBytes bytes_;
    std::size_t at_ = 0;
    bool has_failed_ = false;
};

constexpr int kVp9Sync = 0x498342;
constexpr int kVp9EightBits420 = 0x03;

/// Bit depth and subsampling as one number.
int takeVp9Format(Bits& bits, int profile) {
    constexpr int rgb = 7;
    const bool has_any_subsampling = profile % 2 == 1;
    const int depth = profile >= 2 ? 1 + bits.take(1) : 0;
    int subsampling = 0;
    if (bits.take(3) == rgb) {
        bits.take(has_any_subsampling ? 1 : 0);
        return 0x100 | depth << 2;
    }
    bits.take(1); // the range of values
    if (has_any_subsampling) {
        subsampling = bits.take(2);
        bits.take(1);
    } else {
        subsampling = kVp9EightBits420;
    }
    return depth << 2 | subsampling;
}

} // namespace

bool isHiddenVp8(PacketBytes packet) {
    // A key frame is shown; one that is not would rather be zeros where the file is damaged.
    constexpr int predicted = 0x01;
    constexpr int shown = 0x10;
    return !packet.empty() && (packet[0] & (predicted | shown)) == predicted;
}

std::optional<FrameLayout> proResLayout(PacketBytes packet) {
    if (packet.size() < 28 || std::memcmp(packet.data() + 4, "icpf", 4) != 0) {
        return std::nullopt;
    }
    const int chroma = packet[20] & 0xc0;
    const int alpha = packet[25] & 0x0f;
    return FrameLayout{bigEndian16(packet, 16), bigEndian16(packet, 18), chroma | alpha};
}

std::optional<FrameLayout> dnxLayout(PacketBytes packet) {
    if (packet.size() < 0x2d || packet[0] != 0 || packet[1] != 0) {
        return std::nullopt;
    }
    const int fields = packet[5] & 0x02;
    const int depth = packet[0x21] >> 5;
    const int chroma = packet[0x2c] >> 6 & 1;
    return FrameLayout{
        bigEndian16(packet, 0x1a), bigEndian16(packet, 0x18), fields | depth << 2 | chroma};
}

bool fillsItsUnits(PacketBytes packet, int length_bytes) {
    std::size_t at = 0;
    const auto head = static_cast<std::size_t>(length_bytes);
    while (at < packet.size()) {
        if (packet.size() - at < head) {
            return false;
        }
        std::size_t length = 0;
        for (std::size_t i = 0; i < head; ++i) {
            length = length << 8U | packet[at + i];
        }
        at += head;
        if (length == 0 || length > packet.size() - at) {
            return false;
        }
        at += length;
    }
    return true;
}

bool isBlank(PacketBytes packet) {
    constexpr std::size_t least = 4;
    const PacketBytes head = packet.first(std::min<std::size_t>(packet.size(), 2 * least));
    return head.size() >= least &&
           std::all_of(head.begin(), head.end(), [](std::uint8_t byte) { return byte == 0; });
}

void Vp9Frames::check(const FrameLayout& layout, Packet& packet) {
    if (layout.width == 0) {
        return; // taken over from a frame that was not seen
    }
    if (first_.width == 0) {
        first_ = layout;
    }
    packet.is_same = packet.is_same && layout == first_;
}

/// False: it cannot be understood.
bool Vp9Frames::addFrame(PacketBytes frame, Packet& packet) {
    Bits bits(frame);
    if (bits.take(2) != 2) {
        return false;
    }
    const int low = bits.take(1);
    const int profile = low | bits.take(1) << 1;
    if (profile == 3 && bits.take(1) != 0) {
        return false;
    }
    if (bits.take(1) != 0) { // shows one of those before again
        check(slots_[std::size_t(bits.take(3))], packet);
        packet.shows = true;
        return !bits.hasFailed();
    }
    const bool is_key = bits.take(1) == 0;
    const bool is_shown = bits.take(1) != 0;
    const bool is_resilient = bits.take(1) != 0;
    int refreshed = 0xff;
    bool is_intra = is_key;
    if (!is_key) {
        is_intra = !is_shown && bits.take(1) != 0;
        bits.take(is_resilient ? 0 : 2);
    }
    int format = format_;
    if (is_intra) {
        if (bits.take(24) != kVp9Sync) {
            return false;
        }
        format = is_key || profile > 0 ? takeVp9Format(bits, profile) : kVp9EightBits420;
    }
    FrameLayout layout{0, 0, format};
    bool is_taken_over = false;
    if (!is_key) {
        refreshed = bits.take(8);
    }
    if (!is_intra) {
        std::array<int, 3> from{};
        for (int& slot : from) {
            slot = bits.take(3);
            bits.take(1);
        }
        for (std::size_t i = 0; i < from.size() && !is_taken_over; ++i) {
            is_taken_over = bits.take(1) != 0;
            if (is_taken_over) {
                layout.width = slots_[std::size_t(from[i])].width;
                layout.height = slots_[std::size_t(from[i])].height;
            }
        }
    }
    if (!is_taken_over) {
        layout.width = bits.take(16) + 1;
        layout.height = bits.take(16) + 1;
    }
    if (bits.hasFailed()) {
        return false;
    }
    format_ = format;
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
        if ((refreshed >> slot & 1) != 0) {
            slots_[slot] = layout;
        }
    }
    check(layout, packet);
    packet.shows = packet.shows || is_shown;
    return true;
}

Vp9Frames::Packet Vp9Frames::add(PacketBytes bytes) {
    Packet packet;
    packet.is_understood = !bytes.empty();
    const std::uint8_t mark = bytes.empty() ? 0 : bytes.back();
    const std::size_t frames = (mark & 7U) + 1;
    const std::size_t length_bytes = (mark >> 3U & 3U) + 1;
    const std::size_t index_bytes = 2 + frames * length_bytes;
    const bool has_index = (mark & 0xe0U) == 0xc0U && bytes.size() >= index_bytes &&
                           bytes[bytes.size() - index_bytes] == mark;
    if (!has_index) {
        packet.is_understood = packet.is_understood && addFrame(bytes, packet);
        return packet;
    }
    const PacketBytes index = bytes.last(index_bytes).subspan(1);
    PacketBytes rest = bytes.first(bytes.size() - index_bytes);
    for (std::size_t frame = 0; frame < frames; ++frame) {
        std::size_t length = 0;
        for (std::size_t i = 0; i < length_bytes; ++i) {
            length |= std::size_t{index[frame * length_bytes + i]} << (8 * i);
        }
        if (length > rest.size()) {
            packet.is_understood = false;
            break;
        }
        if (length > 0) {
            packet.is_understood = addFrame(rest.first(length), packet) && packet.is_understood;
        }
        rest = rest.subspan(length);
    }
    return packet;
}

} // namespace vitreous
