#include "app/desktop/result_cache.h"

#include <algorithm>

namespace vitreous {
namespace {

constexpr std::size_t kept_results = 256;

} // namespace

template <typename Predicate>
bool ResultCache::eraseResults(Predicate predicate) {
    std::erase_if(recent_, predicate);
    return std::erase_if(results_, [&](const auto& entry) { return predicate(entry.first); }) > 0;
}

bool ResultCache::add(ModelId model, InputId input, const Analysis& analysis) {
    const Key key{model, input};
    const bool has_changed = eraseResults([&](const Key& other) {
        return other.second == input && other != key && results_.at(other).input != analysis.input;
    });
    results_[key] = analysis;
    failures_.erase(key);
    std::erase(recent_, key);
    recent_.push_back(key);
    if (recent_.size() > kept_results) {
        results_.erase(recent_.front());
        recent_.erase(recent_.begin());
    }
    return has_changed;
}

void ResultCache::addFailure(ModelId model, InputId input, const Failure& failure) {
    failures_[{model, input}] = failure;
}

const Analysis* ResultCache::find(ModelId model, InputId input) const {
    const auto found = results_.find({model, input});
    return found == results_.end() ? nullptr : &found->second;
}

const Failure* ResultCache::failure(ModelId model, InputId input) const {
    const auto found = failures_.find({model, input});
    return found == failures_.end() ? nullptr : &found->second;
}

std::vector<Failure> ResultCache::failures() const {
    std::vector<Failure> failures;
    for (const auto& [key, failure] : failures_) {
        failures.push_back(failure);
    }
    return failures;
}

void ResultCache::forget(ModelId model) {
    eraseResults([model](const Key& key) { return key.first == model; });
    std::erase_if(failures_, [model](const auto& entry) { return entry.first.first == model; });
}

void ResultCache::forget(InputId input) {
    eraseResults([input](const Key& key) { return key.second == input; });
    std::erase_if(failures_, [input](const auto& entry) { return entry.first.second == input; });
}

} // namespace vitreous
