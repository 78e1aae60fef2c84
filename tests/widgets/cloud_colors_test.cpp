// What a point's values make of its pixel: a single point in the middle of a view, colour by
// colour.
#include <limits>

#include <QTest>

#include "cloud_frames.h"

using namespace vitreous;
using namespace vitreous::samples;

namespace {

constexpr float no_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinite = std::numeric_limits<float>::infinity();
constexpr std::uint16_t whole = 65535;
/// Odd: the point's middle is that of a pixel.
constexpr int side = 41;

QRgb mapped(std::size_t entry, Colormap colormap = Colormap::Viridis) {
    const auto& rgb = colorTable(colormap)[entry];
    return qRgb(rgb[0], rgb[1], rgb[2]);
}

/// So much of one colour over another, rounded.
QRgb mixed(QRgb under, QRgb over, double opacity) {
    const auto channel = [opacity](int a, int b) {
        return int(std::lround(a * (1.0 - opacity) + b * opacity));
    };
    return qRgb(
        channel(qRed(under), qRed(over)), channel(qGreen(under), qGreen(over)),
        channel(qBlue(under), qBlue(over)));
}

/// One point with values of its groups 0, 1 and 2 and their shares.
CloudFrame pointWith(
    std::vector<float> values,
    std::array<std::uint16_t, 3> shares = {whole, 0, 0},
    std::vector<std::uint8_t> own = {}) {
    CloudFrame frame = frameOf(cloudOf({0.0F, 0.0F, 0.0F}, std::move(own)), side);
    frame.cells[0].weights = evenWeights(1, shares);
    frame.cells[0].values = std::move(values);
    return frame;
}

QRgb colorIn(const CloudFrame& frame) {
    return drawn(frame).pixel(side / 2, side / 2);
}

} // namespace

class CloudColorsTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void valuesAreLookedUpInTheRange() {
        QCOMPARE(colorIn(pointWith({0.0F, 0.0F, 0.0F})), mapped(0));
        QCOMPARE(colorIn(pointWith({1.0F, 0.0F, 0.0F})), mapped(255));
        QCOMPARE(colorIn(pointWith({0.5F, 0.0F, 0.0F})), mapped(128));
        QCOMPARE(colorIn(pointWith({-7.0F, 0.0F, 0.0F})), mapped(0));
        QCOMPARE(colorIn(pointWith({7.0F, 0.0F, 0.0F})), mapped(255));

