#pragma once

#include <ATen/core/Tensor.h>

namespace vitreous {

/// L2 norm of each token's deviation from the mean token. features: (batch, tokens, channels), any
/// floating type. Returns (batch, tokens), fp32, on the features' device. At most one copy of the
/// features is alive meanwhile. Source: arXiv 2310.12973, A.5.
at::Tensor magnitudeMap(const at::Tensor& features);

/// L2 norm of each token's deviation from the mean over tokens of the angles of its spectrum: a
/// complex DFT over the channels, angles in (-pi, pi], in fp32. Shapes as magnitudeMap. Works from
/// the half spectrum: every bin but DC and Nyquist counts twice. Source: arXiv 2310.12973, A.5;
/// analysis.md, Maps.
at::Tensor frequencyMap(const at::Tensor& features);

} // namespace vitreous
