#include "core/analysis/maps.h"

#include <algorithm>
#include <cmath>

#include <ATen/Parallel.h>
#include <ATen/ops/_fft_r2c.h>
#include <ATen/ops/atan2.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/view_as_real.h>
#include <c10/core/InferenceMode.h>

namespace vitreous {
namespace {

/// Values transformed at a time, so that a thread's working set stays in its cache.
constexpr std::int64_t kChunkValues = std::int64_t{1} << 16;
/// Pieces of a thread's share. A piece's spectrum and its imaginary part are 1.5 pieces; with the
/// angles of all tokens, half a copy, that makes one copy of the features.
constexpr std::int64_t kPiecesAThread = 3;

std::int64_t pieceTokens(const at::Tensor& features, std::int64_t channels) {
    const std::int64_t tokens = features.size(1);
    const std::int64_t shares = features.is_cuda() ? 1 : at::get_num_threads();
    const std::int64_t share = tokens / (shares * kPiecesAThread);
    return std::max<std::int64_t>(1, std::min(kChunkValues / channels, share));
}

/// Runs work(first, last) over all tokens: at once on a GPU, in one parallel region on the CPU.
/// Waking the threads once for all steps costs a fraction of what waking them for each operation
/// does.
template <typename Work>
void overTokens(const at::Tensor& features, std::int64_t tokens, const Work& work) {
    if (features.is_cuda()) {
        work(std::int64_t{0}, tokens);
        return;
    }
    const bool inference = c10::InferenceMode::is_enabled();
    const std::int64_t grain = (tokens + at::get_num_threads() - 1) / at::get_num_threads();
    at::parallel_for(0, tokens, grain, [&](std::int64_t first, std::int64_t last) {
        const c10::InferenceMode mode(inference);
        work(first, last);
    });
}

/// angles = angle(rfft(features)) for (tokens, channels) features.
void spectrumAngles(const at::Tensor& features, at::Tensor angles) {
    const bool even = features.size(1) % 2 == 0;
    const at::Tensor parts = at::view_as_real(
        at::_fft_r2c(features.to(at::kFloat), {1}, /*normalization: none*/ 0, /*onesided=*/true));
    // In place of atan2 on every other number, which would not be vectorised.
    angles.copy_(parts.select(-1, 0));
    at::Tensor imaginary = parts.select(-1, 1).contiguous();
    // DC and Nyquist of a real signal are real; the sign of their zero must not choose between +pi
    // and -pi.
    imaginary.select(-1, 0).zero_();
    if (even) {
        imaginary.select(-1, -1).zero_();
    }
    at::atan2_out(angles, imaginary, angles);
}

/// Norms over the bins of a full spectrum, of which angles holds the half: DC and Nyquist stand
/// once, all others twice.
at::Tensor fullNorm(at::Tensor angles, std::int64_t channels) {
    angles.select(-1, 0).mul_(std::sqrt(0.5));
    if (channels % 2 == 0) {
        angles.select(-1, -1).mul_(std::sqrt(0.5));
    }
    return at::linalg_vector_norm(angles, 2, {-1}).mul_(std::sqrt(2.0));
}

} // namespace

at::Tensor magnitudeMap(const at::Tensor& features) {
    const std::int64_t tokens = features.size(1);
    const std::int64_t step = pieceTokens(features, features.size(0) * features.size(2));
    const at::Tensor mean = features.mean(1, /*keepdim=*/true, at::kFloat);
    at::Tensor map = at::empty({features.size(0), tokens}, features.options().dtype(at::kFloat));
    overTokens(features, tokens, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t start = first; start < last; start += step) {
            const std::int64_t end = std::min(last, start + step);
            const at::Tensor deviation = features.slice(1, start, end).to(at::kFloat).sub(mean);
            map.slice(1, start, end).copy_(at::linalg_vector_norm(deviation, 2, {-1}));
        }
    });
    return map;
}

at::Tensor frequencyMap(const at::Tensor& features) {
    const std::int64_t batch = features.size(0);
    const std::int64_t tokens = features.size(1);
    const std::int64_t channels = features.size(2);
    const std::int64_t step = pieceTokens(features, channels);
    const at::TensorOptions options = features.options().dtype(at::kFloat);
    at::Tensor angles = at::empty({tokens, channels / 2 + 1}, options);
    at::Tensor map = at::empty({batch, tokens}, options);
    for (std::int64_t b = 0; b < batch; ++b) {
        const at::Tensor input = features.select(0, b);
        overTokens(features, tokens, [&](std::int64_t first, std::int64_t last) {
            for (std::int64_t start = first; start < last; start += step) {
                const std::int64_t end = std::min(last, start + step);
                spectrumAngles(input.slice(0, start, end), angles.slice(0, start, end));
            }
        });
        const at::Tensor mean = angles.mean(0, /*keepdim=*/true);
        overTokens(features, tokens, [&](std::int64_t first, std::int64_t last) {
            map.select(0, b)
                .slice(0, first, last)
                .copy_(fullNorm(angles.slice(0, first, last).sub_(mean), channels));
        });
    }
    return map;
}

} // namespace vitreous
