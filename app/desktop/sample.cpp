#include "app/desktop/sample.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

namespace vitreous {
namespace {

constexpr const char* vit_file = "vit.safetensors";
constexpr const char* vit_llama_file = "vit_llama.safetensors";
constexpr const char* picture_file = "scene.png";

ModelSpec sampleModel(const QDir& folder, const char* file, const QString& label) {
    ModelSpec spec;
    spec.path = QFile::encodeName(folder.filePath(QString::fromLatin1(file))).toStdString();
    spec.label = label.toStdString();
    return spec;
}

} // namespace

std::optional<QString> sampleFolder() {
    const QDir program(QCoreApplication::applicationDirPath());
    for (const QString& place :
         {program.filePath(QStringLiteral("../../sample")),
          program.filePath(QStringLiteral("../share/vitreous/sample")),
          QStringLiteral(VITREOUS_SAMPLE_DIR)}) {
        const QDir folder(place);
        if (folder.exists(QString::fromLatin1(vit_file)) &&
            folder.exists(QString::fromLatin1(vit_llama_file)) &&
            folder.exists(QString::fromLatin1(picture_file))) {
            return folder.canonicalPath();
        }
    }
    return std::nullopt;
}

bool openSample(Session& session) {
    const std::optional<QString> place = sampleFolder();
    if (!place) {
        return false;
    }
    const QDir folder(*place);
    session.openSample(
        {sampleModel(
             folder, vit_file, QCoreApplication::translate("Sample", "ViT (random weights)")),
         sampleModel(
             folder, vit_llama_file,
             QCoreApplication::translate("Sample", "ViT-LLaMA (random weights)"))},
        QFile::encodeName(folder.filePath(QString::fromLatin1(picture_file))).toStdString());
    return true;
}

} // namespace vitreous
