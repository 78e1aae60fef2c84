#include "widgets/cloud/seen_points.h"

#include <algorithm>
#include <atomic>

#include "widgets/cloud/parallel_jobs.h"

namespace vitreous {
namespace {

constexpr std::size_t points_a_job = 64 * block_points;
constexpr int rows_a_job = 64;

void keepNearer(SeenKey& place, SeenKey key) {
    if (key < place) {
        place = key;
    }
}

/// The same beside other threads.
void keepNearerShared(SeenKey& place, SeenKey key) {
    const std::atomic_ref<SeenKey> shared(place);
    SeenKey before = shared.load(std::memory_order_relaxed);
    while (key < before && !shared.compare_exchange_weak(before, key, std::memory_order_relaxed)) {
    }
}

std::size_t jobsOf(std::size_t count, std::size_t a_job) {
    return (count + a_job - 1) / a_job;
}

/// How much deeper a disc is away from its middle.
SeenKey bulgeAt(const Disc& disc, int pixels, float units_a_pixel) {
    const double away = disc.away(pixels);
    const double depth = disc_bulge * away * away / disc.radius;
    return seenKey(static_cast<std::uint32_t>(depth * double(units_a_pixel)), 0);
}

} // namespace

void SeenPoints::project(
    const CloudShape& shape,
    const CloudCamera& camera,
    QSize size,
    std::size_t step,
    const Disc& disc,
    std::size_t threads) {
    const CloudProjection projection(camera, size);
    const bool is_perspective = camera.projection == Projection::Perspective;
    const PointTransform transform(shape.sphere, projection, projection.scaleAt(1.0));
    const Relief relief(camera, size);
    const int margin = disc.reach();
    const float shift = static_cast<float>(margin) + (disc.is_cornered ? 0.5F : 0.0F);
    size_ = size;
    padded_ = size + QSize(2 * margin, 2 * margin);
    middle_x_ = static_cast<float>(size.width()) / 2.0F + shift;
    middle_y_ = static_cast<float>(size.height()) / 2.0F + shift;
    clear(threads);

    const std::size_t points = (shape.cloud->size() + step - 1) / step;
    const std::size_t jobs = relief.isSeen() ? jobsOf(points, points_a_job) : 0;
    const bool is_shared = std::min(threads, jobs) > 1;
    runJobs(threads, jobs, [&](std::size_t job) {
        const std::size_t end = std::min((job + 1) * points_a_job, points);
        for (std::size_t first = job * points_a_job; first < end; first += block_points) {
            const std::size_t count = std::min(block_points, end - first);
            if (is_perspective) {
                addBlock<true>(shape, transform, relief, first * step, step, count, is_shared);
            } else {
                addBlock<false>(shape, transform, relief, first * step, step, count, is_shared);
            }
        }
    });
    const auto bands = jobsOf(std::size_t(size.height()), std::size_t(rows_a_job));
    runJobs(threads, bands, [&](std::size_t band) {
        const int first = int(band) * rows_a_job;
        spread(disc, relief.unitsAPixel(), first, std::min(first + rows_a_job, size_.height()) - 1);
    });
}

void SeenPoints::clear(std::size_t threads) {
    const auto width = static_cast<std::size_t>(padded_.width());
    const auto height = static_cast<std::size_t>(padded_.height());
    middles_.resize(width * height);
    keys_.resize(std::size_t(size_.width()) * std::size_t(size_.height()));
    constexpr std::size_t keys_a_job = 1U << 18U;
    runJobs(threads, jobsOf(middles_.size(), keys_a_job), [&](std::size_t job) {
        const std::size_t first = job * keys_a_job;
        std::fill_n(&middles_[first], std::min(keys_a_job, middles_.size() - first), nothing_seen);
    });
}

template <bool IsPerspective>
void SeenPoints::addBlock(
    const CloudShape& shape,
    const PointTransform& transform,
    const Relief& relief,
    std::size_t first,
    std::size_t step,
    std::size_t count,
    bool is_shared) {
    SeenBlock seen;
    transform.apply(shape.cloud->positions, first, step, count, seen);
    const float width = static_cast<float>(padded_.width());
    const float height = static_cast<float>(padded_.height());
    const float middle_x = middle_x_;
    const float middle_y = middle_y_;
    constexpr auto nearest = static_cast<float>(least_depth);
    const float start = relief.start();
    const float factor = relief.factor();
    std::array<std::int32_t, block_points> units;
    std::array<std::int32_t, block_points> across;
    std::array<std::int32_t, block_points> down;
    for (std::size_t i = 0; i < count; ++i) {
        const float depth = seen.depth[i];
        const float nearer = IsPerspective ? 1.0F / depth : 1.0F;
        const float x = middle_x + seen.x[i] * nearer;
        const float y = middle_y + seen.y[i] * nearer;
        // What is NaN is inside of nothing.
        const bool is_inside =
            (depth > nearest) & (x >= 0.0F) & (x < width) & (y >= 0.0F) & (y < height);
        const float along = ((IsPerspective ? quickLog2(depth) : depth) - start) * factor;
        const float within = std::min(std::max(along, 0.0F), Relief::most_units);
        units[i] = static_cast<std::int32_t>(within);
        across[i] = is_inside ? static_cast<std::int32_t>(x) : -1;
        down[i] = is_inside ? static_cast<std::int32_t>(y) : 0;
    }
    SeenKey* const middles = middles_.data();
    const auto stride = static_cast<std::ptrdiff_t>(padded_.width());
    for (std::size_t i = 0; i < count; ++i) {
        if (across[i] < 0) {
            continue;
        }
        SeenKey& place = middles[down[i] * stride + across[i]];
        const SeenKey key =
            seenKey(std::uint32_t(units[i]), static_cast<std::uint32_t>(first + i * step));
        if (is_shared) {
            keepNearerShared(place, key);
        } else {
            keepNearer(place, key);
        }
    }
}

/// Rows of pixels from the middles whose discs reach them. The depth of a disc is a sum of one
/// part across and one down: its rows are made of one another, from the narrowest to the widest,
/// and the work is that of the disc's height, not of its area.
void SeenPoints::spread(const Disc& disc, float units_a_pixel, int first_row, int last_row) {
    const int margin = disc.reach();
    const int rows = int(disc.halves.size());
    const auto width = static_cast<std::size_t>(size_.width());
    const auto padded = static_cast<std::size_t>(padded_.width());
    std::fill_n(
        &keys_[width * std::size_t(first_row)], width * std::size_t(last_row - first_row + 1),
        nothing_seen);
    std::vector<SeenKey> least(width);
    for (int y = first_row - (rows - 1 - margin); y <= last_row + margin; ++y) {
        const SeenKey* const middles = &middles_[padded * std::size_t(y + margin)];
        if (std::all_of(
                middles, middles + padded, [](SeenKey key) { return key == nothing_seen; })) {
            continue;
        }
        std::fill(least.begin(), least.end(), nothing_seen);
        int next = disc.is_cornered ? 1 : 0;
        for (int i = 0; 2 * i < rows; ++i) {
            for (; next <= disc.halves[std::size_t(i)]; ++next) {
                const SeenKey* const left = middles + margin - disc.last(next);
                const SeenKey* const right = middles + margin + next;
                const SeenKey deeper = bulgeAt(disc, -next, units_a_pixel);
                for (std::size_t x = 0; x < width; ++x) {
                    least[x] = std::min(least[x], std::min(left[x], right[x]) + deeper);
                }
            }
            const SeenKey deeper = bulgeAt(disc, i - margin, units_a_pixel);
            for (const int row : {y - margin + i, y - margin + rows - 1 - i}) {
                if (row < first_row || row > last_row) {
                    continue;
                }
                SeenKey* const keys = &keys_[width * std::size_t(row)];
                for (std::size_t x = 0; x < width; ++x) {
                    keys[x] = std::min(keys[x], least[x] + deeper);
                }
            }
        }
    }
}

} // namespace vitreous
