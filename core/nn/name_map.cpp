#include "core/nn/name_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/io/printable.h"
#include "core/nn/name_rules.h"

namespace vitreous {
namespace {

/// What `#` and `*` stood for.
struct Match {
    std::string_view number;
    std::string_view tail;
};

std::optional<Match> match(std::string_view pattern, std::string_view name) {
    Match found;
    while (!pattern.empty()) {
        if (pattern == "*") {
            found.tail = name;
            return name == "weight" || name == "bias" ? std::optional(found) : std::nullopt;
        }
        if (pattern.front() == '#') {
            const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
            if (digits == 0 || digits > 4) {
                return std::nullopt;
            }
            found.number = name.substr(0, digits);
            name.remove_prefix(digits);
        } else {
            if (name.empty() || name.front() != pattern.front()) {
                return std::nullopt;
            }
            name.remove_prefix(1);
        }
        pattern.remove_prefix(1);
    }
    return name.empty() ? std::optional(found) : std::nullopt;
}

std::string expand(std::string_view pattern, const Match& match) {
    std::string name;
    for (const char c : pattern) {
        if (c == '#') {
            name += match.number;
        } else if (c == '*') {
            name += match.tail;
        } else {
            name += c;
        }
    }
    return name;
}

/// The name, then the name without its first prefix, without its second, ...
std::vector<std::string_view> stripped(std::string_view name) {
    std::vector<std::string_view> names = {name};
    bool again = true;
    while (again) {
        again = false;
        for (const std::string_view prefix : namePrefixes()) {
            if (names.back().starts_with(prefix)) {
                names.push_back(names.back().substr(prefix.size()));
                again = true;
                break;
            }
        }
    }
    return names;
}

/// id: only families of that id; empty: any.
const Family* recognise(const Checkpoint& checkpoint, std::string_view id = {}) {
    for (const Family& family : families()) {
        if (!id.empty() && (family.id != id || !family.refusal.empty())) {
            continue;
        }
        for (const TensorEntry& entry : checkpoint.tensors) {
            if (family.rank != 0 && family.rank != entry.shape.size()) {
                continue;
            }
            for (const std::string_view name : stripped(entry.name)) {
                if (name == family.sign) {
                    return &family;
                }
            }
        }
    }
    return nullptr;
}

const Family* familyOf(const Checkpoint& checkpoint, const std::string& id) {
    const std::string path = checkpoint.path.string();
    if (!id.empty()) {
        // A family may come in several layouts: the one whose sign is there.
        if (const Family* family = recognise(checkpoint, id)) {
            return family;
        }
        for (const Family& family : families()) {
            if (family.id == id && family.refusal.empty()) {
                return &family;
            }
        }
        throw Error(
            ErrorCode::Model,
            "unknown family '" + id + "', expected one of " + familyIds() + ": " + path);
    }
    const Family* family = recognise(checkpoint);
    if (family == nullptr) {
        std::string names;
        for (std::size_t i = 0; i < std::min<std::size_t>(3, checkpoint.tensors.size()); ++i) {
            names += (i > 0 ? ", " : "") + printable(checkpoint.tensors[i].name);
        }
        throw Error(
            ErrorCode::Model, "unknown model family: its " +
                                  std::to_string(checkpoint.tensors.size()) + " tensors (" + names +
                                  ", ...) match none of " + familyIds() + ": " + path);
    }
    if (!family->refusal.empty()) {
        throw Error(
            ErrorCode::Model, "this is a " + std::string(family->label) + " checkpoint; " +
                                  std::string(family->refusal) + ": " + path);
    }
    return family;
}

/// Side of the square patches in a (dim, p * p * c) projection, or 0.
std::int64_t patchSide(std::int64_t length, std::int64_t channels) {
    const auto side =
        static_cast<std::int64_t>(std::lround(std::sqrt(double(length) / double(channels))));
    return side * side * channels == length ? side : 0;
}

void finish(MappedTensor& tensor, const std::filesystem::path& path) {
    tensor.shape = tensor.parts.front().shape;
    for (std::size_t i = 1; i < tensor.parts.size(); ++i) {
        const std::vector<std::int64_t>& other = tensor.parts[i].shape;
        if (other != tensor.parts.front().shape || other.empty()) {
            throw Error(
                ErrorCode::Model, printable(tensor.parts[i].name) + ": expected the shape of " +
                                      printable(tensor.parts.front().name) + ", " +
                                      shapeText(tensor.parts.front().shape) + ", found " +
                                      shapeText(other) + ": " + path.string());
        }
        tensor.shape[0] += other[0];
    }
    if (tensor.zero_between) {
        tensor.shape[0] += tensor.parts.front().shape[0];
    }
    if (tensor.name == "patch_embed.proj.weight" && tensor.shape.size() == 2) {
        for (const std::int64_t channels : {3, 1}) {
            if (const std::int64_t side = patchSide(tensor.shape[1], channels); side > 0) {
                tensor.shape = {tensor.shape[0], channels, side, side};
                tensor.patches_last = true;
                return;
            }
        }
    }
}

/// The norm before a patch projection is over the same (p, p, c) vector.
void finishPatchNorm(NameMapping& mapping) {
    const std::vector<std::int64_t> proj = mapping.shape("patch_embed.proj.weight");
    for (const char* name : {"patch_embed.norm_in.weight", "patch_embed.norm_in.bias"}) {
        const auto it = mapping.tensors.find(name);
        if (it != mapping.tensors.end() && proj.size() == 4 &&
            it->second.shape == std::vector{proj[1] * proj[2] * proj[3]}) {
            it->second.shape = {proj[1], proj[2], proj[3]};
            it->second.patches_last = true;
        }
    }
}

/// Point-BERT's pre-training keeps its transformer beside a momentum copy of it and a tokenizer:
/// where there is a `transformer_q`, it alone is the model. Source: Point-BERT,
/// load_model_from_ckpt.
constexpr std::string_view kQueryModel = "transformer_q.";

bool hasQueryModel(const Checkpoint& checkpoint, std::string_view rules) {
    return rules == "timm/point" &&
           std::any_of(
               checkpoint.tensors.begin(), checkpoint.tensors.end(), [](const TensorEntry& entry) {
                   return entry.name.find(kQueryModel) != std::string::npos;
               });
}

bool isOfVideos(std::string_view rules) {
    return rules.ends_with("/video");
}

/// VideoMAE's pre-training keeps a decoder behind the encoder, which alone is the model.
bool isOfDecoder(std::string_view name) {
    const std::vector<std::string_view> names = stripped(name);
    return std::any_of(names.begin(), names.end(), [](std::string_view one) {
        return one.starts_with("decoder.") || one.starts_with("encoder_to_decoder.");
    });
}

/// Finishes the tensors of which all parts were seen and takes out the others.
void finishAll(
    NameMapping& mapping,
    const std::map<std::string, std::array<bool, 3>>& seen,
    const Checkpoint& checkpoint,
    std::string_view rules) {
    for (auto it = mapping.tensors.begin(); it != mapping.tensors.end();) {
        MappedTensor& tensor = it->second;
        const std::array<bool, 3>& parts = seen.at(it->first);
        bool is_whole = true;
        for (std::size_t i = 0; i < tensor.parts.size(); ++i) {
            is_whole = is_whole && parts.at(i);
        }
        if (!is_whole && isOfVideos(rules) && it->first.ends_with(".attn.qkv.bias") && parts[0] &&
            parts[2]) {
            // VideoMAE's keys have no bias. Source: LM4VisualEncoding, Attention.
            tensor.parts.erase(tensor.parts.begin() + 1);
            tensor.zero_between = true;
            is_whole = true;
        }
        if (is_whole) {
            finish(tensor, checkpoint.path);
            ++it;
        } else {
            mapping.incomplete.push_back(it->first);
            it = mapping.tensors.erase(it);
        }
    }
    finishPatchNorm(mapping);
}

NameMapping applyRules(const Checkpoint& checkpoint, std::string_view rules) {
    NameMapping mapping;
    std::map<std::string, std::array<bool, 3>> seen;
    const bool query_model_only = hasQueryModel(checkpoint, rules);
    for (const TensorEntry& entry : checkpoint.tensors) {
        if ((query_model_only && entry.name.find(kQueryModel) == std::string::npos) ||
            (isOfVideos(rules) && isOfDecoder(entry.name))) {
            continue;
        }
        const NameRule* rule = nullptr;
        Match found;
        for (const std::string_view name : stripped(entry.name)) {
            for (const NameRule& candidate : nameRules()) {
                if (rules == candidate.rules ||
                    (rules.starts_with(candidate.rules) && rules[candidate.rules.size()] == '/')) {
                    if (const auto hit = match(candidate.from, name)) {
                        rule = &candidate;
                        found = *hit;
                        break;
                    }
                }
            }
            if (rule != nullptr) {
                break;
            }
        }
        if (rule == nullptr) {
            mapping.unexpected.push_back(entry.name);
            continue;
        }
        if (rule->to.empty()) {
            continue;
        }
        const std::string canonical = expand(rule->to, found);
        MappedTensor& tensor = mapping.tensors[canonical];
        const std::size_t part = rule->part < 0 ? 0 : static_cast<std::size_t>(rule->part);
        if (seen[canonical][part]) {
            throw Error(
                ErrorCode::Model, "two tensors are both " + canonical + ", the second is " +
                                      printable(entry.name) + ": " + checkpoint.path.string());
        }
        seen[canonical][part] = true;
        tensor.name = canonical;
        tensor.parts.resize(rule->part < 0 ? 1 : 3);
        tensor.parts[part] = entry;
    }
    finishAll(mapping, seen, checkpoint, rules);
    return mapping;
}

} // namespace

std::vector<std::int64_t> NameMapping::shape(const std::string& name) const {
    const auto it = tensors.find(name);
    return it == tensors.end() ? std::vector<std::int64_t>{} : it->second.shape;
}

NameMapping mapNames(const Checkpoint& checkpoint, const std::string& family_id) {
    const Family* family = familyOf(checkpoint, family_id);
    NameMapping mapping = applyRules(checkpoint, family->rules);
    mapping.family = family;
    return mapping;
}

NameMapping mapLanguageModel(const Checkpoint& checkpoint) {
    NameMapping mapping = applyRules(checkpoint, "llm");
    if (mapping.tensors.empty()) {
        throw Error(
            ErrorCode::Model,
            "no language model block, expected layers.N.attention.wq.weight (Meta) or "
            "model.layers.N.self_attn.q_proj.weight (Hugging Face): " +
                checkpoint.path.string());
    }
    return mapping;
}

std::string familyIds() {
    std::string ids;
    for (const Family& family : families()) {
        if (family.refusal.empty() && ids.find(family.id) == std::string::npos) {
            ids += (ids.empty() ? "" : ", ") + std::string(family.id);
        }
    }
    return ids;
}

} // namespace vitreous
