#pragma once

#include <functional>
#include <vector>

#include <QComboBox>
#include <QIcon>
#include <QLabel>
#include <QToolButton>
#include <QWidget>

#include "widgets/timeline_strip.h"

namespace vitreous {

/// A video's timeline along the bottom of the window: step, play, loop and speed, thumbnails with
/// the playhead and what is computed, the frame and its time. It decodes and plays nothing: what it
/// shows it is told, what the user wants it tells. Positions count the frames that are shown, from
/// 0.
class Timeline final : public QWidget {
    Q_OBJECT

public:
    explicit Timeline(QWidget* parent = nullptr);

    /// times_secs: when each shown frame begins, ascending. loss: one line about what of the file
    /// could not be read; empty: nothing. aspect: of a frame, its width over its height. The first
    /// frame is current, nothing is computed and there are no thumbnails.
    void setVideo(std::vector<double> times_secs, const QString& loss, double aspect = 16.0 / 9.0);
    /// Which of the video's frames the shown ones are, from 0 on, and how many it has; without,
    /// they are all of them.
    void setFrameNumbers(std::vector<std::size_t> numbers, std::size_t total);
    /// The same frames begin at other times; all else stays.
    void setTimes(std::vector<double> times_secs);
    /// How long the whole video is, where more is known than when its shown frames begin.
    void setEnd(double end_secs);
    /// Another line about what could not be read, which may turn up while it is.
    void setLoss(const QString& loss);
    /// About 80 logical pixels high; larger ones are made smaller.
    void setThumbnail(std::size_t position, const QImage& thumbnail);
    /// What they show is outdated: those that are seen are wanted again.
    void forgetThumbnails();
    /// One a frame.
    void setComputed(std::vector<bool> computed);
    void setCurrent(std::size_t position);
    void setPlaying(bool is_playing);
    void setLoop(bool is_looping);
    /// One of speeds().
    void setSpeed(double speed);
    /// icon: one of resources/icons by name, in the theme's colours. To be told again with another
    /// theme.
    void setIcons(const std::function<QIcon(const QString& name)>& icon);

    static const std::vector<double>& speeds();

Q_SIGNALS:
    /// While the playhead is dragged, at a click, with Home and End.
    void currentRequested(std::size_t position);
    /// So many frames on, or back.
    void stepRequested(int frames);
    void playRequested(bool is_playing);
    void loopRequested(bool is_looping);
    void speedRequested(double speed);
    /// The thumbnails that are seen and not there, after the video, the size or the zoom changed. A
    /// later list stands for all before it.
    void thumbnailsWanted(const std::vector<std::size_t>& positions);

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QToolButton* addButton(const QString& name, const QString& tip);
    void addSpeeds();
    void addText();
    void showPosition();
    void makeRoomForPosition();
    void showLoss();
    void updateColors();
    void showPlaying();

    TimelineStrip* strip_;
    QToolButton* back_;
    QToolButton* play_;
    QToolButton* forward_;
    QToolButton* loop_;
    QComboBox* speed_;
    QLabel* position_;
    QLabel* loss_text_;
    QString loss_;
    std::vector<std::size_t> numbers_; ///< empty: all frames are shown
    std::size_t total_ = 0;
    double end_secs_ = 0.0; ///< 0: not known
    bool is_playing_ = false;
    bool is_looping_ = false;
    QIcon play_icon_;
    QIcon pause_icon_;
};

} // namespace vitreous
