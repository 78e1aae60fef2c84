#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <numbers>

namespace vitreous {

/// A stream of random numbers that its keys alone decide, the same on every machine (splitmix64).
/// Keys such as {seed, epoch, picture} give every picture a stream of its own, so that the order
/// of the work, its threads and an interruption change nothing.
class Random {
public:
    Random(std::initializer_list<std::uint64_t> keys) {
        for (const std::uint64_t key : keys) {
            state_ = mixed(state_ + key * 0xd1342543de82ef95U);
        }
    }

    std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15U;
        return mixed(state_);
    }
    /// 0 <= value < 1
    double uniform() { return static_cast<double>(next() >> 11U) * 0x1p-53; }
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    /// 0 <= value < count; count: at least 1
    int below(int count) { return static_cast<int>(uniform() * count); }
    /// Zero mean, unit deviation.
    double normal() {
        const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
        return radius * std::cos(2.0 * std::numbers::pi * uniform());
    }

private:
    static std::uint64_t mixed(std::uint64_t z) {
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }

    std::uint64_t state_ = 0x2545f4914f6cdd1dU;
};

} // namespace vitreous
