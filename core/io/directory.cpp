#include <fstream>
#include <set>

#include "core/base/error.h"
#include "core/io/containers.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& what) {
    throw Error(ErrorCode::Model, what + ": " + path.string());
}

/// The shards that an index names; none may lie outside the directory.
std::vector<fs::path> shardsOf(const fs::path& directory, const fs::path& index) {
    const nlohmann::json json = readJsonFile(index);
    if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object()) {
        refuse(index, "expected an index with a weight_map");
    }
    std::set<std::string> names;
    for (const auto& [tensor, file] : json["weight_map"].items()) {
        const std::string name = file.is_string() ? file.get<std::string>() : "";
        if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos) {
            refuse(index, tensor + ": its shard is no file of this directory");
        }
        names.insert(name);
    }
    std::vector<fs::path> shards;
    for (const std::string& name : names) {
        shards.push_back(directory / name);
    }
    return shards;
}

std::vector<fs::path> filesOf(const fs::path& directory) {
    for (const char* name : {"model.safetensors", "pytorch_model.bin"}) {
        if (fs::exists(directory / name)) {
            return {directory / name};
        }
        if (const fs::path index = directory / (std::string(name) + ".index.json");
            fs::exists(index)) {
            return shardsOf(directory, index);
        }
    }
    refuse(directory, "a directory without model.safetensors or pytorch_model.bin");
}

std::vector<fs::path> metaFilesOf(const fs::path& directory) {
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(directory)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("consolidated.") && name.ends_with(".pth")) {
            files.push_back(entry.path());
        }
    }
    if (files.size() != 1) {
        refuse(
            directory, "expected one consolidated.*.pth, found " + std::to_string(files.size()) +
                           " (model-parallel parts have to be merged first)");
    }
    return files;
}

} // namespace

nlohmann::json readJsonFile(const fs::path& path) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
        return nullptr;
    }
    if (fs::file_size(path, ignored) > 100'000'000) {
        refuse(path, "is too large for a configuration");
    }
    std::ifstream file(path);
    const nlohmann::json json = nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false);
    if (json.is_discarded()) {
        refuse(path, "is not valid JSON");
    }
    return json;
}

void readDirectory(Checkpoint& checkpoint, const std::string& state) {
    const fs::path directory = checkpoint.path;
    std::vector<fs::path> files;
    std::string container;
    if (fs::exists(directory / "config.json")) {
        checkpoint.config = readJsonFile(directory / "config.json");
        files = filesOf(directory);
        container = "Hugging Face directory";
    } else if (fs::exists(directory / "params.json")) {
        checkpoint.config = readJsonFile(directory / "params.json");
        files = metaFilesOf(directory);
        container = "Meta directory";
    } else {
        refuse(directory, "a directory without config.json (Hugging Face) or params.json (Meta)");
    }
    std::set<std::string> names;
    for (const fs::path& file : files) {
        Checkpoint shard = openCheckpoint(file, {.state_key = state});
        for (TensorEntry& entry : shard.tensors) {
            if (!names.insert(entry.name).second) {
                refuse(directory, "two shards hold a tensor " + entry.name);
            }
            checkpoint.tensors.push_back(std::move(entry));
        }
        checkpoint.files.push_back(file);
        checkpoint.file_bytes += shard.file_bytes;
        checkpoint.state_key = shard.state_key;
        checkpoint.state_keys = shard.state_keys;
    }
    checkpoint.container = container;
}

} // namespace vitreous
