// Numbers that are taken from maps: histograms, means of regions.

#include <limits>

#include <QTest>

#include "widgets/histogram.h"
#include "widgets/region_values.h"

using namespace vitreous;

namespace {

using Counts = std::vector<std::size_t>;

constexpr float no_number = std::numeric_limits<float>::quiet_NaN();

/// 3 rows, 4 columns: 0 to 11.
GridCell sampleCell() {
    GridCell cell;
    cell.present = true;
    cell.rows = 3;
    cell.columns = 4;
    for (int i = 0; i < 12; ++i) {
        cell.values.push_back(float(i));
    }
    return cell;
}

} // namespace

class StatisticsTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void histogramCounts() {
        const std::vector<float> values = {0.0F, 0.5F, 1.0F, 1.5F, 3.999F, 4.0F};
        QCOMPARE(histogramOf(values, {0.0, 4.0}, 4), (Counts{2, 2, 0, 2}));
        QCOMPARE(histogramOf(values, {0.0, 4.0}, 1), Counts{6});
        QCOMPARE(histogramOf(values, {1.0, 2.0}, 2), (Counts{1, 1}));
        QCOMPARE(histogramOf({}, {0.0, 1.0}, 3), (Counts{0, 0, 0}));
    }
    void histogramOfWhatIsNoNumber() {
        const std::vector<float> values = {
            no_number, 1.0F, std::numeric_limits<float>::infinity(),
            -std::numeric_limits<float>::infinity()};
        QCOMPARE(histogramOf(values, {0.0, 2.0}, 2), (Counts{0, 1}));
    }
    void histogramOfAConstant() {
        const std::vector<float> values = {3.0F, 3.0F, 3.0F};
        QCOMPARE(histogramOf(values, {3.0, 3.0}, 5), (Counts{0, 0, 3, 0, 0}));
    }
    void binsForSoManyValues() {
        QCOMPARE(binCount(0), std::size_t{8});
        QCOMPARE(binCount(196), std::size_t{14});
        QCOMPARE(binCount(100'000), std::size_t{32});
    }

    void tokensOfARegion() {
        const std::vector<TokenIndex> tokens = tokensOf({1, 2, 2, 3, 3, 4});
        QCOMPARE(tokens, (std::vector<TokenIndex>{{6}, {7}, {10}, {11}}));
        QVERIFY(tokensOf({1, 2, 3, 3, 3, 4}).empty());
        QVERIFY(tokensOf({-1, 0, 1, 1, 3, 4}).empty());
        QVERIFY(tokensOf({0, 0, 1, 4, 3, 4}).empty());
    }
    void meanOfARegion() {
        GridCell cell = sampleCell();
        QCOMPARE(meanOf(cell, {1, 2, 2, 3, 3, 4}), std::optional(RegionMean{8.5, 4}));
        // Only its finite values count.
        cell.values[6] = no_number;
        QCOMPARE(meanOf(cell, {1, 2, 2, 3, 3, 4}), std::optional(RegionMean{28.0 / 3.0, 3}));
        QVERIFY(!meanOf(cell, {1, 2, 1, 2, 3, 4}));
        // Another grid has no such region.
        QVERIFY(!meanOf(cell, {0, 0, 1, 1, 4, 3}));
        cell.present = false;
        QVERIFY(!meanOf(cell, {1, 2, 2, 3, 3, 4}));
    }
    void valueOfAToken() {
        GridCell cell = sampleCell();
        QCOMPARE(valueOf(cell, {TokenIndex{7}, 3, 4}), std::optional(7.0));
        QVERIFY(!valueOf(cell, {TokenIndex{7}, 4, 3}));
        QVERIFY(!valueOf(cell, {TokenIndex{12}, 3, 4}));
        cell.present = false;
        QVERIFY(!valueOf(cell, {TokenIndex{7}, 3, 4}));
    }
};

QTEST_GUILESS_MAIN(StatisticsTest)
#include "statistics_test.moc"
