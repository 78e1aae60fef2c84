#include "app/desktop/format_registry.h"

#include <algorithm>
#include <array>
#include <optional>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include "core/base/error.h"
#include "core/export/session_file.h"
#include "core/media/image_file.h"
#include "core/media/video_container.h"
#include "core/points/cloud_file.h"

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Files)
};

QStringList pictureExtensions() {
    QStringList extensions;
    for (const std::string& extension : imageExtensions()) {
        extensions << QString::fromStdString(extension);
    }
    return extensions;
}

QStringList videoFileExtensions() {
    QStringList extensions;
    for (const std::string& extension : videoExtensions()) {
        extensions << QString::fromStdString(extension);
    }
    return extensions;
}

/// Without the arrays, which are listed on their own.
QStringList cloudExtensions() {
    QStringList extensions;
    for (const std::string_view extension : pointCloudExtensions()) {
        if (extension != ".npy") {
            extensions << QString::fromUtf8(extension.data(), qsizetype(extension.size()));
        }
    }
    return extensions;
}

/// Text that may be points, and as well anything else.
bool isPlainText(const QString& name) {
    const QString suffix = QFileInfo(name).suffix().toLower();
    return suffix == u"txt" || suffix == u"csv";
}

std::filesystem::path nativePath(const QString& path) {
    return std::filesystem::path(QFile::encodeName(path).toStdString());
}

std::optional<FileKind> kindByExtension(const QString& path) {
    const FileFormat* format = formatOf(path);
    return format != nullptr ? std::optional(format->kind) : std::nullopt;
}

/// What the first bytes leave no doubt about.
std::optional<FileKind> kindByContent(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return std::nullopt;
    }
    const QByteArray head = file.read(256);
    static const std::array<QByteArray, 8> pictures = {
        QByteArrayLiteral("\x89PNG\r\n"), QByteArrayLiteral("\xff\xd8\xff"),
        QByteArrayLiteral("BM"),          QByteArrayLiteral("II*"),
        QByteArray("MM\0*", 4),           QByteArrayLiteral("GIF8"),
        QByteArrayLiteral("P6\n"),        QByteArrayLiteral("\x93NUMPY")};
    const auto starts = [&head](const QByteArray& magic) { return head.startsWith(magic); };
    if (std::any_of(pictures.begin(), pictures.end(), starts) ||
        (head.startsWith("RIFF") && head.mid(8, 4) == "WEBP")) {
        return FileKind::Input;
    }
    if (looksLikeSession({head.data(), std::size_t(head.size())})) {
        return FileKind::Session;
    }
    const bool torch_zip = head.startsWith("PK\x03\x04") && head.contains("data.pkl");
    const bool legacy_pickle = head.startsWith("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46");
    const bool safetensors = head.size() > 9 && head.at(8) == '{' && head.at(9) == '"';
    if (torch_zip || legacy_pickle || safetensors) {
        return FileKind::Model;
    }
    return std::nullopt;
}

bool isModelDirectory(const QDir& directory) {
    return directory.exists(QStringLiteral("config.json")) ||
           directory.exists(QStringLiteral("model.safetensors.index.json"));
}

void addModel(FileSelection& selection, const QString& argument) {
    try {
        selection.models.push_back(parseModelSpec(QFile::encodeName(argument).toStdString()));
    } catch (const Error& error) {
        selection.problems << QString::fromStdString(error.what());
    }
}

std::optional<FileKind> kindOfEntry(const QFileInfo& entry) {
    if (entry.isFile()) {
        // A folder's notes and tables are no clouds that anybody asked for.
        return isPlainText(entry.fileName()) ? std::nullopt : kindByExtension(entry.filePath());
    }
    if (isModelDirectory(QDir(entry.filePath()))) {
        return FileKind::Model;
    }
    return std::nullopt;
}

void addSession(FileSelection& selection, const std::filesystem::path& path) {
    if (selection.sessions.empty()) {
        selection.sessions.push_back(path);
    } else {
        selection.problems << Text::tr("Only one session is open at a time: %1")
                                  .arg(QFile::decodeName(path.c_str()));
    }
}

