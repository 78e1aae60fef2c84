#include "core/media/image_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <mutex>

#include <fcntl.h>
#include <unistd.h>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/base/file_output.h"
#include "core/media/image_probe.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

/// Pillow refuses more as a likely decompression bomb.
constexpr std::uint64_t kMostPixels = 178'956'970;

[[noreturn]] void refuse(const fs::path& path, const std::string& what) {
    throw Error(ErrorCode::Input, what + ": " + path.string());
}

/// OpenCV, libpng and libtiff write to the standard error stream by themselves; what went wrong is
/// said once, by our exception. Redirects the stream while it lives; one at a time.
class Quiet {
public:
    Quiet() : lock_(mutex()), kept_(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)) {
        const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
        if (kept_ >= 0 && nowhere >= 0) {
            dup2(nowhere, STDERR_FILENO);
        }
        if (nowhere >= 0) {
            close(nowhere);
        }
    }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;
    ~Quiet() {
        if (kept_ >= 0) {
            dup2(kept_, STDERR_FILENO);
            close(kept_);
        }
    }

private:
    static std::mutex& mutex() {
        static std::mutex the_mutex;
        return the_mutex;
    }

    std::lock_guard<std::mutex> lock_;
    int kept_;
};

std::vector<std::uint8_t> readBytes(const fs::path& path) {
    std::error_code problem;
    if (!fs::is_regular_file(path, problem)) {
        refuse(path, fs::exists(path, problem) ? "is no regular file" : "there is no such file");
    }
    const std::uintmax_t size = fs::file_size(path, problem);
    if (problem || size > (std::uintmax_t{1} << 31)) {
        refuse(path, "cannot be read as a picture, its size is beyond 2 GiB");
    }
    if (size == 0) {
        refuse(path, "the file is empty, expected a picture");
    }
    std::ifstream file(path, std::ios::binary);
    std::vector<std::uint8_t> bytes(size);
    if (!file.read(reinterpret_cast<char*>(bytes.data()), std::streamsize(size))) {
        refuse(path, "cannot be read");
    }
    return bytes;
}

/// The decoded samples as bytes. white: the sample that becomes 255; 0: the type's largest.
cv::Mat toBytes(const cv::Mat& decoded, double white) {
    const int depth = decoded.depth();
    if (white <= 0.0) {
        white = depth == CV_16U ? 65535.0 : depth == CV_32F || depth == CV_64F ? 1.0 : 255.0;
    }
    cv::Mat bytes = decoded;
    if (depth != CV_8U || white != 255.0) {
        decoded.convertTo(bytes, CV_8U, 255.0 / white);
    }
    return bytes;
}

Image toRgb(const cv::Mat& bytes) {
    cv::Mat rgb;
    const int channels = bytes.channels();
    cv::cvtColor(
        bytes, rgb,
        channels == 1   ? cv::COLOR_GRAY2RGB
        : channels == 4 ? cv::COLOR_BGRA2RGB
                        : cv::COLOR_BGR2RGB);
    Image image{rgb.cols, rgb.rows, {}};
    image.pixels.reserve(rgb.total() * 3);
    for (int y = 0; y < rgb.rows; ++y) {
        const std::uint8_t* row = rgb.ptr<std::uint8_t>(y);
        image.pixels.insert(image.pixels.end(), row, row + std::ptrdiff_t{3} * rgb.cols);
    }
    return image;
}

/// The picture turned so that it stands upright. orientation: EXIF's 1..8.
cv::Mat upright(const cv::Mat& image, int orientation) {
    cv::Mat turned = image;
    if (orientation >= 5) {
        cv::transpose(image, turned);
    }
    // After the transposition: 5 as it is, 6 mirrored, 7 turned by half, 8 upside down.
    constexpr std::array kNoFlip = {1, 5};
    if (std::find(kNoFlip.begin(), kNoFlip.end(), orientation) != kNoFlip.end() ||
        orientation < 1 || orientation > 8) {
        return turned;
    }
    const int code = orientation == 2 || orientation == 6   ? 1
                     : orientation == 4 || orientation == 8 ? 0
                                                            : -1;
    cv::Mat flipped;
    cv::flip(turned, flipped, code);
    return flipped;
}

