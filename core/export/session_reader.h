#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

namespace vitreous {

inline constexpr const char* session_format = "vitreous-session";
inline constexpr int session_version = 1;
/// Beyond any video: more than a year at 60 frames a second.
inline constexpr std::int64_t farthest_frame = 2'000'000'000;

/// An object of JSON that is read key by key. All throw Error{Input} that names the key:
/// "models[2].llm.path: expected a text, found a number".
class KeyReader {
public:
    /// json: has to outlive this. Throws where it is no object.
    KeyReader(const nlohmann::json& json, std::string where);

    /// The value of a key or nullptr; so is null.
    [[nodiscard]] const nlohmann::json* find(const char* key) const;
    [[nodiscard]] bool has(const char* key) const { return find(key) != nullptr; }
    [[nodiscard]] KeyReader object(const char* key) const;
    /// The array of a key; an empty one where it is absent.
    [[nodiscard]] const nlohmann::json& array(const char* key) const;
    [[nodiscard]] std::string text(const char* key) const;
    [[nodiscard]] std::string text(const char* key, const std::string& absent) const;
    [[nodiscard]] bool flag(const char* key, bool absent) const;
    [[nodiscard]] std::int64_t whole(const char* key, std::int64_t least, std::int64_t most) const;
    /// Finite and in range.
    [[nodiscard]] double number(const char* key, double least, double most) const;
    [[noreturn]] void refuse(const char* key, const std::string& expected) const;
    /// What messages call a key.
    [[nodiscard]] std::string name(const char* key) const;

private:
    [[nodiscard]] const nlohmann::json& require(const char* key, const char* expected) const;

    const nlohmann::json& json_;
    std::string where_;
};

} // namespace vitreous
