#include "widgets/grid_view.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QCoreApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>

#include "widgets/value_text.h"

namespace vitreous {
namespace {

bool haveSameValues(const GridScene& a, const GridScene& b) {
    if (a.cells.size() != b.cells.size() || a.pictures != b.pictures || a.clouds != b.clouds) {
        return false;
    }
    for (std::size_t row = 0; row < a.cells.size(); ++row) {
        const auto same = [](const GridCell& left, const GridCell& right) {
            return left.rows == right.rows && left.columns == right.columns &&
                   left.values == right.values;
        };
        if (!std::equal(
                a.cells[row].begin(), a.cells[row].end(), b.cells[row].begin(), b.cells[row].end(),
                same)) {
            return false;
        }
    }
    return true;
}

/// The grid for those who do not see it.
QString sceneText(const GridScene& scene) {
    QStringList rows;
    for (const GridRow& row : scene.rows) {
        const QString text =
            row.result ? row.label : row.label + QStringLiteral(": ") + row.message;
        if (!text.isEmpty()) {
            rows << text;
        }
    }
    QStringList parts = {
        scene.quantity, rangeRule(scene), rows.join(QStringLiteral(", ")),
        GridView::tr("%1 columns").arg(scene.columns.size())};
    if (const auto& pinned = scene.view.selection.pinned) {
        parts << GridView::tr("pinned: %1").arg(spotText(*pinned));
    }
    return parts.join(QStringLiteral("; "));
}

} // namespace

GridView::GridView(QWidget* parent, bool use_opengl)
    : QWidget(parent),
      surface_(use_opengl ? makeOpenGlSurface(this, content_) : makePainterSurface(this, content_)),
      scroll_bar_(new QScrollBar(Qt::Vertical, this)),
      gestures_(content_, [this](const ViewEdit& edit, bool continued) {
          if (edit_listener_) {
              edit_listener_(edit, continued);
          }
      }) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Comparison grid"));
    describeForReaders();
    surface_->widget()->setMouseTracking(true);
    surface_->widget()->installEventFilter(this);
    scroll_bar_->hide();
    connect(scroll_bar_, &QScrollBar::valueChanged, this, &GridView::scrollTo);
    surface_->onEdit([this](const StripEdit& edit) {
        if (edit_listener_) {
            edit_listener_(edit.change, edit.is_continued);
        }
    });
    arrange(Change::Values);
}

// The surface refers to the content, which goes before QWidget deletes its children.
GridView::~GridView() {
    surface_->widget()->removeEventFilter(this);
    delete surface_;
}

void GridView::setScene(GridScene scene) {
    const Change change = haveSameValues(content_.scene, scene) ? Change::View : Change::Values;
    // The token has other values now, or is gone: what is under the pointer is told anew.
    const bool was_hovered = content_.hover.has_value();
    content_.hover.reset();
    content_.scene = std::move(scene);
    describeForReaders();
    arrange(change);
    if (was_hovered && !content_.hover && hover_listener_) {
        hover_listener_(std::nullopt);
    }
}

void GridView::onHover(std::function<void(std::optional<GridHit>)> listener) {
    hover_listener_ = std::move(listener);
}

void GridView::onViewEdited(ViewEditListener listener) {
    edit_listener_ = std::move(listener);
}

void GridView::showControls(bool is_shown) {
    if (content_.shows_controls != is_shown) {
        content_.shows_controls = is_shown;
        describeForReaders();
        arrange(Change::View);
    }
}

void GridView::describeForReaders() {
    QString text = sceneText(content_.scene);
    if (surface_->hasControls() && content_.shows_controls) {
        // ImGui draws them where no screen reader looks.
        text +=
            tr(". A strip below the maps sets layer, range, threshold and opacity by mouse; the "
               "view bar and the View menu hold the same controls.");
    }
    setAccessibleDescription(text);
}

void GridView::showTimings(bool is_shown) {
    content_.shows_timings = is_shown;
    surface_->contentChanged(Change::Marks);
}

TimingTable GridView::timings() const {
    return timingTable(content_.scene.models, surface_->times());
}

bool GridView::event(QEvent* event) {
    switch (event->type()) {
    case QEvent::ShortcutOverride:
    case QEvent::KeyPress:
    case QEvent::KeyRelease:
    case QEvent::FocusOut:
        if (surface_->takeEvent(*event)) {
            event->accept();
            return true;
        }
        break;
    default:
        break;
    }
    return QWidget::event(event);
}

void GridView::placeChildren(bool is_scrolled) {
    const int bar = is_scrolled ? scroll_bar_->sizeHint().width() : 0;
    surface_->widget()->setGeometry(0, 0, std::max(1, width() - bar), std::max(1, height()));
    scroll_bar_->setGeometry(width() - bar, 0, bar, std::max(1, height() - controls_height_));
    scroll_bar_->setVisible(is_scrolled);
}

void GridView::arrange(Change change) {
    content_.style = screenStyle(palette(), font());
    const GridMetrics metrics = measureGrid(content_.scene, content_.style);
    controls_height_ = static_cast<int>(surface_->arrangeControls(width()));
    const int room_below = std::max(1, height() - controls_height_);
    content_.layout = layoutGrid(content_.scene, metrics, width(), room_below);
    const bool is_scrolled = content_.layout.size.height() > room_below;
    if (is_scrolled) {
        const double room = width() - scroll_bar_->sizeHint().width();
        content_.layout = layoutGrid(content_.scene, metrics, room, room_below);
    }
    const int excess = static_cast<int>(std::ceil(content_.layout.size.height())) - room_below;
    scroll_bar_->setRange(0, is_scrolled ? std::max(0, excess) : 0);
    scroll_bar_->setPageStep(std::max(1, room_below - static_cast<int>(content_.layout.body_top)));
    scroll_bar_->setSingleStep(static_cast<int>(content_.style.step * 4.0));
    content_.scroll = scroll_bar_->value();
    placeChildren(is_scrolled);
    surface_->contentChanged(change);
    hoverUnderPointer();
}

