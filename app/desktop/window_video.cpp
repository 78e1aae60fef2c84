// What the main window does to write videos.

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>

#include "app/desktop/main_window.h"
#include "app/desktop/video_export_dialog.h"

namespace vitreous {

void MainWindow::askForVideoFile() {
    if (session_.video() == nullptr) {
        return;
    }
    VideoLook look = session_.videoLook(grid_->scene());
    VideoExportDialog dialog(look, session_.shownRate(), this);
    if (dialog.exec() != QDialog::Accepted) {
        return;
    }
    dialog.apply(look);
    const bool is_folder = dialog.kind() == VideoExportDialog::Kind::Pictures;
    const bool is_arrays = dialog.kind() == VideoExportDialog::Kind::Arrays;
    const QString stem = QFileInfo(pathText(session_.video()->path)).completeBaseName();
    QFileDialog chooser(this, tr("Export Video"));
    chooser.setAcceptMode(QFileDialog::AcceptSave);
    if (is_folder) {
        // A folder that is made: the name of one that is not there yet.
        chooser.setNameFilters({tr("Folder of pictures (*)")});
        chooser.selectFile(stem + tr(" maps"));
    } else {
        chooser.setNameFilters({is_arrays ? tr("Arrays (*.npz)") : tr("H.264 video (*.mp4)")});
        chooser.setDefaultSuffix(is_arrays ? QStringLiteral("npz") : QStringLiteral("mp4"));
        chooser.selectFile(stem + (is_arrays ? QStringLiteral(".npz") : tr(" maps.mp4")));
    }
    if (chooser.exec() == QDialog::Accepted) {
        exportVideo(
            chooser.selectedFiles().front() + QString::fromLatin1(is_folder ? "/" : ""), look);
    }
}

void MainWindow::exportVideo(const QString& path, const VideoLook& look) {
    const std::filesystem::path target = QFile::encodeName(path).toStdString();
    if (mayReplace(session_.replacedVideoFiles(target))) {
        session_.exportVideo(target, look);
    }
}

} // namespace vitreous
