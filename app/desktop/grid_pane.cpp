#include "app/desktop/grid_pane.h"

#include <algorithm>
#include <utility>

#include <QVBoxLayout>

#include "widgets/value_text.h"

namespace vitreous {

QString describe(const GridScene& scene, const GridHit& hit) {
    const GridCell& cell = scene.cells[hit.row][hit.column];
    const float value = cell.values[hit.token.value];
    QStringList parts = {
        scene.rows[hit.row].label, scene.columns[hit.column].name, spotText(cell, hit.token)};
    if (cell.is_picture) {
        return parts.join(QStringLiteral("  ·  "));
    }
    parts << rawText(double(value));
    if (const std::optional<std::size_t> rank = rankOf(cell, hit.token)) {
        const auto below = std::count_if(
            cell.values.begin(), cell.values.end(), [value](float other) { return other < value; });
        parts << GridPane::tr("rank %1 of %2").arg(*rank).arg(cell.values.size());
        parts << GridPane::tr("percentile %1")
                     .arg(100.0 * double(below) / double(cell.values.size()), 0, 'f', 0);
    }
    return parts.join(QStringLiteral("  ·  "));
}

GridPane::GridPane(Session& session, QWidget* parent)
    : QWidget(parent), session_(session), notice_(new NoticeBar), offer_(new NoticeBar),
      stack_(new QStackedWidget), empty_(new EmptyState), canvas_(makeGridCanvas(stack_)) {
    setFocusPolicy(Qt::ClickFocus);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(offer_);
    layout->addWidget(notice_);
    layout->addWidget(stack_, 1);
    stack_->addWidget(empty_);
    stack_->addWidget(canvas_->widget());
    canvas_->onHover([this](const std::optional<GridHit>& hit) {
        Q_EMIT hovered(hit ? describe(canvas_->scene(), *hit) : QString());
        std::optional<TokenPlace> group;
        if (hit) {
            const GridCell& cell = canvas_->scene().cells[hit->row][hit->column];
            if (cell.is_cloud) {
                group = TokenPlace{hit->token, cell.rows, cell.columns, true};
            }
        }
        if (group != std::exchange(group_, group)) {
            Q_EMIT groupHovered(group);
        }
    });
    canvas_->onViewEdited([this](const ViewEdit& edit, bool continued) {
        ViewState view = session_.view();
        edit(view);
        session_.setView(view, continued ? ViewChange::Continued : ViewChange::Step);
        // The next key or move of the pointer goes on from here.
        refresh();
    });
    // One pass over the event loop may bring several changes.
    refresh_soon_.setSingleShot(true);
    refresh_soon_.setInterval(0);
    connect(&refresh_soon_, &QTimer::timeout, this, &GridPane::refresh);
    const auto soon = [this] { refresh_soon_.start(); };
    connect(&session_, &Session::rowsChanged, this, soon);
    connect(&session_, &Session::viewChanged, this, soon);
    connect(&session_, &Session::currentInputChanged, this, soon);
    connect(&session_, &Session::noticed, notice_, &NoticeBar::say);
    refresh();
}

void GridPane::refresh() {
    refresh_soon_.stop();
    const bool has_models = session_.models().rowCount() > 0;
    const bool has_input = session_.currentInput().has_value();
    if (!has_models || !has_input) {
        canvas_->setScene({});
        empty_->setMissing(!has_models, !has_input);
        stack_->setCurrentWidget(empty_);
        Q_EMIT sceneChanged();
        return;
    }
    if (hasFocus()) {
        canvas_->widget()->setFocus();
    }
    canvas_->setScene(buildGridScene(session_.rows(), session_.view()));
    stack_->setCurrentWidget(canvas_->widget());
    Q_EMIT sceneChanged();
}

} // namespace vitreous
