#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

#include "core/nn/model_config.h"
#include "core/nn/tensor_store.h"

namespace vitreous {

/// What a point-cloud transformer has in place of patches and a linear head.
/// Source: LM4VisualEncoding's Point-BERT (PointTransformer); Point-MAE.
class PointTokens {
public:
    PointTokens() = default;
    PointTokens(const PointConfig& config, const TensorSource& source);

    /// Mini-PointNet. neighborhoods: (batch, groups, group size, 3), relative to the groups'
    /// centres. Returns (batch, groups, width).
    [[nodiscard]] at::Tensor embed(const at::Tensor& neighborhoods) const;
    /// Positions of CLS and of groups from the groups' centres, (batch, groups, 3). Returns
    /// (batch, 1 + groups, width).
    [[nodiscard]] at::Tensor positions(const at::Tensor& centers) const;
    /// tokens: (batch, 1 + groups, width). Returns logits (batch, classes) from CLS beside the
    /// largest of each channel over groups, or those two (batch, 2 * width) without a head.
    [[nodiscard]] at::Tensor classify(const at::Tensor& tokens) const;

private:
    struct Affine {
        at::Tensor weight;
        at::Tensor bias;
    };
    struct BatchNorm {
        at::Tensor weight; ///< undefined: there is none
        at::Tensor bias;
        at::Tensor mean;
        at::Tensor variance;
    };
    struct HeadLayer {
        Affine linear;
        BatchNorm norm;
    };
    static Affine affine(const TensorSource& source, const std::string& name);
    static BatchNorm batchNorm(const TensorSource& source, const std::string& name);
    static at::Tensor linear(const at::Tensor& x, const Affine& affine);
    [[nodiscard]] at::Tensor normalise(const at::Tensor& x, const BatchNorm& norm) const;

    bool is_training_ = false;
    Affine first_in_;
    BatchNorm first_norm_;
    Affine first_out_;
    Affine second_in_;
    BatchNorm second_norm_;
    Affine second_out_;
    Affine reduce_; ///< undefined where the encoder is as wide as the blocks
    at::Tensor cls_position_;
    Affine position_in_;
    Affine position_out_;
    std::vector<HeadLayer> head_;
};

} // namespace vitreous
