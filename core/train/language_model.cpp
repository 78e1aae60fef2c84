#include "core/train/language_model.h"

#include <cmath>
#include <limits>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/outer.h>
#include <ATen/ops/polar.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/rsqrt.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/triu.h>
#include <ATen/ops/view_as_complex.h>
#include <ATen/ops/view_as_real.h>

#include "core/train/random.h"

namespace vitreous {
namespace {

constexpr double deviation = 0.02;

std::string layerName(int layer) {
    return "layers." + std::to_string(layer);
}

/// Unit complex numbers (context, 1, head size / 2): position times frequency as an angle.
at::Tensor rotationsOf(const LanguageModelConfig& config, const at::Device& device) {
    const std::int64_t pairs = config.width / config.heads / 2;
    const at::Tensor exponents = at::arange(pairs, at::kDouble) / double(pairs);
    const at::Tensor frequencies = at::pow(config.rope_base, -exponents);
    const at::Tensor angles = at::outer(at::arange(config.context, at::kDouble), frequencies);
    return at::polar(at::ones_like(angles), angles).to(at::kComplexFloat).unsqueeze(1).to(device);
}

/// x: (batch, positions, heads, head size). Channels 2 i and 2 i + 1 are one complex number.
at::Tensor rotated(const at::Tensor& x, const at::Tensor& rotations) {
    const at::Tensor pairs = x.to(at::kFloat).unflatten(-1, {-1, 2});
    const at::Tensor turned = at::view_as_complex(pairs) * rotations.narrow(0, 0, x.size(1));
    return at::view_as_real(turned).flatten(-2).to(x.scalar_type());
}

} // namespace

std::vector<std::pair<std::string, std::vector<std::int64_t>>> languageModelTensors(
    const LanguageModelConfig& config) {
    const std::int64_t width = config.width;
    const std::int64_t hidden = config.hidden;
    std::vector<std::pair<std::string, std::vector<std::int64_t>>> tensors;
    tensors.push_back({"tok_embeddings.weight", {byteVocabulary, width}});
    for (int i = 0; i < config.layers; ++i) {
        const std::string layer = layerName(i);
        tensors.push_back({layer + ".attention_norm.weight", {width}});
        for (const char* matrix : {"wq", "wk", "wv", "wo"}) {
            tensors.push_back({layer + ".attention." + matrix + ".weight", {width, width}});
        }
        tensors.push_back({layer + ".ffn_norm.weight", {width}});
        tensors.push_back({layer + ".feed_forward.w1.weight", {hidden, width}});
        tensors.push_back({layer + ".feed_forward.w2.weight", {width, hidden}});
        tensors.push_back({layer + ".feed_forward.w3.weight", {hidden, width}});
    }
    tensors.push_back({"norm.weight", {width}});
    tensors.push_back({"output.weight", {byteVocabulary, width}});
    return tensors;
}

Parameters initialLanguageModel(
    const LanguageModelConfig& config,
    std::uint64_t seed,
    const at::Device& device) {
    Parameters parameters;
    std::uint64_t place = 0;
    for (const auto& [name, shape] : languageModelTensors(config)) {
        at::Tensor value = at::ones(shape, at::kFloat);
        if (shape.size() == 2) {
            const bool ends_branch = name.ends_with("wo.weight") || name.ends_with("w2.weight");
            const double scale =
                ends_branch ? deviation / std::sqrt(2.0 * config.layers) : deviation;
            Random random{seed, place};
            auto* values = value.data_ptr<float>();
            for (std::int64_t i = 0; i < value.numel(); ++i) {
                values[i] = static_cast<float>(scale * random.normal());
            }
        }
        parameters.add(name, value.to(device), /*trained=*/true);
        ++place;
    }
    return parameters;
}

LanguageModel::LanguageModel(const LanguageModelConfig& config, const TensorSource& source)
    : config_(config), embeddings_(source.load("tok_embeddings.weight")),
      norm_(source.load("norm.weight")), output_(source.load("output.weight")) {
    for (int i = 0; i < config.layers; ++i) {
        const std::string name = layerName(i);
        const auto load = [&](const char* tail) { return source.load(name + tail); };
        Layer layer;
        layer.attention_norm = load(".attention_norm.weight");
        layer.qkv = at::cat(
            {load(".attention.wq.weight"), load(".attention.wk.weight"),
             load(".attention.wv.weight")});
        layer.wo = load(".attention.wo.weight");
        layer.ffn_norm = load(".ffn_norm.weight");
        layer.gate_up = at::cat({load(".feed_forward.w1.weight"), load(".feed_forward.w3.weight")});
        layer.w2 = load(".feed_forward.w2.weight");
        layers_.push_back(std::move(layer));
    }
    const at::Device device = embeddings_.device();
    rotations_ = rotationsOf(config, device);
    mask_ = at::triu(
        at::full(
            {config.context, config.context}, -std::numeric_limits<float>::infinity(),
            at::TensorOptions().dtype(at::kFloat).device(device)),
        1);
}

at::Tensor LanguageModel::norm(const at::Tensor& x, const at::Tensor& weight) const {
    return x * at::rsqrt((x * x).mean(-1, /*keepdim=*/true) + config_.eps) * weight;
}

at::Tensor LanguageModel::attention(const Layer& layer, const at::Tensor& x) const {
    const std::int64_t positions = x.size(1);
    const std::int64_t head_size = config_.width / config_.heads;
    const std::vector<at::Tensor> qkv = at::linear(x, layer.qkv).chunk(3, -1);
    const auto heads = [&](const at::Tensor& all) {
        return all.unflatten(-1, {config_.heads, head_size});
    };
    const at::Tensor q = rotated(heads(qkv[0]), rotations_).transpose(1, 2);
    const at::Tensor k = rotated(heads(qkv[1]), rotations_).transpose(1, 2);
    const at::Tensor v = heads(qkv[2]).transpose(1, 2);
    const at::Tensor scores =
        at::matmul(q * (1.0 / std::sqrt(double(head_size))), k.transpose(-2, -1));
    const at::Tensor mask = mask_.narrow(0, 0, positions).narrow(1, 0, positions);
    const at::Tensor attended = at::matmul(at::softmax(scores + mask, -1), v);
    return at::linear(attended.transpose(1, 2).flatten(-2), layer.wo);
}

at::Tensor LanguageModel::feedForward(const Layer& layer, const at::Tensor& x) const {
    const std::vector<at::Tensor> gate_up = at::linear(x, layer.gate_up).chunk(2, -1);
    return at::linear(at::silu(gate_up[0]) * gate_up[1], layer.w2);
}

at::Tensor LanguageModel::forward(const at::Tensor& bytes) const {
    at::Tensor x = at::embedding(embeddings_, bytes);
    for (const Layer& layer : layers_) {
        x = x + attention(layer, norm(x, layer.attention_norm));
        x = x + feedForward(layer, norm(x, layer.ffn_norm));
    }
    return at::linear(norm(x, norm_), output_).to(at::kFloat);
}

at::Tensor LanguageModel::loss(const at::Tensor& bytes) const {
    const std::int64_t positions = bytes.size(1) - 1;
    const at::Tensor logits = forward(bytes.narrow(1, 0, positions));
    return at::cross_entropy_loss(
        logits.flatten(0, 1), bytes.narrow(1, 1, positions).flatten(), {}, at::Reduction::Sum);
}

} // namespace vitreous
