#include <atomic>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <QTest>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <torch/version.h>

#include "core/analysis/maps.h"

using namespace vitreous;

namespace {

/// A (1, tokens, channels) tensor of smooth but irregular values.
at::Tensor features(std::int64_t tokens, std::int64_t channels) {
    at::Tensor tensor = at::empty({1, tokens, channels}, at::kFloat);
    auto* values = tensor.data_ptr<float>();
    for (std::int64_t i = 0; i < tokens * channels; ++i) {
        values[i] = float(std::sin(0.7 * double(i) + 0.01 * double(i * i % 97)));
    }
    return tensor;
}

/// The definition, in double precision: the full-length DFT, angles in (-pi, pi].
std::vector<double> frequencyByDefinition(const at::Tensor& tensor) {
    const std::int64_t tokens = tensor.size(1);
    const std::int64_t channels = tensor.size(2);
    const auto* values = tensor.data_ptr<float>();
    std::vector<double> angles;
    for (std::int64_t t = 0; t < tokens; ++t) {
        for (std::int64_t k = 0; k < channels; ++k) {
            std::complex<double> sum = 0.0;
            for (std::int64_t c = 0; c < channels; ++c) {
                const double turn =
                    -2.0 * std::numbers::pi * double(k * c % channels) / double(channels);
                sum += double(values[t * channels + c]) * std::polar(1.0, turn);
            }
            const bool real = k == 0 || 2 * k == channels;
            angles.push_back(real ? (sum.real() < 0 ? std::numbers::pi : 0.0) : std::arg(sum));
        }
    }
    std::vector<double> result;
    for (std::int64_t t = 0; t < tokens; ++t) {
        double square = 0.0;
        for (std::int64_t k = 0; k < channels; ++k) {
            double mean = 0.0;
            for (std::int64_t other = 0; other < tokens; ++other) {
                mean += angles[std::size_t(other * channels + k)] / double(tokens);
            }
            square += std::pow(angles[std::size_t(t * channels + k)] - mean, 2);
        }
        result.push_back(std::sqrt(square));
    }
    return result;
}

/// Counts what is allocated while it lives, and the most that was alive at once.
class CountingAllocator final : public c10::Allocator {
public:
    CountingAllocator() : inner_(c10::GetCPUAllocator()) {
        current = this;
        c10::SetCPUAllocator(this, /*priority=*/200);
    }
    CountingAllocator(const CountingAllocator&) = delete;
    CountingAllocator& operator=(const CountingAllocator&) = delete;
    ~CountingAllocator() override {
        c10::SetCPUAllocator(inner_, /*priority=*/200);
        current = nullptr;
    }

#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 203
    [[nodiscard]] c10::DataPtr allocate(std::size_t bytes) override {
        return counted(bytes);
    }
    void copy_data(void* to, const void* from, std::size_t bytes) const override {
        default_copy_data(to, from, bytes);
    }
#else
    [[nodiscard]] c10::DataPtr allocate(std::size_t bytes) const override {
        return counted(bytes);
    }
#endif
    [[nodiscard]] std::size_t most() const {
        return most_;
    }

private:
    [[nodiscard]] c10::DataPtr counted(std::size_t bytes) const {
        const std::size_t alive = alive_.fetch_add(bytes) + bytes;
        for (std::size_t most = most_; alive > most && !most_.compare_exchange_weak(most, alive);) {
        }
        auto* block = static_cast<std::size_t*>(c10::alloc_cpu(bytes + header));
        *block = bytes;
        return {
            reinterpret_cast<char*>(block) + header, block, &CountingAllocator::release,
            c10::Device(c10::kCPU)};
    }
    static constexpr std::size_t header = 64; // keeps the alignment

    static void release(void* block) {
        if (current != nullptr) {
            current->alive_ -= *static_cast<std::size_t*>(block);
        }
        c10::free_cpu(block);
    }

