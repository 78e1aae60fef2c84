#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/media/frame_stamps.h"
#include "core/media/packet_table.h"

namespace vitreous {

/// Which of the frames that the container has the readable ones are: each the one behind the last,
/// but where some were lost. Memory: 16 bytes a loss.
class FramePlaces {
public:
    /// Of the frame that stamps knows last. stamp: as OpenCV said it, also where it ran backwards.
    /// is_behind_loss: packets before it could not be decoded.
    void add(
        std::int64_t stamp,
        const FrameStamps& stamps,
        const PacketTable& table,
        bool is_behind_loss);
    /// The place among the container's; it never decreases. Of the first frame, the one before that
    /// of the second; of frames that are not known yet, as far on as the last one that is.
    [[nodiscard]] std::size_t of(std::size_t frame) const;
    /// Whether frames were lost between those that are known.
    [[nodiscard]] bool haveGaps() const { return leads_.size() > 1; }

private:
    struct Lead {
        std::size_t frame;   ///< that it begins with
        std::ptrdiff_t more; ///< that places are on
    };
    std::size_t placeOf(
        std::int64_t stamp,
        const FrameStamps& stamps,
        const PacketTable& table,
        bool is_behind_loss);

    std::vector<Lead> leads_; ///< where they change; the first one from frame 0 on
    std::size_t lag_ = 0;     ///< frames that stamps of decoding were ahead by before any loss
};

} // namespace vitreous
