#include "widgets/timeline.h"

#include <utility>

#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QSignalBlocker>

#include "widgets/playback.h"
#include "widgets/timeline_text.h"

namespace vitreous {
namespace {

constexpr int margin = 16;
constexpr int step = 8;
constexpr int button_size = 28;
constexpr int loss_width = 232;

QString speedText(double speed) {
    return QString::number(speed) + QChar(0x00D7);
}

} // namespace

const std::vector<double>& Timeline::speeds() {
    static const std::vector<double> all = {0.25, 0.5, 1.0, 2.0, 4.0};
    return all;
}

Timeline::Timeline(QWidget* parent)
    : QWidget(parent), strip_(new TimelineStrip), speed_(new QComboBox), position_(new QLabel),
      loss_text_(new QLabel) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(margin, step, margin, step);
    layout->setSpacing(0);
    back_ = addButton(tr("Step back"), tr("Step back  (Left; 10 frames: Shift+Left)"));
    play_ = addButton(tr("Play"), QString());
    forward_ = addButton(tr("Step forward"), tr("Step forward  (Right; 10 frames: Shift+Right)"));
    loop_ = addButton(tr("Loop"), tr("Begin again at the end"));
    loop_->setCheckable(true);
    layout->addSpacing(step);
    addSpeeds();
    layout->addSpacing(margin);
    layout->addWidget(strip_, 1);
    layout->addSpacing(margin);
    addText();
    connect(back_, &QToolButton::clicked, this, [this] { Q_EMIT stepRequested(-1); });
    connect(forward_, &QToolButton::clicked, this, [this] { Q_EMIT stepRequested(1); });
    const auto toggle = [this] { Q_EMIT playRequested(!is_playing_); };
    connect(play_, &QToolButton::clicked, this, toggle);
    connect(strip_, &TimelineStrip::playToggled, this, toggle);
    connect(loop_, &QToolButton::clicked, this, [this] {
        // What it shows it is told.
        loop_->setChecked(is_looping_);
        Q_EMIT loopRequested(!is_looping_);
    });
    connect(strip_, &TimelineStrip::currentRequested, this, &Timeline::currentRequested);
    connect(strip_, &TimelineStrip::stepRequested, this, &Timeline::stepRequested);
    connect(strip_, &TimelineStrip::thumbnailsWanted, this, &Timeline::thumbnailsWanted);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    updateColors();
    setVideo({}, {});
}

QToolButton* Timeline::addButton(const QString& name, const QString& tip) {
    auto* button = new QToolButton;
    button->setAccessibleName(name);
    button->setToolTip(tip);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAutoRepeat(false);
    button->setFixedSize(button_size, button_size);
    static_cast<QBoxLayout*>(layout())->addWidget(button, 0, Qt::AlignVCenter);
    return button;
}

void Timeline::addSpeeds() {
    for (const double speed : speeds()) {
        speed_->addItem(speedText(speed), speed);
    }
    speed_->setAccessibleName(tr("Speed"));
    speed_->setToolTip(tr("Speed of playing"));
    speed_->setFocusPolicy(Qt::TabFocus);
    connect(speed_, &QComboBox::activated, this, [this](int index) {
        Q_EMIT speedRequested(speed_->itemData(index).toDouble());
    });
    static_cast<QBoxLayout*>(layout())->addWidget(speed_, 0, Qt::AlignVCenter);
    setSpeed(1.0);
}

void Timeline::addText() {
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addStretch(1);
    texts->addWidget(position_);
    texts->addWidget(loss_text_);
    texts->addStretch(1);
    position_->setAccessibleName(tr("Frame and time"));
    loss_text_->setAccessibleName(tr("What could not be read"));
    static_cast<QBoxLayout*>(layout())->addLayout(texts);
}

void Timeline::setVideo(std::vector<double> times_secs, const QString& loss, double aspect) {
    const bool has_frames = !times_secs.empty();
    strip_->setVideo(std::move(times_secs), aspect);
    numbers_.clear();
    for (QWidget* part : std::initializer_list<QWidget*>{back_, play_, forward_, loop_, speed_}) {
        part->setEnabled(has_frames);
    }
    setLoss(loss);
    makeRoomForPosition();
    showPosition();
    showPlaying();
}

void Timeline::setFrameNumbers(std::vector<std::size_t> numbers, std::size_t total) {
    numbers_ = std::move(numbers);
    total_ = total;
    makeRoomForPosition();
    showPosition();
}

