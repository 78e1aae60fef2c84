#pragma once

#include <cstdint>
#include <optional>

#include "core/analysis/model.h"
#include "core/nn/model_config.h"

namespace vitreous {

/// A checkpoint understood: its index, its names, its configuration. No weights yet.
struct ModelFile {
    Checkpoint checkpoint;
    std::optional<Checkpoint> llm; ///< where the LLM block comes from another file
    NameMapping mapping;
    ModelConfig config;
};

/// Opens and understands a checkpoint; every tensor is there with the right shape afterwards.
/// Throws Error{Model}, path last; Error{Usage} for options that do not apply.
ModelFile openModelFile(const ModelSpec& spec);

ModelSummary summarise(const ModelFile& file, const ModelSpec& spec);

/// Bytes that weights and one pass over one input need at the given size of an element.
std::uint64_t estimateBytes(const ModelFile& file, std::size_t element_bytes);
/// Bytes that one more input of a batch needs: itself, its pass, and what the options keep of it.
std::uint64_t estimateInputBytes(
    const ModelConfig& config,
    std::size_t element_bytes,
    const AnalysisOptions& options);

} // namespace vitreous
