#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <QActionGroup>
#include <QMainWindow>
#include <QSettings>

#include "app/desktop/actions.h"
#include "app/desktop/cloud_actions.h"
#include "app/desktop/demo.h"
#include "app/desktop/grid_pane.h"
#include "app/desktop/inputs_panel.h"
#include "app/desktop/inspector_panel.h"
#include "app/desktop/models_panel.h"
#include "app/desktop/session.h"
#include "app/desktop/session_saving.h"
#include "app/desktop/status_line.h"
#include "app/desktop/theme.h"
#include "app/desktop/timeline_panel.h"
#include "app/desktop/turntable_job.h"
#include "app/desktop/video_actions.h"
#include "app/desktop/view_bar.h"

namespace vitreous {

/// The program's window: wires the session to its views.
class MainWindow final : public QMainWindow {
    Q_OBJECT

public:
    /// settings: where window, panels, theme and recent files are remembered; null: nowhere, and no
    /// question is asked. recovery_folder: where the session is kept against a crash; empty:
    /// nowhere.
    MainWindow(
        Session& session,
        std::unique_ptr<QSettings> settings,
        const QString& recovery_folder = {});
    ~MainWindow() override;

    /// For now: chooseTheme is for later too.
    void setTheme(ThemeKind kind);
    /// Takes a theme and remembers it.
    void chooseTheme(ThemeKind kind);
    /// Opens a demo comparison.
    void showDemo(DemoKind kind = DemoKind::Pictures);
    /// Pins a token, counted from 1, once there are maps; one outside the grid is a problem of the
    /// session.
    void pinToken(int row, int column);
    /// Looks at a frame of the video, counted from 1, once there is one; so is one behind the end.
    void lookAtFrame(int number);
    /// Writes the view as `.png` or `.pdf`. Throws as exportFigure.
    void exportView(const QString& path);
    /// Writes the results into the folder; asks before it replaces files.
    void exportData(const QString& folder);
    /// Begins to write a video of the clouds as they turn.
    void exportTurntable(const QString& path, TurntableOptions options);
    /// Begins to write the current video's maps into a `.mp4`, a folder of pictures or a `.npz`.
    void exportVideo(const QString& path, const VideoLook& look);
    /// All that the session knows is shown.
    [[nodiscard]] bool isSettled() const { return timeline_->isSettled(); }
    [[nodiscard]] GridPane& grid() { return *grid_; }
    [[nodiscard]] InspectorPanel& inspector() { return *inspector_; }
    [[nodiscard]] StatusLine& statusLine() { return *status_; }
    [[nodiscard]] SessionSaving& saving() { return *saving_; }
    [[nodiscard]] const Actions& actions() const { return actions_; }

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    /// Acts now, or as soon as the rows are such that it can: act tells.
    void onceThere(const std::function<bool()>& act);
    void buildMenus();
    void buildColormapMenu(QMenu* menu);
    void buildRunMenu(QMenu* menu);
    void connectActions();
    void connectViewActions();
    void connectRanges();
    void connectState();
    void readState();
    void readMaps(const ViewState& view);
    void readScene();
    /// Pictures are shown with the demo's models of pictures, clouds with those of points.
    void chooseDemoModels();
    void restore();
    [[nodiscard]] FigureOptions figureOptions() const;
    void copyFigure();
    void askForRange();
    void askForFiles();
    void askForFolder();
    void askForViewFile();
    /// Where the view is to be written, with the suffix of the chosen format; empty: nowhere.
    QString chooseViewFile();
    void askForDataFolder();
    void askForTurntable();
    void askForVideoFile();
    /// Asks whether these files may be replaced, where there are any.
    [[nodiscard]] bool mayReplace(const std::vector<std::filesystem::path>& files);
    void moveInput(int step);
    void moveHead(int step);
    void zoom(double factor);

    /// An action that gives the view a value, and whether the view has it.
    struct ViewValue {
        const char* id;
        std::function<bool(const ViewState&)> is_chosen;
    };

    Session& session_;
    std::unique_ptr<QSettings> settings_;
    std::vector<ViewValue> view_values_;
    Actions actions_;
    QActionGroup* colormaps_; ///< in the menu, as many as there are
    CloudActions* clouds_;
    VideoActions* videos_;
    TurntableJob* turntable_;
    GridPane* grid_;
    ModelsPanel* models_panel_;
    InputsPanel* inputs_panel_;
    InspectorPanel* inspector_;
    TimelinePanel* timeline_;
    ViewBar* view_bar_;
    StatusLine* status_;
    SessionSaving* saving_;
};

} // namespace vitreous
