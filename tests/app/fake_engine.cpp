#include "tests/app/fake_engine.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include "core/analysis/attention_query.h"
#include "core/media/image_file.h"
#include "core/media/video_writer.h"

namespace vitreous::testing {
namespace {

bool startsWith(const std::filesystem::path& path, const char* start) {
    return path.stem().string().rfind(start, 0) == 0;
}

/// Groups of the corners of a square, each of two of the input's points.
void makeGroups(AnalysisResult& result) {
    result.rows = 1;
    result.columns = 4;
    for (auto* maps : {&result.magnitude, &result.frequency}) {
        for (auto& [name, map] : *maps) {
            map.shape = {4};
        }
    }
    for (auto& [name, map] : result.cls_attention) {
        map.shape = {2, 4};
    }
    result.centers = {{4, 3}, {-0.7F, -0.7F, 0, 0.7F, -0.7F, 0, -0.7F, 0.7F, 0, 0.7F, 0.7F, 0}};
    result.groups = {{4, 2}, {0, 1, 1, 3, 2, 0, 3, 2}};
}

/// Frames of videos are as large as the models' inputs; still pictures here are small.
float brightnessOf(const Image& picture) {
    return picture.width > 100 ? float(picture.pixels[0]) : 0.0F;
}

/// Two steps of time, the second with greater values.
void makeClip(AnalysisResult& result, const PreparedInput& input) {
    result.times = 2;
    result.pictures = input.pictures;
    for (auto* maps : {&result.magnitude, &result.frequency}) {
        for (auto& [name, map] : *maps) {
            const std::vector<float> first = map.values;
            map.shape = {2, 2, 2};
            for (const float value : first) {
                map.values.push_back(value + 100);
            }
        }
    }
    for (auto& [name, map] : result.cls_attention) {
        map = {{2, 2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};
    }
}

AnalysisResult makeResult(const ModelSummary& summary, const PreparedInput& input, bool is_spiky) {
    AnalysisResult result;
    result.model_label = summary.label;
    result.rows = 2;
    result.columns = 2;
    result.taps = summary.taps;
    result.blocks = summary.blocks;
    auto value = float(summary.label.size()) + brightnessOf(input.picture);
    for (const Tap& tap : summary.taps) {
        result.magnitude[tap.name] = {{2, 2}, {value, value + 1, value + 2, value + 3}};
        result.frequency[tap.name] = {{2, 2}, {value + 3, value + 2, value + 1, value}};
        value += 4;
    }
    if (is_spiky) {
        result.columns = 4;
        for (auto& [name, map] : result.magnitude) {
            map = {{2, 4}, {1, 2, 3, 4, 5, 6, 90, 100}};
        }
    }
    for (const Tap& block : summary.blocks) {
        result.cls_attention[block.name] = {{2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}};
    }
    if (summary.grouping) {
        makeGroups(result);
    }
    if (summary.frames > 0) {
        makeClip(result, input);
    }
    result.logits = {{3}, {0.5F, 2.5F, 1.0F}};
    result.input = input.input;
    result.picture = input.picture;
    result.forward_ms = 12.0;
    return result;
}

/// One prefix token and four visual ones in two heads: query t and key t of both are the number t.
std::shared_ptr<AttentionInputs> makeAttentionInputs(const ModelSummary& summary) {
    auto inputs = std::make_shared<AttentionInputs>();
    inputs->rows = 2;
    inputs->columns = 2;
    Array numbers{{2, 5, 1}, {0, 1, 2, 3, 4, 0, 1, 2, 3, 4}};
    if (summary.frames > 0) {
        inputs->times = 2;
        numbers = {{2, 8, 1}, {0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7}};
    } else {
        inputs->prefix_tokens = 1;
    }
    for (const Tap& block : summary.blocks) {
        inputs->blocks.push_back({block.name, numbers, numbers});
    }
    return inputs;
}

class FakeModel final : public Model {
public:
    FakeModel(std::shared_ptr<FakeControl> control, const ModelSpec& spec)
        : control_(std::move(control)), refuses_(startsWith(spec.path, "picky")),
          is_spiky_(startsWith(spec.path, "spiky")) {
        ++control_->alive;
        summary_.label = labelOf(spec);
        summary_.path = spec.path;
        summary_.family = "ViT (fake)";
        summary_.depth = 2;
        summary_.width = 8;
        summary_.heads = spec.heads.value_or(2);
        if (!spec.heads) {
            summary_.guessed = {"heads = 2 (head size 4)"};
        }
        summary_.parameters = 1234;
        summary_.classes = 3;
        summary_.taps = {{"blocks.0", "1"}, {"blocks.1", "2"}};
        summary_.blocks = summary_.taps;
        if (startsWith(spec.path, "points")) {
            summary_.family = "Point-BERT (fake)";
            summary_.grouping = PointGrouping{4, 4, 2};
        }
        if (startsWith(spec.path, "clip")) {
            summary_.family = "VideoMAE (fake)";
            summary_.frames = 4;
            summary_.tubelet = 2;
            summary_.times = 2;
            summary_.preprocess.frames = 4;
            summary_.has_cls = false;
        }
    }
    ~FakeModel() override { --control_->alive; }
    FakeModel(const FakeModel&) = delete;
    FakeModel& operator=(const FakeModel&) = delete;

    [[nodiscard]] const ModelSummary& summary() const override { return summary_; }
    void requireMemory(std::size_t, const AnalysisOptions&) const override {}
    [[nodiscard]] std::string device() const override { return "cpu"; }
    [[nodiscard]] Precision precision() const override { return Precision::Float32; }

    std::vector<std::shared_ptr<const AnalysisResult>> analyze(
        const std::vector<PreparedInput>& inputs,
        const AnalysisOptions& options,
        const Task& task) override {
        const int number = ++control_->analyses;
        task.report(0.5, "layer 1 of 2");
        control_->running.pass(task);
        if (number == control_->fails_at) {
            throw Error(ErrorCode::Usage, "out of memory");
        }
        if (refuses_) {
            throw Error(ErrorCode::Input, "expected another shape");
        }
        ++control_->finished;
        std::vector<std::shared_ptr<const AnalysisResult>> results;
        results.reserve(inputs.size());
        for (const PreparedInput& input : inputs) {
            results.push_back(std::make_shared<const AnalysisResult>(resultOf(input, options)));
        }
        return results;
    }
    Array forward(const std::vector<PreparedInput>&, const Task&) override { return {}; }

private:
    [[nodiscard]] AnalysisResult resultOf(
        const PreparedInput& input,
        const AnalysisOptions& options) const {
        AnalysisResult result = makeResult(summary_, input, is_spiky_);
        if (options.keep_attention) {
            auto attention = makeAttentionInputs(summary_);
            if (summary_.grouping) {
                attention->rows = 1;
                attention->columns = 4;
            }
            result.attention_inputs = attention;
        }
        return result;
    }

    std::shared_ptr<FakeControl> control_;
    bool refuses_;
    bool is_spiky_;
    ModelSummary summary_;
};

void requireFile(const FakeControl& control, const std::filesystem::path& path, ErrorCode code) {
    if (control.needs_files && !std::filesystem::exists(path)) {
        throw Error(code, "cannot be opened: " + path.string());
    }
}

Image plainImage(std::uint8_t value) {
    return {.width = 12, .height = 6, .pixels = std::vector<std::uint8_t>(12 * 6 * 3, value)};
}

/// The corners of a square about the origin: as a mesh's faces, twice as many points.
std::shared_ptr<const PointCloud> makeCloud(MeshSampling mesh) {
    auto cloud = std::make_shared<PointCloud>();
    cloud->positions = {-1, -1, 0, 1, -1, 0, -1, 1, 0, 1, 1, 0};
    if (mesh == MeshSampling::Faces) {
        const std::vector<float> once = cloud->positions;
        cloud->positions.insert(cloud->positions.end(), once.begin(), once.end());
    }
    cloud->dropped = 1;
    return cloud;
}

/// A picture of one grey: the file's first byte.
Image readPicture(const std::filesystem::path& path) {
    if (startsWith(path, "broken")) {
        throw Error(ErrorCode::Input, "not a picture: " + path.string());
    }
    QFile file(QFile::decodeName(path.c_str()));
    char value = '\0';
    if (file.open(QIODevice::ReadOnly)) {
        file.read(&value, 1);
    }
    return plainImage(static_cast<std::uint8_t>(value));
}

} // namespace

void Gate::close() {
    const std::lock_guard lock(mutex_);
    open_ = false;
}

void Gate::open() {
    {
        const std::lock_guard lock(mutex_);
        open_ = true;
    }
    changed_.notify_all();
}

void Gate::pass(const Task& task) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, task.stop, [this] { return open_; });
    task.checkStop();
}

