#include "app/desktop/traces.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/desktop/inspected_values.h"
#include "widgets/cell_values.h"

namespace vitreous {
namespace {

Trace traceOf(
    const Session& session,
    const ModelItem& item,
    const ViewState& view,
    const std::string& tap) {
    Trace trace{
        .label = QString::fromStdString(item.spec.label),
        .chip = item.chip,
        .times_secs = session.timesOf(session.videoWork().framesOf(item.id)),
        .values = {}};
    for (const FrameIndex frame : session.videoWork().framesOf(item.id)) {
        double value = std::numeric_limits<double>::quiet_NaN();
        if (const FrameMaps* maps = session.videoWork().results().find(item.id, frame)) {
            GridRow row;
            row.result = maps->result;
            const GridCell cell = cellOf(row, {view.map, tap, view.head}, view);
            value = selectedValue(cell, view.selection).value_or(value);
        }
        trace.values.push_back(value);
    }
    return trace;
}

bool hasAny(const Trace& trace) {
    return std::any_of(trace.values.begin(), trace.values.end(), [](double value) {
        return std::isfinite(value);
    });
}

} // namespace

const std::vector<Trace>& TraceReader::read(const ViewState& view, const std::string& tap) {
    const bool is_token_query = view.map == MapKind::ClsAttention && hasTokenQuery(view);
    if (session_.video() == nullptr || view.selection == Selection() || is_token_query) {
        source_.reset();
        traces_.clear();
        return traces_;
    }
    const Source source{view.map,
                        view.head,
                        view.selection,
                        tap,
                        session_.currentInput(),
                        session_.videoWork().version()};
    if (source == source_) {
        return traces_;
    }
    source_ = source;
    traces_.clear();
    for (const ModelItem& item : session_.models().items()) {
        if (Trace trace = traceOf(session_, item, view, tap); hasAny(trace)) {
            traces_.push_back(std::move(trace));
        }
    }
    return traces_;
}

} // namespace vitreous
