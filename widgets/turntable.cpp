#include "widgets/turntable.h"

#include <cmath>

#include "core/base/error.h"
#include "core/media/video_writer.h"
#include "widgets/frame_pixels.h"
#include "widgets/grid_canvas.h"

namespace vitreous {
namespace {

constexpr double dots_per_inch = 192.0;
constexpr int least_frames = 2;
constexpr int most_frames = 36'000;
constexpr int least_width = 192;
constexpr int most_width = 3840;

void check(const GridScene& scene, const TurntableOptions& options) {
    if (!hasClouds(scene)) {
        throw Error(ErrorCode::Usage, "there is no point cloud in the view to turn");
    }
    if (options.frames < least_frames || options.frames > most_frames) {
        throw Error(ErrorCode::Usage, "expected 2 to 36000 frames of a turntable");
    }
    if (options.width < least_width || options.width > most_width) {
        throw Error(ErrorCode::Usage, "expected a video 192 to 3840 pixels wide");
    }
    if (!(options.frames_per_second >= 1.0 && options.frames_per_second <= 120.0)) {
        throw Error(ErrorCode::Usage, "expected 1 to 120 frames a second");
    }
}

} // namespace

void exportTurntable(
    const std::filesystem::path& path,
    const GridScene& scene,
    const TurntableOptions& options,
    const Task& task) {
    check(scene, options);
    FigureOptions figure;
    figure.png_dpi = static_cast<int>(dots_per_inch);
    figure.width_inch = options.width / dots_per_inch;
    figure.show_caption = !options.caption.isEmpty();
    figure.caption = options.caption;
    GridScene turned = scene;
    const double from = scene.camera.azimuth;
    std::unique_ptr<VideoWriter> writer;
    for (int i = 0; i < options.frames; ++i) {
        task.checkStop();
        task.report(static_cast<double>(i) / options.frames, "turntable");
        CloudCamera& camera = turned.camera;
        camera.azimuth = from + 360.0 * i / options.frames;
        camera = clamped(camera);
        const Image frame = frameOf(figureImage(turned, figure));
        if (!writer) {
            writer = std::make_unique<VideoWriter>(
                path, frame.width, frame.height, options.frames_per_second);
        }
        writer->add(frame);
    }
    writer->finish();
}

} // namespace vitreous
