#pragma once

#include <cstdint>
#include <deque>
#include <memory>

#include "core/base/index.h"
#include "widgets/grid_scene.h"

namespace vitreous {

/// The attention of tokens that was asked for last, so that a view that is drawn again does not ask
/// again. Some milliseconds of arithmetic on kept queries and keys, no inference.
class AttentionMemo {
public:
    /// The visual token's attention by block, (heads, rows, columns); null where no queries and
    /// keys were kept, or there is no such token. token: row-major over the grid. step: of a clip,
    /// the step of time that the token is in, and whose part of the attention is taken.
    std::shared_ptr<const AttentionMaps> of(
        const std::shared_ptr<const AttentionInputs>& inputs,
        TokenIndex token,
        std::int64_t step = 0);

private:
    struct Entry {
        std::weak_ptr<const AttentionInputs> inputs;
        TokenIndex token;
        std::int64_t step = 0;
        std::shared_ptr<const AttentionMaps> maps;
    };
    std::deque<Entry> entries_; ///< the newest first
};

} // namespace vitreous
