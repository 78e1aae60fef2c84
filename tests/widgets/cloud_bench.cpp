// Usage: widgets_cloud_bench [POINTS...]: times the frames of the projection renderer over an orbit
// of 360 degrees. Prints medians in milliseconds of wall time, in brackets the processor's time of
// all threads.
//        widgets_cloud_bench --picture OUT.png FILE [CELL [POINT_SIZE]]: draws a file, or a knot of
// that many points, to look at: own colours, values, raw values and group centres on three grounds.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <random>

#include <QElapsedTimer>
#include <QPainter>

#include "core/base/error.h"
#include "core/points/cloud_file.h"
#include "widgets/cloud/cloud_renderer.h"

using namespace vitreous;

namespace {

constexpr QRgb dark = qRgb(0x1e, 0x1f, 0x22);
constexpr QRgb light = qRgb(0xf7, 0xf7, 0xf5);
constexpr QRgb white = qRgb(0xff, 0xff, 0xff);
constexpr QRgb plain = qRgb(0x9a, 0x9a, 0x9a);
constexpr QRgb no_value = qRgb(0x80, 0x80, 0x80);

std::shared_ptr<const CloudShape> shown(PointCloud cloud) {
    const UnitSphere sphere = unitSphereOf(cloud.positions);
    return std::make_shared<const CloudShape>(
        shapeOf(std::make_shared<const PointCloud>(std::move(cloud)), sphere));
}

/// A tube along a torus knot, a little rough.
PointCloud knot(std::size_t points) {
    std::mt19937 random(1);
    std::uniform_real_distribution<float> part(0.0F, 2.0F * 3.14159265F);
    std::normal_distribution<float> noise(0.0F, 0.004F);
    PointCloud cloud;
    cloud.positions.reserve(3 * points);
    for (std::size_t i = 0; i < points; ++i) {
        const float along = part(random);
        const float around = part(random);
        const float tube = 0.28F + noise(random);
        const float ring = 1.0F + 0.4F * std::cos(3.0F * along) + tube * std::cos(around);
        cloud.positions.push_back(ring * std::cos(2.0F * along));
        cloud.positions.push_back(ring * std::sin(2.0F * along));
        cloud.positions.push_back(0.5F * std::sin(3.0F * along) + tube * std::sin(around));
    }
    return cloud;
}

/// Every so many points of the cloud, in the unit sphere.
Array centersOf(const CloudShape& shape, std::size_t groups) {
    Array centers{{std::int64_t(groups), 3}, {}};
    for (std::size_t i = 0; i < groups; ++i) {
        const QVector3D point = pointAt(shape, i * shape.cloud->size() / groups);
        centers.values.insert(centers.values.end(), {point.x(), point.y(), point.z()});
    }
    return centers;
}

CloudCell cellOf(
    const std::shared_ptr<const CloudShape>& shape,
    const std::shared_ptr<const GroupWeights>& weights,
    const QRect& rect) {
    CloudCell cell{rect, shape, weights, {}, -0.6F, 0.6F};
    for (std::size_t i = 0; i < weights->groupCount(); ++i) {
        cell.values.push_back(weights->centers.values[3 * i]);
    }
    return cell;
}

CloudLook lookOn(QRgb ground) {
    CloudLook look;
    look.ground = ground;
    look.plain = plain;
    look.no_value = no_value;
    return look;
}

CloudFrame grid(
    const std::shared_ptr<const CloudShape>& shape,
    const std::shared_ptr<const GroupWeights>& weights,
    int columns,
    int rows,
    int cell) {
    CloudFrame frame;
    frame.size = QSize(columns * cell, rows * cell);
    frame.look = lookOn(dark);
    for (int i = 0; i < columns * rows; ++i) {
        const QRect rect(i % columns * cell, i / columns * cell, cell, cell);
        frame.cells.push_back(cellOf(shape, weights, rect));
    }
    return frame;
}

/// Prints the medians of so many runs.
void time(const char* what, int runs, const std::function<void(int)>& work) {
    std::vector<double> walls;
    std::vector<double> cpus;
    for (int run = 0; run < runs; ++run) {
        QElapsedTimer timer;
        timer.start();
        const std::clock_t before = std::clock();
        work(run);
        walls.push_back(double(timer.nsecsElapsed()) * 1e-6);
        cpus.push_back(double(std::clock() - before) * 1e3 / CLOCKS_PER_SEC);
    }
    const auto middle = [runs](std::vector<double>& times) {
        std::nth_element(times.begin(), times.begin() + runs / 2, times.end());
        return times[std::size_t(runs / 2)];
    };
    std::printf("  %-46s %8.2f (%.2f)\n", what, middle(walls), middle(cpus));
    std::fflush(stdout);
}

void timeFrames(const char* name, CloudFrame frame, int runs) {
    const auto renderer = makeProjectionRenderer();
    for (const std::size_t most : {std::size_t{0}, std::size_t{500'000}}) {
        for (const CloudShading shading : {CloudShading::EyeDome, CloudShading::None}) {
            frame.most_points = most;
            frame.look.shading = shading;
            const QByteArray what = QByteArray(name) +
                                    (shading == CloudShading::None ? ", unlit" : ", eye dome") +
                                    (most == 0 ? ", all points" : ", 500000 points");
            time(what.constData(), runs, [&](int run) {
                frame.look.camera.azimuth = 360.0 * run / runs;
                renderer->render(frame);
            });
        }
    }
    frame.most_points = 0;
    time((QByteArray(name) + ", other values alone").constData(), runs, [&](int run) {
        for (CloudCell& cell : frame.cells) {
            cell.values[0] = float(run) * 1e-3F;
        }
        renderer->render(frame);
    });
}

void bench(std::size_t points) {
    std::printf("%zu points\n", points);
    const auto shape = shown(knot(points));
    std::shared_ptr<const GroupWeights> weights;
    const Array centers = centersOf(*shape, 64);
    time("weighGroups, 64 groups", 1, [&](int) {
        weights = std::make_shared<const GroupWeights>(
            weighGroups(*shape->cloud, shape->sphere, centers));
    });
    const int runs = points > 2'000'000 ? 24 : 72;
    timeFrames("2 x 12 of 150 px", grid(shape, weights, 12, 2, 150), runs);
    timeFrames("1 of 900 px", grid(shape, weights, 1, 1, 900), runs);
    CloudCamera camera;
    time("pickPoint in 900 px", runs, [&](int run) {
        camera.azimuth = 360.0 * run / runs;
        pickPoint(*shape, camera, QSizeF(900, 900), QPointF(400, 450), 4.0);
    });
}

void draw(const QString& out, const char* file, int cell, double point_size) {
    const std::size_t points = std::strtoull(file, nullptr, 10);
    const auto shape = shown(points > 0 ? knot(points) : readPointCloud(file));
    const auto weights = std::make_shared<const GroupWeights>(
        weighGroups(*shape->cloud, shape->sphere, centersOf(*shape, 16)));
    const auto renderer = makeProjectionRenderer();
    QImage sheet(QSize(4 * cell, 3 * cell), QImage::Format_RGB32);
    QPainter painter(&sheet);
    int row = 0;
    for (const QRgb ground : {light, dark, white}) {
        for (int column = 0; column < 4; ++column) {
            CloudFrame frame = grid(shape, weights, 1, 1, cell);
            frame.look = lookOn(ground);
            frame.look.point_size = point_size;
            frame.look.camera = fittedTo(frame.look.camera, {});
            frame.look.opacity = column == 0 ? 0.0F : 1.0F;
            frame.look.values = column == 2 ? GroupValues::Raw : GroupValues::Weighted;
            frame.look.shows_centers = column == 3;
            painter.drawImage(column * cell, row * cell, renderer->render(frame));
        }
        ++row;
    }
    painter.end();
    sheet.save(out);
}

} // namespace

int main(int argc, char** argv) {
    try {
        if (argc > 3 && QByteArray(argv[1]) == "--picture") {
            const int cell = argc > 4 ? std::atoi(argv[4]) : 300;
            const double point_size = argc > 5 ? std::atof(argv[5]) : 3.0;
            draw(argv[2], argv[3], std::max(cell, 1), point_size);
            return 0;
        }
        std::vector<std::size_t> sizes;
        for (int i = 1; i < argc; ++i) {
            sizes.push_back(std::strtoull(argv[i], nullptr, 10));
        }
        if (std::count(sizes.begin(), sizes.end(), 0) > 0) {
            std::fputs(
                "usage: widgets_cloud_bench [POINTS...]\n"
                "       widgets_cloud_bench --picture OUT.png FILE [CELL [POINT_SIZE]]\n",
                stderr);
            return 2;
        }
        if (sizes.empty()) {
            sizes = {35'000, 1'000'000, 10'000'000};
        }
        for (const std::size_t points : sizes) {
            bench(points);
        }
    } catch (const Error& error) {
        std::fprintf(stderr, "widgets_cloud_bench: %s\n", error.what());
        return 1;
    }
    return 0;
}
