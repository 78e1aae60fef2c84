#include <array>
#include <cmath>
#include <cstdlib>

#include <QTest>

#include "core/media/colormap.h"

using namespace vitreous;

namespace {

/// First and last colour as matplotlib 3.7 publishes them (0..1).
struct Ends {
    Colormap colormap;
    std::array<double, 3> first;
    std::array<double, 3> last;
};

constexpr std::array kEnds = std::to_array<Ends>({
    {Colormap::Viridis, {0.267004, 0.004874, 0.329415}, {0.993248, 0.906157, 0.143936}},
    {Colormap::Magma, {0.001462, 0.000466, 0.013866}, {0.987053, 0.991438, 0.749504}},
    {Colormap::Inferno, {0.001462, 0.000466, 0.013866}, {0.988362, 0.998364, 0.644924}},
    {Colormap::Cividis, {0.0, 0.135112, 0.304751}, {0.995737, 0.909344, 0.217772}},
    {Colormap::Turbo, {0.18995, 0.07176, 0.23217}, {0.47960, 0.01583, 0.01055}},
    {Colormap::Gray, {0.0, 0.0, 0.0}, {1.0, 1.0, 1.0}},
    {Colormap::Coolwarm, {0.229806, 0.298718, 0.753683}, {0.705673, 0.015556, 0.150233}},
});

double luma(const std::array<std::uint8_t, 3>& color) {
    return 0.2126 * color[0] + 0.7152 * color[1] + 0.0722 * color[2];
}

} // namespace

class ColormapFactsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void endsAsPublished_data() {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < kEnds.size(); ++i) {
            QTest::newRow(std::string(name(kEnds[i].colormap)).c_str()) << int(i);
        }
    }
    void endsAsPublished() {
        QFETCH(int, index);
        const Ends& ends = kEnds.at(std::size_t(index));
        const ColorTable& table = colorTable(ends.colormap);
        for (std::size_t i = 0; i < 3; ++i) {
            QVERIFY2(std::abs(table[0][i] - 255.0 * ends.first[i]) <= 1.5, "first");
            QVERIFY2(std::abs(table[255][i] - 255.0 * ends.last[i]) <= 1.5, "last");
        }
    }

    void namesFollowTheRows() {
        QCOMPARE(allColormaps().size(), kEnds.size());
        const std::array<std::string_view, 7> names = {"viridis", "magma", "inferno", "cividis",
                                                       "turbo",   "gray",  "coolwarm"};
        for (std::size_t i = 0; i < names.size(); ++i) {
            QCOMPARE(name(allColormaps()[i]), names[i]);
        }
    }

    void perceptualMapsGrowLighter() {
        for (const Colormap colormap :
             {Colormap::Viridis, Colormap::Magma, Colormap::Inferno, Colormap::Cividis,
              Colormap::Gray}) {
            const ColorTable& table = colorTable(colormap);
            for (std::size_t i = 1; i < 256; ++i) {
                QVERIFY2(
                    luma(table[i]) > luma(table[i - 1]) - 1.0, std::string(name(colormap)).c_str());
            }
            QVERIFY(luma(table[255]) - luma(table[0]) > 150.0);
        }
    }

    void noMapJumps() {
        for (const Colormap colormap : allColormaps()) {
            const ColorTable& table = colorTable(colormap);
            for (std::size_t i = 1; i < 256; ++i) {
                for (std::size_t channel = 0; channel < 3; ++channel) {
                    const int step = table[i][channel] - table[i - 1][channel];
                    QVERIFY2(std::abs(step) <= 8, std::string(name(colormap)).c_str());
                }
            }
        }
    }

    void coolwarmIsBalanced() {
        const ColorTable& table = colorTable(Colormap::Coolwarm);
        for (std::size_t i = 0; i < 128; ++i) {
            // Blue against red, and about as light at the same distance from the middle.
            QVERIFY(table[i][2] >= table[i][0]);
            QVERIFY(table[255 - i][0] >= table[255 - i][2]);
            QVERIFY(std::abs(luma(table[i]) - luma(table[255 - i])) < 40.0);
        }
        for (const std::size_t middle : {127U, 128U}) {
            for (const std::uint8_t value : table[middle]) {
                QVERIFY(std::abs(int(value) - 221) <= 3);
            }
        }
    }
};

QTEST_APPLESS_MAIN(ColormapFactsTest)
#include "colormap_facts_test.moc"
