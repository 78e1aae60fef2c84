#include "widgets/timeline_strip.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QAccessible>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include "widgets/timeline_text.h"

namespace vitreous {
namespace {

constexpr int thumbnail_height = 40;
constexpr int bar_top = thumbnail_height + 3;
constexpr int bar_height = 3;
constexpr int times_top = bar_top + bar_height + 2;
constexpr int times_height = 16;
constexpr double gap = 1.0;
/// Room for a label and its distance from the next.
constexpr double label_room = 72.0;
constexpr double least_tick_room = 6.0;
constexpr std::size_t most_thumbnails = 192;
constexpr int settling_ms = 120;
constexpr int long_step = 10;
constexpr double zoom_per_notch = 1.25;

} // namespace

TimelineStrip::TimelineStrip(QWidget* parent) : QWidget(parent) {
    describeStripsForReaders();
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Timeline"));
    asking_.setSingleShot(true);
    asking_.setInterval(settling_ms);
    connect(&asking_, &QTimer::timeout, this, &TimelineStrip::askForThumbnails);
}

QSize TimelineStrip::sizeHint() const {
    return {640, times_top + times_height};
}

QSize TimelineStrip::minimumSizeHint() const {
    return {120, times_top + times_height};
}

void TimelineStrip::setVideo(std::vector<double> times_secs, double aspect) {
    times_secs_ = std::move(times_secs);
    aspect_ = aspect;
    current_ = 0;
    computed_before_.clear();
    thumbnails_.clear();
    wanted_.clear();
    scale_.setCount(times_secs_.size());
    scale_.setWidth(width());
    setAccessibleDescription(times_secs_.empty() ? QString() : textOf(current_));
    invalidate();
    askForThumbnails();
}

void TimelineStrip::setTimes(std::vector<double> times_secs) {
    if (times_secs.size() != times_secs_.size()) {
        return;
    }
    times_secs_ = std::move(times_secs);
    setAccessibleDescription(times_secs_.empty() ? QString() : textOf(current_));
    invalidate();
}

void TimelineStrip::setThumbnail(std::size_t position, const QImage& thumbnail) {
    if (position >= times_secs_.size() || thumbnail.isNull()) {
        return;
    }
    thumbnails_[position] = thumbnail;
    if (thumbnails_.size() > most_thumbnails) {
        // The farthest from what is seen.
        const auto distance = [this](std::size_t place) {
            return std::abs(static_cast<double>(place) - (scale_.first() + scale_.shown() / 2.0));
        };
        const bool is_first =
            distance(thumbnails_.begin()->first) > distance(thumbnails_.rbegin()->first);
        thumbnails_.erase(is_first ? thumbnails_.begin() : std::prev(thumbnails_.end()));
    }
    invalidate();
}

void TimelineStrip::forgetThumbnails() {
    thumbnails_.clear();
    invalidate();
    askForThumbnails();
}

void TimelineStrip::setComputed(std::vector<bool> computed) {
    computed.resize(times_secs_.size());
    std::vector<std::size_t> before(1, 0);
    for (const bool is_computed : computed) {
        before.push_back(before.back() + (is_computed ? 1 : 0));
    }
    if (before != computed_before_) {
        computed_before_ = std::move(before);
        invalidate();
    }
}

void TimelineStrip::setCurrent(std::size_t position) {
    if (position == current_ || position >= times_secs_.size()) {
        return;
    }
    current_ = position;
    setAccessibleDescription(textOf(position));
    QAccessibleValueChangeEvent changed(this, static_cast<int>(position));
    QAccessible::updateAccessibility(&changed);
    if (scale_.reveal(position)) {
        invalidate();
        asking_.start();
    }
    update();
}

QString TimelineStrip::textOf(std::size_t position) const {
    return tr("Frame %1 of %2, %3")
        .arg(position + 1)
        .arg(times_secs_.size())
        .arg(secondsText(times_secs_[position]));
}

void TimelineStrip::invalidate() {
    background_ = {};
    update();
}

void TimelineStrip::askForThumbnails() {
    wanted_ = scale_.thumbnails(thumbnail_height * aspect_);
    std::vector<std::size_t> missing;
    std::copy_if(
        wanted_.begin(), wanted_.end(), std::back_inserter(missing),
        [this](std::size_t position) { return !thumbnails_.contains(position); });
    if (!missing.empty()) {
        Q_EMIT thumbnailsWanted(missing);
    }
}

const QImage* TimelineStrip::nearestThumbnail(std::size_t position) const {
    if (thumbnails_.empty()) {
        return nullptr;
    }
    const auto after = thumbnails_.lower_bound(position);
    if (after == thumbnails_.begin()) {
        return &after->second;
    }
    const auto before = std::prev(after);
    const bool is_before =
        after == thumbnails_.end() || position - before->first < after->first - position;
    return is_before ? &before->second : &after->second;
}

void TimelineStrip::paintThumbnails(QPainter& painter) const {
    const std::vector<std::size_t> seen = scale_.thumbnails(thumbnail_height * aspect_);
    const double part = width() / static_cast<double>(std::max<std::size_t>(1, seen.size()));
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    for (std::size_t i = 0; i < seen.size(); ++i) {
        const double left = std::round(static_cast<double>(i) * part);
        const double right =
            std::round(static_cast<double>(i + 1) * part) - (i + 1 < seen.size() ? gap : 0.0);
        const QRectF place(left, 0.0, right - left, thumbnail_height);
        painter.fillRect(place, palette().color(QPalette::Midlight));
        if (const QImage* image = nearestThumbnail(seen[i])) {
            // As much of the middle as has the place's shape.
            const double scale =
                std::min(image->width() / place.width(), image->height() / place.height());
            QRectF source(QPointF(), place.size() * scale);
            source.moveCenter(QRectF(image->rect()).center());
            painter.drawImage(place, *image, source);
        }
    }
}

void TimelineStrip::paintComputed(QPainter& painter) const {
    const QRectF bar(0.0, bar_top, width(), bar_height);
    painter.fillRect(bar, palette().color(QPalette::Mid));
    if (computed_before_.empty()) {
        return;
    }
    // In device pixels: of a long video each holds many frames, and is as strong as many of them
    // are computed.
    const int pixels = static_cast<int>(std::ceil(width() * devicePixelRatioF()));
    QImage line(pixels, 1, QImage::Format_ARGB32_Premultiplied);
    QColor color = palette().color(QPalette::Highlight);
    for (int x = 0; x < pixels; ++x) {
        const std::size_t first = scale_.at(x * scale_.width() / pixels);
        const std::size_t last = scale_.at((x + 0.999) * scale_.width() / pixels) + 1;
        const std::size_t computed = computed_before_[last] - computed_before_[first];
        color.setAlphaF(static_cast<float>(computed) / static_cast<float>(last - first));
        line.setPixelColor(x, 0, color);
    }
    painter.drawImage(bar, line);
}

void TimelineStrip::paintTimes(QPainter& painter) const {
    const QColor ink = palette().color(QPalette::WindowText);
    QColor quiet = ink;
    quiet.setAlphaF(0.62F);
    QColor faint = ink;
    faint.setAlphaF(0.3F);
    if (scale_.slot() >= least_tick_room) {
        for (std::size_t i = scale_.at(0.0); i < times_secs_.size(); ++i) {
            const double x = std::floor(scale_.middleOf(i));
            if (x > width()) {
                break;
            }
            painter.fillRect(QRectF(x, times_top, 1.0, 2.0), faint);
        }
    }
    const std::size_t first = scale_.at(0.0);
    const std::size_t last = scale_.at(width() - 1.0);
    const double span = times_secs_[last] - times_secs_[first];
    if (span <= 0.0) {
        return;
    }
    const double step = roundStep(span / std::max(1.0, width() / label_room));
    painter.setFont(smallFont(font()));
    const double ascent = painter.fontMetrics().ascent();
    double free_from = 0.0;
    const auto label = [&](double x, const QString& text) {
        const double wide = painter.fontMetrics().horizontalAdvance(text);
        if (x < free_from || x + 4.0 + wide > width()) {
            return;
        }
        free_from = x + wide + 12.0;
        painter.fillRect(QRectF(x, times_top, 1.0, 6.0), faint);
        painter.setPen(quiet);
        painter.drawText(QPointF(x + 4.0, times_top + 3.0 + ascent), text);
    };
    if (2.0 * span > step * double(last - first)) {
        // Frames that lie about as far apart as labels, such as a clip's, have their own times.
        const double fine = roundStep(span / double(last - first) / 10.0);
        for (std::size_t i = first; i <= last; ++i) {
            label(
                std::floor(scale_.middleOf(i)),
                clockText(times_secs_[i], fine, times_secs_.back()));
        }
        return;
    }
    const double first_step = std::ceil(times_secs_[first] / step);
    const double last_step = std::floor(times_secs_[last] / step);
    for (int i = 0; first_step + i <= last_step; ++i) {
        const double time = (first_step + i) * step;
        const auto after = std::lower_bound(
            times_secs_.begin(), times_secs_.end(), time - 1e-9 * std::max(1.0, std::abs(time)));
        const auto position = static_cast<std::size_t>(after - times_secs_.begin());
        label(
            std::floor(scale_.middleOf(std::min(position, last))),
            clockText(time, step, times_secs_.back()));
    }
}

/// A light core between two dark lines, which shows on any picture.
void TimelineStrip::paintPlayhead(QPainter& painter) const {
    const double x = std::clamp(std::round(scale_.middleOf(current_)), 2.0, width() - 2.0);
    const double bottom = bar_top + bar_height;
    painter.fillRect(QRectF(x - 2.0, -1.0, 4.0, bottom + 2.0), Qt::black);
    painter.fillRect(QRectF(x - 1.0, 0.0, 2.0, bottom), Qt::white);
    if (hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 1.0));
        painter.drawRect(QRectF(0.5, 0.5, width() - 1.0, thumbnail_height - 1.0));
    }
}

