#include "core/nn/vit.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sigmoid.h>

#include "core/nn/positions.h"

namespace vitreous {
namespace {

at::Tensor activate(at::Tensor x, Activation activation) {
    switch (activation) {
    case Activation::Gelu:
        return at::gelu(x);
    case Activation::GeluTanh:
        return at::gelu(x, "tanh");
    case Activation::QuickGelu:
        return x * at::sigmoid(x * 1.702);
    case Activation::Relu:
        return at::relu(x);
    }
    return x;
}

} // namespace

Vit::Affine Vit::affine(const TensorSource& store, const std::string& name) {
    return {store.loadOptional(name + ".weight"), store.loadOptional(name + ".bias")};
}

Vit::Vit(
    const ModelConfig& config,
    const TensorSource& store,
    const std::function<void(double)>& on_tensor)
    : config_(config), patch_norm_in_(affine(store, "patch_embed.norm_in")),
      patch_(affine(store, "patch_embed.proj")),
      patch_norm_out_(affine(store, "patch_embed.norm_out")), norm_(affine(store, "norm")),
      fc_norm_(affine(store, "fc_norm")), head_(affine(store, "head")),
      head_dist_(affine(store, "head_dist")) {
    std::vector<at::Tensor> prefix;
    for (const char* name : {"cls_token", "dist_token", "reg_token"}) {
        if (at::Tensor token = store.loadOptional(name); token.defined()) {
            prefix.push_back(std::move(token));
        }
    }
    if (!prefix.empty()) {
        prefix_ = at::cat(prefix, 1);
    }
    if (config.points.present) {
        points_ = PointTokens(config.points, store);
    } else if (config.clip.present) {
        positions_ = sinCosPositions(config.tokens(), config.width).to(patch_.weight.options());
    } else {
        const at::Tensor positions = store.load("pos_embed");
        if (config.pos_prefix > 0) {
            prefix_offset_ = positions.slice(1, 0, config.pos_prefix);
        }
        positions_ = resizePositions(
            positions.slice(1, config.pos_prefix), {config.pos_rows, config.pos_columns},
            {config.rows, config.columns});
    }
    for (int i = 0; i < config.depth; ++i) {
        on_tensor(double(i) / (config.depth + 4.0 * config.llm.layers));
        const std::string name = "blocks." + std::to_string(i);
        blocks_.push_back(
            {affine(store, name + ".norm1"), affine(store, name + ".attn.qkv"),
             affine(store, name + ".attn.proj"), store.loadOptional(name + ".ls1.gamma"),
             affine(store, name + ".norm2"), affine(store, name + ".mlp.fc1"),
             affine(store, name + ".mlp.fc2"), store.loadOptional(name + ".ls2.gamma")});
    }
    if (config.llm.present) {
        on_tensor(double(config.depth) / (config.depth + 4.0 * config.llm.layers));
        llm_ = LlmBlocks(config.llm, store);
    }
}

at::Tensor Vit::norm(const at::Tensor& x, const Affine& affine) const {
    return norm(x, affine, config_.eps);
}

at::Tensor Vit::norm(const at::Tensor& x, const Affine& affine, double eps) {
    // Under autocast what comes out of the LLM blocks is narrower than the norm's weights.
    return at::layer_norm(
        affine.weight.defined() ? x.to(affine.weight.scalar_type()) : x, {x.size(-1)},
        affine.weight, affine.bias, eps);
}

at::Tensor Vit::embedClips(const at::Tensor& clips) const {
    const ClipConfig& clip = config_.clip;
    const std::int64_t batch = clips.size(0);
    // A convolution whose pieces do not overlap is one product of matrices.
    const at::Tensor pieces =
        clips
            .reshape(
                {batch, config_.channels, config_.times(), clip.tubelet, config_.rows,
                 config_.patch_height, config_.columns, config_.patch_width})
            .permute({0, 2, 4, 6, 1, 3, 5, 7})
            .reshape({batch, config_.tokens(), -1});
    return at::linear(pieces, patch_.weight.flatten(1), patch_.bias) + positions_;
}

at::Tensor Vit::embed(const at::Tensor& images) const {
    if (config_.clip.present) {
        return embedClips(images);
    }
    const std::int64_t batch = images.size(0);
    at::Tensor patches;
    if (config_.patch_norm) {
        const std::int64_t rows = config_.rows;
        const std::int64_t columns = config_.columns;
        const std::int64_t length =
            std::int64_t{config_.channels} * config_.patch_height * config_.patch_width;
        patches = images
                      .reshape(
                          {batch, config_.channels, rows, config_.patch_height, columns,
                           config_.patch_width})
                      .permute({0, 2, 4, 1, 3, 5})
                      .reshape({batch, rows * columns, length});
        // vit-pytorch leaves these two norms at PyTorch's default epsilon, as it does its others.
        patches = norm(patches, {patch_norm_in_.weight.flatten(), patch_norm_in_.bias.flatten()});
        patches = at::linear(patches, patch_.weight.flatten(1), patch_.bias);
        patches = norm(patches, patch_norm_out_);
    } else {
        patches =
            at::conv2d(
                images, patch_.weight, patch_.bias, {config_.patch_height, config_.patch_width})
                .flatten(2)
                .transpose(1, 2);
    }
    patches = patches + positions_;
    if (!prefix_.defined()) {
        return patches;
    }
    at::Tensor prefix = prefix_;
    if (prefix_offset_.defined()) {
        prefix = prefix_.clone();
        prefix.slice(1, 0, config_.pos_prefix).add_(prefix_offset_);
    }
    return at::cat({prefix.expand({batch, -1, -1}), patches}, 1);
}

at::Tensor Vit::attention(const Block& block, const at::Tensor& x, TapCounter& taps) const {
    const std::int64_t batch = x.size(0);
    const std::int64_t tokens = x.size(1);
    const at::Tensor qkv =
        at::linear(x, block.qkv.weight, block.qkv.bias)
            .view({batch, tokens, 3, config_.heads, config_.inner / config_.heads})
            .permute({2, 0, 3, 1, 4});
    const at::Tensor queries = qkv.select(0, 0);
    const at::Tensor keys = qkv.select(0, 1);
    taps.queriesKeys(queries, keys);
    const AttentionResult result =
        attend(queries, keys, qkv.select(0, 2), taps.wantedRow(), /*fp32_softmax=*/false);
    taps.attention(result.rows);
    return at::linear(
        result.output.transpose(1, 2).reshape({batch, tokens, config_.inner}), block.proj.weight,
        block.proj.bias);
}

at::Tensor Vit::mlp(const Block& block, const at::Tensor& x) const {
    return at::linear(
        activate(at::linear(x, block.fc1.weight, block.fc1.bias), config_.activation),
        block.fc2.weight, block.fc2.bias);
}

at::Tensor Vit::through(const Block& block, at::Tensor x, TapCounter& taps) const {
    taps.layer();
    at::Tensor change = attention(block, norm(x, block.norm1), taps);
    x = x + (block.scale1.defined() ? change * block.scale1 : change);
    change = mlp(block, norm(x, block.norm2));
    x = x + (block.scale2.defined() ? change * block.scale2 : change);
    taps.features(x);
    return x;
}

at::Tensor Vit::classify(const at::Tensor& tokens) const {
    if (config_.points.present) {
        return points_.classify(tokens);
    }
    if (config_.distilled && head_.weight.defined()) {
        const at::Tensor first = at::linear(tokens.select(1, 0), head_.weight, head_.bias);
        const at::Tensor second =
            at::linear(tokens.select(1, 1), head_dist_.weight, head_dist_.bias);
        return (first + second) / 2;
    }
    const bool takes_first =
        config_.clip.present ? !config_.clip.mean_pooling : config_.cls && !config_.fc_norm;
    at::Tensor pooled =
        takes_first ? tokens.select(1, 0) : tokens.slice(1, config_.prefixTokens()).mean(1);
    if (config_.fc_norm) {
        pooled = norm(pooled, fc_norm_, config_.fc_norm_eps);
    }
    return head_.weight.defined() ? at::linear(pooled, head_.weight, head_.bias) : pooled;
}

at::Tensor Vit::forward(const at::Tensor& images, ForwardObserver* observer) const {
    return run(embed(images), {}, observer);
}

at::Tensor Vit::forwardGroups(
    const at::Tensor& centers,
    const at::Tensor& neighborhoods,
    ForwardObserver* observer) const {
    const at::Tensor groups = points_.embed(neighborhoods);
    return run(
        at::cat({prefix_.expand({groups.size(0), -1, -1}), groups}, 1), points_.positions(centers),
        observer);
}

at::Tensor Vit::run(at::Tensor x, const at::Tensor& positions, ForwardObserver* observer) const {
    TapCounter taps(observer, blocks_.size() + static_cast<std::size_t>(config_.llm.layers));
    const auto after = static_cast<std::size_t>(config_.llm.after);
    for (std::size_t i = 0; i <= blocks_.size(); ++i) {
        if (config_.llm.present && i == after) {
            x = llm_.forward(x, taps);
        }
        if (i < blocks_.size()) {
            x = through(blocks_[i], positions.defined() ? x + positions : x, taps);
        }
    }
    if (config_.final_norm) {
        x = norm(x, norm_);
        taps.features(x);
    }
    return classify(x);
}

} // namespace vitreous
