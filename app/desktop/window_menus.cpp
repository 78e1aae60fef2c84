// The main window's menus and what its actions do.

#include <QActionGroup>
#include <QFileDialog>
#include <QMenuBar>
#include <QMessageBox>

#include "app/desktop/cache_menu.h"
#include "app/desktop/format_registry.h"
#include "app/desktop/help_dialogs.h"
#include "app/desktop/main_window.h"
#include "app/desktop/mask_section.h"
#include "app/desktop/range_dialog.h"
#include "app/desktop/turntable_dialog.h"
#include "app/desktop/view_change.h"

namespace vitreous {
namespace {

QString qtText(std::string_view text) {
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

} // namespace

void MainWindow::buildMenus() {
    const auto add = [this](QMenu* menu, std::initializer_list<const char*> ids) {
        for (const char* id : ids) {
            if (*id == '\0') {
                menu->addSeparator();
            } else {
                menu->addAction(actions_[id]);
            }
        }
    };
    QMenu* file = menuBar()->addMenu(tr("&File"));
    add(file, {"file.open", "file.open_folder"});
    saving_->recent().fill(file->addMenu(tr("Open &Recent")));
    add(file, {"file.reopen", "file.load_mask", "file.demo", "file.point_demo", "file.video_demo",
               "", "file.save", "file.save_as", "", "file.export_view", "file.export_data",
               "file.export_video", "file.turntable", "", "file.quit"});
    add(menuBar()->addMenu(tr("&Edit")), {"edit.undo", "edit.redo", "", "edit.copy_figure"});
    QMenu* view = menuBar()->addMenu(tr("&View"));
    add(view, {"kind.layers", "kind.heads", "kind.figure3", "kind.scrub", "kind.difference",
               "kind.filmstrip", "", "view.magnitude", "view.frequency", "view.attention",
               "view.query_cls", "view.query", ""});
    add(view->addMenu(tr("Layer and &Head")),
        {"view.next_layer", "view.previous_layer", "", "view.next_head", "view.previous_head"});
    add(view->addMenu(tr("&Overlay")), {"view.blend", "view.heat", "view.contour", "view.beside",
                                        "", "view.nearest", "view.bilinear"});
    buildColormapMenu(view->addMenu(tr("C&olours")));
    add(view->addMenu(tr("&Range")),
        {"view.range_map", "view.range_row", "view.range_column", "view.range_view",
         "view.range_percentile", "view.range_fixed", "", "view.range_edit"});
    add(view->addMenu(tr("&Zoom")), {"view.zoom_in", "view.zoom_out", "view.zoom_reset"});
    videos_->fill(view->addMenu(tr("Vi&deo")));
    clouds_->fill(view->addMenu(tr("&Point Clouds")));
    view->addSeparator();
    view->addAction(models_panel_->toggleViewAction());
    view->addAction(inputs_panel_->toggleViewAction());
    view->addAction(inspector_->toggleViewAction());
    view->addAction(timeline_->toggleViewAction());
    add(view, {"view.controls", "view.hud"});
    view->addSeparator();
    add(view->addMenu(tr("&Theme")), {"view.light", "view.dark"});
    QMenu* run = menuBar()->addMenu(tr("&Run"));
    add(run, {"input.next", "input.previous", "", "run.again", "run.cancel", ""});
    buildRunMenu(run);
    add(menuBar()->addMenu(tr("&Help")), {"help.shortcuts", "help.about"});
}

// NOLINTBEGIN(clang-analyzer-cplusplus.NewDeleteLeaks): the window owns the groups.
void MainWindow::buildRunMenu(QMenu* menu) {
    menu->addMenu(new CacheMenu(session_, settings_.get(), this));
    QMenu* devices = menu->addMenu(tr("&Device"));
    auto* device_group = new QActionGroup(this);
    QStringList names = {QStringLiteral("auto"), QStringLiteral("cpu"), QStringLiteral("cuda")};
    const QString chosen = QString::fromStdString(session_.device().device);
    if (!names.contains(chosen)) {
        names << chosen;
    }
    for (const QString& name : names) {
        QAction* action = devices->addAction(name, [this, name] {
            DeviceSpec device = session_.device();
            device.device = name.toStdString();
            session_.setDevice(device);
        });
        action->setCheckable(true);
        action->setChecked(name == chosen);
        connect(&session_, &Session::deviceChanged, action, [this, action, name] {
            action->setChecked(name.toStdString() == session_.device().device);
        });
        device_group->addAction(action);
    }
    QMenu* precisions = menu->addMenu(tr("&Precision"));
    auto* precision_group = new QActionGroup(this);
    for (const Precision precision :
         {Precision::Float32, Precision::BFloat16, Precision::Float16}) {
        QAction* action = precisions->addAction(qtText(name(precision)), [this, precision] {
            DeviceSpec device = session_.device();
            device.precision = precision;
            session_.setDevice(device);
        });
        action->setCheckable(true);
        action->setChecked(precision == session_.device().precision);
        connect(&session_, &Session::deviceChanged, action, [this, action, precision] {
            action->setChecked(precision == session_.device().precision);
        });
        precision_group->addAction(action);
    }
}
// NOLINTEND(clang-analyzer-cplusplus.NewDeleteLeaks)

void MainWindow::connectActions() {
    const auto on = [this](const char* id, auto function) {
        connect(actions_[id], &QAction::triggered, this, function);
    };
    on("file.open", &MainWindow::askForFiles);
    on("file.open_folder", &MainWindow::askForFolder);
    actions_["file.reopen"]->setEnabled(saving_->hasLast());
    on("file.reopen", [this] { saving_->reopenLast(); });
    on("file.load_mask", [this] { askForMask(this, session_); });
    on("file.save", [this] { saving_->save(); });
    on("file.save_as", [this] { saving_->saveAs(); });
    on("file.demo", [this] { showDemo(); });
    on("file.point_demo", [this] { showDemo(DemoKind::Points); });
    on("file.video_demo", [this] { showDemo(DemoKind::Videos); });
    on("file.export_view", &MainWindow::askForViewFile);
    on("file.export_data", &MainWindow::askForDataFolder);
    on("file.export_video", &MainWindow::askForVideoFile);
    on("file.turntable", &MainWindow::askForTurntable);
    on("file.quit", [this] { close(); });
    on("edit.undo", [this] { session_.undo(); });
    on("edit.redo", [this] { session_.redo(); });
    on("edit.copy_figure", &MainWindow::copyFigure);
    on("input.next", [this] { moveInput(1); });
    on("input.previous", [this] { moveInput(-1); });
    on("run.again", [this] { session_.runAgain(); });
    on("run.cancel", [this] {
        session_.cancel();
        turntable_->cancel();
    });
    on("help.shortcuts", [this] { showShortcuts(this); });
    on("help.about", [this] { showAbout(this); });
}

void MainWindow::connectViewActions() {
    const auto change = [this](const char* id, auto member, auto value) {
        view_values_.push_back(
            {id, [member, value](const ViewState& view) { return view.*member == value; }});
        connect(actions_[id], &QAction::triggered, this, [this, member, value] {
            ViewState view = session_.view();
            view.*member = value;
            session_.setView(view);
        });
    };
    change("kind.layers", &ViewState::kind, GridKind::Layers);
    change("kind.heads", &ViewState::kind, GridKind::Heads);
    change("kind.figure3", &ViewState::kind, GridKind::Figure3);
    change("kind.scrub", &ViewState::kind, GridKind::Scrub);
    change("kind.difference", &ViewState::kind, GridKind::Difference);
    change("kind.filmstrip", &ViewState::kind, GridKind::Filmstrip);
    change("view.magnitude", &ViewState::map, MapKind::Magnitude);
    change("view.frequency", &ViewState::map, MapKind::Frequency);
    change("view.attention", &ViewState::map, MapKind::ClsAttention);
    change("view.nearest", &ViewState::sampling, Sampling::Nearest);
    change("view.bilinear", &ViewState::sampling, Sampling::Bilinear);
    change("view.blend", &ViewState::overlay, Overlay::Blend);
    change("view.heat", &ViewState::overlay, Overlay::Heat);
    change("view.contour", &ViewState::overlay, Overlay::Contour);
    change("view.beside", &ViewState::overlay, Overlay::SideBySide);
    connectRanges();
    const auto on = [this](const char* id, auto function) {
        connect(actions_[id], &QAction::triggered, this, function);
    };
    on("view.next_head", [this] { moveHead(1); });
    on("view.previous_head", [this] { moveHead(-1); });
    on("view.next_layer", [this] { grid_->moveChoice(1); });
    on("view.previous_layer", [this] { grid_->moveChoice(-1); });
    on("view.query_cls", [this] { session_.setView(withQuery(session_.view(), false)); });
    on("view.query", [this] { session_.setView(withQuery(session_.view(), true)); });
    on("view.zoom_in", [this] { zoom(1.5); });
    on("view.zoom_out", [this] { zoom(1.0 / 1.5); });
    on("view.zoom_reset", [this] {
        ViewState view = session_.view();
        view.viewport = {};
        view.cloud.camera.is_fitted = view.cloud.camera.is_fitted || hasClouds(grid_->scene());
        session_.setView(view);
    });
    on("view.range_edit", &MainWindow::askForRange);
    connect(actions_["view.controls"], &QAction::toggled, this, [this](bool is_shown) {
        grid_->canvas().showControls(is_shown);
        if (settings_) {
            settings_->setValue(QStringLiteral("controls"), is_shown);
        }
    });
    connect(actions_["view.hud"], &QAction::toggled, this, [this](bool is_shown) {
        grid_->canvas().showTimings(is_shown);
    });
    on("view.light", [this] { chooseTheme(ThemeKind::Light); });
    on("view.dark", [this] { chooseTheme(ThemeKind::Dark); });
}

void MainWindow::zoom(double factor) {
    ViewState view = session_.view();
    if (hasClouds(grid_->scene())) {
        view.cloud.camera = dollied(grid_->scene().camera, factor);
    } else {
        view = withZoom(view, factor);
    }
    session_.setView(view);
}

void MainWindow::connectRanges() {
    const auto change = [this](const char* id, RangeMode range) {
        view_values_.push_back(
            {id, [range](const ViewState& view) { return view.range == range; }});
        connect(actions_[id], &QAction::triggered, this, [this, range] {
            session_.setView(withRange(session_.view(), range, grid_->scene()));
        });
    };
    change("view.range_map", RangeMode::PerMap);
    change("view.range_row", RangeMode::PerRow);
    change("view.range_column", RangeMode::PerColumn);
    change("view.range_view", RangeMode::PerView);
    change("view.range_percentile", RangeMode::Percentile);
    change("view.range_fixed", RangeMode::Fixed);
}

void MainWindow::askForRange() {
    RangeDialog dialog(session_.view(), shownRange(grid_->scene()), this);
    if (dialog.exec() == QDialog::Accepted) {
        ViewState view = session_.view();
        dialog.apply(view);
        session_.setView(view);
    }
}

void MainWindow::buildColormapMenu(QMenu* menu) {
    for (const Colormap colormap : allColormaps()) {
        QAction* action = menu->addAction(qtText(name(colormap)), [this, colormap] {
            ViewState view = session_.view();
            view.colormap = colormap;
            session_.setView(view);
        });
        action->setCheckable(true);
        colormaps_->addAction(action);
    }
}

void MainWindow::askForFiles() {
    const QStringList files =
        QFileDialog::getOpenFileNames(this, tr("Open"), QString(), openFilter());
    if (!files.isEmpty()) {
        session_.open(files);
    }
}

void MainWindow::askForFolder() {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open Folder"));
    if (!folder.isEmpty()) {
        session_.open({folder});
    }
}

QString MainWindow::chooseViewFile() {
    QFileDialog dialog(this, tr("Export View"));
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    const QString png = tr("PNG, 300 dpi (*.png)");
    dialog.setNameFilters({tr("Vector PDF (*.pdf)"), png});
    dialog.selectFile(QStringLiteral("vitreous"));
    const auto suffix_of = [&png](const QString& filter) {
        return filter == png ? QStringLiteral("png") : QStringLiteral("pdf");
    };
    // The dialog adds the suffix to a name without one, and asks before it replaces that file.
    dialog.setDefaultSuffix(suffix_of(dialog.selectedNameFilter()));
    connect(&dialog, &QFileDialog::filterSelected, &dialog, [&](const QString& filter) {
        dialog.setDefaultSuffix(suffix_of(filter));
    });
    if (dialog.exec() != QDialog::Accepted) {
        return {};
    }
    QString chosen = dialog.selectedFiles().front();
    const QString suffix = QFileInfo(chosen).suffix().toLower();
    if (suffix == u"png" || suffix == u"pdf") {
        return chosen;
    }
    // "figure.v2" has a suffix to the dialog.
    QString path = chosen + u'.' + suffix_of(dialog.selectedNameFilter());
    const bool is_free =
        !QFileInfo::exists(path) ||
        QMessageBox::question(
            this, tr("Export View"),
            tr("%1 exists already. Replace it?").arg(QFileInfo(path).fileName())) ==
            QMessageBox::Yes;
    return is_free ? path : QString();
}

void MainWindow::askForViewFile() {
    const QString path = chooseViewFile();
    if (path.isEmpty()) {
        return;
    }
    try {
        exportView(path);
        grid_->notice().say(tr("Written: %1").arg(path), false);
    } catch (const Error& error) {
        grid_->notice().say(tr("Not written: %1").arg(QString::fromStdString(error.what())), true);
    }
}

void MainWindow::askForTurntable() {
    TurntableDialog dialog(this);
    if (dialog.exec() != QDialog::Accepted) {
        return;
    }
    QFileDialog chooser(this, tr("Export Turntable"));
    chooser.setAcceptMode(QFileDialog::AcceptSave);
    chooser.setNameFilters({tr("H.264 video (*.mp4)")});
    chooser.setDefaultSuffix(QStringLiteral("mp4"));
    chooser.selectFile(QStringLiteral("turntable.mp4"));
    if (chooser.exec() == QDialog::Accepted) {
        exportTurntable(chooser.selectedFiles().front(), dialog.options());
    }
}

void MainWindow::exportTurntable(const QString& path, TurntableOptions options) {
    grid_->refresh();
    try {
        options.caption = figureOptions().caption;
    } catch (const Error& error) {
        grid_->notice().say(tr("Not written: %1").arg(QString::fromStdString(error.what())), true);
        return;
    }
    turntable_->start(QFile::encodeName(path).toStdString(), grid_->scene(), options);
    readState();
}

void MainWindow::askForDataFolder() {
    const QString folder =
        QFileDialog::getExistingDirectory(this, tr("Folder for the arrays and their provenance"));
    if (!folder.isEmpty()) {
        exportData(folder);
    }
}

bool MainWindow::mayReplace(const std::vector<std::filesystem::path>& files) {
    if (files.empty()) {
        return true;
    }
    QStringList names;
    for (const std::filesystem::path& file : files) {
        names << pathText(file.filename());
    }
    QMessageBox question(
        QMessageBox::Question, tr("Replace Files"),
        names.size() == 1 ? tr("Replace this file?") : tr("Replace these files?"),
        QMessageBox::Cancel, this);
    question.setInformativeText(names.join(u'\n'));
    question.addButton(tr("&Replace"), QMessageBox::AcceptRole);
    question.setDefaultButton(QMessageBox::Cancel);
    return question.exec() != QMessageBox::Cancel;
}

void MainWindow::exportData(const QString& folder) {
    const std::filesystem::path directory = QFile::encodeName(folder).toStdString();
    if (mayReplace(session_.replacedFiles(directory))) {
        session_.exportData(directory);
    }
}

} // namespace vitreous
