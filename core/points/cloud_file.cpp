#include "core/points/cloud_file.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/base/error.h"
#include "core/points/formats.h"

namespace vitreous {
namespace {

struct Format {
    std::string_view extension;
    void (*read)(ByteSource&, CloudBuilder&);
    bool is_shared = false; ///< files with other contents have it too
};

constexpr std::array<Format, 8> kFormats = {{
    {".ply", readPly},
    {".pcd", readPcd},
    {".xyz", readRows},
    {".txt", readRows, true},
    {".csv", readRows, true},
    {".npy", readNpyPoints, true},
    {".off", readOff},
    {".h5", readH5Points},
}};

const Format* formatOf(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    for (const Format& format : kFormats) {
        if (format.extension == extension) {
            return &format;
        }
    }
    return nullptr;
}

} // namespace

PointCloud
readPointCloud(const std::filesystem::path& path, const CloudOptions& options, const Task& task) {
    ByteSource source(path, task);
    const Format* format = formatOf(path);
    if (format == nullptr) {
        std::string known;
        for (const std::string_view extension : pointCloudExtensions()) {
            known += known.empty() ? "" : ", ";
            known += extension;
        }
        source.refuse("is no point set by its name, expected one of " + known);
    }
    CloudBuilder builder(source, options);
    format->read(source, builder);
    PointCloud cloud = builder.finish();
    task.report(1.0, "reading points");
    return cloud;
}

const std::vector<std::string_view>& pointCloudExtensions() {
    static const std::vector<std::string_view> extensions = [] {
        std::vector<std::string_view> all;
        all.reserve(std::size(kFormats));
        for (const Format& format : kFormats) {
            all.push_back(format.extension);
        }
        return all;
    }();
    return extensions;
}

bool hasPointCloudExtension(const std::filesystem::path& path) {
    return formatOf(path) != nullptr;
}

bool isPointCloudByName(const std::filesystem::path& path) {
    const Format* format = formatOf(path);
    return format != nullptr && !format->is_shared;
}

void checkPromise(
    const ByteSource& source,
    std::uint64_t count,
    std::uint64_t least,
    const std::string& what) {
    // The last number of a text needs no separator behind it.
    if (count > (source.remaining() + 1) / least) {
        source.refuse(
            "promises " + std::to_string(count) + " " + what + " of at least " +
            std::to_string(least) + " bytes each, but " + std::to_string(source.remaining()) +
            " bytes follow");
    }
}

void refuseTruncated(
    const ByteSource& source,
    std::uint64_t read,
    std::uint64_t expected,
    const std::string& what) {
    source.refuse(
        "truncated: ends after " + std::to_string(read) + " of " + std::to_string(expected) + " " +
        what);
}

} // namespace vitreous
