#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <limits>

#include "core/analysis/model.h"

namespace vitreous {
namespace {

/// One key of a model argument: how it is read and written. Writing gives "" where it is not set.
struct SpecKey {
    std::string_view key;
    std::function<void(ModelSpec&, const std::string&)> read;
    std::function<std::string(const ModelSpec&)> write;
};

int wholeNumber(std::string_view key, const std::string& text, int least, int most) {
    int number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, problem] = std::from_chars(text.data(), end, number);
    if (problem != std::errc() || rest != end || number < least || number > most) {
        throw Error(
            ErrorCode::Usage, std::string(key) + ": expected a whole number from " +
                                  std::to_string(least) + " to " + std::to_string(most) +
                                  ", found '" + text + "'");
    }
    return number;
}

SpecKey intKey(std::string_view key, std::optional<int> ModelSpec::*member, int least, int most) {
    return {
        key,
        [=](ModelSpec& spec, const std::string& text) {
            spec.*member = wholeNumber(key, text, least, most);
        },
        [=](const ModelSpec& spec) {
            return spec.*member ? std::to_string(*(spec.*member)) : std::string();
        }};
}

SpecKey textKey(std::string_view key, std::string ModelSpec::*member) {
    return {
        key, [=](ModelSpec& spec, const std::string& text) { spec.*member = text; },
        [=](const ModelSpec& spec) { return spec.*member; }};
}

void readEps(ModelSpec& spec, const std::string& text) {
    double number = 0.0;
    const char* end = text.data() + text.size();
    const auto [rest, problem] = std::from_chars(text.data(), end, number);
    if (problem != std::errc() || rest != end || !(number > 0.0) || !(number < 1.0)) {
        throw Error(
            ErrorCode::Usage, "eps: expected a number between 0 and 1, found '" + text + "'");
    }
    spec.eps = number;
}

std::string writeEps(const ModelSpec& spec) {
    if (!spec.eps) {
        return {};
    }
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), *spec.eps).ptr;
    return {text.data(), end};
}

const std::vector<SpecKey>& specKeys() {
    static const std::vector<SpecKey> keys = {
        intKey("heads", &ModelSpec::heads, 1, 4096),
        intKey("llm_heads", &ModelSpec::llm_heads, 1, 4096),
        {"llm", [](ModelSpec& spec, const std::string& text) { spec.llm = text; },
         [](const ModelSpec& spec) { return spec.llm.string(); }},
        intKey("llm_layer", &ModelSpec::llm_layer, 0, 4096),
        textKey("label", &ModelSpec::label),
        textKey("family", &ModelSpec::family),
        intKey("size", &ModelSpec::size, 1, 1 << 14),
        intKey("frames", &ModelSpec::frames, 1, 1 << 14),
        intKey("groups", &ModelSpec::groups, 1, 1 << 20),
        intKey("group_size", &ModelSpec::group_size, 1, 1 << 20),
        {"eps", readEps, writeEps},
        textKey("state", &ModelSpec::state),
    };
    return keys;
}

const SpecKey* findKey(std::string_view option) {
    for (const SpecKey& key : specKeys()) {
        if (option.size() > key.key.size() && option.starts_with(key.key) &&
            option[key.key.size()] == '=') {
            return &key;
        }
    }
    return nullptr;
}

} // namespace

ModelSpec parseModelSpec(std::string_view argument) {
    ModelSpec spec;
    std::string_view rest = argument;
    std::vector<std::string_view> options; // from the last to the first
    for (std::size_t comma = rest.rfind(','); comma != std::string_view::npos;
         comma = rest.rfind(',')) {
        const std::string_view option = rest.substr(comma + 1);
        if (findKey(option) == nullptr) {
            break;
        }
        options.push_back(option);
        rest = rest.substr(0, comma);
    }
    if (rest.empty()) {
        throw Error(
            ErrorCode::Usage,
            "expected PATH[,key=value]..., found '" + std::string(argument) + "'");
    }
    spec.path = std::string(rest);
    std::for_each(options.rbegin(), options.rend(), [&spec](std::string_view option) {
        const SpecKey* key = findKey(option);
        key->read(spec, std::string(option.substr(key->key.size() + 1)));
    });
    return spec;
}

std::vector<std::pair<std::string, std::string>> specOptions(const ModelSpec& spec) {
    std::vector<std::pair<std::string, std::string>> options;
    for (const SpecKey& key : specKeys()) {
        if (std::string value = key.write(spec); !value.empty()) {
            options.emplace_back(key.key, std::move(value));
        }
    }
    return options;
}

void setSpecOption(ModelSpec& spec, const std::string& key, const std::string& value) {
    const auto& keys = specKeys();
    const auto found = std::find_if(
        keys.begin(), keys.end(), [&key](const SpecKey& known) { return known.key == key; });
    if (found == keys.end()) {
        throw Error(ErrorCode::Usage, "there is no such model option: " + key);
    }
    found->read(spec, value);
}

std::string formatModelSpec(const ModelSpec& spec) {
    std::string text = spec.path.string();
    for (const auto& [key, value] : specOptions(spec)) {
        text.append(",").append(key).append("=").append(value);
    }
    return text;
}

std::string labelOf(const ModelSpec& spec) {
    if (!spec.label.empty()) {
        return spec.label;
    }
    // A directory may be given with a slash at its end.
    const std::filesystem::path path =
        spec.path.has_filename() ? spec.path : spec.path.parent_path();
    const std::string stem = path.stem().string();
    return stem.empty() || stem == "." || stem == ".."
               ? std::filesystem::absolute(path).lexically_normal().filename().string()
               : stem;
}

} // namespace vitreous
