#include "core/analysis/attention_query.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/base/error.h"

namespace vitreous {
namespace {

/// Sums in lanes: a single sum could not be vectorised without changing its order.
float dot(const float* a, const float* b, std::size_t count) {
    constexpr std::size_t lanes = 16;
    std::array<float, lanes> sums{};
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            sums[lane] += a[i + lane] * b[i + lane];
        }
    }
    float sum = std::accumulate(sums.begin(), sums.end(), 0.0F);
    for (; i < count; ++i) {
        sum += a[i] * b[i];
    }
    return sum;
}

/// In place. The largest score is taken off first, so that no exponential overflows.
void softmax(float* scores, std::size_t count) {
    const float largest = *std::max_element(scores, scores + count);
    double sum = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
        scores[i] = std::exp(scores[i] - largest);
        sum += double(scores[i]);
    }
    const auto share = float(1.0 / sum);
    std::for_each(scores, scores + count, [share](float& score) { score *= share; });
}

/// Every block's rows of a token, without their prefix tokens.
std::map<std::string, Array> visualRows(const AttentionInputs& inputs, std::size_t token) {
    const auto prefix = static_cast<std::size_t>(inputs.prefix_tokens);
    std::map<std::string, Array> maps;
    for (const AttentionBlock& block : inputs.blocks) {
        const Array row = attentionRow(block, token);
        const auto tokens = static_cast<std::size_t>(row.shape[1]);
        Array map{.shape = {row.shape[0], inputs.rows, inputs.columns}, .values = {}};
        if (inputs.times > 0) {
            map.shape.insert(map.shape.begin() + 1, inputs.times);
        }
        map.values.reserve(static_cast<std::size_t>(elementCount(map.shape)));
        for (auto head = row.values.begin(); head != row.values.end(); head += tokens) {
            map.values.insert(map.values.end(), head + prefix, head + tokens);
        }
        maps[block.name] = std::move(map);
    }
    return maps;
}

} // namespace

std::size_t AttentionInputs::bytes() const {
    return std::accumulate(
        blocks.begin(), blocks.end(), std::size_t{0},
        [](std::size_t sum, const AttentionBlock& block) {
            return sum + (block.queries.values.size() + block.keys.values.size()) * sizeof(float);
        });
}

Array attentionRow(const AttentionBlock& block, std::size_t token) {
    const auto heads = static_cast<std::size_t>(block.queries.shape[0]);
    const auto tokens = static_cast<std::size_t>(block.queries.shape[1]);
    const auto head_size = static_cast<std::size_t>(block.queries.shape[2]);
    const std::size_t heads_a_key = heads / static_cast<std::size_t>(block.keys.shape[0]);
    if (token >= tokens) {
        throw Error(
            ErrorCode::Usage, "there is no token " + std::to_string(token) + ", expected one of " +
                                  std::to_string(tokens) + " from 0 in " + block.name);
    }
    const auto scale = float(1.0 / std::sqrt(double(head_size)));
    Array row{.shape = {std::int64_t(heads), std::int64_t(tokens)}, .values = {}};
    row.values.resize(heads * tokens);
    std::vector<float> query(head_size);
    for (std::size_t head = 0; head < heads; ++head) {
        const float* values = block.queries.values.data() + (head * tokens + token) * head_size;
        std::transform(values, values + head_size, query.begin(), [scale](float value) {
            return value * scale;
        });
        const float* key = block.keys.values.data() + head / heads_a_key * tokens * head_size;
        float* scores = row.values.data() + head * tokens;
        for (std::size_t other = 0; other < tokens; ++other, key += head_size) {
            scores[other] = dot(query.data(), key, head_size);
        }
        softmax(scores, tokens);
    }
    return row;
}

std::map<std::string, Array> attentionOf(const AttentionInputs& inputs, TokenIndex visual_token) {
    const auto count = static_cast<std::size_t>(
        std::max<std::int64_t>(inputs.times, 1) * inputs.rows * inputs.columns);
    if (visual_token.value >= count) {
        throw Error(
            ErrorCode::Usage, "there is no visual token " + std::to_string(visual_token.value) +
                                  ", expected one of " + std::to_string(count) + " from 0");
    }
    return visualRows(inputs, static_cast<std::size_t>(inputs.prefix_tokens) + visual_token.value);
}

std::map<std::string, Array> attentionOfPrefix(
    const AttentionInputs& inputs,
    std::size_t prefix_token) {
    if (prefix_token >= static_cast<std::size_t>(inputs.prefix_tokens)) {
        throw Error(
            ErrorCode::Usage, "there is no prefix token " + std::to_string(prefix_token) +
                                  ", expected one of " + std::to_string(inputs.prefix_tokens) +
                                  " from 0");
    }
    return visualRows(inputs, prefix_token);
}

} // namespace vitreous
