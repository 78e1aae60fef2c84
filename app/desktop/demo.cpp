#include "app/desktop/demo.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QHash>
#include <QTextStream>

namespace vitreous {
namespace {

constexpr const char* vit_file = "vit.safetensors";
constexpr const char* vit_llama_file = "vit_llama.safetensors";
constexpr const char* scenes_folder = "scenes";
constexpr const char* labels_file = "labels.csv";

std::filesystem::path nativePath(const QString& path) {
    return QFile::encodeName(path).toStdString();
}

QStringList scenesIn(const QDir& folder) {
    return QDir(folder.filePath(QString::fromLatin1(scenes_folder)))
        .entryList({QStringLiteral("*.png")}, QDir::Files, QDir::Name);
}

/// What each scene shows, by file name: the lines `file,class` behind the first one.
QHash<QString, QString> labelsIn(const QDir& folder) {
    QHash<QString, QString> labels;
    QFile file(folder.filePath(QString::fromLatin1(labels_file)));
    if (!file.open(QIODevice::ReadOnly | QIODevice::Text)) {
        return labels;
    }
    QTextStream lines(&file);
    lines.readLine();
    while (!lines.atEnd()) {
        const QString line = lines.readLine();
        const qsizetype comma = line.indexOf(u',');
        labels.insert(line.left(comma), line.mid(comma + 1).trimmed());
    }
    return labels;
}

ModelSpec demoModel(const QDir& folder, const char* file, const QString& label) {
    ModelSpec spec;
    spec.path = nativePath(folder.filePath(QString::fromLatin1(file)));
    spec.label = label.toStdString();
    return spec;
}

} // namespace

std::optional<QString> demoFolder() {
    const QDir program(QCoreApplication::applicationDirPath());
    for (const QString& place :
         {program.filePath(QStringLiteral("../../../resources/demo")),
          program.filePath(QStringLiteral("../share/vitreous/demo")),
          QStringLiteral(VITREOUS_DEMO_DIR)}) {
        const QDir folder(place);
        if (folder.exists(QString::fromLatin1(vit_file)) &&
            folder.exists(QString::fromLatin1(vit_llama_file)) && !scenesIn(folder).isEmpty()) {
            return folder.canonicalPath();
        }
    }
    return std::nullopt;
}

bool openDemo(Session& session) {
    const std::optional<QString> place = demoFolder();
    if (!place) {
        return false;
    }
    const QDir folder(*place);
    const QHash<QString, QString> labels = labelsIn(folder);
    std::vector<CaptionedInput> inputs;
    for (const QString& scene : scenesIn(folder)) {
        const QString path = QString::fromLatin1(scenes_folder) + u'/' + scene;
        inputs.push_back({nativePath(folder.filePath(path)), labels.value(scene)});
    }
    session.openDemo(
        {demoModel(folder, vit_file, QStringLiteral("ViT")),
         demoModel(folder, vit_llama_file, QStringLiteral("ViT-LLaMA"))},
        inputs);
    return true;
}

} // namespace vitreous