/// A picture file that can be decoded, as far as its header tells.
struct Encoded {
    std::vector<std::uint8_t> bytes;
    ImageProbe probe;
};

Encoded readEncoded(const fs::path& path) {
    std::vector<std::uint8_t> bytes = readBytes(path);
    ImageProbe probe = probeImage(bytes);
    if (probe.format == ImageFormat::Unknown) {
        refuse(path, "is no picture, expected JPEG, PNG, TIFF, WebP, BMP or PNM");
    }
    if (!probe.complete) {
        refuse(
            path, "truncated: the picture ends at byte " + std::to_string(bytes.size()) +
                      " before its data does");
    }
    if (probe.width * probe.height > kMostPixels) {
        refuse(
            path, "a picture of " + std::to_string(probe.width) + " x " +
                      std::to_string(probe.height) + " pixels, at most " +
                      std::to_string(kMostPixels) + " are read");
    }
    if (probe.animated) {
        refuse(path, "is an animated WebP, expected a still picture");
    }
    if (probe.free_alpha_at > 0) {
        // libtiff would multiply the colours by it, and alpha is to be dropped: say it is done.
        bytes[probe.free_alpha_at] = 1;
    }
    return {std::move(bytes), probe};
}

/// Decodes a picture, gives work its samples (not upright yet, depth and channels the file's) and
/// turns OpenCV's errors into ours.
template <typename Work>
auto withDecoded(const fs::path& path, Work work) {
    const Encoded encoded = readEncoded(path);
    try {
        const Quiet quiet;
        // Alpha and 16 bits are kept by UNCHANGED, which leaves the orientation to us.
        const cv::Mat samples = cv::imdecode(encoded.bytes, cv::IMREAD_UNCHANGED);
        if (samples.empty()) {
            refuse(path, "is no readable picture");
        }
        return work(samples, encoded.probe);
    } catch (const cv::Exception& error) {
        const std::string line = error.err.substr(0, error.err.find('\n'));
        refuse(path, "is no readable picture (" + line.substr(0, 80) + ")");
    }
}

void writeEncoded(const fs::path& path, const cv::Mat& samples) {
    if (samples.empty()) {
        throw Error(ErrorCode::Resource, "an empty picture cannot be written: " + path.string());
    }
    std::vector<std::uint8_t> bytes;
    cv::imencode(".png", samples, bytes);
    writeFileWhole(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

} // namespace

Image readImage(const fs::path& path) {
    return withDecoded(path, [](const cv::Mat& samples, const ImageProbe& probe) {
        return toRgb(upright(toBytes(samples, double(probe.max_value)), probe.orientation));
    });
}

Mask readMask(const fs::path& path) {
    return withDecoded(path, [](const cv::Mat& decoded, const ImageProbe& probe) {
        const cv::Mat samples = upright(decoded, probe.orientation);
        Mask mask{samples.cols, samples.rows, std::vector<std::uint8_t>(samples.total())};
        cv::Mat object(samples.rows, samples.cols, CV_8U, mask.values.data());
        object.setTo(0);
        for (int channel = 0; channel < std::min(samples.channels(), 3); ++channel) {
            cv::Mat plane;
            cv::extractChannel(samples, plane, channel);
            object.setTo(255, plane != 0);
        }
        return mask;
    });
}

void writePng(const fs::path& path, const Image& image) {
    const cv::Mat rgb(
        image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.pixels.data()));
    cv::Mat bgr; // never the caller's pixels
    if (!rgb.empty()) {
        cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
    }
    writeEncoded(path, bgr);
}

void writeMask(const fs::path& path, const Mask& mask) {
    writeEncoded(
        path,
        cv::Mat(mask.height, mask.width, CV_8UC1, const_cast<std::uint8_t*>(mask.values.data())));
}

const std::vector<std::string>& imageExtensions() {
    static const std::vector<std::string> extensions = {".png",  ".jpg", ".jpeg", ".tif", ".tiff",
                                                        ".webp", ".bmp", ".ppm",  ".pgm", ".pnm"};
    return extensions;
}

bool hasImageExtension(const fs::path& path) {
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    const std::vector<std::string>& known = imageExtensions();
    return std::find(known.begin(), known.end(), extension) != known.end();
}

} // namespace vitreous
