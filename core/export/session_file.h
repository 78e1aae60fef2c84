#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/analysis/model.h"

namespace vitreous {

/// What tells whether a file is still the one that a session was saved with. Of a directory: of its
/// own files that are not hidden.
struct FileFacts {
    std::optional<std::uint64_t> bytes;    ///< all of them
    std::optional<std::int64_t> time_nsec; ///< of the last modification, since 1970
    std::string sha256;                    ///< as sha256OfFile; empty: not known

    friend bool operator==(const FileFacts&, const FileFacts&) = default;
};

/// The facts as they are now, without the digest; nothing where there is no such file.
FileFacts factsOf(const std::filesystem::path& path);

/// How a file compares with what is known of it.
enum class FileCheck {
    Same,
    Changed,
    Missing,
    Unsure, ///< of another time but the same size: the digest tells
};

/// Compares without reading the file.
FileCheck checkFile(const std::filesystem::path& path, const FileFacts& known);

/// What a `.vitreous` file holds. Paths are absolute.
struct SessionFile {
    struct Model {
        ModelSpec spec;
        std::uint32_t chip = 0; ///< 0xrrggbb
        bool is_demo = false;

        friend bool operator==(const Model&, const Model&) = default;
    };
    struct Input {
        std::filesystem::path path;
        std::string caption;
        std::filesystem::path mask; ///< where its object is, as chosen; empty: nobody chose one
        std::int64_t frame = 0;     ///< of a video, that was looked at last
        bool is_demo = false;

        friend bool operator==(const Input&, const Input&) = default;
    };

    std::vector<Model> models;
    std::vector<Input> inputs;
    std::optional<std::size_t> current; ///< of inputs
    DeviceSpec device;
    bool mesh_faces = false; ///< points are spread over the faces of meshes; else their vertices
    /// What is of the demo comparison is there until something else is opened.
    bool demo_gives_way = false;
    nlohmann::json view = nlohmann::json::object(); ///< the window's own business
    std::map<std::filesystem::path, FileFacts> files;
    /// Of an autosave: where the session belongs, and whether that file lacks what is here.
    std::filesystem::path saved_as;
    bool is_modified = false;

    friend bool operator==(const SessionFile&, const SessionFile&) = default;
};

/// All files that the session needs, each once: checkpoints, LLM files, inputs, masks.
std::vector<std::filesystem::path> filesOf(const SessionFile& session);

/// Throws Error{Input} that names the first file whose name is not UTF-8: a session cannot hold it.
void requireNames(const SessionFile& session);

/// The text of a session file in that folder. Files are named by their place relative to the folder
/// and by their absolute path. Throws as requireNames.
std::string formatSession(const SessionFile& session, const std::filesystem::path& folder);

/// Parses the text of a session file in that folder. A file is taken where it lies relative to the
/// folder, else at its absolute path, there or not; of both, one of the known size. Unknown keys
/// are ignored. Throws Error{Input} that names the key.
SessionFile parseSession(std::string_view text, const std::filesystem::path& folder);

/// Reads a session file. Throws Error{Input}, path last.
SessionFile readSession(const std::filesystem::path& path);

/// Writes a session file whole or not at all. Throws Error{Resource}, path last, or as
/// requireNames.
void writeSession(const std::filesystem::path& path, const SessionFile& session);

/// The text names itself a session.
bool looksLikeSession(std::string_view head);

} // namespace vitreous