    static inline CountingAllocator* current = nullptr;
    c10::Allocator* inner_;
    mutable std::atomic<std::size_t> alive_ = 0;
    mutable std::atomic<std::size_t> most_ = 0;
};

} // namespace

class MapsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void magnitudeOfKnownTokens() {
        at::Tensor tensor = at::empty({1, 2, 2}, at::kFloat);
        const std::vector<float> values = {0.0f, 0.0f, 6.0f, 8.0f};
        std::copy(values.begin(), values.end(), tensor.data_ptr<float>());
        const at::Tensor map = magnitudeMap(tensor);
        QCOMPARE(map.sizes(), (at::IntArrayRef{1, 2}));
        QCOMPARE(map[0][0].item<float>(), 5.0f);
        QCOMPARE(map[0][1].item<float>(), 5.0f);
    }

    void frequencyFollowsDefinition_data() {
        QTest::addColumn<int>("channels");
        for (const int channels : {1, 2, 3, 8, 48, 65}) {
            QTest::addRow("%d", channels) << channels;
        }
    }
    void frequencyFollowsDefinition() {
        QFETCH(int, channels);
        const at::Tensor tensor = features(7, channels);
        const std::vector<double> expected = frequencyByDefinition(tensor);
        const at::Tensor map = frequencyMap(tensor);
        for (std::int64_t t = 0; t < 7; ++t) {
            QVERIFY(
                std::abs(map[0][t].item<double>() - expected[std::size_t(t)]) <
                1e-3 * (1.0 + expected[std::size_t(t)]));
        }
    }

    void frequencyInPiecesFollowsDefinition() {
        // Tokens and threads such that pieces end anywhere, the last one short.
        const at::Tensor tensor = features(53, 48);
        const std::vector<double> expected = frequencyByDefinition(tensor);
        const at::Tensor both = frequencyMap(tensor.expand({2, -1, -1}));
        for (std::int64_t t = 0; t < 53; ++t) {
            const double bound = 1e-3 * (1.0 + expected[std::size_t(t)]);
            QVERIFY(std::abs(both[0][t].item<double>() - expected[std::size_t(t)]) < bound);
            QVERIFY(std::abs(both[1][t].item<double>() - expected[std::size_t(t)]) < bound);
        }
        // Equal tokens have equal values wherever a piece ends.
        const at::Tensor same = frequencyMap(features(1, 4096).expand({1, 300, 4096}));
        QVERIFY(same.abs().max().item<float>() < 1e-2f);
    }

    void mapsTakeLessThanOneCopyMore() {
        at::set_num_threads(2);
        const at::Tensor tensor = features(394, 768);
        const auto copy = std::size_t(tensor.numel()) * sizeof(float);
        CountingAllocator counting;
        // What does not depend on the features: the map, FFT tables, small change.
        constexpr std::size_t slack = 96 * 1024;
        magnitudeMap(tensor);
        QVERIFY2(counting.most() <= copy + slack, qPrintable(QString::number(counting.most())));
        frequencyMap(tensor);
        QVERIFY2(counting.most() <= copy + slack, qPrintable(QString::number(counting.most())));
        QVERIFY(counting.most() > copy / 4);
    }

    void mapsOfHalfPrecisionAreFloat() {
        const at::Tensor tensor = features(9, 16).to(at::kBFloat16);
        QCOMPARE(magnitudeMap(tensor).scalar_type(), at::kFloat);
        QCOMPARE(frequencyMap(tensor).scalar_type(), at::kFloat);
        QVERIFY(frequencyMap(tensor).equal(frequencyMap(tensor.to(at::kFloat))));
    }

    void leavesFeaturesAlone() {
        const at::Tensor tensor = features(9, 16);
        const at::Tensor before = tensor.clone();
        magnitudeMap(tensor);
        frequencyMap(tensor);
        QVERIFY(tensor.equal(before));
    }
};

QTEST_APPLESS_MAIN(MapsTest)
#include "maps_test.moc"
