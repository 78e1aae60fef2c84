#include "app/desktop/main_window.h"

#include <algorithm>

#include <QClipboard>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFile>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMimeData>
#include <QStyle>

#include "app/desktop/format_registry.h"
#include "app/desktop/view_change.h"
#include "widgets/cloud_cells.h"

namespace vitreous {

MainWindow::MainWindow(
    Session& session,
    std::unique_ptr<QSettings> settings,
    const QString& recovery_folder)
    : session_(session), settings_(std::move(settings)), actions_(this),
      colormaps_(new QActionGroup(this)), clouds_(new CloudActions(session, actions_, this)),
      videos_(new VideoActions(session, actions_, this)), turntable_(new TurntableJob(this)),
      grid_(new GridPane(session)), models_panel_(new ModelsPanel(session, this)),
      inputs_panel_(new InputsPanel(session, this)),
      inspector_(new InspectorPanel(session, actions_, this)),
      timeline_(new TimelinePanel(session, this)), view_bar_(new ViewBar(session, actions_, this)),
      status_(new StatusLine(session, actions_, this)),
      saving_(new SessionSaving(session, *grid_, settings_.get(), recovery_folder, this)) {
    setAcceptDrops(true);
    setWindowIcon(QIcon(QStringLiteral(":/icons/vitreous.svg")));
    setCentralWidget(grid_);
    addToolBar(Qt::TopToolBarArea, view_bar_);
    addDockWidget(Qt::LeftDockWidgetArea, models_panel_);
    addDockWidget(Qt::LeftDockWidgetArea, inputs_panel_);
    addDockWidget(Qt::RightDockWidgetArea, inspector_);
    addDockWidget(Qt::BottomDockWidgetArea, timeline_);
    setStatusBar(status_);
    buildMenus();
    connectActions();
    connectViewActions();
    connectState();
    restore();
    readState();
    grid_->setFocus();
}

MainWindow::~MainWindow() = default;

void MainWindow::connectState() {
    connect(grid_, &GridPane::sceneChanged, this, &MainWindow::readScene);
    connect(grid_, &GridPane::hovered, status_, &StatusLine::setHover);
    connect(grid_, &GridPane::groupHovered, this, [this](const std::optional<TokenPlace>& group) {
        inspector_->setHovered(group);
        inspector_->setScene(grid_->scene());
    });
    connect(&grid_->empty(), &EmptyState::openRequested, this, &MainWindow::askForFiles);
    connect(&grid_->empty(), &EmptyState::demoRequested, this, [this] { showDemo(); });
    connect(&session_, &Session::rowsChanged, this, &MainWindow::readState);
    connect(&session_, &Session::viewChanged, this, &MainWindow::readState);
    connect(&session_, &Session::currentInputChanged, this, &MainWindow::readState);
    connect(&session_, &Session::progressChanged, this, &MainWindow::readState);
    connect(saving_, &SessionSaving::changed, this, &MainWindow::readState);
    connect(&session_.history(), &QUndoStack::indexChanged, this, &MainWindow::readState);
    connect(&session_, &Session::opened, this, &MainWindow::chooseDemoModels);
    connect(turntable_, &TurntableJob::progressed, this, [this](double fraction) {
        status_->showProgress(tr("Writing the turntable"), fraction);
    });
    connect(turntable_, &TurntableJob::finished, this, [this] {
        status_->showProgress({}, 0.0);
        readState();
    });
    connect(turntable_, &TurntableJob::written, this, [this](const QString& path) {
        grid_->notice().say(tr("Written: %1").arg(path), false);
    });
    connect(turntable_, &TurntableJob::failed, this, [this](const Failure& failure) {
        grid_->notice().say(tr("Not written: %1").arg(failure.message), true);
    });
}

void MainWindow::readState() {
    const ViewState& view = session_.view();
    actions_["view.query_cls"]->setChecked(view.query == AttentionQuery::Cls);
    actions_["view.query"]->setChecked(view.query == AttentionQuery::PinnedToken);
    for (const ViewValue& value : view_values_) {
        actions_[value.id]->setChecked(value.is_chosen(view));
    }
    readMaps(view);
    const auto colormaps = allColormaps();
    for (std::size_t i = 0; i < colormaps.size(); ++i) {
        colormaps_->actions()[qsizetype(i)]->setChecked(colormaps[i] == view.colormap);
    }
    const QUndoStack& history = session_.history();
    actions_["edit.undo"]->setEnabled(history.canUndo());
    actions_["edit.redo"]->setEnabled(history.canRedo());
    actions_["edit.undo"]->setText(
        history.canUndo() ? tr("&Undo %1").arg(history.undoText()) : tr("&Undo"));
    actions_["edit.redo"]->setText(
        history.canRedo() ? tr("&Redo %1").arg(history.redoText()) : tr("&Redo"));
    const bool has_maps = session_.hasMaps();
    actions_["file.export_view"]->setEnabled(has_maps);
    actions_["file.export_data"]->setEnabled(has_maps);
    actions_["edit.copy_figure"]->setEnabled(has_maps);
    actions_["file.export_video"]->setEnabled(has_maps && session_.video() != nullptr);
    const bool has_heads = hasHead(view) && session_.headCount() > 0;
    actions_["view.next_head"]->setEnabled(has_heads);
    actions_["view.previous_head"]->setEnabled(has_heads);
    actions_["run.cancel"]->setEnabled(!session_.isIdle() || turntable_->isBusy());
    status_->setNote(
        !session_.hasDemoModels() ? QString()
        : hasClouds(grid_->scene())
            ? tr("The demo: two small models trained on shapes that the program makes. Drop your "
                 "own checkpoints and point clouds here.")
            : tr("The demo: two small models trained on cluttered FashionMNIST. Drop your own "
                 "checkpoints, pictures and point clouds here."));
    const bool has_inputs = session_.inputs().rowCount() > 1;
    actions_["input.next"]->setEnabled(has_inputs);
    actions_["input.previous"]->setEnabled(has_inputs);
    const auto current = session_.currentInput();
    const InputItem* input = current ? session_.inputs().find(*current) : nullptr;
    actions_["file.load_mask"]->setEnabled(input != nullptr && session_.video() == nullptr);
    const QString title =
        saving_->title(input != nullptr ? pathText(input->path.filename()) : QString());
    setWindowTitle(title.isEmpty() ? tr("Vitreous") : tr("%1 – Vitreous").arg(title));
    setWindowModified(saving_->wasModified());
    const bool is_anything_open = session_.models().rowCount() > 0 || input != nullptr;
    actions_["file.save"]->setEnabled(is_anything_open);
    actions_["file.save_as"]->setEnabled(is_anything_open);
}

void MainWindow::readMaps(const ViewState& view) {
    // Heads are of attention, figure 3 has magnitude and frequency: there is nothing to choose.
    const bool is_free = view.kind != GridKind::Heads && view.kind != GridKind::Figure3;
    actions_["view.magnitude"]->setEnabled(is_free);
    actions_["view.frequency"]->setEnabled(is_free);
    actions_["view.attention"]->setEnabled(view.kind != GridKind::Figure3);
    if (view.kind == GridKind::Heads) {
        actions_["view.attention"]->setChecked(true);
    }
}

void MainWindow::readScene() {
    const GridScene& scene = grid_->scene();
    view_bar_->setScene(scene);
    actions_["view.next_layer"]->setEnabled(scene.choice.has_value());
    actions_["view.previous_layer"]->setEnabled(scene.choice.has_value());
    inspector_->setScene(scene);
    clouds_->setScene(scene);
    actions_["file.turntable"]->setEnabled(hasClouds(scene));
}

void MainWindow::restore() {
    resize(1440, 900);
    resizeDocks({models_panel_, inspector_}, {296, 264}, Qt::Horizontal);
    // Models are few, inputs many.
    resizeDocks({models_panel_, inputs_panel_}, {3, 5}, Qt::Vertical);
    ThemeKind theme = ThemeKind::Light;
    if (settings_) {
        restoreGeometry(settings_->value(QStringLiteral("window/geometry")).toByteArray());
        restoreState(settings_->value(QStringLiteral("window/state")).toByteArray());
        theme = themeNamed(settings_->value(QStringLiteral("theme")).toString()).value_or(theme);
    }
    timeline_->updateShown();
    setTheme(theme);
    // Without OpenGL there are none.
    actions_["view.controls"]->setEnabled(grid_->canvas().hasControls());
    actions_["view.controls"]->setChecked(
        !settings_ || settings_->value(QStringLiteral("controls"), true).toBool());
}

void MainWindow::setTheme(ThemeKind kind) {
    applyTheme(kind);
    actions_.updateIcons();
    models_panel_->updateIcons();
    inputs_panel_->updateIcons();
    inspector_->updateIcons();
    timeline_->updateIcons();
    view_bar_->updateIcons();
    grid_->notice().updateIcons();
    grid_->offer().updateIcons();
    grid_->empty().updateIcons();
    actions_["view.light"]->setChecked(kind == ThemeKind::Light);
    actions_["view.dark"]->setChecked(kind == ThemeKind::Dark);
}

void MainWindow::chooseTheme(ThemeKind kind) {
    setTheme(kind);
    if (settings_) {
        settings_->setValue(QStringLiteral("theme"), nameOf(kind));
    }
}

void MainWindow::showDemo(DemoKind kind) {
    const bool is_start = session_.models().rowCount() == 0 && session_.inputs().rowCount() == 0;
    if (openDemo(session_, kind)) {
        if (is_start) {
            saving_->startHere();
        }
    } else {
        grid_->notice().say(
            tr("The demo comparison is missing: resources/demo in the sources, or "
               "share/vitreous/demo of an installation."),
            true);
    }
}

void MainWindow::pinToken(int row, int column) {
    const auto pin = [this, row, column] {
        for (const GridRow& model : session_.rows()) {
            if (model.result && model.result->rows > 0 && model.result->columns > 0) {
                const int rows = int(model.result->rows);
                const int columns = int(model.result->columns);
                if (row > rows || column > columns) {
                    session_.addProblem(
                        {ErrorCode::Usage,
                         tr("no token at %1,%2 to be pinned, expected at most %3,%4")
                             .arg(row)
                             .arg(column)
                             .arg(rows)
                             .arg(columns)});
                    return true;
                }
                const int token = (row - 1) * columns + column - 1;
                ViewState view = session_.view();
                view.selection = {
                    TokenPlace{
                        TokenIndex{std::size_t(token)}, rows, columns,
                        !model.result->centers.values.empty()},
                    std::nullopt};
                session_.setView(view);
                return true;
            }
        }
        return false;
    };
    onceThere(pin);
}

void MainWindow::lookAtFrame(int number) {
    onceThere([this, number] {
        const InputItem* video = session_.video();
        if (video == nullptr) {
            return false;
        }
        if (number > video->video->frames) {
            session_.addProblem(
                {ErrorCode::Usage, tr("no frame %1, the video has %2: %3")
                                       .arg(number)
                                       .arg(video->video->frames)
                                       .arg(pathText(video->path))});
            return true;
        }
        session_.playFrame(FrameIndex{std::size_t(number) - 1});
        return true;
    });
}

void MainWindow::onceThere(const std::function<bool()>& act) {
    if (!act()) {
        auto* waiting = new QObject(this);
        connect(&session_, &Session::rowsChanged, waiting, [this, waiting, act] {
            if (act()) {
                session_.disconnect(waiting);
                waiting->deleteLater();
            }
        });
    }
}

void MainWindow::chooseDemoModels() {
    const auto current = session_.currentInput();
    const InputItem* input = current ? session_.inputs().find(*current) : nullptr;
    if (input == nullptr || !session_.hasDemoModels()) {
        return;
    }
    switch (kindOfInput(input->path)) {
    case InputKind::Picture:
    case InputKind::Video:
        session_.exchangeDemoModels(demoModels(DemoKind::Pictures));
        break;
    case InputKind::Points:
        session_.exchangeDemoModels(demoModels(DemoKind::Points));
        break;
    case InputKind::Tensor:
        break;
    }
}

FigureOptions MainWindow::figureOptions() const {
    const auto current = session_.currentInput();
    const InputItem* input = current ? session_.inputs().find(*current) : nullptr;
    if (input == nullptr || !session_.hasMaps()) {
        throw Error(ErrorCode::Usage, "there are no maps to export");
    }
    FigureOptions options;
    const GridScene& scene = grid_->scene();
    QStringList parts = {pathText(input->path.filename())};
    if (session_.video() != nullptr && scene.view.kind != GridKind::Filmstrip) {
        parts << tr("frame %1, %2 s")
                     .arg(session_.frame().value + 1)
                     .arg(session_.timeOf(session_.frame()), 0, 'f', 2);
    }
    parts << scene.quantity << rangeRule(scene);
    if (hasClouds(scene)) {
        parts << cloudRule(scene);
    }
    parts << tr("Vitreous %1").arg(QStringLiteral(VITREOUS_VERSION));
    options.caption = parts.join(QStringLiteral(" · "));
    return options;
}

void MainWindow::exportView(const QString& path) {
    grid_->refresh();
    exportFigure(path, grid_->scene(), figureOptions());
}

void MainWindow::copyFigure() {
    try {
        grid_->refresh();
        QGuiApplication::clipboard()->setImage(figureImage(grid_->scene(), figureOptions()));
        grid_->notice().say(tr("The figure is on the clipboard."), false);
    } catch (const Error& error) {
        grid_->notice().say(tr("Not copied: %1").arg(QString::fromStdString(error.what())), true);
    }
}

void MainWindow::moveInput(int step) {
    const auto current = session_.currentInput();
    const int count = session_.inputs().rowCount();
    if (current && count > 0) {
        const int row = (session_.inputs().rowOf(*current) + step + count) % count;
        session_.setCurrentInput(session_.inputs().items()[std::size_t(row)].id);
    }
}

void MainWindow::moveHead(int step) {
    // The mean counts as one before the first.
    const int places = session_.headCount() + 1;
    ViewState view = session_.view();
    const int place = view.head ? int(view.head->value) + 1 : 0;
    const int next = (place + step + places) % places;
    view.head = next == 0 ? std::nullopt : std::optional(HeadIndex{std::size_t(next - 1)});
    session_.setView(view);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls() || event->mimeData()->hasText()) {
        event->acceptProposedAction();
    }
}

void MainWindow::dropEvent(QDropEvent* event) {
    QStringList files;
    for (const QUrl& url : event->mimeData()->urls()) {
        if (url.isLocalFile()) {
            files << url.toLocalFile();
        }
    }
    if (files.isEmpty()) {
        const QString text = event->mimeData()->text().trimmed();
        if (QFileInfo(text).isAbsolute() && QFileInfo::exists(text)) {
            files << text;
        }
    }
    event->acceptProposedAction();
    if (files.isEmpty()) {
        grid_->notice().say(tr("That is not a file. What opens: %1.").arg(whatOpens()), true);
        return;
    }
    grid_->notice().hide();
    session_.open(files);
    activateWindow();
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!saving_->mayClose()) {
        event->ignore();
        return;
    }
    if (settings_) {
        settings_->setValue(QStringLiteral("window/geometry"), saveGeometry());
        settings_->setValue(QStringLiteral("window/state"), saveState());
    }
    QMainWindow::closeEvent(event);
}

} // namespace vitreous
