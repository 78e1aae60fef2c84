#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "app/desktop/failure.h"
#include "app/desktop/ids.h"
#include "app/desktop/job_runner.h"

namespace vitreous {

/// What a result keeps in memory: its arrays, its picture, its input.
std::uint64_t bytesOf(const AnalysisResult& result);

/// The bound of the cache where nobody set one: 1 GiB, at most a quarter of the machine's memory.
std::uint64_t defaultCacheLimit(std::uint64_t memory_bytes);
/// The machine's memory, used or free; 0 where that is not known.
std::uint64_t machineMemory();

/// The results of a session within a bound of memory, and why others are missing. Where the bound
/// is passed, the results that were looked at longest ago go; those of the current input stay.
class ResultCache {
public:
    /// changed: called after bytes() or limit() became another number; may be empty.
    explicit ResultCache(std::function<void()> changed = {});

    /// Keeps a result. Others of an input that has changed since go: true where there were any.
    bool add(ModelId model, InputId input, const Analysis& analysis);
    void addFailure(ModelId model, InputId input, const Failure& failure);
    /// The input that is looked at from now on.
    void setCurrent(std::optional<InputId> input);

    /// The result or nullptr.
    [[nodiscard]] const Analysis* find(ModelId model, InputId input) const;
    /// Why there is none, or nullptr.
    [[nodiscard]] const Failure* failure(ModelId model, InputId input) const;
    [[nodiscard]] std::vector<Failure> failures() const;

    void forget(ModelId model);
    void forget(InputId input);

    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    [[nodiscard]] std::uint64_t limit() const { return limit_; }
    void setLimit(std::uint64_t bytes);
    /// What of the bound there is for these results; the rest is taken elsewhere.
    void setRoom(std::uint64_t bytes);

private:
    using Key = std::pair<ModelId, InputId>;
    struct Entry {
        Analysis analysis;
        std::uint64_t bytes = 0;
    };
    /// True where there was any.
    template <typename Predicate>
    bool eraseResults(Predicate predicate);
    void makeRoom();
    /// Says so where the numbers are not what they were.
    void tell(std::uint64_t bytes_before, std::uint64_t limit_before) const;

    std::map<Key, Entry> results_;
    std::map<Key, Failure> failures_;
    std::vector<Key> recent_; ///< of results_, the one looked at longest ago first
    std::optional<InputId> current_;
    std::uint64_t bytes_ = 0;
    std::uint64_t limit_;
    std::uint64_t room_ = UINT64_MAX;
    std::function<void()> changed_;
};

} // namespace vitreous
