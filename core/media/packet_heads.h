#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace vitreous {

// What the first bytes of packets say, read without decoding. Any bytes are taken; nothing throws.

using PacketBytes = std::span<const std::uint8_t>;

/// How frames are laid out; pictures of two layouts cannot share their memory.
struct FrameLayout {
    int width = 0;  ///< pixels; 0: unknown
    int height = 0; ///< pixels; 0: unknown
    int format = 0; ///< of the pixels, by a number of the codec's own

    friend bool operator==(const FrameLayout&, const FrameLayout&) = default;
};

/// A VP8 frame that later ones are predicted from and that is not shown. Source: RFC 6386, 9.1.
bool isHiddenVp8(PacketBytes packet);

/// Apple ProRes; none where it is no frame. Source: SMPTE RDD 36, 5.1.
std::optional<FrameLayout> proResLayout(PacketBytes packet);

/// DNxHD and DNxHR; none where it is no frame. Source: SMPTE ST 2019-1.
std::optional<FrameLayout> dnxLayout(PacketBytes packet);

/// Whether the parts of an H.264 or HEVC packet, each behind its length in so many bytes (1 to 4),
/// fill it.
bool fillsItsUnits(PacketBytes packet, int length_bytes);

/// Whether zeros are where a compressed frame has its head.
bool isBlank(PacketBytes packet);

/// Follows the frames of a VP9 stream: they may take over the size of one before. Source: VP9
/// bitstream specification, 6.2 and annex B.
class Vp9Frames {
public:
    /// What a packet brings: several frames, where some are hidden.
    struct Packet {
        bool is_understood = false; ///< all its frames
        bool shows = false;         ///< one of them is shown
        bool is_same = true;        ///< they have the layout of all frames before
    };
    Packet add(PacketBytes bytes);

private:
    bool addFrame(PacketBytes frame, Packet& packet);
    void check(const FrameLayout& layout, Packet& packet);

    std::array<FrameLayout, 8> slots_{}; ///< that frames are predicted from
    FrameLayout first_;
    int format_ = 0; ///< as the last frame that told one
};

} // namespace vitreous
