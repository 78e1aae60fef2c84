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

/// Each becomes the least of as many as `width` from it on, which it is already for `from`. The
/// last ones are too large.
void widen(std::vector<SeenKey>& least, int from, int width) {
    SeenKey* const keys = least.data();
    const std::size_t count = least.size();
    for (int have = from; have < width; have += 2) {
        if (have == 1) {
            for (std::size_t i = 0; i + 2 < count; ++i) {
                keys[i] = std::min(std::min(keys[i], keys[i + 1]), keys[i + 2]);
            }
        } else {
            for (std::size_t i = 0; i + 2 < count; ++i) {
                keys[i] = std::min(keys[i], keys[i + 2]);
            }
        }
    }
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
    const int margin = disc.reach();
    size_ = size;
    padded_ = size + QSize(2 * margin, 2 * margin);
    middle_x_ = static_cast<float>(size.width()) / 2.0F + disc.shift + static_cast<float>(margin);
    middle_y_ = static_cast<float>(size.height()) / 2.0F + disc.shift + static_cast<float>(margin);
    clear(threads);

    const std::size_t points = (shape.cloud->size() + step - 1) / step;
    const std::size_t jobs = jobsOf(points, points_a_job);
    const bool is_shared = std::min(threads, jobs) > 1;
    runJobs(threads, jobs, [&](std::size_t job) {
        const std::size_t end = std::min((job + 1) * points_a_job, points);
        for (std::size_t first = job * points_a_job; first < end; first += block_points) {
            const std::size_t count = std::min(block_points, end - first);
            if (is_perspective) {
                addBlock<true>(shape, transform, first * step, step, count, is_shared);
            } else {
                addBlock<false>(shape, transform, first * step, step, count, is_shared);
            }
        }
    });
    const auto bands = jobsOf(std::size_t(size.height()), std::size_t(rows_a_job));
    runJobs(threads, bands, [&](std::size_t band) {
        const int first = int(band) * rows_a_job;
        spread(disc, first, std::min(first + rows_a_job, size_.height()) - 1);
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
        const SeenKey key = seenKey(seen.depth[i], static_cast<std::uint32_t>(first + i * step));
        if (is_shared) {
            keepNearerShared(place, key);
        } else {
            keepNearer(place, key);
        }
    }
}

/// Rows of pixels from the middles whose discs reach them. A disc's row is the least key of so many
/// side by side, which the disc's wider rows are made of in turn: the work is that of the disc's
/// height, not of its area.
void SeenPoints::spread(const Disc& disc, int first_row, int last_row) {
    const int margin = disc.reach();
    const auto width = static_cast<std::size_t>(size_.width());
    const auto padded = static_cast<std::size_t>(padded_.width());
    const int rows = int(disc.halves.size());
    std::fill(
        keys_.begin() + std::ptrdiff_t(width) * first_row,
        keys_.begin() + std::ptrdiff_t(width) * (last_row + 1), nothing_seen);
    std::vector<SeenKey> least(padded);
    // Row y of the middles, without the margin, is seen in the rows y + disc.first and below.
    const int from = first_row - (disc.first + rows - 1);
    const int to = last_row - disc.first;
    for (int y = from; y <= to; ++y) {
        const auto start = middles_.begin() + std::ptrdiff_t(padded) * (y + margin);
        if (std::all_of(start, start + std::ptrdiff_t(padded), [](SeenKey key) {
                return key == nothing_seen;
            })) {
            continue;
        }
        std::copy_n(start, padded, least.begin());
        int have = 0;
        // From the disc's ends to its middle the rows grow.
        for (int i = 0; i < (rows + 1) / 2; ++i) {
            const int half = disc.halves[std::size_t(i)];
            const int wide = half + disc.last(half) + 1;
            if (wide < 1) {
                continue;
            }
            const int narrowest = wide % 2 == 1 ? 1 : 2;
            if (have == 0 && narrowest == 2) {
                for (std::size_t x = 0; x + 1 < padded; ++x) {
                    least[x] = std::min(least[x], least[x + 1]);
                }
            }
            widen(least, std::max(have, narrowest), wide);
            have = wide;
            // A pixel is reached by middles from so far on its left.
            const SeenKey* const run = least.data() + (margin - disc.last(half));
            for (const int row : {i, rows - 1 - i}) {
                const int at = y + disc.first + row;
                if (at < first_row || at > last_row) {
                    continue;
                }
                SeenKey* const keys = keys_.data() + std::size_t(at) * width;
                for (std::size_t x = 0; x < width; ++x) {
                    keys[x] = std::min(keys[x], run[x]);
                }
            }
        }
    }
}

} // namespace vitreous
