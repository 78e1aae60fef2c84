#include "core/export/session_file.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <set>

#include "core/base/file_output.h"
#include "core/base/file_stamp.h"
#include "core/export/session_reader.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// Symbolic links on the way count as what they lead to, else ".." would lead astray. A link that
/// is the file itself stays: the file it leads to may have another name.
fs::path resolved(const fs::path& path) {
    std::error_code problem;
    const fs::path absolute = fs::absolute(path).lexically_normal();
    const fs::path parent = fs::weakly_canonical(absolute.parent_path(), problem);
    return problem ? absolute : parent / absolute.filename();
}

/// Where the file is and what is known of it.
Json place(const SessionFile& session, const fs::path& path, const fs::path& folder) {
    Json json = {{"path", path.string()}};
    const fs::path relative =
        resolved(path).lexically_relative(resolved(folder / ".").parent_path());
    if (!relative.empty()) {
        json["relative"] = relative.generic_string();
    }
    const auto known = session.files.find(path);
    if (known == session.files.end()) {
        return json;
    }
    const FileFacts& facts = known->second;
    if (facts.bytes) {
        json["bytes"] = *facts.bytes;
    }
    if (facts.time_nsec) {
        json["time_nsec"] = *facts.time_nsec;
    }
    if (!facts.sha256.empty()) {
        json["sha256"] = facts.sha256;
    }
    return json;
}

std::string colorText(std::uint32_t color) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "#%06x", color & 0xffffffU);
    return text.data();
}

Json modelJson(
    const SessionFile& session,
    const SessionFile::Model& model,
    const fs::path& folder) {
    Json json = place(session, model.spec.path, folder);
    Json options = Json::object();
    for (const auto& [key, value] : specOptions(model.spec)) {
        if (key != "llm") {
            options[key] = value;
        }
    }
    json["options"] = std::move(options);
    if (!model.spec.llm.empty()) {
        json["llm"] = place(session, model.spec.llm, folder);
    }
    json["chip"] = colorText(model.chip);
    json["demo"] = model.is_demo;
    return json;
}

} // namespace

FileFacts factsOf(const fs::path& path) {
    FileFacts facts;
    for (const FileStamp::Entry& entry : stampOf(path).files) {
        const std::int64_t time = entry.times[0] * 1'000'000'000 + entry.times[2];
        facts.bytes = facts.bytes.value_or(0) + std::uint64_t(entry.size);
        facts.time_nsec = std::max(facts.time_nsec.value_or(time), time);
    }
    return facts;
}

FileCheck checkFile(const fs::path& path, const FileFacts& known) {
    const FileFacts now = factsOf(path);
    if (!now.bytes) {
        return FileCheck::Missing;
    }
    if (known.bytes && known.bytes != now.bytes) {
        return FileCheck::Changed;
    }
    if (known.bytes && known.time_nsec == now.time_nsec) {
        return FileCheck::Same;
    }
    return FileCheck::Unsure;
}

std::vector<fs::path> filesOf(const SessionFile& session) {
    std::set<fs::path> files;
    for (const SessionFile::Model& model : session.models) {
        files.insert(model.spec.path);
        if (!model.spec.llm.empty()) {
            files.insert(model.spec.llm);
        }
    }
    for (const SessionFile::Input& input : session.inputs) {
        files.insert(input.path);
        if (!input.mask.empty()) {
            files.insert(input.mask);
        }
    }
    return {files.begin(), files.end()};
}

void requireNames(const SessionFile& session) {
    std::vector<fs::path> files = filesOf(session);
    files.push_back(session.saved_as);
    for (const fs::path& file : files) {
        try {
            (void)Json(file.string()).dump();
        } catch (const Json::type_error&) {
            throw Error(
                ErrorCode::Input, "a session cannot hold a file whose name is not UTF-8, expected "
                                  "it to be renamed: " +
                                      file.string());
        }
    }
}

std::string formatSession(const SessionFile& session, const fs::path& folder) {
    requireNames(session);
    Json json = {
        {"format", session_format},
        {"version", session_version},
        {"program", "Vitreous " VITREOUS_VERSION},
        {"device", session.device.device},
        {"precision", name(session.device.precision)},
        {"models", Json::array()},
        {"inputs", Json::array()}};
    for (const SessionFile::Model& model : session.models) {
        json["models"].push_back(modelJson(session, model, folder));
    }
    for (const SessionFile::Input& input : session.inputs) {
        Json entry = place(session, input.path, folder);
        if (!input.caption.empty()) {
            entry["caption"] = input.caption;
        }
        if (!input.mask.empty()) {
            entry["mask"] = place(session, input.mask, folder);
        }
        if (input.frame > 0) {
            entry["frame"] = input.frame;
        }
        if (input.is_demo) {
            entry["demo"] = true;
        }
        json["inputs"].push_back(std::move(entry));
    }
    json["current"] = session.current ? Json(*session.current) : Json(nullptr);
    if (session.demo_gives_way) {
        json["demo_gives_way"] = true;
    }
    json["view"] = session.view;
    if (session.mesh_faces) {
        json["mesh"] = "faces";
    }
    if (!session.saved_as.empty()) {
        json["saved_as"] = session.saved_as.string();
    }
    if (session.is_modified) {
        json["modified"] = true;
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

SessionFile readSession(const fs::path& path) {
    // Parsed it takes many times its size.
    constexpr std::uintmax_t most_bytes = 16'000'000;
    try {
        std::error_code problem;
        if (!fs::is_regular_file(path, problem)) {
            throw Error(ErrorCode::Input, "is no file");
        }
        if (fs::file_size(path, problem) > most_bytes) {
            throw Error(ErrorCode::Input, "is larger than a session can be (16 MB)");
        }
        std::ifstream file(path, std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        if (!file) {
            throw Error(ErrorCode::Input, "cannot be read");
        }
        return parseSession(text, fs::absolute(path).parent_path());
    } catch (const Error& error) {
        throw Error(
            error.code(),
            std::string("the session cannot be opened: ") + error.what() + ": " + path.string());
    }
}

void writeSession(const fs::path& path, const SessionFile& session) {
    writeFileWhole(path, formatSession(session, fs::absolute(path).parent_path()));
}

bool looksLikeSession(std::string_view head) {
    return head.starts_with('{') && head.find("\"vitreous-session\"") != std::string_view::npos;
}

} // namespace vitreous
