#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

#include "core/nn/model_config.h"
#include "core/nn/tap.h"
#include "core/nn/tensor_store.h"

namespace vitreous {

/// The LLM blocks between the two mappers: no rotary positions, no mask, RMSNorm in fp32, SwiGLU.
/// Source: arXiv 2310.12973, section 3; LM4VisualEncoding.
class LlmBlocks {
public:
    LlmBlocks() = default;
    LlmBlocks(const LlmConfig& config, const TensorStore& store);

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
    };
    [[nodiscard]] at::Tensor attention(const Layer& layer, const at::Tensor& x, TapCounter& taps)
        const;

    LlmConfig config_;
    at::Tensor mapper1_;
    at::Tensor mapper2_;
    at::Tensor norm_;
    std::vector<Layer> layers_;
};

} // namespace vitreous
