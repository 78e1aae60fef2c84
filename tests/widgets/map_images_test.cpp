// The images of maps: each pixel against the rule, and what is kept from frame to frame.
#include <cmath>
#include <limits>
#include <random>

#include <QGuiApplication>
#include <QTest>

#include "sample_scene.h"
#include "widgets/grid_style.h"
#include "widgets/map_images.h"

using namespace vitreous;

namespace {

QImage noise(QSize size) {
    std::mt19937 random(7);
    QImage picture(size, QImage::Format_RGB32);
    for (int y = 0; y < size.height(); ++y) {
        for (int x = 0; x < size.width(); ++x) {
            picture.setPixel(x, y, QRgb(random()));
        }
    }
    return picture;
}

GridCell noisyCell(int rows, int columns) {
    std::mt19937 random(3);
    std::uniform_real_distribution<float> number(-1.0F, 1.0F);
    GridCell cell{true, {}, rows, columns, {-0.9, 0.95}};
    for (int i = 0; i < rows * columns; ++i) {
        cell.values.push_back(number(random));
    }
    cell.values[5] = std::numeric_limits<float>::quiet_NaN();
    return cell;
}

/// As the screen rounds: halves go up.
int rounded(float value) {
    return static_cast<int>(std::floor(value + 0.5F));
}

/// One pixel of a map by nearest tokens, as the shader says it.
QRgb expectedPixel(
    const GridCell& cell,
    const MapLook& look,
    QRgb under,
    QPoint place,
    QSize whole) {
    const int row = (2 * place.y() + 1) * cell.rows / (2 * whole.height());
    const int column = (2 * place.x() + 1) * cell.columns / (2 * whole.width());
    const auto across = static_cast<std::size_t>(cell.columns);
    const float value =
        cell.values[static_cast<std::size_t>(row) * across + static_cast<std::size_t>(column)];
    QRgb over = neutral_color.rgb();
    if (std::isfinite(value)) {
        const float low = static_cast<float>(cell.range.low) * 0.5F;
        const float half_span = static_cast<float>(cell.range.high) * 0.5F - low;
        const float t = std::clamp((value * 0.5F - low) / half_span, 0.0F, 1.0F);
        if (t < look.threshold) {
            return under;
        }
        const int entry = rounded(t * 255.0F);
        const auto& rgb = colorTable(look.colormap)[static_cast<std::size_t>(entry)];
        over = qRgb(rgb[0], rgb[1], rgb[2]);
    }
    const auto channel = [&look](int above, int below) {
        return rounded(
            static_cast<float>(below) * (1.0F - look.opacity) +
            static_cast<float>(above) * look.opacity);
    };
    return qRgb(
        channel(qRed(over), qRed(under)), channel(qGreen(over), qGreen(under)),
        channel(qBlue(over), qBlue(under)));
}

/// What a surface of one map shows.
GridContent contentOf(const ViewState& view, std::vector<GridRow> rows) {
    GridContent content;
    content.scene = buildGridScene(std::move(rows), view);
    content.style = figureStyle(1.0);
    content.layout =
        layoutGrid(content.scene, measureGrid(content.scene, content.style), 900.0, std::nullopt);
    return content;
}

constexpr QSize surface(900, 900);

} // namespace

class MapImagesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyPixelFollowsTheRule_data() {
        QTest::addColumn<float>("opacity");
        QTest::addColumn<float>("threshold");
        QTest::newRow("opaque") << 1.0F << 0.0F;
        QTest::newRow("blended") << 0.37F << 0.0F;
        QTest::newRow("threshold") << 0.75F << 0.4F;
        QTest::newRow("clear") << 0.0F << 0.0F;
    }
    void everyPixelFollowsTheRule() {
        QFETCH(float, opacity);
        QFETCH(float, threshold);
        const QSize size(101, 67);
        const QImage picture = noise(size);
        const GridCell cell = noisyCell(7, 9);
        MapLook look;
        look.opacity = opacity;
        look.threshold = threshold;
        const MapWindow window(Viewport{2.5, 0.4, 0.6}, QSizeF(size));
        const QImage map = composeMap(cell, look, picture, window);
        const QPoint offset = window.offset.toPoint();
        for (int y = 0; y < size.height(); ++y) {
            for (int x = 0; x < size.width(); ++x) {
                QCOMPARE(
                    map.pixel(x, y), expectedPixel(
                                         cell, look, picture.pixel(x, y), QPoint(x, y) + offset,
                                         window.whole.toSize()));
            }
        }
    }

    void memoryIsTakenAgain() {
        const GridCell cell = noisyCell(7, 9);
        const MapWindow window(QSizeF(50, 40));
        QImage image;
        composeMapInto(image, cell, {}, {}, window);
        const uchar* bits = image.constBits();
        MapLook other;
        other.colormap = Colormap::Magma;
        composeMapInto(image, cell, other, {}, window);
        QCOMPARE(image.constBits(), bits);
        QCOMPARE(image, composeMap(cell, other, {}, window));
    }

    void whatStaysTheSameIsKept() {
        std::vector<GridRow> rows = samples::twoModels(noise({64, 64}), 2, 8);
        const GridContent content = contentOf({}, rows);
        const std::vector<VisibleMap> visible = visibleMaps(content, surface, 1.0);
        QVERIFY(visible.size() > 2);
        MapImages images;
        const auto frame = [&](const GridContent& shown) {
            std::vector<qint64> keys;
            images.update(shown.scene, visible, 1.0);
            for (const VisibleMap& map : visible) {
                const QImage& image = images.at(map);
                if (image != imageOf(shown.scene, map)) {
                    qWarning("not what it shows");
                    keys.push_back(-1);
                }
                keys.push_back(image.cacheKey());
            }
            return keys;
        };
        const std::vector<qint64> first = frame(content);
        QCOMPARE(frame(content), first);
        // A scene that is built again has the same maps.
        images.invalidate();
        QCOMPARE(frame(contentOf({}, rows)), first);
        ViewState pale;
        pale.opacity = 0.25;
        images.invalidate();
        const std::vector<qint64> second = frame(contentOf(pale, rows));
        QCOMPARE(second.size(), first.size());
        for (std::size_t i = 0; i < first.size(); ++i) {
            QVERIFY(second[i] != first[i]);
        }
        // One token of one map is another.
        auto other = std::make_shared<AnalysisResult>(*rows[0].result);
        other->magnitude["blocks.1"].values[9] *= 0.5F;
        rows[0].result = other;
        images.invalidate();
        const std::vector<qint64> third = frame(contentOf(pale, rows));
        QCOMPARE(third.size(), second.size());
        int changed = 0;
        for (std::size_t i = 0; i < second.size(); ++i) {
            changed += third[i] != second[i] ? 1 : 0;
        }
        QCOMPARE(changed, 1);
        // Another picture is under the first model's maps.
        auto repainted = std::make_shared<AnalysisResult>(*other);
        repainted->picture.pixels[100] ^= 0xFFU;
        rows[0].result = repainted;
        images.invalidate();
        QCOMPARE(frame(contentOf(pale, rows)).size(), third.size());
    }
};

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QGuiApplication application(argc, argv);
    MapImagesTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "map_images_test.moc"
