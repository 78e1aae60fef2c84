#include "core/export/sha256.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include <openssl/evp.h>
#include <sys/stat.h>

#include "core/base/error.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

class Digest {
public:
    Digest() { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }

    void add(const char* data, std::size_t size) { EVP_DigestUpdate(context_.get(), data, size); }

    std::string hex() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned int size = 0;
        EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
        std::string text;
        for (unsigned int i = 0; i < size; ++i) {
            text += "0123456789abcdef"[digest[i] >> 4];
            text += "0123456789abcdef"[digest[i] & 15];
        }
        return text;
    }

private:
    struct Free {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    std::unique_ptr<EVP_MD_CTX, Free> context_{EVP_MD_CTX_new()};
};

void addFile(Digest& digest, const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> buffer(1 << 20);
    while (file) {
        file.read(buffer.data(), std::streamsize(buffer.size()));
        digest.add(buffer.data(), std::size_t(file.gcount()));
    }
    if (!file.eof()) {
        throw Error(ErrorCode::Input, "cannot be read: " + path.string());
    }
}

std::string digestOf(const fs::path& path) {
    Digest digest;
    addFile(digest, path);
    return digest.hex();
}

/// What tells that a file was not changed since. The time of the last status change catches what
/// keeps size and modification time: `cp -p`, `mv`, `touch -r`.
struct Stamp {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    std::array<time_t, 2> seconds{};
    std::array<long, 2> nanoseconds{};

    friend bool operator==(const Stamp&, const Stamp&) = default;
};

Stamp stampOf(const fs::path& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) {
        throw fs::filesystem_error("stat", path, std::error_code(errno, std::generic_category()));
    }
    return {
        status.st_dev,
        status.st_ino,
        status.st_size,
        {status.st_mtim.tv_sec, status.st_ctim.tv_sec},
        {status.st_mtim.tv_nsec, status.st_ctim.tv_nsec}};
}

/// A file that changed a moment ago may change again within the same tick of the file system's
/// clock, unseen: its digest is not remembered.
bool isSettled(const Stamp& stamp) {
    const auto newest = *std::max_element(stamp.seconds.begin(), stamp.seconds.end());
    return std::time(nullptr) - newest >= 2;
}

/// The digest of the lines that `sha256sum *` prints in that directory.
std::string digestOfDirectory(const fs::path& path) {
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
        if (entry.is_regular_file() && !entry.path().filename().string().starts_with('.')) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    Digest digest;
    for (const fs::path& file : files) {
        const std::string line = sha256OfFile(file) + "  " + file.filename().string() + "\n";
        digest.add(line.data(), line.size());
    }
    return digest.hex();
}

} // namespace

std::string sha256OfFile(const fs::path& path) {
    static std::mutex mutex;
    static std::map<fs::path, std::pair<Stamp, std::string>> known;
    try {
        if (fs::is_directory(path)) {
            return digestOfDirectory(path);
        }
        const fs::path key = fs::canonical(path);
        const Stamp stamp = stampOf(key);
        {
            const std::lock_guard lock(mutex);
            const auto it = known.find(key);
            if (it != known.end() && it->second.first == stamp) {
                return it->second.second;
            }
        }
        const std::string digest = digestOf(key);
        if (isSettled(stamp)) {
            const std::lock_guard lock(mutex);
            known[key] = {stamp, digest};
        }
        return digest;
    } catch (const fs::filesystem_error& error) {
        throw Error(
            ErrorCode::Input, "cannot be read, " + error.code().message() + ": " + path.string());
    }
}

} // namespace vitreous
