#include "app/desktop/result_cache.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <unistd.h>

namespace vitreous {
namespace {

constexpr std::uint64_t usual_limit = std::uint64_t{1} << 30;

std::uint64_t bytesOf(const Array& array) {
    return array.values.size() * sizeof(float) + array.shape.size() * sizeof(std::int64_t);
}

std::uint64_t bytesOf(const std::map<std::string, Array>& arrays) {
    std::uint64_t bytes = 0;
    for (const auto& [name, array] : arrays) {
        bytes += name.size() + sizeof(Array) + bytesOf(array);
    }
    return bytes;
}

/// Counted for every result, though those of one input share it: never too little.
std::uint64_t bytesOf(const CloudUnder& cloud) {
    std::uint64_t bytes = cloud.weights ? cloud.weights->bytes() : 0;
    if (cloud.shape) {
        const PointCloud& points = *cloud.shape->cloud;
        bytes += points.positions.size() * sizeof(float) + points.colors.size();
    }
    return bytes;
}

} // namespace

std::uint64_t bytesOf(const AnalysisResult& result) {
    const std::uint64_t pictures = std::accumulate(
        result.pictures.begin(), result.pictures.end(), std::uint64_t{0},
        [](std::uint64_t sum, const Image& picture) { return sum + picture.pixels.size(); });
    return sizeof(AnalysisResult) + bytesOf(result.magnitude) + bytesOf(result.frequency) +
           bytesOf(result.cls_attention) + bytesOf(result.features) + bytesOf(result.logits) +
           bytesOf(result.input) + bytesOf(result.centers) + bytesOf(result.groups) +
           result.picture.pixels.size() + pictures +
           (result.attention_inputs ? result.attention_inputs->bytes() : 0);
}

std::uint64_t defaultCacheLimit(std::uint64_t memory_bytes) {
    return memory_bytes == 0 ? usual_limit : std::min(usual_limit, memory_bytes / 4);
}

std::uint64_t machineMemory() {
    const long pages = sysconf(_SC_PHYS_PAGES);
    const long page_bytes = sysconf(_SC_PAGESIZE);
    return pages > 0 && page_bytes > 0 ? std::uint64_t(pages) * std::uint64_t(page_bytes) : 0;
}

ResultCache::ResultCache(std::function<void()> changed)
    : limit_(defaultCacheLimit(machineMemory())), changed_(std::move(changed)) {}

template <typename Predicate>
bool ResultCache::eraseResults(Predicate predicate) {
    std::erase_if(recent_, predicate);
    return std::erase_if(results_, [&](const auto& entry) {
               const bool goes = predicate(entry.first);
               bytes_ -= goes ? entry.second.bytes : 0;
               return goes;
           }) > 0;
}

void ResultCache::makeRoom() {
    while (bytes_ > std::min(limit_, room_)) {
        const auto oldest = std::find_if(recent_.begin(), recent_.end(), [this](const Key& key) {
            return key.second != current_;
        });
        if (oldest == recent_.end()) {
            return;
        }
        const auto entry = results_.find(*oldest);
        bytes_ -= entry->second.bytes;
        results_.erase(entry);
        recent_.erase(oldest);
    }
}

void ResultCache::tell(std::uint64_t bytes_before, std::uint64_t limit_before) const {
    if (changed_ && (bytes_ != bytes_before || limit_ != limit_before)) {
        changed_();
    }
}

bool ResultCache::add(ModelId model, InputId input, const Analysis& analysis) {
    const std::uint64_t before = bytes_;
    const Key key{model, input};
    const bool has_changed = eraseResults([&](const Key& other) {
        return other.second == input && other != key &&
               results_.at(other).analysis.input != analysis.input;
    });
    eraseResults([&key](const Key& other) { return other == key; });
    failures_.erase(key);
    const std::uint64_t size =
        (analysis.result ? bytesOf(*analysis.result) : 0) + bytesOf(analysis.cloud);
    results_[key] = {analysis, size};
    bytes_ += size;
    recent_.push_back(key);
    makeRoom();
    tell(before, limit_);
    return has_changed;
}

void ResultCache::addFailure(ModelId model, InputId input, const Failure& failure) {
    failures_[{model, input}] = failure;
}

void ResultCache::setCurrent(std::optional<InputId> input) {
    const std::uint64_t before = bytes_;
    current_ = input;
    std::stable_partition(
        recent_.begin(), recent_.end(), [&input](const Key& key) { return key.second != input; });
    // What the bound could not take while it was looked at.
    makeRoom();
    tell(before, limit_);
}

void ResultCache::setLimit(std::uint64_t bytes) {
    const std::uint64_t bytes_before = bytes_;
    const std::uint64_t limit_before = std::exchange(limit_, bytes);
    makeRoom();
    tell(bytes_before, limit_before);
}

void ResultCache::setRoom(std::uint64_t bytes) {
    const std::uint64_t before = bytes_;
    room_ = bytes;
    makeRoom();
    tell(before, limit_);
}

const Analysis* ResultCache::find(ModelId model, InputId input) const {
    const auto found = results_.find({model, input});
    return found == results_.end() ? nullptr : &found->second.analysis;
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
    const std::uint64_t before = bytes_;
    eraseResults([model](const Key& key) { return key.first == model; });
    std::erase_if(failures_, [model](const auto& entry) { return entry.first.first == model; });
    tell(before, limit_);
}

void ResultCache::forget(InputId input) {
    const std::uint64_t before = bytes_;
    eraseResults([input](const Key& key) { return key.second == input; });
    std::erase_if(failures_, [input](const auto& entry) { return entry.first.second == input; });
    tell(before, limit_);
}

} // namespace vitreous
