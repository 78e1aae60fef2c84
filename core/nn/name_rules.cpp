#include "core/nn/name_rules.h"

#include <array>

namespace vitreous {
namespace {

constexpr std::string_view kLater = "this version does not run it yet";
constexpr std::string_view kBlockSource = "give it to a ViT-LLaMA with llm=FILE,llm_layer=N";

constexpr std::array kFamilyTable = {
    Family{"videomae", "VideoMAE", "patch_embed.proj.weight", 5, "timm/video", 1e-6, {}},
    Family{
        "videomae",
        "VideoMAE (Hugging Face)",
        "embeddings.patch_embeddings.projection.weight",
        5,
        "hf-vit/video",
        1e-12,
        {}},
    // Point-MAE keeps Point-BERT's names; it has no reduce_dim.
    Family{"point-bert", "Point-BERT", "encoder.first_conv.0.weight", 3, "timm/point", 1e-5, {}},
    Family{
        "openclip", "OpenCLIP", "visual.transformer.resblocks.0.ln_1.weight", 0, "", 1e-5, kLater},
    Family{"clip", "CLIP", "vision_model.embeddings.patch_embedding.weight", 0, "", 1e-5, kLater},
    Family{"dinov2-swiglu", "ViT with SwiGLU", "blocks.0.mlp.w12.weight", 0, "", 1e-6, kLater},
    Family{
        "llama", "language model (Meta names)", "layers.0.attention.wq.weight", 2, "", 1e-6,
        kBlockSource},
    Family{
        "llama", "language model (Hugging Face names)", "layers.0.self_attn.q_proj.weight", 2, "",
        1e-6, kBlockSource},
    Family{
        "vit-llama",
        "ViT-LLaMA (LM4VisualEncoding)",
        "llama_dim_mapper1.weight",
        2,
        "timm",
        1e-6,
        {}},
    Family{"timm", "ViT (timm)", "blocks.0.attn.qkv.weight", 2, "timm", 1e-6, {}},
    Family{
        "torchvision",
        "ViT (torchvision)",
        "encoder.layers.encoder_layer_0.self_attention.in_proj_weight",
        2,
        "torchvision",
        1e-6,
        {}},
    Family{
        "vit-pytorch",
        "ViT (vit-pytorch)",
        "to_patch_embedding.2.weight",
        2,
        "vit-pytorch/normed",
        1e-5,
        {}},
    Family{
        "vit-pytorch",
        "ViT (vit-pytorch)",
        "to_patch_embedding.1.weight",
        2,
        "vit-pytorch/plain",
        1e-5,
        {}},
    Family{
        "hf-vit",
        "ViT (Hugging Face)",
        "encoder.layer.0.attention.attention.query.weight",
        2,
        "hf-vit",
        1e-12,
        {}},
};

constexpr std::array kRuleTable = {
    NameRule{"timm", "cls_token", "cls_token"},
    NameRule{"timm", "dist_token", "dist_token"},
    NameRule{"timm", "reg_token", "reg_token"},
    NameRule{"timm", "register_tokens", "reg_token"},
    NameRule{"timm", "mask_token", ""},
    NameRule{"timm", "pos_embed", "pos_embed"},
    NameRule{"timm", "patch_embed.proj.*", "patch_embed.proj.*"},
    NameRule{"timm", "blocks.#.norm1.*", "blocks.#.norm1.*"},
    NameRule{"timm", "blocks.#.attn.qkv.*", "blocks.#.attn.qkv.*"},
    NameRule{"timm", "blocks.#.attn.proj.*", "blocks.#.attn.proj.*"},
    NameRule{"timm", "blocks.#.ls1.gamma", "blocks.#.ls1.gamma"},
    NameRule{"timm", "blocks.#.gamma_1", "blocks.#.ls1.gamma"},
    NameRule{"timm", "blocks.#.norm2.*", "blocks.#.norm2.*"},
    NameRule{"timm", "blocks.#.mlp.fc1.*", "blocks.#.mlp.fc1.*"},
    NameRule{"timm", "blocks.#.mlp.fc2.*", "blocks.#.mlp.fc2.*"},
    NameRule{"timm", "blocks.#.ls2.gamma", "blocks.#.ls2.gamma"},
    NameRule{"timm", "blocks.#.gamma_2", "blocks.#.ls2.gamma"},
    NameRule{"timm", "norm.*", "norm.*"},
    NameRule{"timm", "fc_norm.*", "fc_norm.*"},
    NameRule{"timm", "head.*", "head.*"},
    NameRule{"timm", "head_dist.*", "head_dist.*"},
    NameRule{"timm", "llama_dim_mapper1.weight", "llama_dim_mapper1.weight"},
    NameRule{"timm", "llama_dim_mapper2.weight", "llama_dim_mapper2.weight"},
    NameRule{"timm", "llama.norm.weight", "llama.norm.weight"},
    NameRule{
        "timm", "llama.layers.#.attention_norm.weight", "llama.layers.#.attention_norm.weight"},
    NameRule{"timm", "llama.layers.#.attention.wq.weight", "llama.layers.#.attention.wq.weight"},
    NameRule{"timm", "llama.layers.#.attention.wk.weight", "llama.layers.#.attention.wk.weight"},
    NameRule{"timm", "llama.layers.#.attention.wv.weight", "llama.layers.#.attention.wv.weight"},
    NameRule{"timm", "llama.layers.#.attention.wo.weight", "llama.layers.#.attention.wo.weight"},
    NameRule{"timm", "llama.layers.#.ffn_norm.weight", "llama.layers.#.ffn_norm.weight"},
    NameRule{
        "timm", "llama.layers.#.feed_forward.w1.weight", "llama.layers.#.feed_forward.w1.weight"},
    NameRule{
        "timm", "llama.layers.#.feed_forward.w2.weight", "llama.layers.#.feed_forward.w2.weight"},
    NameRule{
        "timm", "llama.layers.#.feed_forward.w3.weight", "llama.layers.#.feed_forward.w3.weight"},
    NameRule{"timm", "llama.layers.#.mlp.fc1.*", "llama.layers.#.mlp.fc1.*"},
    NameRule{"timm", "llama.layers.#.mlp.fc2.*", "llama.layers.#.mlp.fc2.*"},

    NameRule{"timm/video", "blocks.#.attn.q_bias", "blocks.#.attn.qkv.bias", 0},
    NameRule{"timm/video", "blocks.#.attn.v_bias", "blocks.#.attn.qkv.bias", 2},

    NameRule{"timm/point", "cls_pos", "cls_pos"},
    NameRule{"timm/point", "encoder.first_conv.#.*", "encoder.first_conv.#.*"},
    NameRule{
        "timm/point", "encoder.first_conv.#.running_mean", "encoder.first_conv.#.running_mean"},
    NameRule{"timm/point", "encoder.first_conv.#.running_var", "encoder.first_conv.#.running_var"},
    NameRule{"timm/point", "encoder.first_conv.#.num_batches_tracked", ""},
    NameRule{"timm/point", "encoder.second_conv.#.*", "encoder.second_conv.#.*"},
    NameRule{
        "timm/point", "encoder.second_conv.#.running_mean", "encoder.second_conv.#.running_mean"},
    NameRule{
        "timm/point", "encoder.second_conv.#.running_var", "encoder.second_conv.#.running_var"},
    NameRule{"timm/point", "encoder.second_conv.#.num_batches_tracked", ""},
    NameRule{"timm/point", "reduce_dim.*", "reduce_dim.*"},
    NameRule{"timm/point", "pos_embed.#.*", "pos_embed.#.*"},
    NameRule{"timm/point", "blocks.blocks.#.norm1.*", "blocks.#.norm1.*"},
    NameRule{"timm/point", "blocks.blocks.#.attn.qkv.*", "blocks.#.attn.qkv.*"},
    NameRule{"timm/point", "blocks.blocks.#.attn.proj.*", "blocks.#.attn.proj.*"},
    NameRule{"timm/point", "blocks.blocks.#.norm2.*", "blocks.#.norm2.*"},
    NameRule{"timm/point", "blocks.blocks.#.mlp.fc1.*", "blocks.#.mlp.fc1.*"},
    NameRule{"timm/point", "blocks.blocks.#.mlp.fc2.*", "blocks.#.mlp.fc2.*"},
    NameRule{"timm/point", "cls_head_finetune.#.*", "cls_head_finetune.#.*"},
    NameRule{"timm/point", "cls_head_finetune.#.running_mean", "cls_head_finetune.#.running_mean"},
    NameRule{"timm/point", "cls_head_finetune.#.running_var", "cls_head_finetune.#.running_var"},
    NameRule{"timm/point", "cls_head_finetune.#.num_batches_tracked", ""},
    // Of pre-training.
    NameRule{"timm/point", "lm_head.*", ""},
    NameRule{"timm/point", "cls_head.#.*", ""},

    NameRule{"torchvision", "class_token", "cls_token"},
    NameRule{"torchvision", "encoder.pos_embedding", "pos_embed"},
    NameRule{"torchvision", "conv_proj.*", "patch_embed.proj.*"},
    NameRule{"torchvision", "encoder.layers.encoder_layer_#.ln_1.*", "blocks.#.norm1.*"},
    NameRule{
        "torchvision", "encoder.layers.encoder_layer_#.self_attention.in_proj_weight",
        "blocks.#.attn.qkv.weight"},
    NameRule{
        "torchvision", "encoder.layers.encoder_layer_#.self_attention.in_proj_bias",
        "blocks.#.attn.qkv.bias"},
    NameRule{
        "torchvision", "encoder.layers.encoder_layer_#.self_attention.out_proj.*",
        "blocks.#.attn.proj.*"},
    NameRule{"torchvision", "encoder.layers.encoder_layer_#.ln_2.*", "blocks.#.norm2.*"},
    NameRule{"torchvision", "encoder.layers.encoder_layer_#.mlp.0.*", "blocks.#.mlp.fc1.*"},
    NameRule{"torchvision", "encoder.layers.encoder_layer_#.mlp.3.*", "blocks.#.mlp.fc2.*"},
    NameRule{"torchvision", "encoder.layers.encoder_layer_#.mlp.linear_1.*", "blocks.#.mlp.fc1.*"},
    NameRule{"torchvision", "encoder.layers.encoder_layer_#.mlp.linear_2.*", "blocks.#.mlp.fc2.*"},
    NameRule{"torchvision", "encoder.ln.*", "norm.*"},
    NameRule{"torchvision", "heads.head.*", "head.*"},

    NameRule{"vit-pytorch", "cls_token", "cls_token"},
    NameRule{"vit-pytorch", "pos_embedding", "pos_embed"},
    NameRule{"vit-pytorch/plain", "to_patch_embedding.1.*", "patch_embed.proj.*"},
    NameRule{"vit-pytorch/normed", "to_patch_embedding.1.*", "patch_embed.norm_in.*"},
    NameRule{"vit-pytorch/normed", "to_patch_embedding.2.*", "patch_embed.proj.*"},
    NameRule{"vit-pytorch/normed", "to_patch_embedding.3.*", "patch_embed.norm_out.*"},
    NameRule{"vit-pytorch", "transformer.layers.#.0.norm.*", "blocks.#.norm1.*"},
    NameRule{"vit-pytorch", "transformer.layers.#.0.fn.to_qkv.weight", "blocks.#.attn.qkv.weight"},
    NameRule{"vit-pytorch", "transformer.layers.#.0.fn.to_out.0.*", "blocks.#.attn.proj.*"},
    NameRule{"vit-pytorch", "transformer.layers.#.1.norm.*", "blocks.#.norm2.*"},
    NameRule{"vit-pytorch", "transformer.layers.#.1.fn.net.0.*", "blocks.#.mlp.fc1.*"},
    NameRule{"vit-pytorch", "transformer.layers.#.1.fn.net.3.*", "blocks.#.mlp.fc2.*"},
    NameRule{"vit-pytorch", "mlp_head.0.*", "norm.*"},
    NameRule{"vit-pytorch", "mlp_head.1.*", "head.*"},
    NameRule{"vit-pytorch", "transformer.layers.#.0.to_qkv.weight", "blocks.#.attn.qkv.weight"},
    NameRule{"vit-pytorch", "transformer.layers.#.0.to_out.0.*", "blocks.#.attn.proj.*"},
    NameRule{"vit-pytorch", "transformer.layers.#.1.net.0.*", "blocks.#.norm2.*"},
    NameRule{"vit-pytorch", "transformer.layers.#.1.net.1.*", "blocks.#.mlp.fc1.*"},
    NameRule{"vit-pytorch", "transformer.layers.#.1.net.4.*", "blocks.#.mlp.fc2.*"},
    NameRule{"vit-pytorch", "transformer.norm.*", "norm.*"},
    NameRule{"vit-pytorch", "mlp_head.*", "head.*"},

    NameRule{"hf-vit", "embeddings.cls_token", "cls_token"},
    NameRule{"hf-vit", "embeddings.distillation_token", "dist_token"},
    NameRule{"hf-vit", "embeddings.mask_token", ""},
    NameRule{"hf-vit", "embeddings.position_embeddings", "pos_embed"},
    NameRule{"hf-vit", "embeddings.patch_embeddings.projection.*", "patch_embed.proj.*"},
    NameRule{"hf-vit", "encoder.layer.#.layernorm_before.*", "blocks.#.norm1.*"},
    NameRule{"hf-vit", "encoder.layer.#.attention.attention.query.*", "blocks.#.attn.qkv.*", 0},
    NameRule{"hf-vit", "encoder.layer.#.attention.attention.key.*", "blocks.#.attn.qkv.*", 1},
    NameRule{"hf-vit", "encoder.layer.#.attention.attention.value.*", "blocks.#.attn.qkv.*", 2},
    NameRule{"hf-vit", "encoder.layer.#.attention.output.dense.*", "blocks.#.attn.proj.*"},
    NameRule{"hf-vit", "encoder.layer.#.layernorm_after.*", "blocks.#.norm2.*"},
    NameRule{"hf-vit", "encoder.layer.#.intermediate.dense.*", "blocks.#.mlp.fc1.*"},
    NameRule{"hf-vit", "encoder.layer.#.output.dense.*", "blocks.#.mlp.fc2.*"},
    NameRule{"hf-vit", "layernorm.*", "norm.*"},
    NameRule{"hf-vit", "pooler.dense.*", ""},
    NameRule{"hf-vit", "classifier.*", "head.*"},
    NameRule{"hf-vit", "cls_classifier.*", "head.*"},
    NameRule{"hf-vit", "distillation_classifier.*", "head_dist.*"},
    NameRule{
        "hf-vit/video", "encoder.layer.#.attention.attention.q_bias", "blocks.#.attn.qkv.bias", 0},
    NameRule{
        "hf-vit/video", "encoder.layer.#.attention.attention.v_bias", "blocks.#.attn.qkv.bias", 2},
    NameRule{"hf-vit/video", "fc_norm.*", "fc_norm.*"},
    // Of pre-training.
    NameRule{"hf-vit/video", "mask_token", ""},
    NameRule{"hf-vit/video", "position_embeddings", ""},

    NameRule{"llm", "layers.#.attention_norm.weight", "llama.layers.#.attention_norm.weight"},
    NameRule{"llm", "layers.#.attention.wq.weight", "llama.layers.#.attention.wq.weight"},
    NameRule{"llm", "layers.#.attention.wk.weight", "llama.layers.#.attention.wk.weight"},
    NameRule{"llm", "layers.#.attention.wv.weight", "llama.layers.#.attention.wv.weight"},
    NameRule{"llm", "layers.#.attention.wo.weight", "llama.layers.#.attention.wo.weight"},
    NameRule{"llm", "layers.#.ffn_norm.weight", "llama.layers.#.ffn_norm.weight"},
    NameRule{"llm", "layers.#.feed_forward.w1.weight", "llama.layers.#.feed_forward.w1.weight"},
    NameRule{"llm", "layers.#.feed_forward.w2.weight", "llama.layers.#.feed_forward.w2.weight"},
    NameRule{"llm", "layers.#.feed_forward.w3.weight", "llama.layers.#.feed_forward.w3.weight"},
    NameRule{"llm", "layers.#.self_attn.rotary_emb.inv_freq", ""},
    NameRule{"llm", "layers.#.attention.inner_attention.rope.freqs", ""},
    NameRule{"llm", "layers.#.input_layernorm.weight", "llama.layers.#.attention_norm.weight"},
    NameRule{"llm", "layers.#.self_attn.q_proj.weight", "llama.layers.#.attention.wq.weight"},
    NameRule{"llm", "layers.#.self_attn.k_proj.weight", "llama.layers.#.attention.wk.weight"},
    NameRule{"llm", "layers.#.self_attn.v_proj.weight", "llama.layers.#.attention.wv.weight"},
    NameRule{"llm", "layers.#.self_attn.o_proj.weight", "llama.layers.#.attention.wo.weight"},
    NameRule{"llm", "layers.#.post_attention_layernorm.weight", "llama.layers.#.ffn_norm.weight"},
    NameRule{"llm", "layers.#.mlp.gate_proj.weight", "llama.layers.#.feed_forward.w1.weight"},
    NameRule{"llm", "layers.#.mlp.down_proj.weight", "llama.layers.#.feed_forward.w2.weight"},
    NameRule{"llm", "layers.#.mlp.up_proj.weight", "llama.layers.#.feed_forward.w3.weight"},
};

constexpr std::array<std::string_view, 13> kPrefixTable = {
    "module.",     "_orig_mod.", "backbone.", "model.", "encoder.",       "student.", "teacher.",
    "base_model.", "net.",       "vit.",      "deit.",  "transformer_q.", "videomae."};

} // namespace

std::span<const Family> families() {
    return kFamilyTable;
}

std::span<const NameRule> nameRules() {
    return kRuleTable;
}

std::span<const std::string_view> namePrefixes() {
    return kPrefixTable;
}

} // namespace vitreous
