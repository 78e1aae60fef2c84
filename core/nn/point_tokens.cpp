#include "core/nn/point_tokens.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/amax.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/relu.h>

namespace vitreous {

PointTokens::Affine PointTokens::affine(const TensorSource& source, const std::string& name) {
    at::Tensor weight = source.loadOptional(name + ".weight");
    // A convolution over one point is a linear map.
    if (weight.defined() && weight.dim() == 3) {
        weight = weight.flatten(1);
    }
    return {weight, source.loadOptional(name + ".bias")};
}

PointTokens::BatchNorm PointTokens::batchNorm(const TensorSource& source, const std::string& name) {
    return {
        source.loadOptional(name + ".weight"), source.loadOptional(name + ".bias"),
        source.loadOptional(name + ".running_mean"), source.loadOptional(name + ".running_var")};
}

at::Tensor PointTokens::linear(const at::Tensor& x, const Affine& affine) {
    return at::linear(x, affine.weight, affine.bias);
}

at::Tensor PointTokens::normalise(const at::Tensor& x, const BatchNorm& norm) const {
    // PyTorch's defaults, which the reference keeps.
    constexpr double eps = 1e-5;
    constexpr double momentum = 0.1;
    // Under autocast what comes in is narrower than the norm's weights.
    const at::Tensor flat = at::batch_norm(
        x.reshape({-1, x.size(-1)}).to(norm.weight.scalar_type()), norm.weight, norm.bias,
        norm.mean, norm.variance, is_training_, momentum, eps, /*cudnn_enabled=*/true);
    return flat.view(x.sizes());
}

PointTokens::PointTokens(const PointConfig& config, const TensorSource& source)
    : is_training_(source.isTraining()), first_in_(affine(source, "encoder.first_conv.0")),
      first_norm_(batchNorm(source, "encoder.first_conv.1")),
      first_out_(affine(source, "encoder.first_conv.3")),
      second_in_(affine(source, "encoder.second_conv.0")),
      second_norm_(batchNorm(source, "encoder.second_conv.1")),
      second_out_(affine(source, "encoder.second_conv.3")), reduce_(affine(source, "reduce_dim")),
      cls_position_(source.load("cls_pos")), position_in_(affine(source, "pos_embed.0")),
      position_out_(affine(source, "pos_embed.2")) {
    for (const PointHeadLayer& layer : config.head) {
        head_.push_back(
            {affine(source, pointHeadName(layer.index)),
             layer.norm ? batchNorm(source, pointHeadName(layer.index + 1)) : BatchNorm{}});
    }
}

at::Tensor PointTokens::embed(const at::Tensor& neighborhoods) const {
    at::Tensor x = linear(neighborhoods, first_in_);
    x = linear(at::relu(normalise(x, first_norm_)), first_out_);
    const at::Tensor whole = at::amax(x, {2}, /*keepdim=*/true).expand_as(x);
    x = linear(at::cat({whole, x}, -1), second_in_);
    x = linear(at::relu(normalise(x, second_norm_)), second_out_);
    x = at::amax(x, {2});
    return reduce_.weight.defined() ? linear(x, reduce_) : x;
}

at::Tensor PointTokens::positions(const at::Tensor& centers) const {
    const at::Tensor groups = linear(at::gelu(linear(centers, position_in_)), position_out_);
    return at::cat({cls_position_.expand({centers.size(0), -1, -1}), groups}, 1);
}

at::Tensor PointTokens::classify(const at::Tensor& tokens) const {
    at::Tensor x = at::cat({tokens.select(1, 0), at::amax(tokens.slice(1, 1), {1})}, -1);
    for (std::size_t i = 0; i < head_.size(); ++i) {
        x = linear(x, head_[i].linear);
        if (head_[i].norm.weight.defined()) {
            x = normalise(x, head_[i].norm);
        }
        if (i + 1 < head_.size()) {
            x = at::relu(x);
        }
    }
    return x;
}

} // namespace vitreous
