#include "widgets/cloud/projection_renderer.h"

#include <algorithm>
#include <thread>

#include "widgets/cloud/cloud_layer.h"
#include "widgets/cloud/parallel_jobs.h"

namespace vitreous {
namespace {

constexpr unsigned most_threads = 8;
constexpr int rows_a_job = 64;
/// A frame with fewer pixels is painted before another thread has started.
constexpr std::int64_t pixels_worth_a_thread = 1 << 16;

/// A part of a cell that one thread paints.
struct Band {
    const CloudCell* cell = nullptr;
    const CellColors* colors = nullptr;
    CloudLayer::Ground ground;
    QRect part; ///< of the frame
};

class ProjectionRenderer final : public CloudRenderer {
public:
    explicit ProjectionRenderer(std::size_t threads) : threads_(threads) {}

    QImage render(const CloudFrame& frame) override;
    [[nodiscard]] std::string name() const override { return "painter's projection"; }

private:
    CloudLayer::Ground prepare(const CloudCell& cell, const CloudFrame& frame);

    std::size_t threads_;
    std::vector<std::unique_ptr<CloudLayer>> layers_;
};

/// The pixels a .. b - 1 of a row among those that show something.
std::pair<std::size_t, std::size_t> between(const SeenPixels& pixels, int row, int a, int b) {
    const auto begin = pixels.columns.begin();
    const auto first = begin + std::ptrdiff_t(pixels.starts[std::size_t(row)]);
    const auto last = begin + std::ptrdiff_t(pixels.starts[std::size_t(row) + 1]);
    return {
        std::size_t(std::lower_bound(first, last, std::uint32_t(a)) - begin),
        std::size_t(std::lower_bound(first, last, std::uint32_t(b)) - begin)};
}

void paint(const Band& band, uchar* pixels, std::ptrdiff_t bytes_a_line) {
    const QRect& cell = band.cell->rect;
    const int left = band.part.left() - cell.left();
    const int right = left + band.part.width();
    const CloudSurface& surface = *band.ground.surface;
    std::vector<QRgb> whole(std::size_t(cell.width()));
    for (int y = band.part.top(); y <= band.part.bottom(); ++y) {
        const int row = y - cell.top();
        const std::span<const QRgb> ground = surface.ground(row);
        std::copy(ground.begin() + left, ground.begin() + right, whole.begin() + left);
        const auto [point, points_end] = between(surface.points(), row, left, right);
        band.colors->paintPoints(surface, band.ground.weights, point, points_end, whole.data());
        const auto [sphere, spheres_end] = between(surface.spheres(), row, left, right);
        band.colors->paintSpheres(surface.spheres(), sphere, spheres_end, whole.data());
        auto* const line = reinterpret_cast<QRgb*>(pixels + y * bytes_a_line);
        std::copy(whole.begin() + left, whole.begin() + right, line + band.part.left());
    }
}

CloudLayer::Ground ProjectionRenderer::prepare(const CloudCell& cell, const CloudFrame& frame) {
    const auto known = std::find_if(
        layers_.begin(), layers_.end(), [&cell](const auto& layer) { return layer->isOf(cell); });
    CloudLayer& layer =
        known != layers_.end() ? **known : *layers_.emplace_back(std::make_unique<CloudLayer>());
    return layer.prepare(cell, frame, threads_);
}

QImage ProjectionRenderer::render(const CloudFrame& frame) {
    QImage image(frame.size, QImage::Format_RGB32);
    if (image.isNull()) {
        return image;
    }
    image.fill(frame.look.ground | 0xff000000U);
    for (const auto& layer : layers_) {
        layer->begin();
    }
    std::vector<std::unique_ptr<CellColors>> colors;
    std::vector<Band> bands;
    std::int64_t pixels = 0;
    for (const CloudCell& cell : frame.cells) {
        const QRect seen = cell.rect & image.rect();
        if (seen.isEmpty() || cell.shape == nullptr || cell.shape->cloud->size() == 0) {
            continue;
        }
        const CloudLayer::Ground ground = prepare(cell, frame);
        colors.push_back(std::make_unique<CellColors>(cell, frame.look));
        pixels += std::int64_t(seen.width()) * seen.height();
        for (int y = seen.top(); y <= seen.bottom(); y += rows_a_job) {
            const int rows = std::min(rows_a_job, seen.bottom() + 1 - y);
            bands.push_back(
                {&cell, colors.back().get(), ground, QRect(seen.left(), y, seen.width(), rows)});
        }
    }
    uchar* const bits = image.bits();
    const std::ptrdiff_t bytes_a_line = image.bytesPerLine();
    runJobs(pixels < pixels_worth_a_thread ? 1 : threads_, bands.size(), [&](std::size_t job) {
        paint(bands[job], bits, bytes_a_line);
    });
    std::erase_if(layers_, [](const auto& layer) { return !layer->isUsed(); });
    for (const auto& layer : layers_) {
        layer->end();
    }
    return image;
}

} // namespace

std::unique_ptr<CloudRenderer> makeProjectionRenderer(std::size_t threads) {
    return std::make_unique<ProjectionRenderer>(std::max<std::size_t>(threads, 1));
}

std::unique_ptr<CloudRenderer> makeProjectionRenderer() {
    return makeProjectionRenderer(
        std::clamp(std::thread::hardware_concurrency(), 1U, most_threads));
}

} // namespace vitreous
