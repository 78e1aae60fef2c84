#include "core/io/bounded_json.h"

namespace vitreous {
namespace {

constexpr int kMostDepth = 64;

// Parsed it takes many times its size.
constexpr std::size_t kMostText = 16'000'000;

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

nlohmann::json objectIn(std::string_view text) {
    nlohmann::json json =
        text.size() <= kMostText ? parseBoundedJson(text) : nlohmann::json(nullptr);
    if (!json.is_object()) {
        return nullptr;
    }
    return json;
}

std::string jsonText(const nlohmann::json& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace vitreous
