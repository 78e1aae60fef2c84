#include "core/export/sha256.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include <openssl/evp.h>

#include "core/base/file_stamp.h"

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

void addFile(Digest& digest, const fs::path& path, std::int64_t size, const Task& task) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> buffer(1 << 20);
    const std::string stage = "hashing " + path.filename().string();
    std::int64_t done = 0;
    while (file) {
        task.checkStop();
        task.report(size > 0 ? std::min(1.0, double(done) / double(size)) : 0.0, stage);
        file.read(buffer.data(), std::streamsize(buffer.size()));
        digest.add(buffer.data(), std::size_t(file.gcount()));
        done += file.gcount();
    }
    if (!file.eof()) {
        throw Error(ErrorCode::Input, "cannot be read: " + path.string());
    }
}

/// A file that changed a moment ago may change again within the same tick of the file system's
/// clock, unseen: its digest is not remembered.
bool isSettled(const FileStamp::Entry& stamp) {
    return std::time(nullptr) - std::max(stamp.times[0], stamp.times[1]) >= 2;
}

/// The digest of the lines that `sha256sum *` prints in that directory.
std::string digestOfDirectory(const fs::path& path, const Task& task) {
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
        if (entry.is_regular_file() && !entry.path().filename().string().starts_with('.')) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    Digest digest;
    for (const fs::path& file : files) {
        const std::string line = sha256OfFile(file, task) + "  " + file.filename().string() + "\n";
        digest.add(line.data(), line.size());
    }
    return digest.hex();
}

} // namespace

std::string sha256OfFile(const fs::path& path, const Task& task) {
    static std::mutex mutex;
    static std::map<fs::path, std::pair<FileStamp, std::string>> known;
    try {
        if (fs::is_directory(path)) {
            return digestOfDirectory(path, task);
        }
        const fs::path key = fs::canonical(path);
        const FileStamp stamp = stampOf(key);
        if (stamp.files.empty()) {
            // Opening a pipe would wait for its other end.
            throw Error(ErrorCode::Input, "is no regular file: " + path.string());
        }
        {
            const std::lock_guard lock(mutex);
            const auto it = known.find(key);
            if (it != known.end() && it->second.first == stamp) {
                return it->second.second;
            }
        }
        Digest digest;
        addFile(digest, key, stamp.files.front().size, task);
        std::string text = digest.hex();
        if (isSettled(stamp.files.front())) {
            const std::lock_guard lock(mutex);
            known[key] = {stamp, text};
        }
        return text;
    } catch (const fs::filesystem_error& error) {
        throw Error(
            ErrorCode::Input, "cannot be read, " + error.code().message() + ": " + path.string());
    }
}

} // namespace vitreous
