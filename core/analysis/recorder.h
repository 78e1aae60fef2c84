#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/analysis/model.h"
#include "core/nn/tap.h"

namespace vitreous {

/// Reduces what a forward pass shows to maps, where the features are; only maps, and features that
/// were asked for, leave the device, once the pass is over.
class Recorder final : public ForwardObserver {
public:
    /// Throws Error{Usage} where options.taps match no tap.
    Recorder(const ModelSummary& summary, const AnalysisOptions& options, const Task& task);

    void onLayer(std::size_t done, std::size_t total) override;
    void onFeatures(TapIndex tap, const at::Tensor& tokens) override;
    QueryRow wantedRow(std::size_t block) override;
    void onAttention(std::size_t block, const at::Tensor& rows) override;
    void onQueriesKeys(std::size_t block, const at::Tensor& queries, const at::Tensor& keys)
        override;

    /// Fills the maps of one input of the batch, and what else is kept of it.
    void fill(AnalysisResult& result, std::int64_t input);
    /// Wall time in milliseconds that was spent on maps so far, filling included.
    [[nodiscard]] double mapsMs() const { return maps_ms_; }

private:
    struct TapRecord {
        bool wanted = false;
        at::Tensor magnitude{}; ///< (batch, tokens)
        at::Tensor frequency{};
        at::Tensor features{}; ///< (batch, tokens, channels)
    };
    struct BlockRecord {
        bool wanted = false; ///< its cls_attention
        bool kept = false;   ///< its queries and keys
        at::Tensor rows{};   ///< (batch, heads, tokens)
        at::Tensor queries{};
        at::Tensor keys{};
    };

    [[nodiscard]] at::Tensor reduced(const at::Tensor& visual, at::Tensor (*map)(const at::Tensor&))
        const;
    void fillAttention(AnalysisResult& result, std::int64_t input) const;

    const ModelSummary& summary_;
    const AnalysisOptions& options_;
    const Task& task_;
    std::int64_t prefix_;
    std::vector<TapRecord> taps_;
    std::vector<BlockRecord> blocks_;
    double maps_ms_ = 0.0;
};

/// A tensor's values as fp32 on the host, with the given shape.
Array toArray(const at::Tensor& tensor, std::vector<std::int64_t> shape);

} // namespace vitreous
