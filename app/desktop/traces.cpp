#include "app/desktop/traces.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "app/desktop/inspected_values.h"
#include "widgets/cell_values.h"

namespace vitreous {
namespace {

double valueOf(const ResultPointer& result, const ViewState& view, const std::string& tap) {
    GridRow row;
    row.result = result;
    const GridCell cell = cellOf(row, {view.map, tap, view.head}, view);
    return selectedValue(cell, view.selection).value_or(std::numeric_limits<double>::quiet_NaN());
}

/// The pointers share their ownership; one that has expired still tells.
bool isOf(const std::weak_ptr<const AnalysisResult>& known, const ResultPointer& result) {
    return !known.owner_before(result) && !result.owner_before(known);
}

bool hasAny(const Trace& trace) {
    return std::any_of(trace.values.begin(), trace.values.end(), [](double value) {
        return std::isfinite(value);
    });
}

} // namespace

std::vector<TraceReader::Known>
TraceReader::valuesOf(ModelId model, const ViewState& view, const std::vector<Known>& known) const {
    std::vector<Known> values;
    const auto& frames = session_.videoWork().results().frames(model);
    values.reserve(frames.size());
    auto next = known.begin();
    // Both are in order.
    for (const auto& [frame, maps] : frames) {
        while (next != known.end() && next->frame < frame) {
            ++next;
        }
        const bool is_known =
            next != known.end() && next->frame == frame && isOf(next->result, maps.result);
        values.push_back(
            is_known ? *next : Known{frame, maps.result, valueOf(maps.result, view, source_->tap)});
    }
    return values;
}

Trace TraceReader::traceOf(const ModelItem& item) const {
    const std::vector<FrameIndex>& frames = session_.videoWork().framesOf(item.id);
    Trace trace{
        .label = QString::fromStdString(item.spec.label),
        .chip = item.chip,
        .times_secs = session_.timesOf(frames),
        .values = std::vector<double>(frames.size(), std::numeric_limits<double>::quiet_NaN())};
    const std::vector<Known>& all = known_.at(item.id);
    auto known = all.begin();
    for (std::size_t i = 0; i < frames.size() && known != all.end(); ++i) {
        while (known != all.end() && known->frame < frames[i]) {
            ++known;
        }
        if (known != all.end() && known->frame == frames[i]) {
            trace.values[i] = known->value;
        }
    }
    return trace;
}

const std::vector<Trace>& TraceReader::read(const ViewState& view, const std::string& tap) {
    const bool is_token_query = view.map == MapKind::ClsAttention && hasTokenQuery(view);
    if (session_.video() == nullptr || view.selection == Selection() || is_token_query) {
        source_.reset();
        known_.clear();
        traces_.clear();
        return traces_;
    }
    const Source source{view.map, view.head, view.selection, tap, session_.currentInput()};
    const std::uint64_t version = session_.videoWork().version();
    if (source == source_ && version == version_) {
        return traces_;
    }
    if (source != source_) {
        known_.clear();
    }
    source_ = source;
    version_ = version;
    traces_.clear();
    auto before = std::exchange(known_, {});
    for (const ModelItem& item : session_.models().items()) {
        known_[item.id] = valuesOf(item.id, view, before[item.id]);
        if (Trace trace = traceOf(item); hasAny(trace)) {
            traces_.push_back(std::move(trace));
        }
    }
    return traces_;
}

} // namespace vitreous
