#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/base/index.h"
#include "core/nn/attention.h"
#include "core/nn/model_config.h"

namespace vitreous {

/// A place in the forward pass: its canonical name and a short label for column heads.
struct TapPlace {
    std::string name;
    std::string label;
};

/// All taps of a model in forward order. Source: analysis.md, Taps.
std::vector<TapPlace> tapPlaces(const ModelConfig& config);
/// All blocks with attention in forward order.
std::vector<TapPlace> attentionPlaces(const ModelConfig& config);

/// What watches a forward pass. Tensors are the pass's own: read them during the call, copy what is
/// kept.
class ForwardObserver {
public:
    virtual ~ForwardObserver() = default;
    /// Before each layer; throws to stop the pass. done and total count layers.
    virtual void onLayer(std::size_t done, std::size_t total) = 0;
    /// tokens: (batch, all tokens, channels), prefix tokens included.
    virtual void onFeatures(TapIndex tap, const at::Tensor& tokens) = 0;
    /// Which attention row block number `block` has to tell.
    virtual QueryRow wantedRow(std::size_t block) = 0;
    /// rows: (batch, heads, all tokens).
    virtual void onAttention(std::size_t block, const at::Tensor& rows) = 0;
    /// What block number `block` is about to compare. queries: (batch, heads, all tokens, head
    /// size); keys alike, with heads that divide the queries'. The pass never writes to them
    /// afterwards: they may be kept without a copy.
    virtual void onQueriesKeys(
        std::size_t /*block*/,
        const at::Tensor& /*queries*/,
        const at::Tensor& /*keys*/) {}

protected:
    ForwardObserver() = default;
    ForwardObserver(const ForwardObserver&) = default;
    ForwardObserver& operator=(const ForwardObserver&) = default;
};

/// Counts the taps and blocks that a forward pass comes by and tells the observer, if there is one.
class TapCounter {
public:
    TapCounter(ForwardObserver* observer, std::size_t layers)
        : observer_(observer), layers_(layers) {}

    void layer() {
        if (observer_ != nullptr) {
            observer_->onLayer(layer_, layers_);
        }
        ++layer_;
    }
    void features(const at::Tensor& tokens) {
        if (observer_ != nullptr) {
            observer_->onFeatures(TapIndex{tap_}, tokens);
        }
        ++tap_;
    }
    [[nodiscard]] QueryRow wantedRow() const {
        return observer_ != nullptr ? observer_->wantedRow(block_) : QueryRow::None;
    }
    /// Before attention() of the same block.
    void queriesKeys(const at::Tensor& queries, const at::Tensor& keys) {
        if (observer_ != nullptr) {
            observer_->onQueriesKeys(block_, queries, keys);
        }
    }
    void attention(const at::Tensor& rows) {
        if (observer_ != nullptr && rows.defined()) {
            observer_->onAttention(block_, rows);
        }
        ++block_;
    }

private:
    ForwardObserver* observer_;
    std::size_t layers_;
    std::size_t layer_ = 0;
    std::size_t tap_ = 0;
    std::size_t block_ = 0;
};

} // namespace vitreous