Engine fakeEngine(const std::shared_ptr<FakeControl>& control) {
    return {
        .start = [] {},
        .load = [control](const ModelSpec& spec, const DeviceSpec&, const Task& task)
            -> std::shared_ptr<Model> {
            ++control->loads;
            control->loading.pass(task);
            requireFile(*control, spec.path, ErrorCode::Model);
            if (!spec.llm.empty()) {
                requireFile(*control, spec.llm, ErrorCode::Model);
            }
            if (startsWith(spec.path, "bad")) {
                throw Error(
                    ErrorCode::Model,
                    "blocks.0.norm1.weight: expected (8), found (4): " + spec.path.string());
            }
            if (startsWith(spec.path, "big")) {
                throw Error(
                    ErrorCode::Resource,
                    "needs 900 GB of memory, there are 8 GB: " + spec.path.string());
            }
            return std::make_shared<FakeModel>(control, spec);
        },
        .read = [control](const std::filesystem::path& path, MeshSampling mesh, const Task&)
            -> InputData {
            ++control->reads;
            control->reading.pass({});
            requireFile(*control, path, ErrorCode::Input);
            if (path.extension() == ".ply") {
                return makeCloud(mesh);
            }
            if (path.extension() == ".mp4") {
                return readInput(path);
            }
            return readPicture(path);
        },
        .read_mask = [control](const std::filesystem::path& path) -> Mask {
            ++control->masks;
            control->masking.pass({});
            return readMask(path);
        },
        .prepare = [](const InputData& data, const ModelSummary&, const Task&) -> PreparedInput {
            if (const auto cloud = cloudIn(data)) {
                return {.input = {{4, 3}, cloud->positions}, .picture = {}};
            }
            return {.input = {{3, 1, 1}, {0, 0, 0}}, .picture = std::get<Image>(data)};
        },
        .write = [control](const Model&, const ResultFile& file, const Task& task)
            -> std::filesystem::path {
            ++control->writes;
            task.report(0.5, "hashing weights");
            control->writing.pass(task);
            return file.directory / (file.name + ".npz");
        },
        .write_video = [control](
                           const VideoOrder& order,
                           const std::vector<std::shared_ptr<Model>>& models,
                           const Task& task) -> VideoFiles {
            ++control->writes;
            control->orders.push_back(order);
            task.report(0.5, "frame 3 of 5");
            control->writing.pass(task);
            const int before = control->analyses;
            models.front()->analyze(
                {{.input = {{3, 1, 1}, {0, 0, 0}}, .picture = plainImage(0)}}, {}, task);
            control->frames_before_writing_ended = control->analyses - before - 1;
            return {order.outputs, models.size() == 2 ? "two models" : ""};
        },
    };
}

void writeVideo(const QString& path, int frames) {
    constexpr int width = 64;
    constexpr int height = 48;
    constexpr int step = 4;
    VideoWriter writer(path.toStdString(), width, height, 10.0);
    for (int frame = 0; frame < frames; ++frame) {
        const auto grey = static_cast<std::uint8_t>(20 + step * frame % 200);
        writer.add(
            {width, height,
             std::vector<std::uint8_t>(std::size_t{width} * std::size_t{height} * 3, grey)});
    }
    writer.finish();
}

QStringList Files::make(const QStringList& names) {
    QStringList paths;
    for (const QString& name : names) {
        const QString path = folder_.filePath(name);
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)) {
            qFatal("cannot write %s", qPrintable(path));
        }
        paths << path;
    }
    return paths;
}

void Files::write(const QString& name, const QByteArray& bytes) const {
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) {
        qFatal("cannot write %s", qPrintable(path(name)));
    }
}

} // namespace vitreous::testing
