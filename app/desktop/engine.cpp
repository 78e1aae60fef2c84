#include "app/desktop/engine.h"

#include "core/export/point_files.h"
#include "core/export/provenance.h"
#include "core/media/image_file.h"
#include "widgets/cloud/cloud_renderer.h"

namespace vitreous {
namespace {

void addCloud(nlohmann::json& facts, const CloudExport& exported) {
    const PointCloud& cloud = *exported.shape->cloud;
    facts["input"].update(
        {{"points", cloud.size()}, {"dropped", cloud.dropped}, {"origin", cloud.origin}});
    nlohmann::json& switches = facts["switches"];
    std::string command = facts["command"].get<std::string>();
    if (exported.mesh == MeshSampling::Faces) {
        switches["mesh"] = "faces";
        command += " --mesh faces";
    }
    switches["csv"] = true;
    switches["ply"] = {
        {"color_by", exported.color_by},
        {"colormap", name(exported.colormap)},
        {"values", name(exported.values)}};
    command += " --csv --ply --color-by " + shellWord(exported.color_by) + " --colormap " +
               std::string(name(exported.colormap)) + " --values " +
               std::string(name(exported.values));
    facts["command"] = command;
}

void writeCloudFiles(const ResultFile& file, const nlohmann::json& facts, const Task& task) {
    const CloudExport& exported = *file.cloud;
    const std::filesystem::path stem = file.directory / file.name;
    const auto pathOf = [&stem](const char* extension) {
        std::filesystem::path path = stem;
        return path += extension;
    };
    writeCloudCsv(pathOf(".csv"), *file.result, task);
    ColoredCloudOptions options{
        .color_by = exported.color_by,
        .values = exported.values,
        .colormap = exported.colormap,
        .sphere = exported.shape->sphere};
    options.input_sha256 = facts["input"].value("sha256", std::string());
    writeColoredCloud(pathOf(".ply"), *exported.shape->cloud, *file.result, options, task);
}

std::filesystem::path writeFile(const Model& model, const ResultFile& file, const Task& task) {
    nlohmann::json facts =
        provenance(model, file.spec, file.input, file.options, *file.result, task);
    if (file.cloud) {
        addCloud(facts, *file.cloud);
    }
    // Hashing takes its time.
    requireUnchanged(file);
    if (file.cloud) {
        writeCloudFiles(file, facts, task);
    }
    return writeResultAs(file.directory, file.name, *file.result, facts, task);
}

} // namespace

ModelStamp stampOf(const ModelSpec& spec) {
    return {stampOf(spec.path), spec.llm.empty() ? FileStamp() : stampOf(spec.llm)};
}

void requireUnchanged(const ResultFile& file) {
    const auto require = [](bool is_same, const std::filesystem::path& path) {
        if (!is_same) {
            throw Error(
                ErrorCode::Input,
                "changed since it was analysed, press F5 to run it again: " + path.string());
        }
    };
    const ModelStamp now = stampOf(file.spec);
    require(stampOf(file.input) == file.input_stamp, file.input);
    require(now.checkpoint == file.model_stamp.checkpoint, file.spec.path);
    require(now.llm == file.model_stamp.llm, file.spec.llm);
}

Engine coreEngine(int threads) {
    return {
        .start = [threads] { setThreadCount(threads); },
        .load = loadModel,
        .read = readInput,
        .read_mask = readMask,
        .prepare = prepareInput,
        .write = writeFile,
        .write_video = writeVideoFiles,
    };
}

namespace {

Image pictureOf(const Array& tensor) {
    constexpr std::int64_t most = 1 << 15;
    if (tensor.shape.size() != 3 || (tensor.shape[0] != 3 && tensor.shape[0] != 1) ||
        tensor.shape[1] < 1 || tensor.shape[2] < 1 || tensor.shape[1] > most ||
        tensor.shape[2] > most) {
        throw Error(
            ErrorCode::Input, "expected an array of shape (3, height, width) or (points, 3) as a "
                              "preprocessed input, found " +
                                  std::to_string(tensor.shape.size()) + " dimensions");
    }
    PreprocessSpec spec;
    spec.channels = static_cast<int>(tensor.shape[0]);
    spec.crop_height = static_cast<int>(tensor.shape[1]);
    spec.crop_width = static_cast<int>(tensor.shape[2]);
    return fromTensor(tensor, spec).picture;
}

Thumbnail thumbnailOf(const Image& picture, int side) {
    const QImage view(
        picture.pixels.data(), picture.width, picture.height, qsizetype(picture.width) * 3,
        QImage::Format_RGB888);
    Thumbnail thumbnail;
    thumbnail.image = view.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation)
                          .convertToFormat(QImage::Format_RGB32);
    thumbnail.size = view.size();
    return thumbnail;
}

Thumbnail thumbnailOf(const VideoSource& source, int side, const Task& task) {
    VideoReader reader(source.path, task);
    const std::optional<VideoFrame> first = reader.next();
    if (!first) {
        throw Error(
            ErrorCode::Input, "a video without a frame that can be read: " + source.path.string());
    }
    Thumbnail thumbnail = thumbnailOf(first->picture, side);
    thumbnail.video = source.info;
    thumbnail.times_secs = std::make_shared<const std::vector<double>>(source.times_secs);
    return thumbnail;
}

Thumbnail thumbnailOf(const std::shared_ptr<const PointCloud>& cloud, int side) {
    constexpr int oversampling = 2;
    constexpr QRgb ground = 0xfff2f2f2U;
    constexpr QRgb points = 0xff6c6c6cU;
    constexpr std::size_t most_points = 200'000;
    const auto shape =
        std::make_shared<const CloudShape>(shapeOf(cloud, unitSphereOf(cloud->positions)));
    const int fine = side * oversampling;
    CloudFrame frame;
    frame.size = {fine, fine};
    frame.look.camera = fittedTo({}, shape->bounds);
    frame.look.point_size = std::max(
        1.0,
        shape->point_size *
            CloudProjection(frame.look.camera, frame.size).scaleAt(frame.look.camera.distance));
    frame.look.ground = ground;
    frame.look.plain = points;
    frame.most_points = most_points;
    CloudCell cell;
    cell.rect = {0, 0, fine, fine};
    cell.shape = shape;
    frame.cells.push_back(cell);
    Thumbnail thumbnail;
    thumbnail.image = makeProjectionRenderer()->render(frame).scaled(
        side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    thumbnail.size = thumbnail.image.size();
    thumbnail.points = cloud->size();
    thumbnail.dropped = cloud->dropped;
    return thumbnail;
}

} // namespace

Thumbnail thumbnailOf(const InputData& data, int side, const Task& task) {
    if (const auto* image = std::get_if<Image>(&data)) {
        return thumbnailOf(*image, side);
    }
    if (const auto* video = std::get_if<VideoSource>(&data)) {
        return thumbnailOf(*video, side, task);
    }
    if (const auto cloud = cloudIn(data)) {
        return thumbnailOf(cloud, side);
    }
    return thumbnailOf(pictureOf(std::get<Array>(data)), side);
}

} // namespace vitreous
