#include "core/train/text.h"

#include <array>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>

#include "core/base/error.h"

namespace vitreous {
namespace {

constexpr std::size_t bytes = 256;
constexpr std::size_t most_bytes = std::size_t{1} << 30U;

[[noreturn]] void refuse(const std::string& what, const std::filesystem::path& path) {
    throw Error(ErrorCode::Input, what + ": " + path.string());
}

void append(const std::filesystem::path& path, std::string& text) {
    std::error_code problem;
    if (std::filesystem::is_directory(path, problem)) {
        refuse("expected a text file, found a directory", path);
    }
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        refuse(std::string("cannot be read, ") + std::strerror(errno), path);
    }
    std::array<char, std::size_t{1} << 16U> buffer{};
    while (file) {
        file.read(buffer.data(), buffer.size());
        text.append(buffer.data(), static_cast<std::size_t>(file.gcount()));
        if (text.size() > most_bytes) {
            refuse("expected at most 1 GiB of text, found more", path);
        }
    }
    if (file.bad()) {
        refuse(std::string("cannot be read, ") + std::strerror(errno), path);
    }
}

std::size_t index(char byte) {
    return static_cast<unsigned char>(byte);
}

} // namespace

std::string readText(const std::vector<std::filesystem::path>& files) {
    if (files.empty()) {
        throw Error(ErrorCode::Usage, "no text, expected a file");
    }
    std::string text;
    for (const std::filesystem::path& path : files) {
        append(path, text);
    }
    if (text.empty()) {
        refuse("no text in the file, expected plain text", files.back());
    }
    return text;
}

TextSplit splitText(std::string_view text) {
    const std::size_t training = text.size() - text.size() / 20;
    return {text.substr(0, training), text.substr(training)};
}

std::size_t shortestText(int context) {
    std::size_t size = static_cast<std::size_t>(context) + 1;
    while (size / 20 < 2 || size - size / 20 < static_cast<std::size_t>(context) + 1) {
        ++size;
    }
    return size;
}

TextBaselines textBaselines(const TextSplit& text) {
    std::vector<std::uint64_t> single(bytes, 1);
    std::vector<std::uint64_t> pairs(bytes * bytes, 1);
    std::vector<std::uint64_t> before(bytes, bytes);
    for (std::size_t i = 0; i < text.training.size(); ++i) {
        const std::size_t byte = index(text.training[i]);
        ++single[byte];
        if (i > 0) {
            const std::size_t previous = index(text.training[i - 1]);
            ++pairs[previous * bytes + byte];
            ++before[previous];
        }
    }
    const auto all = double(text.training.size() + bytes);
    TextBaselines sum;
    for (std::size_t i = 1; i < text.held_out.size(); ++i) {
        const std::size_t byte = index(text.held_out[i]);
        const std::size_t previous = index(text.held_out[i - 1]);
        sum.unigram -= std::log(double(single[byte]) / all);
        sum.bigram -= std::log(double(pairs[previous * bytes + byte]) / double(before[previous]));
    }
    const auto count = double(text.held_out.size() - 1);
    return {sum.unigram / count, sum.bigram / count};
}

} // namespace vitreous
