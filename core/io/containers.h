#pragma once

#include <memory>
#include <string>

#include "core/io/checkpoint.h"
#include "core/io/mapped_file.h"

namespace vitreous {

// One function for each container: fills a checkpoint whose path is set. All throw Error{Model},
// path last.

void readTorchZip(
    Checkpoint& checkpoint,
    const std::shared_ptr<const MappedFile>& file,
    const std::string& state);
void readTorchLegacy(
    Checkpoint& checkpoint,
    const std::shared_ptr<const MappedFile>& file,
    const std::string& state);
void readSafetensors(
    Checkpoint& checkpoint,
    const std::shared_ptr<const MappedFile>& file,
    const std::string& state);
/// A Hugging Face or Meta LLaMA directory.
void readDirectory(Checkpoint& checkpoint, const std::string& state);

/// A JSON file's content, null where there is no such file. Throws Error{Model} where it is broken.
nlohmann::json readJsonFile(const std::filesystem::path& path);

} // namespace vitreous
