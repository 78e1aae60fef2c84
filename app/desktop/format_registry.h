#pragma once

#include <filesystem>
#include <vector>

#include <QString>
#include <QStringList>

#include "core/analysis/model.h"

namespace vitreous {

enum class FileKind { Model, Input, Session };

/// A kind of file that opens. Adding one is one row in format_registry.cpp.
struct FileFormat {
    QString name;           ///< "Checkpoints"
    QStringList extensions; ///< lower case, with the dot
    FileKind kind = FileKind::Model;
};

const std::vector<FileFormat>& fileFormats();

/// The format that a file's name tells by its extension; nullptr: none that opens.
const FileFormat* formatOf(const QString& name);

/// The filters of an open dialog; the first holds everything.
QString openFilter();

/// One sentence for people.
QString whatOpens();

/// What a list of arguments or dropped files comes to, in the order given.
struct FileSelection {
    std::vector<ModelSpec> models;
    std::vector<std::filesystem::path> inputs;
    std::vector<std::filesystem::path> sessions; ///< one at most takes the place of what is open
    QStringList problems;                        ///< what could not be placed, path last
};

/// Sorts files by content where it is certain, else by extension. A directory with a config.json is
/// a model, any other stands for its files. Arguments may carry model options (`PATH,heads=3`).
FileSelection selectFiles(const QStringList& arguments);

} // namespace vitreous
