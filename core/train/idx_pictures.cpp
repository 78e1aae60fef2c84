#include "core/train/idx_pictures.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>

#include <zlib.h>

#include "core/base/error.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = std::size_t{1} << 32U;
constexpr std::uint32_t kMostSide = 4096;

constexpr std::array kFashionNames = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                      "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};

/// The path as it is, or with `.gz`.
fs::path present(const fs::path& path) {
    std::error_code ignored;
    const fs::path packed = path.string() + ".gz";
    return fs::exists(path, ignored) || !fs::exists(packed, ignored) ? path : packed;
}

/// A file's bytes, unpacked where they are packed.
class IdxFile {
public:
    explicit IdxFile(const fs::path& path) : path_(path) {
        gzFile file = gzopen(path.c_str(), "rb");
        if (file == nullptr) {
            fail(std::string("cannot be read, ") + std::strerror(errno));
        }
        constexpr std::size_t step = std::size_t{1} << 20U;
        int got = 0;
        do {
            bytes_.resize(bytes_.size() + step);
            got = gzread(file, bytes_.data() + bytes_.size() - step, unsigned{step});
            bytes_.resize(bytes_.size() - step + std::size_t(std::max(got, 0)));
        } while (got > 0 && bytes_.size() < kMostBytes);
        int problem = Z_OK;
        const std::string message = gzerror(file, &problem);
        gzclose(file);
        if (got < 0 || (problem != Z_OK && problem != Z_STREAM_END)) {
            fail("truncated or damaged after " + std::to_string(bytes_.size()) + " unpacked bytes");
        }
        if (bytes_.size() >= kMostBytes) {
            fail("larger than 4 GiB");
        }
    }

    [[noreturn]] void fail(const std::string& what) const {
        throw Error(ErrorCode::Input, what + ": " + path_.string());
    }

    /// The big-endian number at a byte position of the header.
    [[nodiscard]] std::uint32_t number(std::size_t at) const {
        if (at + 4 > bytes_.size()) {
            fail("truncated: its header ends at byte " + std::to_string(bytes_.size()));
        }
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            value = value << 8U | static_cast<std::uint8_t>(bytes_[at + i]);
        }
        return value;
    }

    /// What follows the header, which has to be exactly so long.
    std::vector<std::uint8_t> data(std::size_t header, std::uint64_t length) {
        if (bytes_.size() - header != length) {
            fail(
                "expected " + std::to_string(length) + " bytes after the header, found " +
                std::to_string(bytes_.size() - header));
        }
        return {bytes_.begin() + std::ptrdiff_t(header), bytes_.end()};
    }

private:
    fs::path path_;
    std::vector<char> bytes_;
};

} // namespace

bool isIdxDirectory(const fs::path& directory) {
    std::error_code ignored;
    return fs::exists(present(directory / "train-images-idx3-ubyte"), ignored) ||
           fs::exists(present(directory / "t10k-images-idx3-ubyte"), ignored);
}

IdxPictures::IdxPictures(const fs::path& directory, Split split) {
    const std::string part = split == Split::Train ? "train" : "t10k";
    const fs::path image_path = present(directory / (part + "-images-idx3-ubyte"));
    IdxFile images(image_path);
    if (images.number(0) != 0x803) {
        images.fail("expected an IDX file of three-dimensional bytes");
    }
    const std::uint32_t count = images.number(4);
    const std::uint32_t height = images.number(8);
    const std::uint32_t width = images.number(12);
    if (count == 0 || height == 0 || width == 0 || height > kMostSide || width > kMostSide) {
        images.fail(
            "expected pictures, its header says " + std::to_string(count) + " of " +
            std::to_string(width) + " x " + std::to_string(height));
    }
    height_ = int(height);
    width_ = int(width);
    pixels_ = images.data(16, std::uint64_t{count} * height * width);

    const fs::path label_path = present(directory / (part + "-labels-idx1-ubyte"));
    IdxFile labels(label_path);
    if (labels.number(0) != 0x801) {
        labels.fail("expected an IDX file of one-dimensional bytes");
    }
    const std::uint32_t label_count = labels.number(4);
    if (label_count != count) {
        labels.fail(
            "expected " + std::to_string(count) + " labels, one a picture of " +
            image_path.filename().string() + ", found " + std::to_string(label_count));
    }
    labels_ = labels.data(8, label_count);
    nameClasses(directory);
}

void IdxPictures::nameClasses(const fs::path& directory) {
    const int count = 1 + int(*std::max_element(labels_.begin(), labels_.end()));
    std::string folder = fs::absolute(directory).lexically_normal().string();
    std::transform(folder.begin(), folder.end(), folder.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    const bool fashion = folder.find("fashion") != std::string::npos && count == 10;
    for (int i = 0; i < count; ++i) {
        classes_.push_back(fashion ? kFashionNames[std::size_t(i)] : std::to_string(i));
    }
}

Image IdxPictures::picture(std::size_t index) const {
    Image image{width_, height_, {}};
    const std::size_t area = std::size_t(width_) * std::size_t(height_);
    image.pixels.reserve(area * 3);
    for (std::size_t i = 0; i < area; ++i) {
        image.pixels.insert(image.pixels.end(), 3, pixels_[index * area + i]);
    }
    return image;
}

} // namespace vitreous
