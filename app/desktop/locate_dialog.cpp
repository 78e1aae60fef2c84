#include "app/desktop/locate_dialog.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>

#include "app/desktop/format_registry.h"
#include "app/desktop/input_list.h"

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(LocateDialog)
};

} // namespace

std::optional<std::filesystem::path> askWhereIs(
    const std::filesystem::path& missing,
    QWidget* parent) {
    const QString name = pathText(missing.filename());
    const QString title = Text::tr("Locate %1").arg(name);
    std::filesystem::path folder = missing.parent_path();
    std::error_code problem;
    while (folder.has_relative_path() && !std::filesystem::is_directory(folder, problem)) {
        folder = folder.parent_path();
    }
    const QString start = pathText(folder);
    // What no format's name ends like is a model's folder: files of such names do not open.
    const QString place = formatOf(name) != nullptr
                              ? QFileDialog::getOpenFileName(parent, title, start)
                              : QFileDialog::getExistingDirectory(parent, title, start);
    if (place.isEmpty()) {
        return std::nullopt;
    }
    return std::filesystem::path(QFile::encodeName(place).toStdString());
}

} // namespace vitreous
