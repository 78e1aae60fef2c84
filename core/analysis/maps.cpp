#include "core/analysis/maps.h"

#include <algorithm>
#include <cmath>

#include <ATen/ops/atan2.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/fft_rfft.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/view_as_real.h>

namespace vitreous {
namespace {

/// Values transformed at a time: what a CPU cache holds; a GPU takes them in large steps.
std::int64_t chunkValues(const at::Tensor& features) {
    return features.is_cuda() ? std::int64_t{1} << 25 : std::int64_t{1} << 19;
}

/// angles = angle(rfft(features)) for (tokens, channels) features.
void spectrumAngles(const at::Tensor& features, at::Tensor angles) {
    const bool even = features.size(1) % 2 == 0;
    const at::Tensor parts =
        at::view_as_real(at::fft_rfft(features.to(at::kFloat))).movedim(-1, 0).contiguous();
    at::Tensor imaginary = parts.select(0, 1);
    // DC and Nyquist of a real signal are real; the sign of their zero must not choose between +pi
    // and -pi.
    imaginary.select(-1, 0).zero_();
    if (even) {
        imaginary.select(-1, -1).zero_();
    }
    at::atan2_out(angles, imaginary, parts.select(0, 0));
}

} // namespace

at::Tensor magnitudeMap(const at::Tensor& features) {
    const at::Tensor mean = features.mean(1, /*keepdim=*/true, at::kFloat);
    at::Tensor deviation = features.to(at::kFloat, /*non_blocking=*/false, /*copy=*/true);
    deviation.sub_(mean);
    return at::linalg_vector_norm(deviation, 2, {-1});
}

at::Tensor frequencyMap(const at::Tensor& features) {
    const std::int64_t batch = features.size(0);
    const std::int64_t tokens = features.size(1);
    const std::int64_t channels = features.size(2);
    const std::int64_t step = std::max<std::int64_t>(1, chunkValues(features) / channels);
    at::Tensor angles =
        at::empty({batch, tokens, channels / 2 + 1}, features.options().dtype(at::kFloat));
    for (std::int64_t b = 0; b < batch; ++b) {
        for (std::int64_t start = 0; start < tokens; start += step) {
            const std::int64_t end = std::min(tokens, start + step);
            spectrumAngles(
                features.select(0, b).slice(0, start, end),
                angles.select(0, b).slice(0, start, end));
        }
    }
    angles.sub_(angles.mean(1, /*keepdim=*/true));
    // Halving the bins that stand once, then doubling the sum, counts the others twice.
    angles.select(-1, 0).mul_(std::sqrt(0.5));
    if (channels % 2 == 0) {
        angles.select(-1, -1).mul_(std::sqrt(0.5));
    }
    return at::linalg_vector_norm(angles, 2, {-1}).mul_(std::sqrt(2.0));
}

} // namespace vitreous
