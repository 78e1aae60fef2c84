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
    if (a.cells.size() != b.cells.size() || a.pictures != b.pictures) {
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

} // namespace

GridView::GridView(QWidget* parent, bool use_opengl)
    : QWidget(parent),
      surface_(use_opengl ? makeOpenGlSurface(this, content_) : makePainterSurface(this, content_)),
      scroll_bar_(new QScrollBar(Qt::Vertical, this)) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Comparison grid"));
    surface_->widget()->setMouseTracking(true);
    surface_->widget()->installEventFilter(this);
    scroll_bar_->hide();
    connect(scroll_bar_, &QScrollBar::valueChanged, this, &GridView::scrollTo);
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
    arrange(change);
    if (was_hovered && !content_.hover && hover_listener_) {
        hover_listener_(std::nullopt);
    }
}

void GridView::onHover(std::function<void(std::optional<GridHit>)> listener) {
    hover_listener_ = std::move(listener);
}

void GridView::onPick(std::function<void(std::optional<TokenPlace>)> listener) {
    pick_listener_ = std::move(listener);
}

void GridView::placeChildren(bool is_scrolled) {
    const int bar = is_scrolled ? scroll_bar_->sizeHint().width() : 0;
    surface_->widget()->setGeometry(0, 0, std::max(1, width() - bar), std::max(1, height()));
    scroll_bar_->setGeometry(width() - bar, 0, bar, height());
    scroll_bar_->setVisible(is_scrolled);
}

void GridView::arrange(Change change) {
    content_.style = screenStyle(palette(), font());
    const GridMetrics metrics = measureGrid(content_.scene, content_.style);
    content_.layout = layoutGrid(content_.scene, metrics, width(), height());
    const bool is_scrolled = content_.layout.size.height() > height();
    if (is_scrolled) {
        const double room = width() - scroll_bar_->sizeHint().width();
        content_.layout = layoutGrid(content_.scene, metrics, room, height());
    }
    const int excess = static_cast<int>(std::ceil(content_.layout.size.height())) - height();
    scroll_bar_->setRange(0, is_scrolled ? std::max(0, excess) : 0);
    scroll_bar_->setPageStep(std::max(1, height() - static_cast<int>(content_.layout.body_top)));
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

bool GridView::handleSelectionKey(int key) {
    switch (key) {
    case Qt::Key_Up:
        return movePinned(0, -1);
    case Qt::Key_Down:
        return movePinned(0, 1);
    case Qt::Key_Left:
        return movePinned(-1, 0);
    case Qt::Key_Right:
        return movePinned(1, 0);
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        pick(tokenToPin());
        return true;
    case Qt::Key_Escape:
        pick(std::nullopt);
        return true;
    default:
        return false;
    }
}

void GridView::keyPressEvent(QKeyEvent* event) {
    if (event->modifiers() == Qt::NoModifier && handleSelectionKey(event->key())) {
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

bool GridView::eventFilter(QObject* watched, QEvent* event) {
    if (watched != surface_->widget()) {
        return QWidget::eventFilter(watched, event);
    }
    switch (event->type()) {
    case QEvent::MouseMove:
        pointer_ = static_cast<QMouseEvent*>(event)->position();
        hoverUnderPointer();
        break;
    case QEvent::MouseButtonPress: {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() == Qt::LeftButton) {
            pressed_ = mouse->position();
        }
        break;
    }
    case QEvent::MouseButtonRelease: {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() == Qt::LeftButton) {
            click(mouse->position());
        }
        break;
    }
    case QEvent::Leave:
    case QEvent::Hide:
        pointer_.reset();
        hoverUnderPointer();
        break;
    case QEvent::Wheel:
        if (scroll_bar_->isVisible()) {
            QCoreApplication::sendEvent(scroll_bar_, event);
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

QPointF GridView::toLayout(QPointF point) const {
    if (point.y() < content_.layout.body_top) {
        return content_.scroll > 0.0 ? QPointF(-1.0, -1.0) : point;
    }
    return point + QPointF(0.0, content_.scroll);
}

void GridView::hoverUnderPointer() {
    setHover(pointer_ ? hitAt(*pointer_) : std::nullopt);
}

std::optional<GridHit> GridView::hitAt(QPointF point) const {
    return hitTest(content_.scene, content_.layout, toLayout(point));
}

void GridView::click(QPointF released) {
    const std::optional<QPointF> pressed = std::exchange(pressed_, std::nullopt);
    // A press that slid to another place is no click.
    const std::optional<GridHit> hit = hitAt(released);
    if (!pressed || hitAt(*pressed) != hit) {
        return;
    }
    if (!hit) {
        pick(std::nullopt);
        return;
    }
    const GridCell& cell = content_.scene.cells[hit->row][hit->column];
    pick(TokenPlace{hit->token, cell.rows, cell.columns});
}

void GridView::pick(std::optional<TokenPlace> place) {
    if (pick_listener_ && place != content_.scene.view.selection.pinned) {
        pick_listener_(place);
    }
}

bool GridView::movePinned(int columns, int rows) {
    const std::optional<TokenPlace> pinned = content_.scene.view.selection.pinned;
    if (!pinned) {
        return false;
    }
    const int token = static_cast<int>(pinned->token.value);
    const int column = std::clamp(token % pinned->columns + columns, 0, pinned->columns - 1);
    const int row = std::clamp(token / pinned->columns + rows, 0, pinned->rows - 1);
    const int moved = row * pinned->columns + column;
    pick(TokenPlace{TokenIndex{static_cast<std::size_t>(moved)}, pinned->rows, pinned->columns});
    return true;
}

std::optional<TokenPlace> GridView::tokenToPin() const {
    if (content_.hover) {
        const GridCell& cell = content_.scene.cells[content_.hover->row][content_.hover->column];
        return TokenPlace{content_.hover->token, cell.rows, cell.columns};
    }
    for (const std::vector<GridCell>& row : content_.scene.cells) {
        const auto cell =
            std::find_if(row.begin(), row.end(), [](const GridCell& one) { return one.present; });
        if (cell != row.end()) {
            const int middle = cell->rows / 2 * cell->columns + cell->columns / 2;
            return TokenPlace{
                TokenIndex{static_cast<std::size_t>(middle)}, cell->rows, cell->columns};
        }
    }
    return std::nullopt;
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
    const QPointF place = toLayout(point);
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
    const auto columns = static_cast<std::size_t>(cell.columns);
    const QString value = rawText(static_cast<double>(cell.values[hit.token.value]));
    const QString place = tr("row %1, column %2")
                              .arg(hit.token.value / columns + 1)
                              .arg(hit.token.value % columns + 1);
    return QStringLiteral("%1\n%2\n%3\n%4")
        .arg(
            value, content_.scene.columns[hit.column].name, content_.scene.rows[hit.row].label,
            place);
}

} // namespace vitreous
