#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "core/train/pictures.h"

namespace CLI {
class App;
}

namespace vitreous::cli {

/// `scenes`: cluttered scenes with their masks, to files.
struct ScenesArguments {
    std::filesystem::path data; ///< see openPictures
    std::filesystem::path output;
    int count = 12;
    int clutter = 64; ///< side of a scene in pixels
    int frames = 0;   ///< of clips in which the item moves; 0: still pictures
    std::uint64_t seed = 0;
    Split split = Split::Test;
    bool progress = false; ///< also where stderr is no terminal
};

/// The options of `scenes` as they are typed.
class ScenesOptions {
public:
    /// Adds the command to the program.
    explicit ScenesOptions(CLI::App& app);
    ScenesOptions(const ScenesOptions&) = delete;
    ScenesOptions& operator=(const ScenesOptions&) = delete;
    ~ScenesOptions();

    /// True once the command line that was parsed has this command.
    [[nodiscard]] bool parsed() const;
    /// What was asked for. Throws Error{Usage}.
    [[nodiscard]] ScenesArguments arguments() const;

private:
    struct Typed;
    std::unique_ptr<Typed> typed_;
    CLI::App* command_;
};

} // namespace vitreous::cli
