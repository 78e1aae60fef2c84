#include <cmath>
#include <limits>

#include <QTest>

#include "core/analysis/outliers.h"

using namespace vitreous;

namespace {

std::vector<std::size_t> tokensOf(const std::vector<float>& values) {
    std::vector<std::size_t> tokens;
    for (const TokenIndex token : findOutliers(values).tokens) {
        tokens.push_back(token.value);
    }
    return tokens;
}

} // namespace

class OutliersTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theRule() {
        // Median 5, absolute deviations 0 to 4 and 95: their median is 2.
        const std::vector<float> values = {1, 2, 3, 4, 5, 6, 7, 8, 100};
        const Outliers found = findOutliers(values);
        QCOMPARE(found.median, 5.0);
        QCOMPARE(found.limit, 5.0 + 5.0 * 1.4826 * 2.0);
        QCOMPARE(tokensOf(values), std::vector<std::size_t>{8});
    }
    void anEvenNumberOfValues() {
        // Median 4.5, absolute deviations .5 .5 1.5 1.5 2.5 3.5 85.5 95.5: their median is 2.
        const std::vector<float> values = {100, 2, 3, 4, 5, 6, 90, 1};
        QCOMPARE(findOutliers(values).median, 4.5);
        QCOMPARE(findOutliers(values).limit, 4.5 + 5.0 * 1.4826 * 2.0);
        QCOMPARE(tokensOf(values), (std::vector<std::size_t>{0, 6}));
    }
    void atTheLimitIsNotAboveIt() {
        // Median 0, MAD 1.
        const auto limit = float(5.0 * 1.4826);
        QCOMPARE(tokensOf({-1, -1, 0, 1, std::nextafter(limit, 0.0F)}), std::vector<std::size_t>{});
        QCOMPARE(tokensOf({-1, -1, 0, 1, limit + 0.001F}), std::vector<std::size_t>{4});
    }
    void lowValuesAreNone() {
        QCOMPARE(tokensOf({1, 2, 3, 4, 5, 6, 7, 8, -100}), std::vector<std::size_t>{});
    }
    void whatIsNoNumberDoesNotCount() {
        constexpr float nan = std::numeric_limits<float>::quiet_NaN();
        constexpr float infinity = std::numeric_limits<float>::infinity();
        const std::vector<float> values = {1, 2, nan, 3, 4, 5, infinity, 6, 7, 8, 100};
        QCOMPARE(findOutliers(values).median, 5.0);
        QCOMPARE(tokensOf(values), std::vector<std::size_t>{10});
        QCOMPARE(findOutliers(std::vector<float>{nan, infinity}), Outliers{});
        QCOMPARE(findOutliers({}), Outliers{});
    }
    void withoutASpreadNothingStandsOut() {
        QCOMPARE(tokensOf({2, 2, 2, 2}), std::vector<std::size_t>{});
        QCOMPARE(tokensOf({2, 2, 2, 3}), std::vector<std::size_t>{});
        QCOMPARE(tokensOf({2}), std::vector<std::size_t>{});
    }
};

QTEST_GUILESS_MAIN(OutliersTest)
#include "outliers_test.moc"
