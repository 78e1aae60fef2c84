// Usage: widgets_cloud_vtk_bench [FRAMES [PICTURE [FILE]]]. Times frames of point clouds drawn by
// VTK while the camera turns: medians in milliseconds of wall time, until the picture is in memory.
// With the name of a picture to write, it draws 2 x 3 cells of a point cloud's file, or of a ball.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include <QElapsedTimer>
#include <QGuiApplication>

#include "core/points/cloud_file.h"
#include "widgets/cloud/cloud_renderer.h"

using namespace vitreous;

namespace {

/// A ball of points with a wavy surface.
PointCloud wavyBall(std::size_t points) {
    PointCloud cloud;
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    cloud.positions.reserve(3 * points);
    cloud.colors.reserve(3 * points);
    for (std::size_t i = 0; i < points; ++i) {
        const std::array<float, 3> at{normal(random), normal(random), normal(random)};
        const float length = std::hypot(at[0], at[1], at[2]) + 1e-6F;
        const float radius = 1.0F + 0.1F * std::sin(9.0F * at[0] / length);
        for (const float value : at) {
            cloud.positions.push_back(value / length * radius);
            cloud.colors.push_back(std::uint8_t(127.0F + 120.0F * value / length));
        }
    }
    return cloud;
}

struct Sample {
    std::shared_ptr<const CloudShape> shape;
    std::shared_ptr<const GroupWeights> weights;
};

/// Groups about every so-many-th point.
Sample sampleOf(PointCloud points, std::size_t groups) {
    auto shape = std::make_shared<CloudShape>();
    shape->sphere = unitSphereOf(points.positions);
    shape->cloud = std::make_shared<PointCloud>(std::move(points));
    Array centers;
    centers.shape = {std::int64_t(groups), 3};
    const std::size_t step = std::max<std::size_t>(shape->cloud->size() / groups, 1);
    for (std::size_t group = 0; group < groups; ++group) {
        const QVector3D at = pointAt(*shape, (group * step) % shape->cloud->size());
        centers.values.insert(centers.values.end(), {at.x(), at.y(), at.z()});
    }
    auto weights =
        std::make_shared<GroupWeights>(weighGroups(*shape->cloud, shape->sphere, centers));
    return {std::move(shape), std::move(weights)};
}

CloudCell cellOf(const Sample& sample, QRect rect, std::size_t number) {
    CloudCell cell{rect, sample.shape, sample.weights, {}, 0.0F, 1.0F};
    for (std::size_t group = 0; group < sample.weights->groupCount(); ++group) {
        const float x = sample.weights->centers.values[3 * group];
        cell.values.push_back(0.5F + 0.5F * std::sin(float(number) + 4.0F * x));
    }
    return cell;
}

CloudFrame frameOf(const Sample& sample, QSize size, int columns, int rows, CloudShading shading) {
    CloudFrame frame;
    frame.size = size;
    frame.look.shading = shading;
    frame.look.ground = qRgb(24, 26, 30);
    frame.look.plain = qRgb(160, 160, 160);
    frame.look.no_value = qRgb(128, 128, 128);
    const int width = size.width() / columns;
    const int height = size.height() / rows;
    for (int i = 0; i < columns * rows; ++i) {
        const QRect rect(i % columns * width, i / columns * height, width - 4, height - 4);
        frame.cells.push_back(cellOf(sample, rect, std::size_t(i)));
    }
    return frame;
}

/// Resident memory of the process in bytes.
double residentBytes() {
    std::ifstream file("/proc/self/statm");
    double all = 0.0;
    double resident = 0.0;
    file >> all >> resident;
    constexpr double page = 4096.0;
    return resident * page;
}

double medianFrame(CloudRenderer& renderer, CloudFrame frame, int frames) {
    std::vector<double> times;
    renderer.render(frame);
    for (int i = 0; i < frames; ++i) {
        frame.look.camera = orbited(frame.look.camera, 5.0, 0.0);
        QElapsedTimer timer;
        timer.start();
        renderer.render(frame);
        times.push_back(double(timer.nsecsElapsed()) * 1e-6);
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

/// By clouds of two sizes: what a renderer takes whatever it draws is in both measurements. Out of
/// sight the cloud is where it is drawn from, and nothing of it is on its way to the picture, which
/// drivers that draw in software keep room for.
double bytesAPoint(CloudRenderer& renderer, bool is_seen) {
    constexpr std::size_t few = 500'000;
    constexpr std::size_t many = 2'500'000;
    const Sample small = sampleOf(wavyBall(few), 512);
    const Sample large = sampleOf(wavyBall(many), 512);
    const auto draw = [&](const Sample& sample) {
        CloudFrame frame = frameOf(sample, {900, 900}, 1, 1, CloudShading::None);
        frame.look.camera.focus[0] = is_seen ? 0.0 : 100.0;
        renderer.render(frame);
        return residentBytes();
    };
    const double before = draw(small);
    return (draw(large) - before) / double(many - few);
}

void timeFrames(CloudRenderer& renderer, int frames) {
    constexpr std::size_t points = 1'000'000;
    const Sample sample = sampleOf(wavyBall(points), 512);
    CloudFrame one = frameOf(sample, {900, 900}, 1, 1, CloudShading::None);
    CloudFrame many = frameOf(sample, {900, 600}, 6, 4, CloudShading::None);
    many.most_points = 100'000;
    for (const CloudShading shading : {CloudShading::None, CloudShading::EyeDome}) {
        one.look.shading = shading;
        many.look.shading = shading;
        const char* with = shading == CloudShading::None ? "flat" : "eye-dome";
        std::printf(
            "1M points in one cell of 900 px, %s: %.1f ms\n", with,
            medianFrame(renderer, one, frames));
        CloudFrame moved = one;
        moved.most_points = 100'000;
        std::printf("100000 of them, %s: %.1f ms\n", with, medianFrame(renderer, moved, frames));
        std::printf(
            "24 cells of 150 px, 100000 points each, %s: %.1f ms\n", with,
            medianFrame(renderer, many, frames));
    }
    CloudFrame bare = one;
    bare.look.shading = CloudShading::None;
    bare.cells.front().weights = nullptr;
    std::printf(
        "1M points in their own colours, flat: %.1f ms\n", medianFrame(renderer, bare, frames));
    bare.look.point_size = 1.0;
    std::printf("the same as single pixels: %.1f ms\n", medianFrame(renderer, bare, frames));
}

bool writePicture(CloudRenderer& renderer, const std::string& name, const std::string& file) {
    constexpr std::size_t points = 300'000;
    const Sample sample = sampleOf(file.empty() ? wavyBall(points) : readPointCloud(file), 64);
    CloudFrame frame = frameOf(sample, {1200, 800}, 3, 2, CloudShading::EyeDome);
    frame.look.shows_centers = true;
    frame.look.point_size = 3.0;
    return renderer.render(frame).save(QString::fromStdString(name));
}

} // namespace

int main(int argc, char** argv) {
    const QGuiApplication application(argc, argv);
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const auto renderer = makeVtkRenderer();
    if (renderer == nullptr) {
        std::fprintf(stderr, "no OpenGL 3.3 here\n");
        return 1;
    }
    std::printf("%s\n", renderer->name().c_str());
    if (arguments.size() > 1) {
        const std::string file = arguments.size() > 2 ? arguments[2] : "";
        return writePicture(*renderer, arguments[1], file) ? 0 : 1;
    }
    std::printf(
        "memory beside the cloud and its weights: %.1f bytes a point, ",
        bytesAPoint(*renderer, false));
    std::printf("%.1f when drawn\n", bytesAPoint(*renderer, true));
    timeFrames(*renderer, arguments.empty() ? 9 : std::max(std::stoi(arguments[0]), 1));
    return 0;
}
