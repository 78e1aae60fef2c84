#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace vitreous {

/// The bytes of the files, one file after the other, as they are.
/// Throws Error{Input}, path last: a file that cannot be read or is a directory, more than 1 GiB
/// altogether, no byte at all. Throws Error{Usage} where no file is given.
std::string readText(const std::vector<std::filesystem::path>& files);

/// A text in two parts; views of its bytes.
struct TextSplit {
    std::string_view training;
    std::string_view held_out; ///< the last twentieth, rounded down
};

TextSplit splitText(std::string_view text);

/// The length of the shortest text that can be trained on: its training part holds `context` bytes
/// and the one that follows them, the held-out part two bytes.
std::size_t shortestText(int context);

/// What is known without a network: mean negative log-likelihood in nats a byte.
struct TextBaselines {
    double unigram = 0.0; ///< by the frequency of the byte
    double bigram = 0.0;  ///< by the frequency of the byte behind the one before it
};

/// Frequencies of the training part with one added to every count, measured on every held-out byte
/// but the first, the one that nothing stands before. held_out: at least two bytes.
TextBaselines textBaselines(const TextSplit& text);

} // namespace vitreous
