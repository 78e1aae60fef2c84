#include "core/export/sha256.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include <openssl/evp.h>

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
    if (!fs::is_directory(path)) {
        addFile(digest, path);
        return digest.hex();
    }
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
        if (entry.is_regular_file()) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
        const std::string name = file.filename().string();
        digest.add(name.c_str(), name.size() + 1);
        addFile(digest, file);
    }
    return digest.hex();
}

/// What tells that a file was not changed since.
struct Stamp {
    std::uintmax_t size = 0;
    fs::file_time_type time;

    friend bool operator==(const Stamp&, const Stamp&) = default;
};

} // namespace

std::string sha256OfFile(const fs::path& path) {
    static std::mutex mutex;
    static std::map<fs::path, std::pair<Stamp, std::string>> known;
    try {
        if (fs::is_directory(path)) {
            return digestOf(path);
        }
        const fs::path key = fs::canonical(path);
        const Stamp stamp{fs::file_size(key), fs::last_write_time(key)};
        {
            const std::lock_guard lock(mutex);
            const auto it = known.find(key);
            if (it != known.end() && it->second.first == stamp) {
                return it->second.second;
            }
        }
        const std::string digest = digestOf(key);
        const std::lock_guard lock(mutex);
        known[key] = {stamp, digest};
        return digest;
    } catch (const fs::filesystem_error& error) {
        throw Error(
            ErrorCode::Input, "cannot be read, " + error.code().message() + ": " + path.string());
    }
}

} // namespace vitreous