QPixmap TimelineStrip::drawn() const {
    const double ratio = devicePixelRatioF();
    QPixmap pixmap((QSizeF(size()) * ratio).toSize());
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintThumbnails(painter);
    paintComputed(painter);
    paintTimes(painter);
    return pixmap;
}

void TimelineStrip::paintEvent(QPaintEvent* /*event*/) {
    if (times_secs_.empty()) {
        return;
    }
    if (background_.isNull() || background_.devicePixelRatio() != devicePixelRatioF()) {
        background_ = drawn();
    }
    QPainter painter(this);
    painter.drawPixmap(0, 0, background_);
    if (hover_) {
        QColor line = palette().color(QPalette::WindowText);
        line.setAlphaF(0.5F);
        painter.fillRect(QRectF(std::floor(*hover_), 0.0, 1.0, bar_top + bar_height), line);
    }
    paintPlayhead(painter);
}

void TimelineStrip::resizeEvent(QResizeEvent* /*event*/) {
    scale_.setWidth(width());
    invalidate();
    asking_.start();
}

void TimelineStrip::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        invalidate();
    }
    QWidget::changeEvent(event);
}

void TimelineStrip::keyPressEvent(QKeyEvent* event) {
    const bool is_long = event->modifiers() == Qt::ShiftModifier;
    if (times_secs_.empty() || (event->modifiers() != Qt::NoModifier && !is_long)) {
        QWidget::keyPressEvent(event);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Left:
        Q_EMIT stepRequested(is_long ? -long_step : -1);
        break;
    case Qt::Key_Right:
        Q_EMIT stepRequested(is_long ? long_step : 1);
        break;
    case Qt::Key_Home:
        Q_EMIT currentRequested(0);
        break;
    case Qt::Key_End:
        Q_EMIT currentRequested(times_secs_.size() - 1);
        break;
    case Qt::Key_Space:
        Q_EMIT playToggled();
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

void TimelineStrip::requestAt(double x) {
    if (!times_secs_.empty() && scale_.at(x) != current_) {
        Q_EMIT currentRequested(scale_.at(x));
    }
}

void TimelineStrip::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) {
        requestAt(event->position().x());
    }
}

