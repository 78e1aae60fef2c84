#include "app/desktop/attention_memo.h"

#include <algorithm>

#include "core/analysis/attention_query.h"

namespace vitreous {
namespace {

/// As many as there may be models side by side.
constexpr std::size_t most_entries = 16;

} // namespace

std::shared_ptr<const AttentionMaps> AttentionMemo::of(
    const std::shared_ptr<const AnalysisResult>& result,
    TokenIndex token) {
    if (!result || !result->attention_inputs) {
        return nullptr;
    }
    const auto tokens = static_cast<std::size_t>(result->rows * result->columns);
    if (token.value >= tokens) {
        return nullptr;
    }
    const auto known = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        return entry.token == token && entry.result.lock() == result;
    });
    if (known != entries_.end()) {
        return known->maps;
    }
    std::shared_ptr<const AttentionMaps> maps =
        std::make_shared<const AttentionMaps>(attentionOf(*result->attention_inputs, token));
    entries_.push_front({result, token, maps});
    if (entries_.size() > most_entries) {
        entries_.pop_back();
    }
    return maps;
}

} // namespace vitreous
