#pragma once

#include <map>
#include <vector>

#include "app/desktop/failure.h"
#include "app/desktop/ids.h"
#include "app/desktop/job_runner.h"

namespace vitreous {

/// The newest results of a session, and why others are missing.
class ResultCache {
public:
    /// Keeps a result. Others of an input that has changed since go: true where there were any.
    bool add(ModelId model, InputId input, const Analysis& analysis);
    void addFailure(ModelId model, InputId input, const Failure& failure);

    /// The result or nullptr.
    [[nodiscard]] const Analysis* find(ModelId model, InputId input) const;
    /// Why there is none, or nullptr.
    [[nodiscard]] const Failure* failure(ModelId model, InputId input) const;
    [[nodiscard]] std::vector<Failure> failures() const;

    void forget(ModelId model);
    void forget(InputId input);

private:
    using Key = std::pair<ModelId, InputId>;
    template <typename Predicate>
    bool eraseResults(Predicate predicate);

    std::map<Key, Analysis> results_;
    std::map<Key, Failure> failures_;
    std::vector<Key> recent_; ///< of results_, the oldest first
};

} // namespace vitreous
