#include <cstdlib>
#include <set>

#include <QTest>

#include "core/media/colormap.h"

using namespace vitreous;

class ColormapTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesAreDistinct() {
        std::set<std::string_view> names;
        for (const Colormap colormap : allColormaps()) {
            names.insert(name(colormap));
        }
        QCOMPARE(names.size(), std::size_t{7});
    }

    /// Ends and middle as matplotlib and Moreland publish them.
    void knownColours_data() {
        QTest::addColumn<int>("colormap");
        QTest::addColumn<int>("index");
        QTest::addColumn<QList<int>>("rgb");
        const auto add = [](Colormap colormap, int index, QList<int> rgb) {
            QTest::addRow("%s %d", std::string(name(colormap)).c_str(), index)
                << int(colormap) << index << rgb;
        };
        add(Colormap::Viridis, 0, {68, 1, 84});
        add(Colormap::Viridis, 127, {33, 144, 140});
        add(Colormap::Viridis, 255, {253, 231, 37});
        add(Colormap::Magma, 0, {0, 0, 4});
        add(Colormap::Magma, 255, {252, 253, 191});
        add(Colormap::Inferno, 255, {252, 255, 164});
        add(Colormap::Cividis, 0, {0, 34, 78});
        add(Colormap::Gray, 100, {100, 100, 100});
        add(Colormap::Coolwarm, 0, {59, 76, 192});
        add(Colormap::Coolwarm, 127, {221, 221, 221});
        add(Colormap::Coolwarm, 255, {180, 4, 38});
    }
    void knownColours() {
        QFETCH(int, colormap);
        QFETCH(int, index);
        QFETCH(QList<int>, rgb);
        const auto& found = colorTable(static_cast<Colormap>(colormap))[std::size_t(index)];
        for (int i = 0; i < 3; ++i) {
            QVERIFY2(
                std::abs(int(found[std::size_t(i)]) - rgb[i]) <= 3,
                QByteArray::number(found[std::size_t(i)]));
        }
    }
};

QTEST_APPLESS_MAIN(ColormapTest)
#include "colormap_test.moc"
