#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/nn/llm_block.h"
#include "core/nn/model_config.h"
#include "core/nn/point_tokens.h"
#include "core/nn/tap.h"
#include "core/nn/tensor_store.h"

namespace vitreous {

/// A vision transformer with pre-norm blocks, with or without LLM blocks among or behind them. All
/// of its operations can be differentiated: training runs the same forward pass.
class Vit {
public:
    /// Loads all weights from the store. Throws what `on_tensor` throws; it is called before each
    /// block.
    Vit(const ModelConfig& config,
        const TensorSource& store,
        const std::function<void(double)>& on_tensor);

    /// images: (batch, channels, height, width), of a video model (batch, channels, frames, height,
    /// width), normalised, on the model's device in its precision. Returns logits (batch, classes),
    /// or the pooled features (batch, width) without a head.
    at::Tensor forward(const at::Tensor& images, ForwardObserver* observer) const;
    /// The same for a point-cloud model. centers: (batch, groups, 3); neighborhoods: (batch,
    /// groups, group size, 3), relative to their centres.
    at::Tensor forwardGroups(
        const at::Tensor& centers,
        const at::Tensor& neighborhoods,
        ForwardObserver* observer) const;

private:
    struct Affine {
        at::Tensor weight;
        at::Tensor bias; ///< may be undefined
    };
    struct Block {
        Affine norm1;
        Affine qkv;
        Affine proj;
        at::Tensor scale1; ///< undefined without LayerScale
        Affine norm2;
        Affine fc1;
        Affine fc2;
        at::Tensor scale2;
    };

    static Affine affine(const TensorSource& store, const std::string& name);
    [[nodiscard]] at::Tensor norm(const at::Tensor& x, const Affine& affine) const;
    static at::Tensor norm(const at::Tensor& x, const Affine& affine, double eps);
    [[nodiscard]] at::Tensor embed(const at::Tensor& images) const;
    [[nodiscard]] at::Tensor embedClips(const at::Tensor& clips) const;
    [[nodiscard]] at::Tensor attention(const Block& block, const at::Tensor& x, TapCounter& taps)
        const;
    [[nodiscard]] at::Tensor mlp(const Block& block, const at::Tensor& x) const;
    [[nodiscard]] at::Tensor through(const Block& block, at::Tensor x, TapCounter& taps) const;
    /// From tokens to logits. positions: added again before each block, where they are defined.
    [[nodiscard]] at::Tensor
    run(at::Tensor x, const at::Tensor& positions, ForwardObserver* observer) const;
    [[nodiscard]] at::Tensor classify(const at::Tensor& tokens) const;

    ModelConfig config_;
    at::Tensor prefix_;        ///< (1, prefix tokens, width)
    at::Tensor positions_;     ///< (1, visual tokens, width) for the input's grid
    at::Tensor prefix_offset_; ///< (1, positioned prefix tokens, width)
    Affine patch_norm_in_;
    Affine patch_;
    Affine patch_norm_out_;
    std::vector<Block> blocks_;
    LlmBlocks llm_;
    PointTokens points_;
    Affine norm_;
    Affine fc_norm_;
    Affine head_;
    Affine head_dist_;
};

} // namespace vitreous
