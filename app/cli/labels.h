#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

#include "core/analysis/model.h"

namespace vitreous::cli {

/// What a labels file says of one picture.
struct Label {
    std::string class_name; ///< or a class's number
    std::size_t line = 0;   ///< in the file, from 1
};

/// By the name of the picture's file, without directories.
using Labels = std::map<std::string, Label>;

/// Reads a CSV file of two columns, `file,class`; a first line that says just that is the header.
/// Directories in front of a file's name and empty lines are left out.
/// Throws Error{Input}, path last: it cannot be read, a line that is not two fields, a file named
/// twice, no labels at all.
Labels readLabels(const std::filesystem::path& path);

/// The number of the label's class in the model: its class of that name, else that number. path:
/// the labels file. Throws Error{Input}, path last, where the model has no such class.
int classIndex(const Label& label, const ModelSummary& model, const std::filesystem::path& path);

} // namespace vitreous::cli
