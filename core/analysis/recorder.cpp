#include "core/analysis/recorder.h"

#include <algorithm>
#include <chrono>

#include "core/analysis/maps.h"
#include "core/base/glob.h"

namespace vitreous {
namespace {

bool matchesAny(const std::vector<std::string>& globs, const std::string& name) {
    return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
        return matchesGlob(glob, name);
    });
}

/// The shape of a map.
std::vector<std::int64_t> gridOf(const ModelSummary& summary) {
    if (summary.grouping) {
        return {std::int64_t{summary.rows} * summary.columns};
    }
    if (summary.times > 0) {
        return {summary.times, summary.rows, summary.columns};
    }
    return {summary.rows, summary.columns};
}

/// Adds the milliseconds of its life to a sum.
class Stopwatch {
public:
    explicit Stopwatch(double& sum_ms) : sum_ms_(sum_ms) {}
    Stopwatch(const Stopwatch&) = delete;
    Stopwatch& operator=(const Stopwatch&) = delete;
    ~Stopwatch() {
        const std::chrono::duration<double, std::milli> spent =
            std::chrono::steady_clock::now() - start_;
        sum_ms_ += spent.count();
    }

private:
    double& sum_ms_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

} // namespace

Recorder::Recorder(const ModelSummary& summary, const AnalysisOptions& options, const Task& task)
    : summary_(summary), options_(options), task_(task), prefix_(summary.prefix_tokens) {
    bool any = false;
    for (const Tap& tap : summary.taps) {
        const bool wanted = matchesAny(options.taps, tap.name);
        taps_.push_back({.wanted = wanted});
        any = any || wanted;
    }
    for (const Tap& block : summary.blocks) {
        const bool matches = matchesAny(options.taps, block.name);
        blocks_.push_back(
            {.wanted = matches && options.maps.contains(MapKind::ClsAttention),
             .kept = matches && options.keep_attention});
    }
    if (!any) {
        std::string names;
        for (const Tap& tap : summary.taps) {
            names += (names.empty() ? "" : ", ") + tap.name;
        }
        throw Error(
            ErrorCode::Usage, "no tap of " + summary.label + " matches, there are " + names);
    }
}

void Recorder::onLayer(std::size_t done, std::size_t total) {
    task_.checkStop();
    task_.report(
        double(done) / double(total),
        "layer " + std::to_string(done + 1) + " of " + std::to_string(total));
}

void Recorder::onFeatures(TapIndex tap, const at::Tensor& tokens) {
    TapRecord& record = taps_.at(tap.value);
    if (!record.wanted) {
        return;
    }
    const Stopwatch stopwatch(maps_ms_);
    const at::Tensor visual = tokens.slice(1, prefix_);
    if (options_.maps.contains(MapKind::Magnitude)) {
        record.magnitude = reduced(visual, magnitudeMap);
    }
    if (options_.maps.contains(MapKind::Frequency)) {
        record.frequency = reduced(visual, frequencyMap);
    }
    if (options_.features) {
        record.features = visual.to(at::kCPU, at::kFloat, /*non_blocking=*/false, /*copy=*/true);
    }
}

at::Tensor Recorder::reduced(const at::Tensor& visual, at::Tensor (*map)(const at::Tensor&)) const {
    if (!options_.frames_apart || summary_.times == 0) {
        return map(visual);
    }
    // Each step of time as an input of its own.
    const at::Tensor steps = visual.reshape(
        {visual.size(0) * summary_.times, visual.size(1) / summary_.times, visual.size(2)});
    return map(steps).reshape({visual.size(0), visual.size(1)});
}

QueryRow Recorder::wantedRow(std::size_t block) {
    if (!blocks_.at(block).wanted) {
        return QueryRow::None;
    }
    return summary_.has_cls ? QueryRow::First : QueryRow::Mean;
}

void Recorder::onAttention(std::size_t block, const at::Tensor& rows) {
    const Stopwatch stopwatch(maps_ms_);
    blocks_.at(block).rows = rows.slice(2, prefix_).to(at::kFloat);
}

void Recorder::onQueriesKeys(std::size_t block, const at::Tensor& queries, const at::Tensor& keys) {
    BlockRecord& record = blocks_.at(block);
    if (record.kept) {
        record.queries = queries;
        record.keys = keys;
    }
}

void Recorder::fill(AnalysisResult& result, std::int64_t input) {
    const Stopwatch stopwatch(maps_ms_);
    const std::vector<std::int64_t> grid = gridOf(summary_);
    const std::int64_t tokens = elementCount(grid);
    for (std::size_t i = 0; i < taps_.size(); ++i) {
        const TapRecord& record = taps_[i];
        const Tap& tap = summary_.taps[i];
        if (!record.wanted) {
            continue;
        }
        result.taps.push_back(tap);
        if (record.magnitude.defined()) {
            result.magnitude[tap.name] = toArray(record.magnitude[input], grid);
        }
        if (record.frequency.defined()) {
            result.frequency[tap.name] = toArray(record.frequency[input], grid);
        }
        if (record.features.defined()) {
            result.features[tap.name] =
                toArray(record.features[input], {tokens, record.features.size(2)});
        }
    }
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
        if (blocks_[i].wanted) {
            const at::Tensor map = blocks_[i].rows[input];
            result.blocks.push_back(summary_.blocks[i]);
            std::vector<std::int64_t> shape = {map.size(0)};
            shape.insert(shape.end(), grid.begin(), grid.end());
            result.cls_attention[summary_.blocks[i].name] = toArray(map, std::move(shape));
        }
    }
    if (options_.keep_attention) {
        fillAttention(result, input);
    }
}

void Recorder::fillAttention(AnalysisResult& result, std::int64_t input) const {
    AttentionInputs inputs{
        .blocks = {},
        .prefix_tokens = prefix_,
        .rows = summary_.rows,
        .columns = summary_.columns,
        .times = summary_.times};
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
        if (blocks_[i].kept) {
            const at::Tensor queries = blocks_[i].queries[input];
            const at::Tensor keys = blocks_[i].keys[input];
            inputs.blocks.push_back(
                {.name = summary_.blocks[i].name,
                 .queries = toArray(queries, queries.sizes().vec()),
                 .keys = toArray(keys, keys.sizes().vec())});
        }
    }
    result.attention_inputs = std::make_shared<const AttentionInputs>(std::move(inputs));
}

Array toArray(const at::Tensor& tensor, std::vector<std::int64_t> shape) {
    const at::Tensor host = tensor.to(at::kCPU, at::kFloat).contiguous();
    const auto* values = host.data_ptr<float>();
    return {std::move(shape), std::vector<float>(values, values + host.numel())};
}

} // namespace vitreous
