// Group values at points: shares by inverse distance, against plain double arithmetic.

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "core/points/group_weights.h"
#include "tests/support/failure.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

using Floats = std::vector<float>;
using Point = std::array<float, 3>;

constexpr float nan_value = std::numeric_limits<float>::quiet_NaN();

/// Points in [-1, 1].
Floats randomPoints(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> side(-1.0F, 1.0F);
    Floats xyz(3 * count);
    std::generate(xyz.begin(), xyz.end(), [&] { return side(random); });
    return xyz;
}

Array centersOf(Floats xyz) {
    return {{std::int64_t(xyz.size() / 3), 3}, std::move(xyz)};
}

struct Expected {
    std::vector<std::size_t> groups; ///< nearest first
    std::vector<double> shares;
};

/// All distances in double, sorted.
Expected bruteForce(const std::array<double, 3>& point, const Floats& centers) {
    const std::size_t groups = centers.size() / 3;
    std::vector<double> distance(groups, 0.0);
    for (std::size_t i = 0; i < 3 * groups; ++i) {
        const double offset = point.at(i % 3) - double(centers[i]);
        distance[i / 3] += offset * offset;
    }
    std::vector<std::size_t> order(groups);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return distance[a] < distance[b];
    });
    order.resize(std::min(groups, nearest_groups));
    Expected expected{order, {}};
    double sum = 0.0;
    for (const std::size_t group : order) {
        expected.shares.push_back(1.0 / std::sqrt(distance[group]));
        sum += expected.shares.back();
    }
    for (double& share : expected.shares) {
        share /= sum;
    }
    return expected;
}

int sumOf(const std::array<std::uint16_t, nearest_groups>& parts) {
    return std::accumulate(parts.begin(), parts.end(), 0);
}

} // namespace

class WeightsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sharesAreInverseDistances_data() {
        QTest::addColumn<int>("groups");
        for (const int groups : {1, 2, 3, 4, 7, 64, 300}) {
            QTest::addRow("%d", groups) << groups;
        }
    }
    void sharesAreInverseDistances() {
        QFETCH(int, groups);
        const Floats centers = randomPoints(std::size_t(groups), 7);
        const Floats points = randomPoints(2000, 8);
        for (std::size_t i = 0; i < points.size(); i += 3) {
            const Point at = {points[i], points[i + 1], points[i + 2]};
            const PointShares found = sharesAt(at, centers);
            const Expected expected = bruteForce({at[0], at[1], at[2]}, centers);
            for (std::size_t k = 0; k < expected.groups.size(); ++k) {
                QCOMPARE(std::size_t(found.groups[k]), expected.groups[k]);
                QVERIFY(std::abs(double(found.shares[k]) - expected.shares[k]) < 1e-6);
            }
            for (std::size_t k = expected.groups.size(); k < nearest_groups; ++k) {
                QCOMPARE(found.shares[k], 0.0F);
            }
            const float sum = found.shares[0] + found.shares[1] + found.shares[2];
            QVERIFY(std::abs(sum - 1.0F) < 1e-6F);
        }
    }

    void aCentreTakesItsGroupAlone() {
        const Floats centers = {0, 0, 0, 0.5F, 0, 0, 0, 0.5F, 0, 0, 0, 0.5F, 0.5F, 0, 0};
        const PointShares found = sharesAt({0.5F, 0, 0}, centers);
        QCOMPARE(found.groups[0], 1U); // the first of two as near
        QCOMPARE(found.shares, (std::array{1.0F, 0.0F, 0.0F}));
        QCOMPARE(valueAt(found, Floats{5, 6, 7, 8, 9}), 6.0F);
        // Close to it the value is close too.
        const PointShares close =
            sharesAt({0.5F, 1e-5F, 0}, Floats(centers.begin(), centers.end() - 3));
        QCOMPARE(close.groups[0], 1U);
        QVERIFY(close.shares[0] > 0.9999F && close.shares[0] <= 1.0F);
    }

    void equalDistancesShareEvenly() {
        const Floats centers = {1, 0, 0, 0, 1, 0, 0, 0, 1, -1, 0, 0};
        const PointShares found = sharesAt({0, 0, 0}, centers);
        QCOMPARE(found.groups, (std::array{0U, 1U, 2U}));
        for (const float share : found.shares) {
            QVERIFY(std::abs(share - 1.0F / 3.0F) < 1e-7F);
        }
        QVERIFY(std::abs(valueAt(found, Floats{3, 6, 9, 100}) - 6.0F) < 1e-5F);
    }

    void centresThatAreNoNumbersAreLeftOut() {
        const PointShares found =
            sharesAt({0, 0, 0}, Floats{nan_value, 0, 0, 1, 0, 0, 0, nan_value, 0, 0, 3, 0});
        QCOMPARE(found.groups[0], 1U);
        QCOMPARE(found.groups[1], 3U);
        QCOMPARE(found.shares, (std::array{0.75F, 0.25F, 0.0F}));
        const PointShares none = sharesAt({0, 0, 0}, Floats{nan_value, 0, 0});
        QCOMPARE(none.shares, (std::array{1.0F, 0.0F, 0.0F}));
        const PointShares far = sharesAt({3e38F, 0, 0}, Floats{0, 0, 0, -3e38F, 0, 0});
        QCOMPARE(far.shares[0] + far.shares[1] + far.shares[2], 1.0F);
    }

    void valuesThatAreNoNumbersCountForNothing() {
        const PointShares point{{0, 1, 2}, {0.5F, 0.3F, 0.2F}};
        QVERIFY(std::abs(valueAt(point, Floats{1, 2, 3}) - 1.7F) < 1e-6F);
        QVERIFY(std::abs(valueAt(point, Floats{nan_value, 2, 3}) - 2.4F) < 1e-6F);
        QCOMPARE(valueAt(point, Floats{nan_value, HUGE_VALF, 3}), 3.0F);
        QVERIFY(std::isnan(valueAt(point, Floats{nan_value, nan_value, -HUGE_VALF})));
        // A group without a share gives nothing, not even where it alone has a value.
        QVERIFY(std::isnan(valueAt({{0, 1, 2}, {1, 0, 0}}, Floats{nan_value, 1, 2})));
    }

    void tablesHoldTheShares_data() {
        QTest::addColumn<int>("groups");
        for (const int groups : {1, 2, 3, 64}) {
            QTest::addRow("%d", groups) << groups;
        }
    }
    /// Several blocks of points, so that every thread has some.
    void tablesHoldTheShares() {
        QFETCH(int, groups);
        const Floats centers = randomPoints(std::size_t(groups), 3);
        const UnitSphere sphere{{100.0, -50.0, 2.0}, 40.0};
        PointCloud cloud;
        cloud.positions = randomPoints(40000, 4);
        for (std::size_t i = 0; i < cloud.positions.size(); ++i) {
            cloud.positions[i] = cloud.positions[i] * 40.0F + float(sphere.center.at(i % 3));
        }
        const GroupWeights weights = weighGroups(cloud, sphere, centersOf(centers));
        QCOMPARE(weights.groupCount(), std::size_t(groups));
        QCOMPARE(weights.groups.size(), cloud.size());
        QCOMPARE(weights.shares.size(), cloud.size());
        QCOMPARE(weights.bytes(), 12 * cloud.size() + 12 * std::size_t(groups));
        std::size_t others = 0;
        for (std::size_t i = 0; i < cloud.size(); ++i) {
            QCOMPARE(sumOf(weights.shares[i]), 65535);
            std::array<double, 3> at{};
            for (std::size_t axis = 0; axis < 3; ++axis) {
                at[axis] = (double(cloud.positions[3 * i + axis]) - sphere.center[axis]) / 40.0;
            }
            const Expected expected = bruteForce(at, centers);
            for (std::size_t k = 0; k < expected.groups.size(); ++k) {
                // Of two centres that float32 cannot tell apart either may come first.
                others += weights.groups[i][k] == expected.groups[k] ? 0 : 1;
                QVERIFY(
                    std::abs(double(weights.shares[i][k]) - 65535.0 * expected.shares[k]) < 1.1);
            }
        }
        QVERIFY2(others <= 4, qPrintable(QString::number(others)));
    }

    void aCloudWithoutExtentIsAtTheCentre() {
        PointCloud cloud;
        cloud.positions = {4, 5, 6, 4, 5, 6};
        const Array centers = centersOf({0, 0, 2, 0, 0, 1});
        const GroupWeights weights = weighGroups(cloud, unitSphereOf(cloud.positions), centers);
        QCOMPARE(weights.groups[1][0], std::uint16_t{1});
        QCOMPARE(sumOf(weights.shares[0]), 65535);
        QVERIFY(weights.shares[0][0] == 43690 || weights.shares[0][0] == 43691);
    }

    void mostGroupsKeepTheirNumbers() {
        Floats centers(65536 * 3, 100.0F);
        std::fill(centers.end() - 3, centers.end(), 0.0F);
        PointCloud cloud;
        cloud.positions = {0, 0, 0};
        const GroupWeights weights = weighGroups(cloud, {}, centersOf(centers));
        QCOMPARE(weights.groups[0][0], std::uint16_t{65535});
        QCOMPARE(weights.shares[0][0], std::uint16_t{65535});
    }

    void noGroupsOrTooManyAreRefused() {
        PointCloud cloud;
        cloud.positions = {0, 0, 0};
        for (const std::size_t groups : {std::size_t{0}, std::size_t{65537}}) {
            const Failure failure =
                failureOf([&] { weighGroups(cloud, {}, centersOf(Floats(3 * groups))); });
            QCOMPARE(failure.code, ErrorCode::Input);
            QVERIFY(failure.message.find(std::to_string(groups)) != std::string::npos);
        }
    }

    void nothingHasNoShares() {
        const GroupWeights weights = weighGroups({}, {}, centersOf({0, 0, 0}));
        QVERIFY(weights.groups.empty() && weights.shares.empty());
    }

    void stopsAndTellsProgress() {
        PointCloud cloud;
        cloud.positions = randomPoints(100000, 5);
        const Array centers = centersOf(randomPoints(8, 6));
        std::vector<double> told;
        std::stop_source stop;
        const Task task{.stop = stop.get_token(), .progress = [&told](const Progress& progress) {
                            told.push_back(progress.fraction);
                        }};
        weighGroups(cloud, {}, centers, task);
        QVERIFY(!told.empty());
        QVERIFY(std::is_sorted(told.begin(), told.end()));
        QVERIFY(told.front() > 0.0 && told.back() <= 1.0);
        stop.request_stop();
        QCOMPARE(
            failureOf([&] { weighGroups(cloud, {}, centers, task); }).code, ErrorCode::Interrupted);
    }
};

QTEST_APPLESS_MAIN(WeightsTest)
#include "weights_test.moc"
