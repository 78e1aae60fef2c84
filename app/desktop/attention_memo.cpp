#include "app/desktop/attention_memo.h"

#include <algorithm>

#include "core/analysis/attention_query.h"
#include "core/analysis/clip.h"

namespace vitreous {
namespace {

/// As many as there may be models side by side.
constexpr std::size_t most_entries = 16;

} // namespace

std::shared_ptr<const AttentionMaps> AttentionMemo::of(
    const std::shared_ptr<const AttentionInputs>& inputs,
    TokenIndex token,
    std::int64_t step) {
    if (!inputs) {
        return nullptr;
    }
    const auto tokens = static_cast<std::size_t>(inputs->rows * inputs->columns);
    if (token.value >= tokens || step < 0 || step >= std::max<std::int64_t>(1, inputs->times)) {
        return nullptr;
    }
    const auto known = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        return entry.token == token && entry.step == step && entry.inputs.lock() == inputs;
    });
    if (known != entries_.end()) {
        return known->maps;
    }
    AttentionMaps found =
        attentionOf(*inputs, TokenIndex{static_cast<std::size_t>(step) * tokens + token.value});
    if (inputs->times > 0) {
        for (auto& [block, map] : found) {
            map = stepOfHeads(map, step);
        }
    }
    auto maps = std::make_shared<const AttentionMaps>(std::move(found));
    entries_.push_front({inputs, token, step, maps});
    if (entries_.size() > most_entries) {
        entries_.pop_back();
    }
    return maps;
}

} // namespace vitreous
