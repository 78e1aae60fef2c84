#pragma once

#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/nn/model_config.h"
#include "core/nn/tap.h"
#include "core/nn/tensor_store.h"

namespace vitreous {

/// The LLM blocks between the two mappers: no rotary positions, no mask, RMSNorm in fp32, SwiGLU;
/// or what an ablation puts in their place.
/// Source: arXiv 2310.12973, section 3; LM4VisualEncoding.
class LlmBlocks {
public:
    LlmBlocks() = default;
    LlmBlocks(const LlmConfig& config, const TensorSource& source);

    /// tokens: (batch, tokens, ViT width), same shape out.
    at::Tensor forward(const at::Tensor& tokens, TapCounter& taps) const;

private:
    struct Layer {
        at::Tensor attention_norm;
        at::Tensor wq;
        at::Tensor wk;
        at::Tensor wv;
        at::Tensor wo;
        at::Tensor ffn_norm;
        at::Tensor w1;
        at::Tensor w2;
        at::Tensor w3;
        // LlmBlock::Mlp has these and ffn_norm alone.
        at::Tensor fc1;
        at::Tensor fc1_bias;
        at::Tensor fc2;
        at::Tensor fc2_bias;
    };
    static Layer mlpLayer(const TensorSource& source, const std::string& name);
    static Layer llamaLayer(const TensorSource& source, const std::string& name);
    [[nodiscard]] at::Tensor throughLlama(const Layer& layer, at::Tensor x, TapCounter& taps) const;
    [[nodiscard]] at::Tensor throughMlp(const Layer& layer, const at::Tensor& x) const;
    [[nodiscard]] at::Tensor attention(const Layer& layer, const at::Tensor& x, TapCounter& taps)
        const;

    LlmConfig config_;
    at::Tensor mapper1_;
    at::Tensor mapper2_;
    at::Tensor norm_;
    std::vector<Layer> layers_;
};

} // namespace vitreous
