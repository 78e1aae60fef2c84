#pragma once

#include <cmath>
#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/array.h"

namespace vitreous::testing {

using Weights = std::map<std::string, Array>;

/// A tensor of small irregular values that depend on its name.
inline Array tensor(const std::string& name, std::vector<std::int64_t> shape, float mean = 0.0f) {
    Array array{std::move(shape), {}};
    std::uint32_t state = 2166136261U;
    for (const char c : name) {
        state = (state ^ static_cast<std::uint32_t>(c)) * 16777619U;
    }
    const double scale = array.shape.size() > 1 ? 1.0 / std::sqrt(double(array.shape.back())) : 0.1;
    for (std::int64_t i = 0; i < elementCount(array.shape); ++i) {
        state = state * 1664525U + 1013904223U;
        array.values.push_back(mean + float(scale * (double(state >> 8) / double(1 << 23) - 1.0)));
    }
    return array;
}

/// A ViT in timm names: 64 wide, `depth` blocks, patch 8, 32 pixels, 5 classes.
inline Weights smallVit(int depth = 2, bool qkv_bias = true) {
    Weights weights;
    const auto add = [&](const std::string& name, std::vector<std::int64_t> shape,
                         float mean = 0.0f) {
        weights[name] = tensor(name, std::move(shape), mean);
    };
    const auto linear = [&](const std::string& name, std::int64_t out, std::int64_t in,
                            bool bias = true) {
        add(name + ".weight", {out, in});
        if (bias) {
            add(name + ".bias", {out});
        }
    };
    const auto norm = [&](const std::string& name) {
        add(name + ".weight", {64}, 1.0f);
        add(name + ".bias", {64});
    };
    add("cls_token", {1, 1, 64});
    add("pos_embed", {1, 17, 64});
    add("patch_embed.proj.weight", {64, 3, 8, 8});
    add("patch_embed.proj.bias", {64});
    for (int i = 0; i < depth; ++i) {
        const std::string block = "blocks." + std::to_string(i);
        norm(block + ".norm1");
        linear(block + ".attn.qkv", 192, 64, qkv_bias);
        linear(block + ".attn.proj", 64, 64);
        norm(block + ".norm2");
        linear(block + ".mlp.fc1", 128, 64);
        linear(block + ".mlp.fc2", 64, 128);
    }
    norm("norm");
    linear("head", 5, 64);
    return weights;
}

/// Adds the mappers to and from an LLM of that width.
inline void addMappers(Weights& weights, std::int64_t llm_width) {
    weights["llama_dim_mapper1.weight"] = tensor("mapper1", {llm_width, 64});
    weights["llama_dim_mapper2.weight"] = tensor("mapper2", {64, llm_width});
}

/// Adds one LLM layer, Meta names.
inline void addLlmLayer(Weights& weights, int layer, std::int64_t width, std::int64_t hidden) {
    const std::string name = "llama.layers." + std::to_string(layer);
    const auto add = [&](const std::string& tail, std::vector<std::int64_t> shape,
                         float mean = 0.0f) {
        weights[name + tail] = tensor(name + tail, std::move(shape), mean);
    };
    add(".attention_norm.weight", {width}, 1.0f);
    for (const char* tail :
         {".attention.wq.weight", ".attention.wk.weight", ".attention.wv.weight",
          ".attention.wo.weight"}) {
        add(tail, {width, width});
    }
    add(".ffn_norm.weight", {width}, 1.0f);
    add(".feed_forward.w1.weight", {hidden, width});
    add(".feed_forward.w2.weight", {width, hidden});
    add(".feed_forward.w3.weight", {hidden, width});
}

/// A language model in Meta's names: LLM layers first, first + 1, ... under the numbers 0, 1, ...
inline Weights languageModel(int layers, std::int64_t width, std::int64_t hidden, int first = 0) {
    Weights renamed;
    for (int layer = 0; layer < layers; ++layer) {
        Weights weights;
        addLlmLayer(weights, first + layer, width, hidden);
        const std::string from = "llama.layers." + std::to_string(first + layer);
        for (const auto& [name, array] : weights) {
            renamed["layers." + std::to_string(layer) + name.substr(from.size())] = array;
        }
    }
    return renamed;
}

/// Writes fp32 tensors as .safetensors.
inline void writeSafetensors(const std::string& path, const Weights& weights) {
    nlohmann::json header;
    std::size_t offset = 0;
    for (const auto& [name, array] : weights) {
        const std::size_t end = offset + array.values.size() * sizeof(float);
        header[name] = {{"dtype", "F32"}, {"shape", array.shape}, {"data_offsets", {offset, end}}};
        offset = end;
    }
    const std::string text = header.dump();
    const std::uint64_t length = text.size();
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(&length), sizeof length);
    file.write(text.data(), std::streamsize(text.size()));
    for (const auto& [name, array] : weights) {
        file.write(
            reinterpret_cast<const char*>(array.values.data()),
            std::streamsize(array.values.size() * sizeof(float)));
    }
}

} // namespace vitreous::testing
