#include "app/desktop/locate_dialog.h"

#include <QFileDialog>
#include <QFileInfo>

#include "app/desktop/input_list.h"

namespace vitreous {

std::optional<std::filesystem::path> askWhereIs(
    const std::filesystem::path& missing,
    QWidget* parent) {
    const QString name = pathText(missing.filename());
    const QString title = QFileDialog::tr("Locate %1").arg(name);
    const QString start = pathText(missing.parent_path());
    // What has no extension is a model's folder: files without one do not open.
    const QString place = missing.has_extension()
                              ? QFileDialog::getOpenFileName(parent, title, start)
                              : QFileDialog::getExistingDirectory(parent, title, start);
    if (place.isEmpty()) {
        return std::nullopt;
    }
    return std::filesystem::path(QFile::encodeName(place).toStdString());
}

} // namespace vitreous
