#include "app/desktop/demo.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QHash>
#include <QTextStream>

namespace vitreous {
namespace {

/// What a demo comparison is made of, beside each other in the demo's folder.
struct DemoParts {
    const char* file; ///< of the first model
    const char* label;
    const char* llama_file; ///< of the one with an LLM block
    const char* llama_label;
    const char* inputs; ///< a folder
    const char* pattern;
    const char* classes; ///< of the inputs, as lines `file,class`
};

DemoParts partsOf(DemoKind kind) {
    if (kind == DemoKind::Points) {
        return {"point.safetensors", "Point-BERT", "point_llama.safetensors",
                "Point-BERT-LLaMA",  "shapes",     "*.ply",
                "shapes/labels.csv"};
    }
    if (kind == DemoKind::Videos) {
        return {"vit.safetensors", "ViT",   "vit_llama.safetensors", "ViT-LLaMA",
                "clips",           "*.mp4", "clips/labels.csv"};
    }
    return {"vit.safetensors", "ViT",       "vit_llama.safetensors", "ViT-LLaMA", "scenes",
            "*.png",           "labels.csv"};
}

std::filesystem::path nativePath(const QString& path) {
    return QFile::encodeName(path).toStdString();
}

QStringList inputsIn(const QDir& folder, const DemoParts& parts) {
    return QDir(folder.filePath(QString::fromLatin1(parts.inputs)))
        .entryList({QString::fromLatin1(parts.pattern)}, QDir::Files, QDir::Name);
}

/// What each scene shows, by file name: the lines `file,class` behind the first one.
QHash<QString, QString> labelsIn(const QDir& folder, const char* labels_file) {
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

ModelSpec demoModel(const QDir& folder, const char* file, const char* label) {
    ModelSpec spec;
    spec.path = nativePath(folder.filePath(QString::fromLatin1(file)));
    spec.label = label;
    return spec;
}

} // namespace

std::optional<QString> demoFolder(DemoKind kind) {
    const DemoParts parts = partsOf(kind);
    const QDir program(QCoreApplication::applicationDirPath());
    for (const QString& place :
         {program.filePath(QStringLiteral("../../../resources/demo")),
          program.filePath(QStringLiteral("../share/vitreous/demo")),
          QStringLiteral(VITREOUS_DEMO_DIR)}) {
        const QDir folder(place);
        if (folder.exists(QString::fromLatin1(parts.file)) &&
            folder.exists(QString::fromLatin1(parts.llama_file)) &&
            !inputsIn(folder, parts).isEmpty()) {
            return folder.canonicalPath();
        }
    }
    return std::nullopt;
}

std::vector<ModelSpec> demoModels(DemoKind kind) {
    const std::optional<QString> place = demoFolder(kind);
    if (!place) {
        return {};
    }
    const QDir folder(*place);
    const DemoParts parts = partsOf(kind);
    return {
        demoModel(folder, parts.file, parts.label),
        demoModel(folder, parts.llama_file, parts.llama_label)};
}

bool openDemo(Session& session, DemoKind kind) {
    const std::optional<QString> place = demoFolder(kind);
    if (!place) {
        return false;
    }
    const QDir folder(*place);
    const DemoParts parts = partsOf(kind);
    const QHash<QString, QString> labels = labelsIn(folder, parts.classes);
    std::vector<CaptionedInput> inputs;
    for (const QString& input : inputsIn(folder, parts)) {
        const QString path = QString::fromLatin1(parts.inputs) + u'/' + input;
        inputs.push_back({nativePath(folder.filePath(path)), labels.value(input)});
    }
    session.openDemo(demoModels(kind), inputs);
    return true;
}

} // namespace vitreous
