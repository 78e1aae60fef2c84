// The cells of a frame, the spheres of group centres, and what is kept from frame to frame.
#include <functional>
#include <limits>

#include <QTest>

#include "cloud_frames.h"
#include "widgets/cloud/projection_renderer.h"

using namespace vitreous;
using namespace vitreous::samples;

namespace {

constexpr int side = 101;
constexpr int middle = side / 2;
constexpr std::uint16_t whole = 65535;

QRgb mapped(std::size_t entry) {
    const auto& rgb = colorTable(Colormap::Viridis)[entry];
    return qRgb(rgb[0], rgb[1], rgb[2]);
}

/// Two centres, one in the middle and one to its right.
std::shared_ptr<const GroupWeights> twoCenters(std::size_t points) {
    auto weights = std::make_shared<GroupWeights>();
    weights->centers = Array{{2, 3}, {0.0F, 0.0F, 0.0F, 0.5F, 0.0F, 0.0F}};
    weights->groups.assign(points, {0, 1, 0});
    weights->shares.assign(points, {whole, 0, 0});
    return weights;
}

CloudFrame withSpheres(std::vector<float> xyz, Projection projection = Projection::Orthographic) {
    const std::size_t points = xyz.size() / 3;
    CloudFrame frame = frameOf(cloudOf(std::move(xyz)), side, plainLook(projection));
    frame.cells[0].weights = twoCenters(points);
    frame.cells[0].values = {0.0F, 1.0F};
    frame.look.shows_centers = true;
    frame.look.opacity = 0.0F;
    return frame;
}

/// A grid of cells that show the same cloud with other values.
CloudFrame grid(int columns, int rows, int cell, int gap) {
    const auto shape = cloudOf(ballPoints(3000), distinctColors(3000));
    Array centers{{30, 3}, {}};
    centers.values.assign(shape->cloud->positions.begin(), shape->cloud->positions.begin() + 90);
    const auto weights =
        std::make_shared<const GroupWeights>(weighGroups(*shape->cloud, shape->sphere, centers));
    CloudFrame frame;
    frame.size = QSize(columns * (cell + gap) + gap, rows * (cell + gap) + gap);
    frame.look = plainLook(Projection::Perspective);
    frame.look.shading = CloudShading::EyeDome;
    frame.look.point_size = 4.0;
    frame.look.camera.azimuth = 20.0;
    frame.look.opacity = 0.8F;
    for (int i = 0; i < columns * rows; ++i) {
        CloudCell made;
        made.rect =
            QRect(gap + i % columns * (cell + gap), gap + i / columns * (cell + gap), cell, cell);
        made.shape = shape;
        made.weights = weights;
        for (int group = 0; group < 30; ++group) {
            made.values.push_back(float((group * 7 + i * 3) % 30) / 30.0F);
        }
        frame.cells.push_back(std::move(made));
    }
    return frame;
}

/// The cell drawn as the only one of a frame of its size.
QImage alone(const CloudFrame& frame, const CloudCell& cell) {
    CloudFrame single = frame;
    single.size = cell.rect.size();
    single.cells = {cell};
    single.cells[0].rect.moveTo(0, 0);
    return drawn(single);
}

} // namespace

class CloudSurfacesTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void centersAreSpheresInTheirRawColor() {
        for (const Projection projection : {Projection::Orthographic, Projection::Perspective}) {
            const CloudFrame frame = withSpheres({0.0F, 0.0F, -0.9F}, projection);
            const QImage image = drawn(frame);
            const CloudProjection places(frame.look.camera, QSizeF(side, side));
            QCOMPARE(image.pixel(middle, middle), mapped(0));
            const auto right = places.place({0.5F, 0.0F, 0.0F});
            const QRgb color = image.pixel(int(right->pixel.x()), int(right->pixel.y()));
            // It does not face the camera quite at that pixel's middle.
            QVERIFY(qRed(color) > qRed(mapped(255)) * 9 / 10);
            QVERIFY(qRed(color) <= qRed(mapped(255)));
            // As large as the projection says, darker towards its edge.
            const double radius = 0.03 * places.scaleAt(4.0);
            int last = 1000;
            for (int x = 0; x < int(radius + 0.5); ++x) {
                QVERIFY(image.pixel(middle + x, middle) != ground);
                QVERIFY(qBlue(image.pixel(middle + x, middle)) < last);
                last = qBlue(image.pixel(middle + x, middle));
            }
            QCOMPARE(image.pixel(middle + int(radius + 1.0), middle), ground);
            QCOMPARE(image.pixel(middle, middle - int(radius + 1.0)), ground);
        }
    }

    void spheresHideAndAreHiddenByDepth() {
        QCOMPARE(drawn(withSpheres({0.0F, 0.0F, -0.01F})).pixel(middle, middle), mapped(0));
        // Inside of it, and just before it.
        QCOMPARE(drawn(withSpheres({0.0F, 0.0F, 0.028F})).pixel(middle, middle), mapped(0));
        QCOMPARE(drawn(withSpheres({0.0F, 0.0F, 0.032F})).pixel(middle, middle), plain);
        QCOMPARE(
            drawn(withSpheres({0.0F, 0.0F, 0.032F}, Projection::Perspective)).pixel(middle, middle),
            plain);
        QCOMPARE(
            drawn(withSpheres({0.0F, 0.0F, 0.028F}, Projection::Perspective)).pixel(middle, middle),
            mapped(0));
    }

    void spheresAreOptional() {
        CloudFrame frame = withSpheres({0.0F, 0.0F, -0.5F});
        frame.look.shows_centers = false;
        QCOMPARE(drawn(frame).pixel(middle, middle), plain);
        frame.look.shows_centers = true;
        frame.cells[0].weights = nullptr;
        QCOMPARE(drawn(frame).pixel(middle, middle), plain);
    }

    void spheresWithoutValueAreNeutral() {
        CloudFrame frame = withSpheres({0.0F, 0.0F, -0.5F});
        frame.cells[0].values[0] = std::numeric_limits<float>::quiet_NaN();
        QCOMPARE(drawn(frame).pixel(middle, middle), no_value);
        frame.cells[0].values = {};
        QCOMPARE(drawn(frame).pixel(middle, middle), no_value);
    }

    void spheresHaveRawValuesBelowTheThresholdToo() {
        CloudFrame frame = withSpheres({0.0F, 0.0F, -0.5F});
        frame.cells[0].values[0] = 0.2F;
        frame.look.threshold = 0.5F;
        QCOMPARE(drawn(frame).pixel(middle, middle), mapped(51));
    }

    void cellsOfOneCloudAreAsEachAlone() {
        const CloudFrame frame = grid(3, 2, 60, 5);
        const QImage image = drawn(frame);
        QCOMPARE(image.format(), QImage::Format_RGB32);
        QCOMPARE(image.size(), frame.size);
        for (const CloudCell& cell : frame.cells) {
            QCOMPARE(image.copy(cell.rect), alone(frame, cell));
        }
        QVERIFY(alone(frame, frame.cells[0]) != alone(frame, frame.cells[1]));
    }

    void cellsOfSeveralKindsAreAsEachAlone() {
        CloudFrame frame = grid(3, 2, 60, 5);
        frame.look.shows_centers = true;
        frame.cells[1].shape = cloudOf(ballPoints(500, 9));
        frame.cells[1].weights = twoCenters(500);
        frame.cells[2].weights = nullptr;
        frame.cells[3].rect.setWidth(40);
        frame.cells[4].weights = twoCenters(3000);
        frame.cells[5].rect.setHeight(31);
        const QImage image = drawn(frame);
        for (const CloudCell& cell : frame.cells) {
            QCOMPARE(image.copy(cell.rect), alone(frame, cell));
        }
    }

    void betweenCellsIsTheGround() {
        CloudFrame frame = grid(2, 2, 30, 6);
        frame.look.point_size = 40.0; // fills the cells
        const QImage image = drawn(frame);
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                const bool is_in_cell =
                    std::any_of(frame.cells.begin(), frame.cells.end(), [&](const auto& cell) {
                        return cell.rect.contains(x, y);
                    });
                if (!is_in_cell) {
                    QCOMPARE(image.pixel(x, y), ground);
                }
            }
        }
    }

    void cellsAreClippedToTheFrame() {
        CloudFrame frame = grid(1, 1, 80, 0);
        const QImage whole_cell = drawn(frame);
        for (const QPoint moved :
             {QPoint(-30, -20), QPoint(30, 20), QPoint(-79, 0), QPoint(0, 79), QPoint(80, 0)}) {
            frame.cells[0].rect = QRect(moved, QSize(80, 80));
            const QImage image = drawn(frame);
            QImage wanted(80, 80, QImage::Format_RGB32);
            wanted.fill(ground);
            for (int y = 0; y < 80; ++y) {
                for (int x = 0; x < 80; ++x) {
                    const QPoint from = QPoint(x, y) - moved;
                    if (whole_cell.rect().contains(from)) {
                        wanted.setPixel(x, y, whole_cell.pixel(from));
                    }
                }
            }
            QCOMPARE(image, wanted);
        }
        // Larger than the frame on all sides.
        frame.cells[0].rect = QRect(0, 0, 80, 80);
        frame.size = QSize(20, 20);
        frame.cells[0].rect.translate(-30, -30);
        QCOMPARE(drawn(frame), whole_cell.copy(30, 30, 20, 20));
    }

    void cellsMayBeEmptyOrTiny() {
        CloudFrame frame = grid(1, 1, 20, 0);
        frame.cells[0].rect = QRect(5, 5, 0, 0);
        QImage wanted(20, 20, QImage::Format_RGB32);
        wanted.fill(ground);
        QCOMPARE(drawn(frame), wanted);
        frame.cells[0].rect = QRect(5, 5, 1, 1);
        const QImage tiny = drawn(frame);
        QVERIFY(tiny.pixel(5, 5) != ground);
        wanted.setPixel(5, 5, tiny.pixel(5, 5));
        QCOMPARE(tiny, wanted);
        frame.cells[0].shape = cloudOf({});
        wanted.fill(ground);
        QCOMPARE(drawn(frame), wanted);
        frame.cells[0].shape = nullptr;
        QCOMPARE(drawn(frame), wanted);
        frame.size = QSize(0, 0);
        QVERIFY(drawn(frame).isNull());
    }

    void groundIsOpaque() {
        CloudFrame frame = grid(1, 1, 20, 2);
        frame.look.ground = 0x00102030U;
        const QImage image = drawn(frame);
        QCOMPARE(image.pixel(0, 0), 0xff102030U);
        QCOMPARE(image.pixel(2, 2), 0xff102030U);
    }

    void threadsDrawTheSameAsOne() {
        CloudFrame frame;
        frame.size = QSize(600, 300);
        frame.look = plainLook(Projection::Perspective);
        frame.look.shading = CloudShading::EyeDome;
        frame.look.point_size = 3.0;
        // Many points with the same depth and pixel, so that the order of threads could show.
        std::vector<float> xyz = ballPoints(100'000);
        for (float& value : xyz) {
            value = std::round(value * 40.0F) / 40.0F;
        }
        const auto shape = cloudOf(xyz, distinctColors(100'000));
        for (int i = 0; i < 2; ++i) {
            CloudCell cell;
            cell.rect = QRect(300 * i, 0, 300, 300);
            cell.shape = shape;
            frame.cells.push_back(cell);
        }
        const QImage one = makeProjectionRenderer(1)->render(frame);
        const auto threads = makeProjectionRenderer(4);
        for (int i = 0; i < 4; ++i) {
            // So that it is projected again.
            frame.look.camera.azimuth = i % 2 == 0 ? 30.0 : 0.0;
            const QImage four = threads->render(frame);
            if (i % 2 == 1) {
                QCOMPARE(four, one);
            }
        }
    }

    /// What is kept from frame to frame is forgotten where the frame asks for something else.
    void framesAreAsThoseOfANewRenderer_data() {
        QTest::addColumn<std::function<void(CloudFrame&)>>("change");
        using Change = std::function<void(CloudFrame&)>;
        const auto row = [](const char* name, const Change& change) {
            QTest::newRow(name) << change;
        };
        row("values", [](CloudFrame& frame) { frame.cells[0].values[3] = 0.9F; });
        row("range", [](CloudFrame& frame) { frame.cells[1].high = 0.5F; });
        row("camera", [](CloudFrame& frame) { frame.look.camera.elevation = 40.0; });
        row("size", [](CloudFrame& frame) { frame.look.point_size = 6.0; });
        row("shading", [](CloudFrame& frame) { frame.look.shading = CloudShading::None; });
        row("ground", [](CloudFrame& frame) { frame.look.ground = qRgb(255, 255, 255); });
        row("opacity", [](CloudFrame& frame) { frame.look.opacity = 0.1F; });
        row("threshold", [](CloudFrame& frame) { frame.look.threshold = 0.5F; });
        row("raw", [](CloudFrame& frame) { frame.look.values = GroupValues::Raw; });
        row("colormap", [](CloudFrame& frame) { frame.look.colormap = Colormap::Magma; });
        row("centers", [](CloudFrame& frame) { frame.look.shows_centers = true; });
        row("subset", [](CloudFrame& frame) { frame.most_points = 400; });
        row("weights", [](CloudFrame& frame) { frame.cells[0].weights = twoCenters(3000); });
        row("no weights", [](CloudFrame& frame) { frame.cells[0].weights = nullptr; });
        row("another cloud", [](CloudFrame& frame) {
            for (CloudCell& cell : frame.cells) {
                cell.shape = cloudOf(ballPoints(3000, 5));
            }
        });
        row("another cell size", [](CloudFrame& frame) { frame.cells[1].rect.setWidth(33); });
        row("fewer cells", [](CloudFrame& frame) { frame.cells.pop_back(); });
    }

    void framesAreAsThoseOfANewRenderer() {
        QFETCH(const std::function<void(CloudFrame&)>, change);
        const CloudFrame before = grid(2, 1, 50, 4);
        CloudFrame after = before;
        change(after);
        const auto renderer = makeProjectionRenderer();
        QCOMPARE(renderer->render(before), drawn(before));
        const QImage changed = renderer->render(after);
        QCOMPARE(changed, drawn(after));
        QVERIFY(changed != drawn(before));
        QCOMPARE(renderer->render(before), drawn(before));
        // With spheres in between, whose surfaces differ by cell.
        CloudFrame centered = after;
        centered.look.shows_centers = true;
        QCOMPARE(renderer->render(centered), drawn(centered));
        QCOMPARE(renderer->render(after), drawn(after));
    }

    void cloudsAreNotKeptAlive() {
        CloudFrame frame = grid(1, 1, 30, 0);
        frame.look.shows_centers = true;
        const auto renderer = makeProjectionRenderer();
        renderer->render(frame);
        const std::weak_ptr<const CloudShape> shape = frame.cells[0].shape;
        const std::weak_ptr<const GroupWeights> weights = frame.cells[0].weights;
        frame = {};
        QVERIFY(shape.expired());
        QVERIFY(weights.expired());
    }

    void hasAName() { QVERIFY(!makeProjectionRenderer()->name().empty()); }
};

QTEST_GUILESS_MAIN(CloudSurfacesTest)
#include "cloud_surfaces_test.moc"
