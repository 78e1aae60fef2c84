#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "core/export/session_file.h"
#include "widgets/view_state.h"

namespace vitreous {

/// What is known of files, by absolute path.
using KnownFiles = std::map<std::filesystem::path, FileFacts>;

/// All that a session is, apart from what can be computed again. Paths are absolute.
struct SessionState {
    std::vector<SessionFile::Model> models;
    std::vector<SessionFile::Input> inputs;
    std::optional<std::size_t> current; ///< of inputs
    ViewState view;
    DeviceSpec device;
    bool mesh_faces = false;     ///< points are spread over the faces of meshes
    bool demo_gives_way = false; ///< to what is opened next

    friend bool operator==(const SessionState&, const SessionState&) = default;
};

/// The state as a file holds it.
SessionFile sessionFile(const SessionState& state, KnownFiles files);
/// The state in a file. Throws Error{Input} that names the key, where the view is none.
SessionState sessionState(const SessionFile& file);

} // namespace vitreous
