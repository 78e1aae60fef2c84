#include <cmath>

#include "core/io/state_dict.h"

namespace vitreous {
namespace {

constexpr int kMostDepth = 16;
constexpr int kMostValues = 10'000;

// One text that is recalled again and again must not fill the memory.
constexpr std::size_t kMostText = 1'000'000;

class Converter {
public:
    nlohmann::json convert(PickleRef value, int depth) {
        if (value == nullptr || depth > kMostDepth || ++values_ > kMostValues) {
            return nullptr;
        }
        if (const bool* flag = value->as<bool>()) {
            return *flag;
        }
        if (const std::int64_t* number = value->as<std::int64_t>()) {
            return *number;
        }
        if (const double* number = value->as<double>()) {
            return std::isfinite(*number) ? nlohmann::json(*number) : nlohmann::json();
        }
        if (const std::string* text = value->as<std::string>()) {
            return textJson(*text);
        }
        if (const PickleList* list = value->as<PickleList>()) {
            nlohmann::json json = nlohmann::json::array();
            for (PickleRef item : list->items) {
                json.push_back(convert(item, depth + 1));
                if (values_ > kMostValues) {
                    break;
                }
            }
            return json;
        }
        if (const PickleDict* dictionary = value->as<PickleDict>()) {
            return members(*dictionary, depth);
        }
        if (const PickleGlobal* global = value->as<PickleGlobal>()) {
            return textJson(global->name);
        }
        if (const PickleRecord* record = value->as<PickleRecord>()) {
            const PickleDict* state =
                record->state != nullptr ? record->state->as<PickleDict>() : nullptr;
            return state != nullptr ? members(*state, depth) : textJson(record->name);
        }
        return nullptr;
    }

private:
    /// Text that JSON can hold: anything but ASCII is kept only where it is valid UTF-8.
    nlohmann::json textJson(const std::string& text) {
        if (text.size() > kMostText - text_bytes_) {
            return "(long text)";
        }
        text_bytes_ += text.size();
        nlohmann::json json = text;
        try {
            static_cast<void>(json.dump());
        } catch (const nlohmann::json::exception&) {
            return "(binary)";
        }
        return json;
    }

    nlohmann::json members(const PickleDict& dictionary, int depth) {
        nlohmann::json json = nlohmann::json::object();
        for (const auto& [key, value] : dictionary.items) {
            std::string name;
            if (const std::string* text = key->as<std::string>()) {
                name = textJson(*text).get<std::string>();
            } else if (const std::int64_t* number = key->as<std::int64_t>()) {
                name = std::to_string(*number);
            } else {
                continue;
            }
            json[name] = convert(value, depth + 1);
            if (values_ > kMostValues) {
                break;
            }
        }
        return json;
    }

    int values_ = 0;
    std::size_t text_bytes_ = 0;
};

} // namespace

nlohmann::json toJson(PickleRef value) {
    return Converter().convert(value, 0);
}

} // namespace vitreous
