#pragma once

#include <QDockWidget>

#include "tests/app/window_fixture.h"

namespace vitreous::testing {

constexpr int patience_ms = 20'000;
constexpr int film_frames = 20;

/// The window with a video of film_frames frames, ten a second, beside it.
class VideoFixture : protected WindowFixture {
protected:
    void makeWindowAndFilm() {
        makeWindow();
        writeVideo(files_->path("film.mp4"), film_frames);
    }
    void closeWindowAndFilm() {
        control_->running.open();
        closeWindow();
    }
    /// Opens models and the video; returns once all maps are there.
    void openAll(const QStringList& models) {
        session_->open(files_->make(models) + QStringList{files_->path("film.mp4")});
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        window_->grid().refresh();
    }
    [[nodiscard]] const GridScene& scene() {
        window_->grid().refresh();
        return window_->grid().scene();
    }
    [[nodiscard]] float valueShown() { return scene().cells[0][0].values[0]; }
    [[nodiscard]] ValueRange rangeShown() { return scene().cells[0][0].range; }
    [[nodiscard]] QWidget* timeline() {
        return window_->findChild<QDockWidget*>(QStringLiteral("timelinePanel"));
    }
};

} // namespace vitreous::testing
