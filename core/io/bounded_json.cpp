#include "core/io/bounded_json.h"

namespace vitreous {
namespace {

constexpr int kMostDepth = 64;

struct TooDeep {};

} // namespace

nlohmann::json parseBoundedJson(std::string_view text) {
    using nlohmann::json;
    const auto bound = [](int depth, json::parse_event_t, json&) {
        if (depth > kMostDepth) {
            throw TooDeep{};
        }
        return true;
    };
    try {
        return json::parse(text.begin(), text.end(), bound, /*allow_exceptions=*/false);
    } catch (const TooDeep&) {
        json discarded(json::value_t::discarded);
        return discarded;
    }
}

} // namespace vitreous
