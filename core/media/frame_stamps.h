#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace vitreous {

/// What OpenCV says of the time of each frame, learnt in order from the first one on; tells a frame
/// by it. 8 bytes a frame.
class FrameStamps {
public:
    /// The next frame's stamp in microseconds; 0: it has none.
    void add(std::int64_t micros);

    [[nodiscard]] std::size_t size() const { return micros_.size(); }
    /// False where a frame that has a stamp has another one.
    [[nodiscard]] bool matches(std::size_t frame, std::int64_t micros) const;
    [[nodiscard]] bool isKnown(std::size_t frame) const;
    [[nodiscard]] std::int64_t micros(std::size_t frame) const { return micros_[frame]; }
    /// The one frame with that stamp; never the first one.
    [[nodiscard]] std::optional<std::size_t> find(std::int64_t micros) const;
    /// False once stamps ran backwards or were wrong: none is found any more.
    [[nodiscard]] bool tellPlaces() const { return tell_places_; }
    void distrust() { tell_places_ = false; }

private:
    std::vector<std::int64_t> micros_; ///< never decreasing; a frame without repeats the one before
    std::vector<std::int64_t> shared_; ///< ascending: of several frames
    bool tell_places_ = true;
};

/// The supposition that stamps follow the times that the container tells, at a constant lag of
/// frames (decoders that put frames in order give each the time of a later packet), so that a frame
/// that was not read in order can be told too.
class ExpectedStamps {
public:
    /// container: ascending microseconds; true where all stamps that were learnt, at least 4, are
    /// among them, in step.
    bool suppose(std::vector<std::int64_t> container, const FrameStamps& learnt);
    /// Whether placeOf() is to be believed; decided once.
    void decide(bool is_so);
    void distrust() { decide(false); }

    [[nodiscard]] bool isDecided() const { return is_decided_; }
    [[nodiscard]] bool isTrusted() const { return is_decided_ && is_so_; }
    /// The frame that should have that stamp.
    [[nodiscard]] std::optional<std::size_t> placeOf(std::int64_t micros) const;

private:
    std::vector<std::int64_t> container_;
    std::int64_t lag_ = 0;
    bool is_decided_ = false;
    bool is_so_ = false;
};

} // namespace vitreous