void TimelineStrip::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons().testFlag(Qt::LeftButton)) {
        hover_.reset();
        requestAt(event->position().x());
    } else {
        hover_ = event->position().x();
    }
    if (QToolTip::isVisible()) {
        showToolTip(event->position().toPoint());
    }
    update();
}

void TimelineStrip::leaveEvent(QEvent* /*event*/) {
    hover_.reset();
    update();
}

void TimelineStrip::showToolTip(QPoint at) {
    const std::size_t position = scale_.at(at.x());
    const bool is_computed =
        computed_before_.empty() || computed_before_[position + 1] > computed_before_[position];
    const QString text = textOf(position);
    QToolTip::showText(
        mapToGlobal(at), is_computed ? text : tr("%1, not computed yet").arg(text), this);
}

bool TimelineStrip::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && !times_secs_.empty()) {
        showToolTip(static_cast<QHelpEvent*>(event)->pos());
        return true;
    }
    return QWidget::event(event);
}

void TimelineStrip::wheelEvent(QWheelEvent* event) {
    const double notches = event->angleDelta().y() / 120.0;
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        scale_.zoom(std::pow(zoom_per_notch, notches), event->position().x());
    } else {
        const double sideways = event->angleDelta().x() / 120.0;
        scale_.scroll(-(notches + sideways) * scale_.shown() / 8.0);
    }
    event->accept();
    invalidate();
    asking_.start();
}

} // namespace vitreous
