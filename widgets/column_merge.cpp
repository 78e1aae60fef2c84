#include "widgets/column_merge.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

namespace vitreous {
namespace {

std::string_view stem(std::string_view name) {
    return name.substr(0, name.find('.'));
}

std::size_t positionOf(const std::vector<Tap>& taps, std::string_view name) {
    const auto found =
        std::find_if(taps.begin(), taps.end(), [&](const Tap& tap) { return tap.name == name; });
    return static_cast<std::size_t>(found - taps.begin());
}

std::size_t
afterSiblings(const std::vector<Tap>& merged, std::size_t at, const std::set<std::string>& own) {
    if (at == 0) {
        return at;
    }
    const std::string_view siblings = stem(merged[at - 1].name);
    while (at < merged.size() && stem(merged[at].name) == siblings &&
           !own.contains(merged[at].name)) {
        ++at;
    }
    return at;
}

void mergeInto(std::vector<Tap>& merged, const std::vector<Tap>& list) {
    std::set<std::string> own;
    for (const Tap& tap : list) {
        own.insert(tap.name);
    }
    std::size_t at = 0;
    for (const Tap& tap : list) {
        const std::size_t found = positionOf(merged, tap.name);
        if (found < merged.size()) {
            at = std::max(at, found + 1);
            continue;
        }
        if (at > 0 && stem(merged[at - 1].name) != stem(tap.name)) {
            at = afterSiblings(merged, at, own);
        }
        merged.insert(merged.begin() + static_cast<std::ptrdiff_t>(at), tap);
        ++at;
    }
}

} // namespace

std::vector<Tap> mergeTaps(const std::vector<std::vector<Tap>>& lists) {
    std::vector<Tap> merged;
    for (const std::vector<Tap>& list : lists) {
        mergeInto(merged, list);
    }
    return merged;
}

} // namespace vitreous
