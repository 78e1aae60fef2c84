#include "core/media/frame_places.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace vitreous {
namespace {

std::optional<std::size_t> find(const std::vector<std::int64_t>& times, std::int64_t micros) {
    const auto at = std::lower_bound(times.begin(), times.end(), micros);
    const bool is_there = micros > 0 && at != times.end() && *at == micros;
    return is_there ? std::optional(std::size_t(at - times.begin())) : std::nullopt;
}

} // namespace

std::size_t FramePlaces::placeOf(
    std::int64_t stamp,
    const FrameStamps& stamps,
    const PacketTable& table,
    bool is_behind_loss) {
    const std::size_t frame = stamps.size() - 1;
    const std::size_t before = of(frame - 1);
    const std::size_t next = before + 1;
    const std::optional<std::size_t> stamped = find(table.shown, stamp);
    if (table.tells_showing) {
        // The stamp is the frame's own. Behind damage, some come later than they should.
        const bool follows = next < table.shown.size() && table.shown[next] == stamp;
        return follows ? next : std::max(stamped.value_or(next), before);
    }
    if (!is_behind_loss) {
        lag_ = stamped ? std::max(*stamped, frame) - frame : lag_;
        return next;
    }
    // The stamp is of the packet at which the frame came out: so many behind its own.
    const bool is_known = frame > lag_ && stamps.isKnown(frame - lag_);
    const std::int64_t own = is_known ? stamps.micros(frame - lag_) : 0;
    return std::max(find(table.shown, own).value_or(next), next);
}

void FramePlaces::add(
    std::int64_t stamp,
    const FrameStamps& stamps,
    const PacketTable& table,
    bool is_behind_loss) {
    if (stamps.size() < 2) {
        return; // a first stamp may be of another kind
    }
    const std::size_t frame = stamps.size() - 1;
    const std::size_t place = placeOf(stamp, stamps, table, is_behind_loss);
    const std::ptrdiff_t more = std::ptrdiff_t(place) - std::ptrdiff_t(frame);
    if (leads_.empty()) {
        leads_.push_back({0, std::max<std::ptrdiff_t>(more, 0)});
    } else if (leads_.back().more != more) {
        leads_.push_back({frame, more});
    }
}

std::size_t FramePlaces::of(std::size_t frame) const {
    const auto behind = std::upper_bound(
        leads_.begin(), leads_.end(), frame,
        [](std::size_t value, const Lead& lead) { return value < lead.frame; });
    return behind == leads_.begin() ? frame
                                    : std::size_t(std::ptrdiff_t(frame) + std::prev(behind)->more);
}

} // namespace vitreous