void addDirectory(FileSelection& selection, const QDir& directory) {
    const auto entries =
        directory.entryInfoList(QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
    // A folder stands for what is to be looked at; a session is opened from it where it is all.
    std::vector<std::filesystem::path> sessions;
    bool found = false;
    for (const QFileInfo& entry : entries) {
        const std::filesystem::path path = nativePath(entry.filePath());
        const std::optional<FileKind> kind = kindOfEntry(entry);
        if (!kind) {
            continue;
        }
        switch (*kind) {
        case FileKind::Session:
            sessions.push_back(path);
            continue;
        case FileKind::Input:
            selection.inputs.push_back(path);
            break;
        case FileKind::Model:
            ModelSpec spec;
            spec.path = path;
            selection.models.push_back(spec);
            break;
        }
        found = true;
    }
    if (!found && sessions.size() == 1) {
        addSession(selection, sessions.front());
    } else if (!found) {
        selection.problems
            << (directory.isReadable()
                    ? Text::tr("Nothing in this folder opens, expected %1: %2")
                          .arg(whatOpens(), directory.path())
                    : Text::tr("The folder cannot be read: %1").arg(directory.path()));
    }
}

void addFile(FileSelection& selection, const QString& path) {
    const auto by_content = kindByContent(path);
    const auto kind = by_content ? by_content : kindByExtension(path);
    if (kind == FileKind::Model) {
        ModelSpec spec;
        spec.path = nativePath(path);
        selection.models.push_back(spec);
    } else if (kind == FileKind::Input) {
        selection.inputs.push_back(nativePath(path));
    } else if (kind == FileKind::Session) {
        addSession(selection, nativePath(path));
    } else {
        selection.problems
            << Text::tr("This kind of file does not open, expected %1: %2").arg(whatOpens(), path);
    }
}

} // namespace

const std::vector<FileFormat>& fileFormats() {
    static const std::vector<FileFormat> formats = {
        {Text::tr("Checkpoints"),
         {QStringLiteral(".pth"), QStringLiteral(".pt"), QStringLiteral(".bin"),
          QStringLiteral(".ckpt"), QStringLiteral(".safetensors")},
         FileKind::Model},
        {Text::tr("Pictures"), pictureExtensions(), FileKind::Input},
        {Text::tr("Videos"), videoFileExtensions(), FileKind::Input},
        {Text::tr("Point clouds"), cloudExtensions(), FileKind::Input},
        {Text::tr("Preprocessed inputs"), {QStringLiteral(".npy")}, FileKind::Input},
        {Text::tr("Sessions"), {QStringLiteral(".vitreous")}, FileKind::Session},
    };
    return formats;
}

const FileFormat* formatOf(const QString& name) {
    const QString extension = u'.' + QFileInfo(name).suffix().toLower();
    const auto& formats = fileFormats();
    const auto found =
        std::find_if(formats.begin(), formats.end(), [&extension](const FileFormat& format) {
            return format.extensions.contains(extension);
        });
    return found == formats.end() ? nullptr : &*found;
}

QString openFilter() {
    QStringList all;
    QStringList filters;
    for (const FileFormat& format : fileFormats()) {
        QStringList patterns;
        for (const QString& extension : format.extensions) {
            patterns << u'*' + extension << u'*' + extension.toUpper();
        }
        all << patterns;
        filters << QStringLiteral("%1 (%2)").arg(format.name, patterns.join(u' '));
    }
    filters.prepend(Text::tr("All that opens (%1)").arg(all.join(u' ')));
    filters.append(Text::tr("All files (*)"));
    return filters.join(QStringLiteral(";;"));
}

QString whatOpens() {
    return Text::tr("checkpoints (.pth, .pt, .bin, .ckpt, .safetensors or a Hugging Face folder), "
                    "pictures, videos (.mp4, .mov, .avi, .mkv, .webm, …), point clouds (.ply, "
                    ".pcd, .xyz, .txt, .csv, .off, .h5), .npy inputs and "
                    ".vitreous sessions");
}

FileSelection selectFiles(const QStringList& arguments) {
    FileSelection selection;
    for (const QString& argument : arguments) {
        const QFileInfo info(argument);
        if (info.isDir()) {
            const QDir directory(argument);
            if (isModelDirectory(directory)) {
                ModelSpec spec;
                spec.path = nativePath(argument);
                selection.models.push_back(spec);
            } else {
                addDirectory(selection, directory);
            }
        } else if (info.isFile()) {
            addFile(selection, argument);
        } else if (info.exists()) {
            // Opening a pipe would wait for its other end.
            selection.problems << Text::tr(
                                      "This is a pipe, a socket or a device, expected a file: %1")
                                      .arg(argument);
        } else if (const qsizetype comma = argument.indexOf(u',');
                   comma > 0 && argument.indexOf(u'=', comma) > 0) {
            addModel(selection, argument);
        } else {
            selection.problems << Text::tr("There is no such file: %1").arg(argument);
        }
    }
    return selection;
}

} // namespace vitreous
