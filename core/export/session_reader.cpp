#include "core/export/session_reader.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "core/export/session_file.h"
#include "core/io/bounded_json.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string foundText(const json* value) {
    if (value == nullptr) {
        return "nothing";
    }
    if (value->is_primitive()) {
        const std::string text = jsonText(*value);
        return text.size() <= 40 ? text : std::string("a long ") + value->type_name();
    }
    return std::string("an ") + value->type_name();
}

/// A file's place, taken where the file is.
fs::path pathIn(const KeyReader& reader, const fs::path& folder, SessionFile& session) {
    const fs::path absolute = reader.text("path");
    if (!absolute.is_absolute()) {
        reader.refuse("path", "an absolute path");
    }
    const std::string relative_text = reader.text("relative", "");
    FileFacts facts;
    if (reader.has("bytes")) {
        facts.bytes =
            std::uint64_t(reader.whole("bytes", 0, std::numeric_limits<std::int64_t>::max()));
    }
    if (reader.has("time_nsec")) {
        facts.time_nsec = reader.whole(
            "time_nsec", std::numeric_limits<std::int64_t>::min(),
            std::numeric_limits<std::int64_t>::max());
    }
    facts.sha256 = reader.text("sha256", "");
    if (!facts.sha256.empty() &&
        (facts.sha256.size() != 64 ||
         facts.sha256.find_first_not_of("0123456789abcdef") != std::string::npos)) {
        reader.refuse("sha256", "64 lower-case hex digits");
    }
    fs::path path = absolute;
    if (!relative_text.empty() && fs::path(relative_text).is_relative()) {
        const fs::path relative = (folder / relative_text).lexically_normal();
        std::error_code problem;
        const bool is_there = fs::exists(relative, problem);
        const bool is_other = is_there && facts.bytes && factsOf(relative).bytes != facts.bytes &&
                              factsOf(absolute).bytes == facts.bytes;
        if (is_there && !is_other) {
            path = relative;
        }
    }
    if (facts != FileFacts()) {
        session.files[path] = facts;
    }
    return path;
}

std::uint32_t colorIn(const KeyReader& reader, const char* key) {
    const std::string text = reader.text(key, "#000000");
    std::uint32_t color = 0;
    const char* end = text.data() + text.size();
    if (text.size() != 7 || text[0] != '#' ||
        std::from_chars(text.data() + 1, end, color, 16).ptr != end) {
        reader.refuse(key, "a colour such as #0072b2");
    }
    return color;
}

SessionFile::Model modelIn(const KeyReader& reader, const fs::path& folder, SessionFile& session) {
    SessionFile::Model model;
    model.spec.path = pathIn(reader, folder, session);
    if (reader.has("options")) {
        const KeyReader options = reader.object("options");
        for (const auto& [key, value] : reader.find("options")->items()) {
            try {
                setSpecOption(model.spec, key, options.text(key.c_str()));
            } catch (const Error& error) {
                throw Error(ErrorCode::Input, reader.name("options") + ": " + error.what());
            }
        }
    }
    model.spec.llm.clear();
    if (reader.has("llm")) {
        model.spec.llm = pathIn(reader.object("llm"), folder, session);
    }
    model.chip = colorIn(reader, "chip");
    model.is_demo = reader.flag("demo", false);
    return model;
}

Precision precisionIn(const KeyReader& reader) {
    const std::string text = reader.text("precision", "fp32");
    for (const Precision precision :
         {Precision::Float32, Precision::BFloat16, Precision::Float16}) {
        if (text == name(precision)) {
            return precision;
        }
    }
    reader.refuse("precision", "fp32, bf16 or fp16");
}

std::string deviceIn(const KeyReader& reader) {
    std::string device = reader.text("device", "auto");
    const bool is_numbered = device.starts_with("cuda:") && device.size() > 5 &&
                             device.size() < 9 &&
                             device.find_first_not_of("0123456789", 5) == std::string::npos;
    if (device != "auto" && device != "cpu" && device != "cuda" && !is_numbered) {
        reader.refuse("device", "auto, cpu, cuda or cuda:N");
    }
    return device;
}

std::string entryName(const char* list, std::size_t index) {
    return std::string(list) + "[" + std::to_string(index) + "]";
}

} // namespace

KeyReader::KeyReader(const json& json, std::string where) : json_(json), where_(std::move(where)) {
    if (!json_.is_object()) {
        throw Error(
            ErrorCode::Input, (where_.empty() ? "" : where_ + ": ") + "expected an object, found " +
                                  foundText(&json_));
    }
}

const json* KeyReader::find(const char* key) const {
    const auto found = json_.find(key);
    return found == json_.end() || found->is_null() ? nullptr : &*found;
}

