#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/nn/tensor_store.h"
#include "core/train/parameters.h"

namespace vitreous {

/// A language model over bytes in the shape of LLaMA. Defaults are the demo's.
struct LanguageModelConfig {
    int width = 192; ///< channels
    int layers = 2;
    int heads = 3;
    int hidden = 512;  ///< of the SwiGLU
    int context = 256; ///< bytes
    double eps = 1e-6; ///< of the RMSNorm
    double rope_base = 10000.0;

    friend bool operator==(const LanguageModelConfig&, const LanguageModelConfig&) = default;
};

/// Values of a byte, the vocabulary.
inline constexpr std::int64_t byteVocabulary = 256;

/// Names (Meta's) and shapes of all tensors, in forward order.
std::vector<std::pair<std::string, std::vector<std::int64_t>>> languageModelTensors(
    const LanguageModelConfig& config);

/// All tensors before training, the same for a seed on every machine: norms are ones, matrices
/// normal with a deviation of 0.02, those that end a residual branch (wo, w2) of
/// 0.02 / sqrt(2 layers). All are trained.
Parameters initialLanguageModel(
    const LanguageModelConfig& config,
    std::uint64_t seed,
    const at::Device& device);

/// The forward pass: RMSNorm, rotary positions on interleaved pairs, causal attention, SwiGLU, no
/// biases, an output of its own. Differentiable where the source's tensors are.
/// Source: arXiv 2302.13971; Meta's llama/model.py.
class LanguageModel {
public:
    LanguageModel(const LanguageModelConfig& config, const TensorSource& source);

    /// bytes: (batch, positions), int64, 0..255; positions: at most the context. Returns the logits
    /// of the byte that follows each: (batch, positions, 256), fp32.
    [[nodiscard]] at::Tensor forward(const at::Tensor& bytes) const;
    /// bytes: (batch, positions + 1). The negative log-likelihood of all but the first, summed,
    /// in nats: a scalar, fp32.
    [[nodiscard]] at::Tensor loss(const at::Tensor& bytes) const;

private:
    struct Layer {
        at::Tensor attention_norm;
        at::Tensor qkv; ///< wq, wk and wv, one below the other
        at::Tensor wo;
        at::Tensor ffn_norm;
        at::Tensor gate_up; ///< w1 and w3, one below the other
        at::Tensor w2;
    };
    [[nodiscard]] at::Tensor attention(const Layer& layer, const at::Tensor& x) const;
    [[nodiscard]] at::Tensor feedForward(const Layer& layer, const at::Tensor& x) const;
    [[nodiscard]] at::Tensor norm(const at::Tensor& x, const at::Tensor& weight) const;

    LanguageModelConfig config_;
    at::Tensor embeddings_;
    std::vector<Layer> layers_;
    at::Tensor norm_;
    at::Tensor output_;
    at::Tensor rotations_; ///< (context, 1, head size / 2), complex
    at::Tensor mask_;      ///< (context, context), 0 or -infinity
};

} // namespace vitreous
