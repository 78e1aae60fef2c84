#include "app/video/shown_taps.h"

#include <algorithm>

#include "core/base/error.h"
#include "widgets/column_merge.h"

namespace vitreous {
namespace {

std::string namesOf(const std::vector<Tap>& taps) {
    std::string names;
    for (const Tap& tap : taps) {
        names += (names.empty() ? "" : ", ") + tap.name;
    }
    return names;
}

} // namespace

std::vector<std::string>
shownTaps(const std::vector<ModelSummary>& models, const std::string& tap, MapKind map) {
    std::vector<std::vector<Tap>> lists;
    for (const ModelSummary& model : models) {
        lists.push_back(map == MapKind::ClsAttention ? model.blocks : model.taps);
    }
    const std::vector<Tap> merged = mergeTaps(lists);
    auto end = merged.end();
    if (!tap.empty()) {
        end = std::find_if(
            merged.begin(), merged.end(), [&tap](const Tap& one) { return one.name == tap; });
        if (end == merged.end()) {
            throw Error(
                ErrorCode::Usage,
                "--tap: '" + tap + "' is none of the taps with this map: " + namesOf(merged));
        }
        ++end;
    }
    std::vector<std::string> shown;
    for (std::size_t i = 0; i < models.size(); ++i) {
        const auto own =
            std::find_if(std::make_reverse_iterator(end), merged.rend(), [&](const Tap& one) {
                return std::find(lists[i].begin(), lists[i].end(), one) != lists[i].end();
            });
        if (own == merged.rend()) {
            throw Error(
                ErrorCode::Usage, "--tap: " + models[i].label + " has no tap up to '" + tap +
                                      "', it has " + namesOf(lists[i]) + ": " +
                                      models[i].path.string());
        }
        shown.push_back(own->name);
    }
    return shown;
}

} // namespace vitreous
