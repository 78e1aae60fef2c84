#pragma once

#include <cstdint>
#include <span>

namespace vitreous {

enum class ImageFormat { Unknown, Jpeg, Png, Tiff, WebP, Bmp, Pnm };

/// What a picture file says before it is decoded.
struct ImageProbe {
    ImageFormat format = ImageFormat::Unknown;
    bool complete = true;    ///< false: its end is missing; decoders would fill the rest with gray
    std::uint64_t width = 0; ///< pixels; 0 where the header was not understood
    std::uint64_t height = 0;
    int orientation = 1;           ///< EXIF, 1..8: what is left to do after decoding
    std::uint64_t max_value = 0;   ///< PNM: the decoded sample that is white; 0: the type's largest
    bool animated = false;         ///< WebP: frames, of which decoders read none
    std::size_t free_alpha_at = 0; ///< TIFF: the byte that says "alpha is not multiplied in", or 0
};

/// Reads a file's header. Never throws.
ImageProbe probeImage(std::span<const std::uint8_t> bytes);

} // namespace vitreous
