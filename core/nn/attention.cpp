#include "core/nn/attention.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/baddbmm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>
#include <torch/version.h>

#if TORCH_VERSION_MAJOR >= 2
#include <ATen/ops/scaled_dot_product_attention.h>
#endif

namespace vitreous {
namespace {

at::Tensor weightsOf(const at::Tensor& q, const at::Tensor& k, bool fp32_softmax) {
    const double scale = 1.0 / std::sqrt(static_cast<double>(q.size(-1)));
    const std::int64_t rows = q.size(2);
    const std::int64_t columns = k.size(2);
    const at::Tensor left = q.reshape({-1, rows, q.size(3)});
    const at::Tensor right = k.reshape({-1, columns, k.size(3)}).transpose(1, 2);
    // LibTorch 1.13 multiplies uninitialised memory by a beta of 0 where matrices are this small.
    constexpr std::int64_t small = 400;
    const at::Tensor scores =
        rows * columns * q.size(3) < small
            ? at::bmm(left, right) * scale
            // The scale rides on the product, the matrix is not read again for it.
            : at::baddbmm(
                  at::empty({1, 1, 1}, q.options()), left, right, /*beta=*/0, /*alpha=*/scale);
    const at::Tensor weights = scores.view({q.size(0), q.size(1), rows, columns});
    return fp32_softmax ? at::softmax(weights, -1, at::kFloat).to(q.scalar_type())
                        : at::softmax(weights, -1);
}

} // namespace

AttentionResult attend(
    const at::Tensor& q,
    const at::Tensor& k,
    const at::Tensor& v,
    QueryRow row,
    bool fp32_softmax) {
    at::Tensor keys = k;
    at::Tensor values = v;
    if (k.size(1) != q.size(1)) {
        keys = k.repeat_interleave(q.size(1) / k.size(1), 1);
        values = v.repeat_interleave(q.size(1) / v.size(1), 1);
    }
    AttentionResult result;
#if TORCH_VERSION_MAJOR >= 2
    if (row != QueryRow::Mean) {
        result.output = at::scaled_dot_product_attention(q, keys, values);
        if (row == QueryRow::First) {
            result.rows = weightsOf(q.slice(2, 0, 1), keys, fp32_softmax).select(2, 0);
        }
        return result;
    }
#endif
    const at::Tensor weights = weightsOf(q, keys, fp32_softmax);
    if (row == QueryRow::First) {
        result.rows = weights.select(2, 0).clone();
    } else if (row == QueryRow::Mean) {
        result.rows = weights.mean(2);
    }
    result.output = at::matmul(weights, values);
    return result;
}

} // namespace vitreous
