#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <QTest>

#include "core/analysis/maps.h"

using namespace vitreous;

namespace {

/// A (1, tokens, channels) tensor of smooth but irregular values.
at::Tensor features(std::int64_t tokens, std::int64_t channels) {
    at::Tensor tensor = at::empty({1, tokens, channels}, at::kFloat);
    float* values = tensor.data_ptr<float>();
    for (std::int64_t i = 0; i < tokens * channels; ++i) {
        values[i] = float(std::sin(0.7 * double(i) + 0.01 * double(i * i % 97)));
    }
    return tensor;
}

/// The definition, in double precision: the full-length DFT, angles in (-pi, pi].
std::vector<double> frequencyByDefinition(const at::Tensor& tensor) {
    const std::int64_t tokens = tensor.size(1);
    const std::int64_t channels = tensor.size(2);
    const float* values = tensor.data_ptr<float>();
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

    void frequencyInPiecesEqualsWhole() {
        // More values than one piece holds.
        const at::Tensor tensor = features(300, 4096);
        const at::Tensor map = frequencyMap(tensor);
        const at::Tensor again = frequencyMap(tensor.expand({2, -1, -1}));
        QVERIFY(again[1].equal(map[0]));
        QVERIFY(again[0].equal(map[0]));
        // Equal tokens have equal values wherever a piece ends.
        const at::Tensor same = frequencyMap(features(1, 4096).expand({1, 300, 4096}));
        QVERIFY(same.abs().max().item<float>() < 1e-2f);
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
