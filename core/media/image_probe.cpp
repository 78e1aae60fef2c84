#include "core/media/image_probe.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>

namespace vitreous {
namespace {

using Bytes = std::span<const std::uint8_t>;

/// A number of `count` bytes, 0 beyond the end.
std::uint64_t number(Bytes bytes, std::size_t at, std::size_t count, bool big_endian) {
    if (at > bytes.size() || count > bytes.size() - at) {
        return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        value |= std::uint64_t(bytes[at + i]) << (8 * (big_endian ? count - 1 - i : i));
    }
    return value;
}

bool holds(Bytes bytes, std::size_t at, std::string_view text) {
    return at <= bytes.size() && text.size() <= bytes.size() - at &&
           std::memcmp(bytes.data() + at, text.data(), text.size()) == 0;
}

/// The orientation in a TIFF structure (EXIF's form), 1 where there is none.
int orientationOf(Bytes tiff) {
    const bool big = holds(tiff, 0, "MM");
    if (!big && !holds(tiff, 0, "II")) {
        return 1;
    }
    const std::uint64_t directory = number(tiff, 4, 4, big);
    const std::uint64_t entries = number(tiff, directory, 2, big);
    for (std::uint64_t i = 0; i < entries; ++i) {
        const std::uint64_t at = directory + 2 + 12 * i;
        if (number(tiff, at, 2, big) == 0x0112) {
            const auto value = static_cast<int>(number(tiff, at + 8, 2, big));
            return value >= 1 && value <= 8 ? value : 1;
        }
    }
    return 1;
}

void probeJpeg(Bytes bytes, ImageProbe& probe) {
    std::size_t at = 2;
    while (at + 4 <= bytes.size() && bytes[at] == 0xff) {
        const std::uint8_t marker = bytes[at + 1];
        const std::uint64_t length = number(bytes, at + 2, 2, true);
        if (marker == 0xff) {
            ++at;
            continue;
        }
        if (marker == 0xe1 && holds(bytes, at + 4, std::string_view("Exif\0\0", 6))) {
            probe.orientation = orientationOf(
                bytes.subspan(at + 10, std::min<std::size_t>(bytes.size() - at - 10, length)));
        }
        const bool frame =
            marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (frame) {
            probe.height = number(bytes, at + 5, 2, true);
            probe.width = number(bytes, at + 7, 2, true);
        }
        if (marker == 0xda || length < 2) {
            break;
        }
        at += 2 + length;
    }
    // The end of image: after the scan's start, for a thumbnail in the header has an end of its
    // own; anywhere behind it, for cameras append films.
    constexpr std::array<std::uint8_t, 2> kEnd = {0xff, 0xd9};
    const Bytes scan = bytes.subspan(std::min(at, bytes.size()));
    probe.complete = std::search(scan.begin(), scan.end(), kEnd.begin(), kEnd.end()) != scan.end();
}

void probePng(Bytes bytes, ImageProbe& probe) {
    probe.width = number(bytes, 16, 4, true);
    probe.height = number(bytes, 20, 4, true);
    probe.complete = false;
    std::size_t at = 8;
    while (at + 12 <= bytes.size()) {
        const std::uint64_t length = number(bytes, at, 4, true);
        if (length > bytes.size() - at - 12) {
            return;
        }
        if (holds(bytes, at + 4, "eXIf")) {
            probe.orientation = orientationOf(bytes.subspan(at + 8, length));
        }
        if (holds(bytes, at + 4, "IEND")) {
            probe.complete = true;
            return;
        }
        at += 12 + length;
    }
}

void probeTiff(Bytes bytes, ImageProbe& probe) {
    const bool big = bytes[0] == 'M';
    const std::uint64_t directory = number(bytes, 4, 4, big);
    const std::uint64_t entries = number(bytes, directory, 2, big);
    probe.complete = directory + 2 + 12 * entries <= bytes.size() && entries > 0;
    for (std::uint64_t i = 0; i < entries; ++i) {
        const std::uint64_t at = directory + 2 + 12 * i;
        const std::uint64_t tag = number(bytes, at, 2, big);
        const std::uint64_t value =
            number(bytes, at + 8, number(bytes, at + 2, 2, big) == 3 ? 2 : 4, big);
        if (tag == 0x0100) {
            probe.width = value;
        } else if (tag == 0x0101) {
            probe.height = value;
        } else if (tag == 0x0152 && number(bytes, at + 4, 4, big) == 1 && value == 2) {
            probe.free_alpha_at = at + (big ? 9 : 8);
        }
    }
    // Its orientation stays unsaid: the decoder turns a TIFF itself.
}

void probeWebP(Bytes bytes, ImageProbe& probe) {
    probe.complete = number(bytes, 4, 4, false) + 8 <= bytes.size();
    std::size_t at = 12;
    while (at + 8 <= bytes.size()) {
        const std::uint64_t length = number(bytes, at + 4, 4, false);
        if (holds(bytes, at, "VP8X")) {
            probe.width = number(bytes, at + 12, 3, false) + 1;
            probe.height = number(bytes, at + 15, 3, false) + 1;
            probe.animated = (number(bytes, at + 8, 1, false) & 2U) != 0;
        } else if (holds(bytes, at, "EXIF") && length <= bytes.size() - at - 8) {
            Bytes exif = bytes.subspan(at + 8, length);
            if (holds(exif, 0, std::string_view("Exif\0\0", 6))) {
                exif = exif.subspan(6);
            }
            probe.orientation = orientationOf(exif);
        }
        at += 8 + length + (length & 1U);
    }
}

void probePnm(Bytes bytes, ImageProbe& probe) {
    std::array<std::uint64_t, 3> facts{};
    std::size_t at = 2;
    const std::size_t wanted = bytes[1] == '4' || bytes[1] == '1' ? 2 : 3;
    for (std::size_t i = 0; i < wanted; ++i) {
        while (at < bytes.size() && (bytes[at] <= ' ' || bytes[at] == '#')) {
            if (bytes[at] == '#') {
                while (at < bytes.size() && bytes[at] != '\n') {
                    ++at;
                }
            } else {
                ++at;
            }
        }
        while (at < bytes.size() && bytes[at] >= '0' && bytes[at] <= '9' && facts[i] < (1U << 30)) {
            facts[i] = facts[i] * 10 + (bytes[at++] - '0');
        }
    }
    probe.width = facts[0];
    probe.height = facts[1];
    const bool binary = bytes[1] == '5' || bytes[1] == '6';
    if (binary || facts[2] > 255) {
        // The decoder scales plain bytes itself.
        probe.max_value = facts[2];
    }
    if (binary) {
        const std::uint64_t sample = facts[2] > 255 ? 2 : 1;
        const std::uint64_t needed = facts[0] * facts[1] * sample * (bytes[1] == '6' ? 3 : 1);
        probe.complete =
            facts[0] < (1U << 20) && facts[1] < (1U << 20) && at + 1 + needed <= bytes.size();
    }
}

} // namespace

ImageProbe probeImage(Bytes bytes) {
    ImageProbe probe;
    if (bytes.size() < 12) {
        return probe;
    }
    if (holds(bytes, 0, "\xff\xd8\xff")) {
        probe.format = ImageFormat::Jpeg;
        probeJpeg(bytes, probe);
    } else if (holds(bytes, 0, "\x89PNG\r\n\x1a\n")) {
        probe.format = ImageFormat::Png;
        probePng(bytes, probe);
    } else if (
        holds(bytes, 0, std::string_view("II*\0", 4)) ||
        holds(bytes, 0, std::string_view("MM\0*", 4))) {
        probe.format = ImageFormat::Tiff;
        probeTiff(bytes, probe);
    } else if (holds(bytes, 0, "RIFF") && holds(bytes, 8, "WEBP")) {
        probe.format = ImageFormat::WebP;
        probeWebP(bytes, probe);
    } else if (holds(bytes, 0, "BM")) {
        probe.format = ImageFormat::Bmp;
        probe.width = number(bytes, 18, 4, false);
        probe.height = std::min<std::uint64_t>(
            number(bytes, 22, 4, false), (std::uint64_t{1} << 32) - number(bytes, 22, 4, false));
        probe.complete = number(bytes, 2, 4, false) <= bytes.size();
    } else if (bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6' && bytes[2] <= ' ') {
        probe.format = ImageFormat::Pnm;
        probePnm(bytes, probe);
    }
    return probe;
}

} // namespace vitreous