void Timeline::setTimes(std::vector<double> times_secs) {
    strip_->setTimes(std::move(times_secs));
    makeRoomForPosition();
    showPosition();
}

void Timeline::makeRoomForPosition() {
    // As wide as the last frame's text, so that nothing moves while it plays.
    position_->setMinimumWidth(0);
    if (!strip_->times().empty()) {
        const std::size_t count = std::max(strip_->times().size(), total_);
        QString widest = QString::number(count) + secondsText(endOf(strip_->times()));
        widest += widest + tr("frame %1 of %2 · %3 of %4").remove(QLatin1Char('%'));
        position_->setMinimumWidth(position_->fontMetrics().horizontalAdvance(widest));
    }
}

void Timeline::setLoss(const QString& loss) {
    loss_ = loss;
    showLoss();
}

void Timeline::showLoss() {
    loss_text_->setVisible(!loss_.isEmpty());
    loss_text_->setText(loss_text_->fontMetrics().elidedText(loss_, Qt::ElideRight, loss_width));
    loss_text_->setToolTip(loss_);
    loss_text_->setAccessibleDescription(loss_);
}

void Timeline::setThumbnail(std::size_t position, const QImage& thumbnail) {
    strip_->setThumbnail(position, thumbnail);
}

void Timeline::forgetThumbnails() {
    strip_->forgetThumbnails();
}

void Timeline::setEnd(double end_secs) {
    end_secs_ = end_secs;
    showPosition();
}

void Timeline::setComputed(std::vector<bool> computed) {
    strip_->setComputed(std::move(computed));
}

void Timeline::setCurrent(std::size_t position) {
    strip_->setCurrent(position);
    showPosition();
}

void Timeline::showPosition() {
    const std::vector<double>& times = strip_->times();
    const std::size_t current = strip_->current();
    const bool has_numbers = !times.empty() && numbers_.size() == times.size();
    const std::size_t number = has_numbers ? numbers_[current] : current;
    const std::size_t count = has_numbers ? std::max(total_, numbers_.back() + 1) : times.size();
    position_->setText(
        times.empty() ? QString()
                      : tr("frame %1 of %2 · %3 of %4")
                            .arg(number + 1)
                            .arg(count)
                            .arg(
                                secondsText(times[current]),
                                secondsText(end_secs_ > 0.0 ? end_secs_ : endOf(times))));
    back_->setEnabled(current > 0 || is_looping_);
    forward_->setEnabled(current + 1 < times.size() || (is_looping_ && !times.empty()));
}

void Timeline::setPlaying(bool is_playing) {
    is_playing_ = is_playing;
    showPlaying();
}

void Timeline::showPlaying() {
    play_->setIcon(is_playing_ ? pause_icon_ : play_icon_);
    play_->setAccessibleName(is_playing_ ? tr("Pause") : tr("Play"));
    play_->setToolTip(is_playing_ ? tr("Pause  (Space)") : tr("Play  (Space)"));
}

void Timeline::setLoop(bool is_looping) {
    is_looping_ = is_looping;
    loop_->setChecked(is_looping);
    showPosition();
}

void Timeline::setSpeed(double speed) {
    const QSignalBlocker quiet(speed_);
    if (speed_->findData(speed) < 0) {
        speed_->addItem(speedText(speed), speed); // of a session that was written by hand
    }
    speed_->setCurrentIndex(speed_->findData(speed));
}

void Timeline::setIcons(const std::function<QIcon(const QString&)>& icon) {
    updateColors();
    back_->setIcon(icon(QStringLiteral("step_back")));
    forward_->setIcon(icon(QStringLiteral("step_forward")));
    loop_->setIcon(icon(QStringLiteral("loop")));
    play_icon_ = icon(QStringLiteral("play"));
    pause_icon_ = icon(QStringLiteral("pause"));
    showPlaying();
}

void Timeline::updateColors() {
    // Its own as long as it has one: a label's palette is older than the theme's.
    QPalette quiet = QGuiApplication::palette();
    QColor ink = quiet.color(QPalette::WindowText);
    ink.setAlphaF(0.7F);
    quiet.setColor(QPalette::WindowText, ink);
    for (QLabel* label : {position_, loss_text_}) {
        label->setPalette(quiet);
        label->setFont(smallFont(font()));
    }
}

void Timeline::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        updateColors();
    }
    QWidget::changeEvent(event);
}

void Timeline::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::AlternateBase));
    painter.fillRect(0, 0, width(), 1, palette().color(QPalette::Shadow));
}

} // namespace vitreous
