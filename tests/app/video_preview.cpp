// Writes pictures of a video's timeline and of the inspector's values over time, to look at. No
// test. video_preview FOLDER [PICTURE]

#include <cmath>
#include <iostream>
#include <limits>

#include <QApplication>
#include <QPainter>

#include "app/desktop/icons.h"
#include "app/desktop/theme.h"
#include "app/desktop/trace_section.h"
#include "widgets/timeline.h"

using namespace vitreous;

namespace {

std::vector<double> timesOf(std::size_t count, double frames_per_second) {
    std::vector<double> times;
    for (std::size_t i = 0; i < count; ++i) {
        times.push_back(double(i) / frames_per_second);
    }
    return times;
}

/// The part of a picture that a camera that pans over it sees.
QImage seenAt(const QImage& picture, double share) {
    const int width = picture.width() * 2 / 3;
    const int left = int(share * (picture.width() - width));
    return picture.copy(left, picture.height() / 8, width, width * 9 / 16)
        .scaled(142, 80, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
}

struct Shot {
    const char* name;
    std::size_t frames;
    double frames_per_second;
    std::size_t current;
    double computed; ///< part of the frames from the first on
    int width;
    const char* loss;
    bool is_playing;
};

void take(const Shot& shot, const QImage& picture, const QString& file) {
    Timeline timeline;
    timeline.setIcons(themedIcon);
    timeline.resize(shot.width, timeline.sizeHint().height());
    QObject::connect(
        &timeline, &Timeline::thumbnailsWanted, &timeline,
        [&](const std::vector<std::size_t>& positions) {
            for (const std::size_t position : positions) {
                timeline.setThumbnail(
                    position, seenAt(picture, double(position) / double(shot.frames)));
            }
        });
    timeline.show();
    timeline.setVideo(timesOf(shot.frames, shot.frames_per_second), shot.loss);
    std::vector<bool> computed(shot.frames);
    for (std::size_t i = 0; i < shot.frames; ++i) {
        const double share = double(i) / double(shot.frames);
        computed[i] = share < shot.computed || (share > 0.7 && share < 0.74);
    }
    timeline.setComputed(computed);
    timeline.setCurrent(shot.current);
    timeline.setPlaying(shot.is_playing);
    timeline.setLoop(shot.is_playing);
    QApplication::processEvents();
    timeline.grab().save(file);
}

void takeTraces(const QString& file) {
    TraceSection section;
    section.setAutoFillBackground(true);
    QPalette palette = section.palette();
    palette.setColor(QPalette::Window, currentTheme().panel);
    section.setPalette(palette);
    std::vector<Trace> traces = {
        {"ViT-S", QColor(0x3b, 0x6f, 0xb6), timesOf(60, 25.0), {}},
        {"ViT-S-LLaMA", QColor(0xd1, 0x7a, 0x22), timesOf(60, 25.0), {}}};
    for (std::size_t i = 0; i < 60; ++i) {
        const bool is_computed = i < 36 || i == 44 || i > 50;
        const double wave = std::sin(double(i) * 0.21);
        const double none = std::numeric_limits<double>::quiet_NaN();
        traces[0].values.push_back(is_computed ? 12.0 + 3.0 * wave : none);
        traces[1].values.push_back(is_computed && i < 20 ? 9.0 - 2.0 * wave : none);
    }
    section.resize(288, 300);
    section.setTraces(traces, 0.48, "Magnitude, L2 distance from the mean token, at blocks.11");
    section.show();
    QApplication::processEvents();
    section.grab().save(file);
}

} // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    if (argc < 2) {
        std::cerr << "expected a folder\n";
        return 2;
    }
    const QString folder = QString::fromLocal8Bit(argv[1]);
    QImage picture(argc > 2 ? QString::fromLocal8Bit(argv[2]) : QString());
    if (picture.isNull()) {
        picture = QImage(960, 540, QImage::Format_RGB32);
        QPainter painter(&picture);
        QLinearGradient gradient(0, 0, 960, 540);
        gradient.setColorAt(0, QColor(0x30, 0x50, 0x80));
        gradient.setColorAt(1, QColor(0xf0, 0xc0, 0x60));
        painter.fillRect(picture.rect(), gradient);
    }
    const std::vector<Shot> shots = {
        {"short", 60, 25.0, 11, 0.6, 1440, "", false},
        {"long", 15000, 25.0, 5123, 0.3, 1440,
         "frames 14200 to 15000 of 15000 could not be read: the file ends early", true},
        {"narrow", 300, 30.0, 299, 1.0, 800, "", false},
        {"eight", 8, 2.0, 0, 0.0, 1100, "", false}};
    for (const ThemeKind theme : {ThemeKind::Light, ThemeKind::Dark}) {
        applyTheme(theme);
        for (const Shot& shot : shots) {
            take(shot, picture, QString("%1/%2-%3.png").arg(folder, shot.name, nameOf(theme)));
        }
        takeTraces(QString("%1/traces-%2.png").arg(folder, nameOf(theme)));
    }
    return 0;
}
