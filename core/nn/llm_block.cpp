#include "core/nn/llm_block.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/rsqrt.h>
#include <ATen/ops/silu.h>

namespace vitreous {
namespace {

/// weight may be undefined: all ones.
at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double eps) {
    const at::Tensor wide = x.to(at::kFloat);
    const at::Tensor scale = at::rsqrt((wide * wide).mean(-1, /*keepdim=*/true).add_(eps));
    const at::Tensor normed = (wide * scale).to(x.scalar_type());
    return weight.defined() ? normed * weight : normed;
}

} // namespace

LlmBlocks::Layer LlmBlocks::llamaLayer(const TensorSource& source, const std::string& name) {
    Layer layer;
    layer.attention_norm = source.load(name + ".attention_norm.weight");
    layer.wq = source.load(name + ".attention.wq.weight");
    layer.wk = source.load(name + ".attention.wk.weight");
    layer.wv = source.load(name + ".attention.wv.weight");
    layer.wo = source.load(name + ".attention.wo.weight");
    layer.ffn_norm = source.load(name + ".ffn_norm.weight");
    layer.w1 = source.load(name + ".feed_forward.w1.weight");
    layer.w2 = source.load(name + ".feed_forward.w2.weight");
    layer.w3 = source.load(name + ".feed_forward.w3.weight");
    return layer;
}

LlmBlocks::Layer LlmBlocks::mlpLayer(const TensorSource& source, const std::string& name) {
    Layer layer;
    layer.ffn_norm = source.load(name + ".ffn_norm.weight");
    layer.fc1 = source.load(name + ".mlp.fc1.weight");
    layer.fc1_bias = source.load(name + ".mlp.fc1.bias");
    layer.fc2 = source.load(name + ".mlp.fc2.weight");
    layer.fc2_bias = source.load(name + ".mlp.fc2.bias");
    return layer;
}

LlmBlocks::LlmBlocks(const LlmConfig& config, const TensorSource& source)
    : config_(config), mapper1_(source.load("llama_dim_mapper1.weight")),
      mapper2_(source.load("llama_dim_mapper2.weight")),
      norm_(source.loadOptional("llama.norm.weight")) {
    for (int i = 0; i < config.layers; ++i) {
        const std::string name = "llama.layers." + std::to_string(i);
        layers_.push_back(
            config.block == LlmBlock::Mlp ? mlpLayer(source, name) : llamaLayer(source, name));
    }
}

at::Tensor LlmBlocks::attention(const Layer& layer, const at::Tensor& x, TapCounter& taps) const {
    const std::int64_t batch = x.size(0);
    const std::int64_t tokens = x.size(1);
    const std::int64_t head_size = config_.width / config_.heads;
    const auto heads = [&](const at::Tensor& weight, int count) {
        return at::linear(x, weight).view({batch, tokens, count, head_size}).transpose(1, 2);
    };
    const at::Tensor queries = heads(layer.wq, config_.heads);
    const at::Tensor keys = heads(layer.wk, config_.kv_heads);
    taps.queriesKeys(queries, keys);
    const AttentionResult result = attend(
        queries, keys, heads(layer.wv, config_.kv_heads), taps.wantedRow(), /*fp32_softmax=*/true);
    taps.attention(result.rows);
    return at::linear(
        result.output.transpose(1, 2).reshape({batch, tokens, config_.width}), layer.wo);
}

at::Tensor LlmBlocks::throughLlama(const Layer& layer, at::Tensor x, TapCounter& taps) const {
    {
        const at::Tensor attended =
            attention(layer, rmsNorm(x, layer.attention_norm, config_.eps), taps);
        taps.features(attended);
        x = x + attended;
    }
    taps.features(x);
    const at::Tensor normed = rmsNorm(x, layer.ffn_norm, config_.eps);
    at::Tensor gate = at::linear(normed, layer.w1);
    gate = at::silu_(gate).mul_(at::linear(normed, layer.w3));
    const at::Tensor fed = at::linear(gate, layer.w2);
    taps.features(fed);
    return x + fed;
}

at::Tensor LlmBlocks::throughMlp(const Layer& layer, const at::Tensor& x) const {
    const at::Tensor hidden =
        at::gelu(at::linear(rmsNorm(x, layer.ffn_norm, config_.eps), layer.fc1, layer.fc1_bias));
    return x + at::linear(hidden, layer.fc2, layer.fc2_bias);
}

at::Tensor LlmBlocks::forward(const at::Tensor& tokens, TapCounter& taps) const {
    at::Tensor x = at::linear(tokens, mapper1_);
    taps.features(x);
    for (const Layer& layer : layers_) {
        taps.layer();
        x = config_.block == LlmBlock::Mlp ? throughMlp(layer, x) : throughLlama(layer, x, taps);
        taps.features(x);
    }
    x = rmsNorm(x, norm_, config_.eps);
    taps.features(x);
    x = at::linear(x, mapper2_);
    taps.features(x);
    return x;
}

} // namespace vitreous
