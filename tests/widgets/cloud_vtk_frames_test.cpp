#include <array>
#include <cmath>

#include <QApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QOpenGLWidget>
#include <QPainter>
#include <QTest>

#include "cloud_vtk_fixture.h"

using namespace vitreous;
using namespace vitreous::samples;

namespace {

/// What frames of a wavy sheet have in them, with groups and all.
CloudFrame sheetFrame(QSize size, int columns) {
    std::vector<float> xyz;
    std::vector<std::uint8_t> colors;
    for (int i = 0; i < 2500; ++i) {
        const int row = i / 50;
        const float x = float(i % 50) / 36.0F - 0.68F;
        const float y = float(row) / 36.0F - 0.68F;
        xyz.insert(xyz.end(), {x, y, 0.2F * std::sin(6.0F * x)});
        colors.insert(colors.end(), {std::uint8_t(i % 256), 128, 64});
    }
    const auto shape = shapeOf(xyz, colors);
    const auto weights =
        weightsOf(*shape, {-0.5F, -0.5F, 0, 0.5F, -0.5F, 0, -0.5F, 0.5F, 0, 0.5F, 0.5F, 0});
    CloudFrame frame = flatFrame(size, 4.0);
    frame.look.camera = CloudCamera();
    const int width = size.width() / columns;
    for (int i = 0; i < columns; ++i) {
        frame.cells.push_back(
            {QRect(width * i, 0, width - 2, size.height()),
             shape,
             weights,
             {0.2F * float(i), 1.0F, missing, 0.6F},
             0.0F,
             1.0F});
    }
    return frame;
}

/// A surface that paints a renderer's frame, as the grid does.
class FramePainter final : public QOpenGLWidget {
public:
    FramePainter(CloudRenderer& renderer, CloudFrame frame)
        : renderer_(renderer), frame_(std::move(frame)) {}
    bool is_context_kept = false;

protected:
    void paintGL() override {
        QPainter painter(this);
        painter.fillRect(rect(), Qt::red);
        const QImage image = renderer_.render(frame_);
        is_context_kept = QOpenGLContext::currentContext() == context();
        painter.drawImage(0, 0, image);
    }

private:
    CloudRenderer& renderer_;
    CloudFrame frame_;
};

} // namespace

class CloudVtkFramesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        renderer_ = makeVtkRenderer();
        if (renderer_ == nullptr) {
            QVERIFY2(
                qEnvironmentVariableIntValue("VITREOUS_REQUIRE_GL") == 0,
                "VITREOUS_REQUIRE_GL is set and VTK cannot draw");
            QSKIP("no OpenGL 3.3 here");
        }
    }
    void init() {
        // VTK's messages and OpenGL's errors are warnings.
        QTest::failOnWarning(QRegularExpression(".*"));
    }
    void cleanupTestCase() { renderer_.reset(); }

    void namesWhatDraws() {
        const QString name = QString::fromStdString(renderer_->name());
        QVERIFY2(
            QRegularExpression("^VTK \\d+\\.\\d+, OpenGL [34]\\.\\d \\(.+\\)$")
                .match(name)
                .hasMatch(),
            qPrintable(name));
    }

    void framesWithoutPointsAreGround() {
        CloudFrame frame = flatFrame({70, 50});
        const auto isGround = [&] {
            const QImage image = renderer_->render(frame);
            return image.size() == frame.size && image.format() == QImage::Format_RGB32 &&
                   differentFrom(image, ground) == 0;
        };
        QVERIFY(isGround());
        frame.cells.resize(3);
        frame.cells[0].rect = QRect(0, 0, 20, 50); // without a cloud
        frame.cells[1].rect = QRect(20, 0, 20, 50);
        frame.cells[1].shape = shapeOf({});        // without a point
        frame.cells[2].shape = shapeOf({0, 0, 0}); // without a size
        QVERIFY(isGround());
        frame.cells[2].rect = QRect(80, 0, 50, 50); // beside the frame
        QVERIFY(isGround());
        frame.size = QSize(0, 50);
        QVERIFY(renderer_->render(frame).isNull());
        frame.size = QSize(1, 1);
        QVERIFY(isGround());
    }

    /// What a frame looks like does not depend on those before it.
    void framesFollowEachOther() {
        std::vector<CloudFrame> frames = {
            sheetFrame({600, 200}, 3), sheetFrame({300, 300}, 1), sheetFrame({801, 203}, 4),
            frameOf(shapeOf({0, 0, 0})), flatFrame({40, 40})};
        frames.push_back(frames[2]);
        frames[5].cells.erase(frames[5].cells.begin());
        frames[5].cells[1].shape = frames[0].cells[0].shape;
        frames[5].cells[2].weights = nullptr;
        const std::size_t plain_frames = frames.size();
        for (std::size_t i = 0; i < plain_frames; ++i) {
            frames.push_back(frames[i]);
            CloudLook& look = frames.back().look;
            look.shading = CloudShading::EyeDome;
            look.shows_centers = true;
            look.values = GroupValues::Raw;
            look.colormap = Colormap::Turbo;
            look.point_size = 7.0;
            look.camera.projection = Projection::Orthographic;
            frames.back().most_points = 300 * i;
        }
        for (int round = 0; round < 2; ++round) {
            for (const CloudFrame& frame : frames) {
                QCOMPARE(renderer_->render(frame), makeVtkRenderer()->render(frame));
            }
        }
        QVERIFY(differentFrom(renderer_->render(frames[0]), ground) > 1000);
    }

    void looksAsTheProjectionDoes_data() {
        QTest::addColumn<bool>("is_flat");
        QTest::addColumn<bool>("is_orthographic");
        QTest::addColumn<double>("point_size");
        for (const bool is_flat : {true, false}) {
            for (const bool is_orthographic : {true, false}) {
                for (const double point_size : {1.0, 3.0, 4.0, 9.0, 14.5}) {
                    QTest::addRow(
                        "%s, %s, %.1f", is_flat ? "flat" : "eye-dome",
                        is_orthographic ? "orthographic" : "perspective", point_size)
                        << is_flat << is_orthographic << point_size;
                }
            }
        }
    }
    void looksAsTheProjectionDoes() {
        QFETCH(bool, is_flat);
        QFETCH(bool, is_orthographic);
        QFETCH(double, point_size);
        CloudFrame frame = sheetFrame({900, 400}, 2);
        frame.look.shading = is_flat ? CloudShading::None : CloudShading::EyeDome;
        frame.look.camera.projection =
            is_orthographic ? Projection::Orthographic : Projection::Perspective;
        frame.look.point_size = point_size;
        frame.look.opacity = 0.8F;
        const QImage image = renderer_->render(frame);
        const QImage expected = makeProjectionRenderer()->render(frame);
        QCOMPARE(image.size(), expected.size());
        int differing = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                differing += isNear(image.pixel(x, y), expected.pixel(x, y), 4) ? 0 : 1;
            }
        }
        // Rounding puts some discs and rims on the next pixel.
        const int most = differentFrom(expected, ground) / 50;
        if (differing > most) {
            image.save(QStringLiteral("cloud-vtk.png"));
            expected.save(QStringLiteral("cloud-projection.png"));
        }
        QVERIFY2(
            differing <= most, qPrintable(QStringLiteral("%1 of %2").arg(differing).arg(most)));
    }

    void cellsMayStandOutOfTheFrame() {
        for (const CloudShading shading : {CloudShading::None, CloudShading::EyeDome}) {
            CloudFrame whole = sheetFrame({600, 300}, 3);
            whole.look.shading = shading;
            const QRect part(70, 40, 430, 190);
            CloudFrame cut = whole;
            cut.size = part.size();
            for (CloudCell& cell : cut.cells) {
                cell.rect.translate(-part.topLeft());
            }
            const QImage image = renderer_->render(cut);
            QCOMPARE(image, renderer_->render(whole).copy(part));
            QVERIFY(differentFrom(image, ground) > 1000);
        }
    }

    void framesTooLargeAreGround() {
        CloudFrame frame = frameOf(shapeOf({0, 0, 0}), {40000, 2});
        const QImage image = renderer_->render(frame);
        QCOMPARE(image.size(), frame.size);
        QCOMPARE(differentFrom(image, ground), 0);
    }

    void anotherContextStaysCurrent() {
        QOffscreenSurface surface;
        surface.create();
        QOpenGLContext context;
        QVERIFY(context.create());
        QVERIFY(context.makeCurrent(&surface));
        const auto isKept = [&] {
            return QOpenGLContext::currentContext() == &context && context.surface() == &surface;
        };
        auto renderer = makeVtkRenderer();
        QVERIFY(isKept());
        renderer->render(sheetFrame({300, 200}, 2));
        QVERIFY(isKept());
        renderer.reset();
        QVERIFY(isKept());
        context.doneCurrent();
        renderer_->render(sheetFrame({300, 200}, 2));
        QVERIFY(QOpenGLContext::currentContext() == nullptr);
    }

    void rendersWhileAWidgetPaints() {
        CloudFrame frame = sheetFrame({300, 200}, 2);
        FramePainter painter(*renderer_, frame);
        painter.resize(340, 240);
        painter.show();
        QVERIFY(QTest::qWaitForWindowExposed(&painter));
        const QImage shot = painter.grabFramebuffer().convertToFormat(QImage::Format_RGB32);
        QVERIFY(painter.is_context_kept);
        QCOMPARE(shot.copy(QRect(QPoint(), frame.size)), renderer_->render(frame));
        QCOMPARE(QColor(shot.pixel(320, 220)), QColor(Qt::red));
    }

    void comesAndGoesManyTimes() {
        CloudFrame frame = sheetFrame({200, 100}, 2);
        frame.look.shading = CloudShading::EyeDome;
        frame.look.shows_centers = true;
        const QImage expected = renderer_->render(frame);
        for (int i = 0; i < 30; ++i) {
            const auto another = makeVtkRenderer();
            QCOMPARE(another->render(frame), expected);
            QCOMPARE(renderer_->render(frame), expected);
        }
        // One that has drawn nothing.
        makeVtkRenderer().reset();
    }

    void cloudsOutliveTheirOwners() {
        CloudFrame frame = sheetFrame({200, 100}, 1);
        const QImage expected = renderer_->render(frame);
        std::weak_ptr<const CloudShape> shape = frame.cells.front().shape;
        frame.cells.clear();
        QVERIFY(!shape.expired());
        renderer_->render(frame);
        QVERIFY(shape.expired());
        QCOMPARE(renderer_->render(sheetFrame({200, 100}, 1)), expected);
    }

    void showsGroupCentersAsSpheres() {
        const auto shape = shapeOf({0, 0, -0.9F});
        CloudFrame frame = frameOf(shape, {600, 600}, 5.0);
        frame.look.shows_centers = true;
        CloudCell& cell = frame.cells.front();
        // The last one has no place.
        const std::vector<float> centers = {0.3F, 0,     0, -0.3F,   0.2F, 0.1F,
                                            0,    -0.4F, 0, missing, 0,    0};
        cell.weights = weightsOf(*shape, centers);
        cell.values = {1.0F, 0.0F, missing, 0.5F};
        for (const Projection projection : {Projection::Perspective, Projection::Orthographic}) {
            frame.look.camera.projection = projection;
            const QImage image = renderer_->render(frame);
            const std::array<QRgb, 3> colors = {
                mapColor(Colormap::Viridis, 255), mapColor(Colormap::Viridis, 0), no_value};
            const CloudProjection seen(frame.look.camera, frame.size);
            for (std::size_t i = 0; i < 3; ++i) {
                const auto place =
                    seen.place({centers[3 * i], centers[3 * i + 1], centers[3 * i + 2]});
                const double radius = 0.03 * seen.scaleAt(place->depth);
                // Towards the camera the colour itself, darker at the rim.
                QVERIFY(isNear(colorAt(image, place->pixel), colors[i], 3));
                const QRgb rim = colorAt(image, place->pixel + QPointF(0.85 * radius, 0));
                QVERIFY(qGray(rim) < qGray(colors[i]) - 5 && rim != ground);
                QCOMPARE(
                    QColor(colorAt(image, place->pixel + QPointF(1.15 * radius, 0))),
                    QColor(ground));
            }
            frame.look.shows_centers = false;
            const int drawn = differentFrom(renderer_->render(frame), ground);
            QVERIFY2(drawn > 0 && drawn < 40, "the point alone");
            frame.look.shows_centers = true;
        }
        frame.cells.front().values = {0.5F, 0.0F, missing};
        const QPointF first =
            CloudProjection(frame.look.camera, frame.size).place({0.3F, 0, 0})->pixel;
        QVERIFY(
            isNear(colorAt(renderer_->render(frame), first), mapColor(Colormap::Viridis, 128), 3));
    }

    /// A point in front of a wall.
    void eyeDomeDarkensWhatIsBehindAnEdge() {
        std::vector<float> xyz = {0, 0, 0.5F};
        std::vector<std::uint8_t> colors = {255, 0, 0};
        for (int i = 0; i < 400; ++i) {
            const int row = i / 20 - 10;
            xyz.insert(xyz.end(), {float(i % 20 - 10) / 20.0F, float(row) / 20.0F, -0.5F});
            colors.insert(colors.end(), {0, 0, 255});
        }
        CloudFrame frame = frameOf(shapeOf(xyz, colors), {200, 200}, 9.0);
        for (const Projection projection : {Projection::Perspective, Projection::Orthographic}) {
            frame.look.camera.projection = projection;
            frame.look.shading = CloudShading::EyeDome;
            const QImage image = renderer_->render(frame);
            const QPointF near = placeIn(frame, frame.cells.front(), 0);
            QCOMPARE(QColor(colorAt(image, near)), QColor(Qt::red));
            // The wall beside it is dark, and away from it nearly as it is.
            const QRgb behind = colorAt(image, near + QPointF(5, 0));
            const QRgb away = colorAt(image, near + QPointF(20, 0));
            QCOMPARE(qGreen(behind) + qRed(behind) + qGreen(away) + qRed(away), 0);
            QVERIFY2(
                qBlue(behind) < 190 && qBlue(away) > 225,
                qPrintable(QStringLiteral("%1, %2").arg(qBlue(behind)).arg(qBlue(away))));
            QCOMPARE(QColor(image.pixel(5, 5)), QColor(ground));
            frame.look.shading = CloudShading::None;
            QCOMPARE(
                QColor(colorAt(renderer_->render(frame), near + QPointF(5, 0))), QColor(Qt::blue));
        }
    }

private:
    static bool isNear(QRgb a, QRgb b, int most) {
        return std::abs(qRed(a) - qRed(b)) <= most && std::abs(qGreen(a) - qGreen(b)) <= most &&
               std::abs(qBlue(a) - qBlue(b)) <= most;
    }

    std::unique_ptr<CloudRenderer> renderer_;
};

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    CloudVtkFramesTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "cloud_vtk_frames_test.moc"
