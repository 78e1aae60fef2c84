#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vitreous {

/// Files and directories in the making that take their places together: each is written into a
/// hidden directory beside its place, and what was there before stays until all are whole. Without
/// commit() nothing of them stays.
class StagedFiles {
public:
    StagedFiles() = default;
    StagedFiles(const StagedFiles&) = delete;
    StagedFiles& operator=(const StagedFiles&) = delete;
    ~StagedFiles();

    /// Where to write what is to become the file `target`. Throws Error{Resource}, path last, where
    /// nothing can be written there.
    std::filesystem::path file(const std::filesystem::path& target);
    /// As file(), of a directory, which the caller makes; ends in a slash. Those above it are made
    /// where they are not there.
    std::filesystem::path directory(const std::filesystem::path& target);
    /// The message with the places that were asked for, where it names those aside.
    [[nodiscard]] std::string plain(std::string message) const;
    /// Puts all in their places. Throws Error{Resource}, path last: before the first one where one
    /// of them cannot take its place for what is there; where renaming fails halfway, what was not
    /// there before is taken back, and the message says which files were replaced already.
    void commit();

private:
    struct Staged {
        std::filesystem::path aside;
        std::filesystem::path target;
        bool is_directory = false;
    };

    std::filesystem::path asideIn(const std::filesystem::path& folder);
    void makeFolders(const std::filesystem::path& folder, const std::filesystem::path& target);
    void takeBack(const std::vector<bool>& was_there, std::size_t count);

    std::vector<Staged> staged_;
    std::vector<std::filesystem::path> folders_; ///< hidden ones
    std::vector<std::filesystem::path> made_;    ///< that targets are to lie in
};

} // namespace vitreous
