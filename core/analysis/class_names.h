#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace vitreous {

/// The names of a model's classes and where they are from.
struct ClassNames {
    std::vector<std::string> names; ///< empty, or one a class
    std::string source;             ///< the file's name; empty without names

    friend bool operator==(const ClassNames&, const ClassNames&) = default;
};

/// The names in a text: one a line, without the blanks around it; what a line holds beside a first
/// name stays. Empty lines, a byte order mark and carriage returns do not count. Returns none where
/// the text is no UTF-8.
std::vector<std::string> parseClassNames(std::string_view text);

/// The names beside a checkpoint file, or in a checkpoint directory: from the first of STEM.names,
/// STEM.classes.txt, classes.txt, class_names.txt, imagenet_classes.txt and labels.txt that holds
/// exactly `classes` of them. STEM: the file's name without its extension, the directory's name.
/// Others are passed over in silence, as is what is larger than 1 MiB or cannot be read.
ClassNames classNamesBeside(const std::filesystem::path& checkpoint, int classes);

} // namespace vitreous
