#include "widgets/cloud/cloud_surface.h"

#include <algorithm>

#include "widgets/cloud/parallel_jobs.h"

namespace vitreous {
namespace {

constexpr int rows_a_job = 32;
constexpr std::uint8_t full = 255;

void resizeTo(SeenPixels& pixels, std::size_t count) {
    pixels.columns.resize(count);
    pixels.numbers.resize(count);
    pixels.shades.resize(count);
}

template <typename Work>
void forRows(std::size_t threads, int rows, const Work& work) {
    runJobs(threads, std::size_t((rows + rows_a_job - 1) / rows_a_job), [&](std::size_t job) {
        const int first = int(job) * rows_a_job;
        for (int row = first; row < std::min(first + rows_a_job, rows); ++row) {
            work(row);
        }
    });
}

} // namespace

void CloudSurface::build(
    std::span<const SeenKey> keys,
    const PointCloud& cloud,
    const GroupWeights* centers,
    const View& view,
    std::size_t threads) {
    size_ = view.size;
    centers_.reset();
    const auto points = static_cast<std::uint32_t>(cloud.size());
    if (centers != nullptr) {
        covered_.assign(keys.begin(), keys.end());
        centers_.emplace(*centers, view.camera, size_);
        centers_->cover(covered_, points);
        keys = covered_;
    }
    if (view.shading == CloudShading::EyeDome) {
        dome_.shade(keys, size_, view.camera, view.disc, threads);
    }
    setStarts(keys, points, threads);
    own_.resize(cloud.colors.empty() ? 0 : points_.columns.size());
    ground_.resize(keys.size());
    forRows(threads, size_.height(), [&](int row) { fillRow(keys, cloud, view, row); });
}

void CloudSurface::setStarts(
    std::span<const SeenKey> keys,
    std::uint32_t points,
    std::size_t threads) {
    const auto rows = static_cast<std::size_t>(size_.height());
    const auto width = static_cast<std::size_t>(size_.width());
    points_.starts.assign(rows + 1, 0);
    spheres_.starts.assign(rows + 1, 0);
    forRows(threads, size_.height(), [&](int row) {
        std::size_t seen = 0;
        std::size_t of_points = 0;
        for (const SeenKey key : keys.subspan(std::size_t(row) * width, width)) {
            seen += key != nothing_seen ? 1 : 0;
            of_points += numberOf(key) < points ? 1 : 0;
        }
        points_.starts[std::size_t(row) + 1] = of_points;
        spheres_.starts[std::size_t(row) + 1] = seen - of_points;
    });
    for (SeenPixels* pixels : {&points_, &spheres_}) {
        for (std::size_t row = 0; row < rows; ++row) {
            pixels->starts[row + 1] += pixels->starts[row];
        }
        resizeTo(*pixels, pixels->starts.back());
    }
}

void CloudSurface::fillRow(
    std::span<const SeenKey> keys,
    const PointCloud& cloud,
    const View& view,
    int row) {
    const auto width = static_cast<std::size_t>(size_.width());
    const auto points = static_cast<std::uint32_t>(cloud.size());
    const std::size_t start = std::size_t(row) * width;
    const std::uint8_t* const shades =
        view.shading == CloudShading::EyeDome ? &dome_.shades()[start] : nullptr;
    QRgb* const ground = &ground_[start];
    std::size_t point = points_.starts[std::size_t(row)];
    std::size_t sphere = spheres_.starts[std::size_t(row)];
    std::uint32_t* const columns = points_.columns.data();
    std::uint32_t* const numbers = points_.numbers.data();
    std::uint8_t* const point_shades = points_.shades.data();
    for (std::size_t x = 0; x < width; ++x) {
        const SeenKey key = keys[start + x];
        const std::uint8_t shade = shades == nullptr ? full : shades[x];
        const std::uint32_t number = numberOf(key);
        ground[x] = shaded(view.ground, shade);
        if (number < points) {
            columns[point] = std::uint32_t(x);
            numbers[point] = number;
            point_shades[point] = shade;
            ++point;
        } else if (key != nothing_seen) {
            const std::uint32_t group = number - points;
            const QRgb light = qRgb(centers_->light(group, int(x), row), 0, 0);
            spheres_.columns[sphere] = std::uint32_t(x);
            spheres_.numbers[sphere] = group;
            spheres_.shades[sphere] = std::uint8_t(qRed(shaded(light, shade)));
            ++sphere;
        }
    }
    if (!own_.empty()) {
        for (std::size_t i = points_.starts[std::size_t(row)]; i < point; ++i) {
            const std::uint8_t* const color = &cloud.colors[3 * std::size_t(numbers[i])];
            own_[i] = qRgb(color[0], color[1], color[2]);
        }
    }
}

std::span<const QRgb> CloudSurface::ground(int row) const {
    const auto width = static_cast<std::size_t>(size_.width());
    return std::span(ground_).subspan(std::size_t(row) * width, width);
}

} // namespace vitreous
