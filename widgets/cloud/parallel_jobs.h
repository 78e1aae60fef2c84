#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace vitreous {

/// Calls work(job) for each of so many jobs, in any order, on no more than so many threads: this
/// one and helpers that end with the call. What the jobs wrote is seen after it.
template <typename Work>
void runJobs(std::size_t threads, std::size_t jobs, const Work& work) {
    std::atomic<std::size_t> next{0};
    const auto run = [&work, &next, jobs] {
        for (std::size_t job = next++; job < jobs; job = next++) {
            work(job);
        }
    };
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < std::min(threads, jobs); ++i) {
        helpers.emplace_back(run);
    }
    run();
}

} // namespace vitreous
