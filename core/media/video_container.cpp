#include "core/media/video_container.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <fstream>
#include <string_view>
#include <system_error>

#include "core/base/error.h"
#include "core/media/image_probe.h"

namespace vitreous {
namespace {

using Bytes = std::span<const std::uint8_t>;
using std::string_view_literals::operator""sv;

/// Of an MP4 file, beside each other; whole ones have tens, in pieces a few thousand.
constexpr int kMostBoxes = 10'000;

struct Signature {
    std::size_t at;
    std::string_view bytes;
    ContainerKind kind;
};

// In this order: the first that fits decides.
constexpr std::array kSignatures = {
    Signature{4, "ftypavif"sv, ContainerKind::Picture},
    Signature{4, "ftypheic"sv, ContainerKind::Picture},
    Signature{4, "ftypheix"sv, ContainerKind::Picture},
    Signature{4, "ftypmif1"sv, ContainerKind::Picture},
    Signature{4, "ftyp"sv, ContainerKind::Mp4},
    Signature{4, "moov"sv, ContainerKind::Mp4},
    Signature{4, "mdat"sv, ContainerKind::Mp4},
    Signature{4, "wide"sv, ContainerKind::Mp4},
    Signature{4, "free"sv, ContainerKind::Mp4},
    Signature{4, "skip"sv, ContainerKind::Mp4},
    Signature{8, "AVI "sv, ContainerKind::Avi},
    Signature{8, "AVIX"sv, ContainerKind::Avi},
    Signature{0, "GIF87a"sv, ContainerKind::Animation},
    Signature{0, "GIF89a"sv, ContainerKind::Animation},
    Signature{0, "\x1a\x45\xdf\xa3"sv, ContainerKind::Other},                 // Matroska, WebM
    Signature{0, "OggS"sv, ContainerKind::Other},                             // Ogg
    Signature{0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11"sv, ContainerKind::Other}, // ASF: .wmv
    Signature{0, "\0\0\x01\xba"sv, ContainerKind::Other}, // MPEG programme stream
    Signature{0, "\0\0\x01\xb3"sv, ContainerKind::Other}, // MPEG-1 and 2 video alone
    Signature{0, "FLV\x01"sv, ContainerKind::Other},
    Signature{0, "\0\0\0\x0cjP  "sv, ContainerKind::Picture}, // JPEG 2000
    Signature{0, "\0\0\0\x0cJXL "sv, ContainerKind::Picture},
    Signature{0, "\xff\x0a"sv, ContainerKind::Picture}, // JPEG XL
    Signature{0, "8BPS"sv, ContainerKind::Picture},
    Signature{0, "v/1\x01"sv, ContainerKind::Picture}, // OpenEXR
    Signature{0, "DDS "sv, ContainerKind::Picture},
};

bool holds(Bytes bytes, std::size_t at, std::string_view text) {
    return at + text.size() <= bytes.size() &&
           std::memcmp(bytes.data() + at, text.data(), text.size()) == 0;
}

/// Packets that begin with 0x47, four of them.
bool isTransportStream(Bytes bytes) {
    for (std::size_t packet = 0; packet < 4; ++packet) {
        const std::size_t at = packet * transport_packet_bytes;
        if (at >= bytes.size() || bytes[at] != 0x47) {
            return false;
        }
    }
    return true;
}

std::uint64_t bigEndian(const std::uint8_t* bytes, int count) {
    std::uint64_t value = 0;
    for (int i = 0; i < count; ++i) {
        value = value << 8U | bytes[i];
    }
    return value;
}

[[noreturn]] void refuse(const std::filesystem::path& path, const char* what) {
    throw Error(ErrorCode::Input, what + (": " + path.string()));
}

} // namespace

const std::vector<std::string>& videoExtensions() {
    static const std::vector<std::string> extensions = {".mp4",  ".m4v", ".mov",  ".avi", ".mkv",
                                                        ".webm", ".mpg", ".mpeg", ".ts",  ".wmv",
                                                        ".flv",  ".ogv", ".gif"};
    return extensions;
}

bool isVideoPath(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    const std::vector<std::string>& known = videoExtensions();
    return std::find(known.begin(), known.end(), extension) != known.end();
}

ContainerKind containerKind(Bytes bytes) {
    if (holds(bytes, 0, "\x89PNG\r\n\x1a\n"sv)) {
        // What makes a PNG an animation stands before its pixels.
        const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        return text.substr(0, text.find("IDAT")).find("acTL") == std::string_view::npos
                   ? ContainerKind::Picture
                   : ContainerKind::Animation;
    }
    for (const Signature& signature : kSignatures) {
        if (holds(bytes, signature.at, signature.bytes)) {
            return signature.kind;
        }
    }
    if (probeImage(bytes).format != ImageFormat::Unknown) {
        return ContainerKind::Picture;
    }
    return isTransportStream(bytes) ? ContainerKind::TransportStream : ContainerKind::Unknown;
}

bool hasMovieIndex(const std::filesystem::path& path) {
    std::error_code problem;
    const std::uint64_t end = std::filesystem::file_size(path, problem);
    std::ifstream file(path, std::ios::binary);
    std::uint64_t at = 0;
    // A box: its length in 4 bytes, its name, its length in 8 bytes where the first is 1.
    std::array<std::uint8_t, 16> head{};
    for (int boxes = 0; boxes < kMostBoxes; ++boxes) {
        if (problem || end < 8 || at > end - 8 || !file.seekg(std::streamoff(at))) {
            return false;
        }
        file.read(reinterpret_cast<char*>(head.data()), std::streamsize(head.size()));
        file.clear();
        const std::uint64_t brief = bigEndian(head.data(), 4);
        const std::uint64_t length = brief == 0   ? end - at
                                     : brief == 1 ? bigEndian(head.data() + 8, 8)
                                                  : brief;
        if (length < 8 || length > end - at) {
            return false;
        }
        if (holds(head, 4, "moov")) {
            return true;
        }
        at += length;
    }
    return false;
}

ContainerKind requireVideoContainer(const std::filesystem::path& path) {
    std::error_code problem;
    if (!std::filesystem::is_regular_file(path, problem)) {
        refuse(
            path, std::filesystem::exists(path, problem) ? "is no regular file"
                                                         : "there is no such file");
    }
    std::ifstream file(path, std::ios::binary);
    std::vector<std::uint8_t> bytes(std::size_t{1} << 16);
    file.read(reinterpret_cast<char*>(bytes.data()), std::streamsize(bytes.size()));
    if (file.bad() || (!file.is_open())) {
        refuse(path, "cannot be read");
    }
    bytes.resize(std::size_t(file.gcount()));
    if (bytes.empty()) {
        refuse(path, "the file is empty, expected a video");
    }
    const ContainerKind kind = containerKind(bytes);
    if (kind == ContainerKind::Picture) {
        refuse(path, "a picture, not a video");
    }
    if (kind == ContainerKind::Unknown) {
        refuse(path, "is no video, expected MP4, MOV, AVI, Matroska, WebM, MPEG, WMV, FLV or Ogg");
    }
    if (kind == ContainerKind::Mp4 && !hasMovieIndex(path)) {
        refuse(path, "truncated: the file ends before its index (moov), no frame can be found");
    }
    return kind;
}

} // namespace vitreous
