#include "core/nn/tap.h"

namespace vitreous {
namespace {

void addBlocks(int begin, int end, std::vector<TapPlace>& places) {
    for (int i = begin; i < end; ++i) {
        places.push_back({"blocks." + std::to_string(i), std::to_string(i + 1)});
    }
}

/// "LLM", or "LLM 2" where there are several.
std::string layerLabel(const ModelConfig& config, int layer) {
    const std::string label = config.llm.block == LlmBlock::Mlp ? "MLP" : "LLM";
    return config.llm.layers > 1 ? label + " " + std::to_string(layer + 1) : label;
}

/// The taps from one mapper to the other.
void addLlm(const ModelConfig& config, std::vector<TapPlace>& places) {
    places.push_back({"llama_dim_mapper1", "L1"});
    for (int i = 0; i < config.llm.layers; ++i) {
        const std::string name = "llama.layers." + std::to_string(i);
        const std::string label = layerLabel(config, i);
        if (config.llm.block == LlmBlock::Llama) {
            places.push_back({name + ".attention", label + " attn"});
            places.push_back({name + ".attention+residual", label + " attn+res"});
            places.push_back({name + ".feed_forward", label + " FFN"});
        }
        places.push_back({name, label});
    }
    places.push_back({"llama.norm", "LLM norm"});
    places.push_back({"llama_dim_mapper2", "L2"});
}

} // namespace

std::vector<TapPlace> tapPlaces(const ModelConfig& config) {
    const int after = config.llm.present ? config.llm.after : config.depth;
    std::vector<TapPlace> places;
    addBlocks(0, after, places);
    if (config.llm.present) {
        addLlm(config, places);
    }
    addBlocks(after, config.depth, places);
    if (config.final_norm) {
        places.push_back({"norm", "Norm"});
    }
    return places;
}

std::vector<TapPlace> attentionPlaces(const ModelConfig& config) {
    const int after = config.llm.present ? config.llm.after : config.depth;
    std::vector<TapPlace> places;
    addBlocks(0, after, places);
    for (int i = 0; i < config.llm.layers && config.llm.block == LlmBlock::Llama; ++i) {
        places.push_back({"llama.layers." + std::to_string(i), layerLabel(config, i)});
    }
    addBlocks(after, config.depth, places);
    return places;
}

} // namespace vitreous
