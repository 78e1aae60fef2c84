#pragma once

#include <optional>

#include <QStackedWidget>
#include <QTimer>
#include <QWidget>

#include "app/desktop/empty_state.h"
#include "app/desktop/notice_bar.h"
#include "app/desktop/session.h"
#include "widgets/grid_canvas.h"

namespace vitreous {

/// The window's centre: the comparison grid, or what to do next; messages above it.
class GridPane final : public QWidget {
    Q_OBJECT

public:
    explicit GridPane(Session& session, QWidget* parent = nullptr);

    [[nodiscard]] NoticeBar& notice() { return *notice_; }
    /// For what may be answered; nothing that is said takes its place.
    [[nodiscard]] NoticeBar& offer() { return *offer_; }
    [[nodiscard]] EmptyState& empty() { return *empty_; }
    [[nodiscard]] GridCanvas& canvas() { return *canvas_; }
    [[nodiscard]] const GridScene& scene() const { return canvas_->scene(); }
    /// Goes on through the layers or blocks that the view chooses from.
    void moveChoice(int steps) { canvas_->moveChoice(steps); }
    /// Brings what is shown up to date at once; else that waits for the event loop.
    void refresh();

Q_SIGNALS:
    /// What is under the pointer, for people; empty: nothing.
    void hovered(const QString& text);
    /// The group of a cloud under the pointer; nothing: there is none.
    void groupHovered(const std::optional<vitreous::TokenPlace>& group);
    /// Another scene is shown.
    void sceneChanged();

private:
    Session& session_;
    NoticeBar* notice_;
    NoticeBar* offer_;
    QStackedWidget* stack_;
    EmptyState* empty_;
    GridCanvas* canvas_;
    QTimer refresh_soon_;
    std::optional<TokenPlace> group_; ///< of a cloud, under the pointer
};

/// A token of the scene with its value, rank and percentile, for people.
QString describe(const GridScene& scene, const GridHit& hit);

} // namespace vitreous
