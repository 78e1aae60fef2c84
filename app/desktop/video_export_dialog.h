#pragma once

#include <optional>

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QSpinBox>

#include "app/video/video_order.h"

namespace vitreous {

/// Asks what is to be written of a video, and how its pages look.
class VideoExportDialog final : public QDialog {
    Q_OBJECT

public:
    enum class Kind { Video, Pictures, Arrays };

    /// look: as far as the view says it. rate: frames a second that the video shows of those that
    /// are analysed.
    VideoExportDialog(const VideoLook& look, double rate, QWidget* parent);

    [[nodiscard]] Kind kind() const;
    /// What the fields say of the pages; the rest of the look stays as it is.
    void apply(VideoLook& look) const;

private:
    void showKind();
    [[nodiscard]] QString rangeText() const;

    VideoLook look_;
    QComboBox* kind_;
    QComboBox* layout_;
    QSpinBox* width_;
    QDoubleSpinBox* rate_;
    QLabel* hint_ = nullptr;
};

} // namespace vitreous
