#pragma once

#include <string>
#include <vector>

#include "app/desktop/session.h"
#include "app/desktop/trace_plot.h"

namespace vitreous {

/// The value at what is picked out over the current video's frames, a line a model that has the
/// tap; nothing without a video or a selection, or where the view shows what one token attends to.
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
        std::uint64_t version = 0; ///< of the video's results

        friend bool operator==(const Source&, const Source&) = default;
    };

    const Session& session_;
    std::optional<Source> source_; ///< of what was read last
    std::vector<Trace> traces_;
};

} // namespace vitreous
