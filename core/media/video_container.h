#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace vitreous {

/// Extensions of files that VideoReader opens, lower case, with the dot. The one table of them.
const std::vector<std::string>& videoExtensions();

/// True where the name ends in one of them, in any case.
bool isVideoPath(const std::filesystem::path& path);

inline constexpr std::uint64_t transport_packet_bytes = 188;

/// What the first bytes of a file say it is.
enum class ContainerKind {
    Unknown,
    Picture,         ///< one still picture
    Mp4,             ///< MP4, MOV: counts its frames
    Avi,             ///< counts its frames
    Animation,       ///< GIF, animated PNG: a picture unless it has a second frame
    TransportStream, ///< of packets of transport_packet_bytes; tells neither count nor duration
    Other            ///< a video container that only tells a duration
};

/// Tells containers by their first bytes (64 KiB suffice). Only what is known to be one passes:
/// FFmpeg takes playlists as well, whose text names other files and hosts. Never throws.
ContainerKind containerKind(std::span<const std::uint8_t> bytes);

/// Whether an MP4 or MOV file holds its index (`moov`) whole. Never throws.
bool hasMovieIndex(const std::filesystem::path& path);

/// The kind of container of a file that may be a video. Throws Error{Input}, path last: no such
/// file, no regular file, empty, a picture, no video container, one that ends before its index.
ContainerKind requireVideoContainer(const std::filesystem::path& path);

} // namespace vitreous