        CloudFrame frame = pointWith({-1.5F, 0.0F, 0.0F});
        frame.cells[0].low = -2.0F;
        frame.cells[0].high = 0.0F;
        QCOMPARE(colorIn(frame), mapped(64));
        frame.look.colormap = Colormap::Coolwarm;
        QCOMPARE(colorIn(frame), mapped(64, Colormap::Coolwarm));
    }

    void rangeWithoutExtentIsLow() {
        CloudFrame frame = pointWith({3.0F, 0.0F, 0.0F});
        frame.cells[0].low = 3.0F;
        frame.cells[0].high = 3.0F;
        QCOMPARE(colorIn(frame), mapped(0));
        frame.cells[0].values[0] = 4.0F;
        QCOMPARE(colorIn(frame), mapped(0));
    }

    void farRangesAreNumbersStill() {
        CloudFrame frame = pointWith({3e38F, -3e38F, 0.0F}, {32768, 32767, 0});
        frame.cells[0].low = -1e-38F;
        frame.cells[0].high = 1e-38F;
        QCOMPARE(colorIn(frame), mapped(255));
        frame.cells[0].values = {3e38F, 0.0F, 0.0F};
        frame.cells[0].low = -3e38F;
        frame.cells[0].high = 3e38F;
        QCOMPARE(colorIn(frame), mapped(191));
    }

    void sharesWeigh() {
        // 0.25 * 1 + 0.5 * 0.5 + 0.25 * 0, of 255.
        const std::vector<float> values = {1.0F, 0.5F, 0.0F};
        QCOMPARE(colorIn(pointWith(values, {16384, 32767, 16384})), mapped(128));
        QCOMPARE(colorIn(pointWith(values, {0, 0, whole})), mapped(0));
        QCOMPARE(colorIn(pointWith(values, {52428, 0, 13107})), mapped(204));
    }

    void rawTakesTheNearest() {
        CloudFrame frame = pointWith({0.2F, 1.0F, 0.0F}, {21845, 43690, 0});
        QCOMPARE(colorIn(frame), mapped(187));
        frame.look.values = GroupValues::Raw;
        QCOMPARE(colorIn(frame), mapped(51));
        frame.cells[0].weights = evenWeights(1, {21845, 43690, 0}, {1, 0, 2});
        QCOMPARE(colorIn(frame), mapped(255));
    }

    void valuesThatAreNoneCountForNothing() {
        CloudFrame frame = pointWith({no_number, 1.0F, 0.0F}, {32768, 8191, 24576});
        // 8191 of 32767 parts are 1.
        QCOMPARE(colorIn(frame), mapped(64));
        frame.cells[0].values = {infinite, no_number, -infinite};
        QCOMPARE(colorIn(frame), no_value);
        // The one value that there is has no share.
        frame.cells[0].weights = evenWeights(1, {40000, 25535, 0});
        frame.cells[0].values = {no_number, no_number, 1.0F};
        QCOMPARE(colorIn(frame), no_value);
        // Nothing is blended of it.
        frame.look.opacity = 0.25F;
        frame.look.threshold = 0.5F;
        QCOMPARE(colorIn(frame), no_value);

        frame = pointWith({no_number, 1.0F, 1.0F}, {30000, 20000, 15535});
        frame.look.values = GroupValues::Raw;
        QCOMPARE(colorIn(frame), no_value);
    }

    void missingValuesAreNone() {
        QCOMPARE(colorIn(pointWith({0.5F}, {whole, 0, 0})), mapped(128));
        QCOMPARE(colorIn(pointWith({0.5F}, {0, whole, 0})), no_value);
        QCOMPARE(colorIn(pointWith({})), no_value);
    }

    void belowTheThresholdIsThePoints() {
        CloudFrame frame = pointWith({0.5F, 0.0F, 0.0F}, {21845, 21845, 21845});
        frame.cells[0].values = {0.5F, 0.5F, 0.5F};
        frame.look.threshold = 0.5F;
        QCOMPARE(colorIn(frame), mapped(128));
        frame.cells[0].values[0] = 0.4999F;
        QCOMPARE(colorIn(frame), plain);
        frame.look.values = GroupValues::Raw;
        QCOMPARE(colorIn(frame), plain);
        frame.cells[0].values[0] = 0.5F;
        QCOMPARE(colorIn(frame), mapped(128));
    }

    void ownColorsAreUnderTheMaps() {
        const QRgb own = qRgb(250, 3, 90);
        CloudFrame frame = pointWith({1.0F, 0.0F, 0.0F}, {whole, 0, 0}, {250, 3, 90});
        QCOMPARE(colorIn(frame), mapped(255));
        frame.look.opacity = 0.25F;
        QCOMPARE(colorIn(frame), mixed(own, mapped(255), 0.25));
        frame.look.opacity = 0.0F;
        QCOMPARE(colorIn(frame), own);
        frame.look.opacity = 1.0F;
        frame.cells[0].values[0] = 0.25F;
        frame.look.threshold = 0.5F;
        QCOMPARE(colorIn(frame), own);
    }

    void pointsWithoutColorsArePlain() {
        CloudFrame frame = pointWith({1.0F, 0.0F, 0.0F});
        frame.look.opacity = 0.75F;
        QCOMPARE(colorIn(frame), mixed(plain, mapped(255), 0.75));
        frame.look.opacity = 0.0F;
        QCOMPARE(colorIn(frame), plain);
    }

    void cellsWithoutWeightsHaveOwnColorsAlone() {
        CloudFrame frame = pointWith({1.0F, 1.0F, 1.0F});
        frame.cells[0].weights = nullptr;
        QCOMPARE(colorIn(frame), plain);
        frame = pointWith({1.0F, 1.0F, 1.0F}, {whole, 0, 0}, {1, 2, 3});
        frame.cells[0].weights = nullptr;
        QCOMPARE(colorIn(frame), qRgb(1, 2, 3));
    }

    /// As valueAt() and the look-up say it, for weights as they are.
    void pointsOfAGroupedCloud() {
        const auto shape = cloudOf(ballPoints(500));
        Array centers{{20, 3}, {}};
        for (std::size_t i = 0; i < 60; ++i) {
            centers.values.push_back(shape->cloud->positions[i]);
        }
        const auto weights = std::make_shared<const GroupWeights>(
            weighGroups(*shape->cloud, shape->sphere, centers));
        std::vector<float> values;
        for (int i = 0; i < 20; ++i) {
            values.push_back(i == 7 ? no_number : 0.05F * float(i));
        }
        for (const std::size_t point : {0U, 17U, 100U, 333U, 499U}) {
            auto alone = std::make_shared<GroupWeights>();
            alone->centers = centers;
            alone->groups = {weights->groups[point]};
            alone->shares = {weights->shares[point]};
            CloudFrame frame = pointWith(values);
            frame.cells[0].weights = alone;
            PointShares shares;
            for (std::size_t i = 0; i < nearest_groups; ++i) {
                shares.groups[i] = weights->groups[point][i];
                shares.shares[i] = float(weights->shares[point][i]) / 65535.0F;
            }
            const float value = valueAt(shares, values);
            const auto entry = static_cast<std::size_t>(std::lround(value * 255.0F));
            QCOMPARE(colorIn(frame), mapped(entry));
        }
    }
};

QTEST_GUILESS_MAIN(CloudColorsTest)
#include "cloud_colors_test.moc"
