#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/desktop/session.h"
#include "app/desktop/trace_plot.h"

namespace vitreous {

/// The value at what is picked out over the current video's frames, a line a model that has the
/// tap; nothing without a video or a selection, or where the view shows what one token attends to.
/// As more frames are computed, only those are read.
class TraceReader {
public:
    explicit TraceReader(const Session& session) : session_(session) {}

    /// view: the map, the head and the selection. tap: by name.
    const std::vector<Trace>& read(const ViewState& view, const std::string& tap);

private:
    /// What the lines follow from.
    struct Source {
        MapKind map = MapKind::Magnitude;
        std::optional<HeadIndex> head;
        Selection selection;
        std::string tap;
        std::optional<InputId> input;

        friend bool operator==(const Source&, const Source&) = default;
    };

    /// A value, and the result that it was read of.
    struct Known {
        FrameIndex frame;
        std::weak_ptr<const AnalysisResult> result;
        double value = 0.0;
    };
    /// The values of a model's frames that are there; only those that are not known yet are read.
    [[nodiscard]] std::vector<Known>
    valuesOf(ModelId model, const ViewState& view, const std::vector<Known>& known) const;
    [[nodiscard]] Trace traceOf(const ModelItem& item) const;

    const Session& session_;
    std::optional<Source> source_; ///< of what was read last
    std::uint64_t version_ = 0;    ///< of the video's results
    std::map<ModelId, std::vector<Known>> known_;
    std::vector<Trace> traces_;
};

} // namespace vitreous