void GridView::scrollTo(int top) {
    content_.scroll = top;
    surface_->contentChanged(Change::Marks);
    hoverUnderPointer();
}

void GridView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange(Change::View);
}

void GridView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    switch (event->type()) {
    case QEvent::PaletteChange:
    case QEvent::FontChange:
    case QEvent::StyleChange:
    case QEvent::LanguageChange:
        arrange(Change::View);
        break;
    default:
        break;
    }
}

void GridView::keyPressEvent(QKeyEvent* event) {
    if (gestures_.key(event->key(), event->modifiers() & ~Qt::KeypadModifier)) {
        return;
    }
    switch (event->key()) {
    case Qt::Key_Up:
        scroll_bar_->triggerAction(QAbstractSlider::SliderSingleStepSub);
        break;
    case Qt::Key_Down:
        scroll_bar_->triggerAction(QAbstractSlider::SliderSingleStepAdd);
        break;
    case Qt::Key_PageUp:
        scroll_bar_->triggerAction(QAbstractSlider::SliderPageStepSub);
        break;
    case Qt::Key_PageDown:
        scroll_bar_->triggerAction(QAbstractSlider::SliderPageStepAdd);
        break;
    case Qt::Key_Home:
        scroll_bar_->triggerAction(QAbstractSlider::SliderToMinimum);
        break;
    case Qt::Key_End:
        scroll_bar_->triggerAction(QAbstractSlider::SliderToMaximum);
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

void GridView::handleMouse(const QMouseEvent& event) {
    switch (event.type()) {
    case QEvent::MouseButtonPress:
        setFocus(Qt::MouseFocusReason);
        gestures_.press(event.position(), event.button());
        break;
    case QEvent::MouseButtonDblClick:
        if (event.button() == Qt::LeftButton) {
            gestures_.doubleClick(event.position());
        }
        break;
    case QEvent::MouseButtonRelease:
        gestures_.release(event.position(), event.button());
        hoverUnderPointer();
        break;
    default:
        pointer_ = event.position();
        hoverUnderPointer();
        gestures_.move(event.position());
    }
}

bool GridView::handleWheel(QWheelEvent& event) {
    const double steps = event.angleDelta().y() / 120.0;
    // Where there is something to scroll, going nearer to a cloud takes Ctrl.
    const bool scrolls = scroll_bar_->isVisible() && content_.scene.view.kind != GridKind::Scrub &&
                         !event.modifiers().testFlag(Qt::ControlModifier);
    if (!scrolls && gestures_.wheel(event.position(), steps, event.modifiers())) {
        return true;
    }
    if (scroll_bar_->isVisible()) {
        QCoreApplication::sendEvent(scroll_bar_, &event);
        return true;
    }
    return false;
}

bool GridView::eventFilter(QObject* watched, QEvent* event) {
    if (watched != surface_->widget()) {
        return QWidget::eventFilter(watched, event);
    }
    if (surface_->takeEvent(*event)) {
        pointer_.reset();
        hoverUnderPointer();
        return true;
    }
    switch (event->type()) {
    case QEvent::MouseMove:
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonRelease:
    case QEvent::MouseButtonDblClick:
        handleMouse(*static_cast<QMouseEvent*>(event));
        break;
    case QEvent::Leave:
    case QEvent::Hide:
        pointer_.reset();
        hoverUnderPointer();
        break;
    case QEvent::Wheel:
        if (handleWheel(*static_cast<QWheelEvent*>(event))) {
            return true;
        }
        break;
    case QEvent::ToolTip: {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), toolTipAt(help->pos()), surface_->widget());
        return true;
    }
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

void GridView::hoverUnderPointer() {
    // While a cloud turns below the pointer, nothing in it is meant.
    const bool is_meant = pointer_ && !gestures_.isTurning();
    setHover(is_meant ? gestures_.hitAt(*pointer_) : std::nullopt);
}

void GridView::setHover(std::optional<GridHit> hit) {
    if (hit == content_.hover) {
        return;
    }
    content_.hover = hit;
    surface_->contentChanged(Change::Marks);
    if (hover_listener_) {
        hover_listener_(hit);
    }
}

QString GridView::toolTipAt(QPointF point) const {
    const QPointF place = gestures_.toLayout(point);
    for (const ColumnHead& head : content_.layout.column_heads) {
        if (head.rect.contains(place)) {
            return content_.scene.columns[head.column].name;
        }
    }
    for (const RowHead& head : content_.layout.row_heads) {
        if (head.rect.contains(place)) {
            return content_.scene.rows[head.row].label;
        }
    }
    for (const RowMessage& message : content_.layout.messages) {
        if (message.rect.contains(place)) {
            return content_.scene.rows[message.row].message;
        }
    }
    const std::optional<GridHit> hit = hitTest(content_.scene, content_.layout, place);
    return hit ? describe(*hit) : QString();
}

QString GridView::describe(const GridHit& hit) const {
    const GridCell& cell = content_.scene.cells[hit.row][hit.column];
    const QString place = spotText(cell, hit.token);
    if (cell.is_picture) {
        return QStringLiteral("%1\n%2").arg(content_.scene.columns[hit.column].name, place);
    }
    const QString value = rawText(static_cast<double>(cell.values[hit.token.value]));
    return QStringLiteral("%1\n%2\n%3\n%4")
        .arg(
            value, content_.scene.columns[hit.column].name, content_.scene.rows[hit.row].label,
            place);
}

} // namespace vitreous
