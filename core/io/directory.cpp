#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/io/bounded_json.h"
#include "core/io/containers.h"
#include "core/io/printable.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& what) {
    throw Error(ErrorCode::Model, what + ": " + path.string());
}

/// The files of a model, and for every tensor that an index promises the file that has to hold it.
struct Parts {
    std::set<fs::path> files;
    std::map<std::string, fs::path> promised;
};

/// The shards that an index names; none may lie outside the directory.
Parts shardsOf(const fs::path& directory, const fs::path& index) {
    const nlohmann::json json = readJsonFile(index);
    if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object() ||
        json["weight_map"].empty()) {
        refuse(index, "expected an index with a weight_map");
    }
    Parts parts;
    for (const auto& [tensor, file] : json["weight_map"].items()) {
        const std::string name = file.is_string() ? file.get<std::string>() : "";
        if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos) {
            refuse(index, printable(tensor) + ": its shard is no file of this directory");
        }
        parts.files.insert(directory / name);
        parts.promised[tensor] = directory / name;
    }
    return parts;
}

/// Files of a directory whose names begin and end so.
std::set<fs::path>
filesNamed(const fs::path& directory, std::string_view begin, std::string_view end) {
    std::set<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(directory)) {
        const std::string name = entry.path().filename().string();
        if (name.size() >= begin.size() + end.size() && name.starts_with(begin) &&
            name.ends_with(end)) {
            files.insert(entry.path());
        }
    }
    return files;
}

Parts filesOf(const fs::path& directory) {
    for (const char* name : {"model.safetensors", "pytorch_model.bin"}) {
        if (fs::exists(directory / name)) {
            return {{directory / name}, {}};
        }
        if (const fs::path index = directory / (std::string(name) + ".index.json");
            fs::exists(index)) {
            return shardsOf(directory, index);
        }
    }
    // Shards whose index was left behind.
    Parts parts{filesNamed(directory, "pytorch_model", ".bin"), {}};
    if (parts.files.empty()) {
        refuse(directory, "a directory without model.safetensors or pytorch_model.bin");
    }
    return parts;
}

Parts metaFilesOf(const fs::path& directory) {
    Parts parts{filesNamed(directory, "consolidated.", ".pth"), {}};
    if (parts.files.empty()) {
        refuse(directory, "a directory with params.json and without consolidated.00.pth");
    }
    if (parts.files.size() > 1) {
        refuse(
            directory,
            "a Meta checkpoint in " + std::to_string(parts.files.size()) +
                " shards, expected one consolidated.00.pth (they have to be merged first)");
    }
    return parts;
}

/// Adds one file's tensors; a name may come once.
void addPart(
    Checkpoint& checkpoint,
    const fs::path& file,
    const std::string& state,
    std::map<std::string, fs::path>& found) {
    if (fs::is_directory(file)) {
        refuse(file, "is a directory, expected a file of weights");
    }
    Checkpoint part = openCheckpoint(file, {.state_key = state});
    for (TensorEntry& entry : part.tensors) {
        if (!found.emplace(entry.name, file).second) {
            refuse(checkpoint.path, "two shards hold a tensor " + printable(entry.name));
        }
        checkpoint.tensors.push_back(std::move(entry));
    }
    checkpoint.files.push_back(file);
    checkpoint.file_bytes += part.file_bytes;
    checkpoint.state_key = part.state_key;
    checkpoint.state_keys = part.state_keys;
    if (checkpoint.arguments.is_null()) {
        checkpoint.arguments = part.arguments;
    }
}

} // namespace

nlohmann::json readJsonFile(const fs::path& path) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
        return nullptr;
    }
    if (!fs::is_regular_file(path, ignored)) {
        refuse(path, "is no regular file");
    }
    if (fs::file_size(path, ignored) > 100'000'000) {
        refuse(path, "is too large for a configuration");
    }
    std::ifstream file(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    nlohmann::json json = parseBoundedJson(text);
    if (json.is_discarded()) {
        refuse(path, "is not valid JSON, or nested too deep");
    }
    return json;
}

void readDirectory(Checkpoint& checkpoint, const std::string& state) {
    const fs::path directory = checkpoint.path;
    Parts parts;
    if (fs::exists(directory / "config.json")) {
        checkpoint.container = "Hugging Face directory";
        checkpoint.config = readJsonFile(directory / "config.json");
        parts = filesOf(directory);
    } else if (fs::exists(directory / "params.json")) {
        checkpoint.container = "Meta directory";
        checkpoint.config = readJsonFile(directory / "params.json");
        parts = metaFilesOf(directory);
    } else {
        refuse(directory, "a directory without config.json (Hugging Face) or params.json (Meta)");
    }
    std::map<std::string, fs::path> found;
    for (const fs::path& file : parts.files) {
        addPart(checkpoint, file, state, found);
    }
    for (const auto& [tensor, file] : parts.promised) {
        if (const auto place = found.find(tensor); place == found.end() || place->second != file) {
            refuse(
                file, printable(tensor) + ": the index names this shard, which does not hold it");
        }
    }
}

} // namespace vitreous
