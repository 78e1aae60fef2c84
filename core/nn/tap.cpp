#include "core/nn/tap.h"

namespace vitreous {
namespace {

void addBlocks(const ModelConfig& config, std::vector<TapPlace>& places) {
    for (int i = 0; i < config.depth; ++i) {
        places.push_back({"blocks." + std::to_string(i), std::to_string(i + 1)});
    }
}

/// "LLM", or "LLM 2" where there are several.
std::string layerLabel(const ModelConfig& config, int layer) {
    return config.llm.layers > 1 ? "LLM " + std::to_string(layer + 1) : "LLM";
}

} // namespace

std::vector<TapPlace> tapPlaces(const ModelConfig& config) {
    std::vector<TapPlace> places;
    addBlocks(config, places);
    if (config.llm.layers > 0) {
        places.push_back({"llama_dim_mapper1", "L1"});
        for (int i = 0; i < config.llm.layers; ++i) {
            const std::string name = "llama.layers." + std::to_string(i);
            const std::string label = layerLabel(config, i);
            places.push_back({name + ".attention", label + " attn"});
            places.push_back({name + ".attention+residual", label + " attn+res"});
            places.push_back({name + ".feed_forward", label + " FFN"});
            places.push_back({name, label});
        }
        places.push_back({"llama.norm", "LLM norm"});
        places.push_back({"llama_dim_mapper2", "L2"});
    }
    if (config.final_norm) {
        places.push_back({"norm", "Norm"});
    }
    return places;
}

std::vector<TapPlace> attentionPlaces(const ModelConfig& config) {
    std::vector<TapPlace> places;
    addBlocks(config, places);
    for (int i = 0; i < config.llm.layers; ++i) {
        places.push_back({"llama.layers." + std::to_string(i), layerLabel(config, i)});
    }
    return places;
}

} // namespace vitreous