std::string KeyReader::name(const char* key) const {
    return where_.empty() ? std::string(key) : where_ + "." + key;
}

void KeyReader::refuse(const char* key, const std::string& expected) const {
    throw Error(
        ErrorCode::Input, name(key) + ": expected " + expected + ", found " + foundText(find(key)));
}

const json& KeyReader::require(const char* key, const char* expected) const {
    const json* value = find(key);
    if (value == nullptr) {
        refuse(key, expected);
    }
    return *value;
}

KeyReader KeyReader::object(const char* key) const {
    return {require(key, "an object"), name(key)};
}

const json& KeyReader::array(const char* key) const {
    static const json none = json::array();
    const json* value = find(key);
    if (value != nullptr && !value->is_array()) {
        refuse(key, "an array");
    }
    return value == nullptr ? none : *value;
}

std::string KeyReader::text(const char* key) const {
    const json& value = require(key, "a text");
    if (!value.is_string()) {
        refuse(key, "a text");
    }
    auto text = value.get<std::string>();
    if (text.find('\0') != std::string::npos) {
        refuse(key, "a text without zero bytes");
    }
    return text;
}

std::string KeyReader::text(const char* key, const std::string& absent) const {
    return has(key) ? text(key) : absent;
}

bool KeyReader::flag(const char* key, bool absent) const {
    const json* value = find(key);
    if (value != nullptr && !value->is_boolean()) {
        refuse(key, "true or false");
    }
    return value == nullptr ? absent : value->get<bool>();
}

std::int64_t KeyReader::whole(const char* key, std::int64_t least, std::int64_t most) const {
    const std::string expected =
        "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    const json& value = require(key, expected.c_str());
    const bool is_too_large =
        value.is_number_unsigned() &&
        value.get<std::uint64_t>() > std::uint64_t(std::numeric_limits<std::int64_t>::max());
    if (!value.is_number_integer() || is_too_large || value.get<std::int64_t>() < least ||
        value.get<std::int64_t>() > most) {
        refuse(key, expected);
    }
    return value.get<std::int64_t>();
}

double KeyReader::number(const char* key, double least, double most) const {
    const json& value = require(key, "a number");
    const double number = value.is_number() ? value.get<double>() : std::nan("");
    if (!std::isfinite(number) || number < least || number > most) {
        refuse(key, "a number from " + jsonText(json(least)) + " to " + jsonText(json(most)));
    }
    return number;
}

SessionFile parseSession(std::string_view text, const fs::path& folder) {
    const json json = parseBoundedJson(text);
    if (json.is_discarded()) {
        throw Error(ErrorCode::Input, "it is damaged, expected JSON");
    }
    const KeyReader reader(json, "");
    if (reader.text("format") != session_format) {
        reader.refuse("format", session_format);
    }
    const std::int64_t version =
        reader.whole("version", 1, std::numeric_limits<std::int64_t>::max());
    if (version > session_version) {
        throw Error(
            ErrorCode::Input, "it was saved by a newer Vitreous (version " +
                                  std::to_string(version) + ", expected " +
                                  std::to_string(session_version) + ")");
    }
    SessionFile session;
    session.device.device = deviceIn(reader);
    session.device.precision = precisionIn(reader);
    const nlohmann::json& models = reader.array("models");
    for (std::size_t i = 0; i < models.size(); ++i) {
        session.models.push_back(
            modelIn(KeyReader(models[i], entryName("models", i)), folder, session));
    }
    const nlohmann::json& inputs = reader.array("inputs");
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const KeyReader entry(inputs[i], entryName("inputs", i));
        SessionFile::Input input;
        input.path = pathIn(entry, folder, session);
        input.caption = entry.text("caption", "");
        if (entry.has("mask")) {
            input.mask = pathIn(entry.object("mask"), folder, session);
        }
        if (entry.has("frame")) {
            input.frame = entry.whole("frame", 0, farthest_frame);
        }
        input.is_demo = entry.flag("demo", false);
        session.inputs.push_back(std::move(input));
    }
    if (reader.has("current")) {
        session.current =
            std::size_t(reader.whole("current", 0, std::int64_t(session.inputs.size()) - 1));
    }
    session.demo_gives_way = reader.flag("demo_gives_way", false);
    if (reader.has("view")) {
        (void)reader.object("view");
        session.view = *reader.find("view");
    }
    const std::string mesh = reader.text("mesh", "vertices");
    if (mesh != "vertices" && mesh != "faces") {
        reader.refuse("mesh", "vertices or faces");
    }
    session.mesh_faces = mesh == "faces";
    session.saved_as = reader.text("saved_as", "");
    session.is_modified = reader.flag("modified", false);
    return session;
}

} // namespace vitreous
