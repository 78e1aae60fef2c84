#pragma once

#include <deque>
#include <memory>

#include "core/base/index.h"
#include "widgets/grid_scene.h"

namespace vitreous {

/// The attention of tokens that was asked for last, so that a view that is drawn again does not ask
/// again. Some milliseconds of arithmetic on kept queries and keys, no inference.
class AttentionMemo {
public:
    /// The visual token's attention by block; null where the result has kept no queries and keys,
    /// or has no such token.
    std::shared_ptr<const AttentionMaps> of(
        const std::shared_ptr<const AnalysisResult>& result,
        TokenIndex token);

private:
    struct Entry {
        std::weak_ptr<const AnalysisResult> result;
        TokenIndex token;
        std::shared_ptr<const AttentionMaps> maps;
    };
    std::deque<Entry> entries_; ///< the newest first
};

} // namespace vitreous
