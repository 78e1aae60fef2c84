// The demo's point-cloud pair in resources/demo: what the files are, that every shape gives maps,
// and that both models reach the accuracy that points.json and the README beside it state.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <QTest>
#include <nlohmann/json.hpp>

#include "core/analysis/model.h"
#include "core/io/checkpoint.h"
#include "core/nn/point_groups.h"
#include "core/points/cloud_file.h"
#include "core/train/samples.h"
#include "core/train/shape_data.h"

using namespace vitreous;
namespace fs = std::filesystem;

namespace {

const fs::path demo = VITREOUS_DEMO;
constexpr std::uintmax_t most_bytes = 2'000'000; // of a model
constexpr std::size_t shapes_expected = 10;
constexpr std::size_t batch = 16;
/// How many shapes other processors, which round otherwise, may see as another class.
constexpr int tolerance = 2;

ModelSpec specOf(const std::string& file) {
    ModelSpec spec;
    spec.path = demo / file;
    return spec;
}

std::string textOf(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

nlohmann::json stated() {
    return nlohmann::json::parse(textOf(demo / "points.json"));
}

/// The clouds of shapes/ by file name.
std::map<std::string, PointCloud> clouds() {
    std::map<std::string, PointCloud> found;
    for (const auto& entry : fs::directory_iterator(demo / "shapes")) {
        if (entry.path().extension() == ".ply") {
            found[entry.path().filename().string()] = readPointCloud(entry.path());
        }
    }
    return found;
}

PreparedInput prepared(const PointCloud& cloud, const Model& model) {
    return {preprocessPoints(cloud.positions, *model.summary().grouping), {}};
}

/// How many of the first test shapes the model takes for what they are.
int countCorrect(Model& model, int points, std::size_t count) {
    int correct = 0;
    for (std::size_t first = 0; first < count; first += batch) {
        const std::size_t end = std::min(first + batch, count);
        std::vector<PreparedInput> inputs;
        for (std::size_t i = first; i < end; ++i) {
            const Shape shape = shapeOf({.seed = testSeed, .epoch = 0, .item = i}, points);
            inputs.push_back(prepared(shape.cloud, model));
        }
        const Array logits = model.forward(inputs, {});
        const auto classes = std::ptrdiff_t(logits.values.size() / inputs.size());
        for (std::size_t i = first; i < end; ++i) {
            const auto begin = logits.values.begin() + std::ptrdiff_t(i - first) * classes;
            correct += std::max_element(begin, begin + classes) - begin == shapeLabel(i) ? 1 : 0;
        }
    }
    return correct;
}

/// One map a head, each with finite values that differ.
void areMaps(const std::map<std::string, Array>& maps, const std::string& name, int heads) {
    const auto found = maps.find(name);
    QVERIFY2(found != maps.end(), name.c_str());
    const std::vector<float>& values = found->second.values;
    QCOMPARE(values.size(), std::size_t(heads) * 64);
    QVERIFY2(
        std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); }),
        name.c_str());
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    QVERIFY2(*low < *high, name.c_str());
}

void files() {
    QTest::addColumn<QString>("file");
    QTest::newRow("Point-BERT") << "point.safetensors";
    QTest::newRow("Point-BERT-LLaMA") << "point_llama.safetensors";
}

} // namespace

class DemoPointsTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bothFilesSayWhatTheyAre_data() { files(); }
    void bothFilesSayWhatTheyAre() {
        QFETCH(QString, file);
        const ModelSummary summary = inspectModel(specOf(file.toStdString()));
        QVERIFY2(
            summary.guessed.empty(),
            summary.guessed.empty() ? "" : summary.guessed.front().c_str());
        QCOMPARE(summary.class_names, shapeClasses());
        QVERIFY(summary.grouping.has_value());
        QCOMPARE(*summary.grouping, PointGrouping{});
        QCOMPARE(summary.llm_layers, file.contains("llama") ? 1 : 0);
        const auto bytes = fs::file_size(demo / file.toStdString());
        QVERIFY2(bytes < most_bytes, std::to_string(bytes).c_str());
    }

    void theFrozenLayerIsThatOfTheOtherPair() {
        const Checkpoint pictures = openCheckpoint(demo / "vit_llama.safetensors");
        const Checkpoint points = openCheckpoint(demo / "point_llama.safetensors");
        int compared = 0;
        for (const TensorEntry& entry : pictures.tensors) {
            if (entry.name.starts_with("llama.layers.")) {
                const TensorEntry* same = points.find(entry.name);
                QVERIFY2(same != nullptr, entry.name.c_str());
                QCOMPARE(same->dtype, entry.dtype);
                QCOMPARE(same->shape, entry.shape);
                QVERIFY2(std::ranges::equal(same->bytes, entry.bytes), entry.name.c_str());
                ++compared;
            }
        }
        QCOMPARE(compared, 9);
    }

    void shapesAreThoseOfTheProgram() {
        const auto found = clouds();
        QCOMPARE(found.size(), shapes_expected);
        const auto seed = stated().at("shapes_of_seed").get<std::uint64_t>();
        // No model has seen them: shapes of training are of epoch 1 and later ones.
        std::string labels = "file,class\n";
        std::size_t i = 0;
        for (const auto& [name, cloud] : found) {
            const Shape shape = shapeOf({.seed = seed, .epoch = 0, .item = i}, 1024);
            QCOMPARE(cloud.size(), shape.cloud.size());
            for (std::size_t k = 0; k < cloud.positions.size(); ++k) {
                QVERIFY2(
                    std::abs(cloud.positions[k] - shape.cloud.positions[k]) < 1e-5F, name.c_str());
            }
            labels += name + "," + shapeClasses()[std::size_t(shapeLabel(i))] + "\n";
            ++i;
        }
        QCOMPARE(textOf(demo / "shapes" / "labels.csv"), labels);
    }

    void everyShapeGivesMaps_data() { files(); }
    void everyShapeGivesMaps() {
        QFETCH(QString, file);
        const auto model = loadModel(specOf(file.toStdString()), {.device = "cpu"});
        const ModelSummary& summary = model->summary();
        for (const auto& [name, cloud] : clouds()) {
            const auto result = model->analyze({prepared(cloud, *model)}, {}, {}).front();
            QCOMPARE(result->taps, summary.taps);
            for (const Tap& tap : summary.taps) {
                areMaps(result->magnitude, tap.name, 1);
                areMaps(result->frequency, tap.name, 1);
            }
            for (const Tap& block : summary.blocks) {
                const bool is_llm = block.name.starts_with("llama");
                areMaps(
                    result->cls_attention, block.name, is_llm ? summary.llm_heads : summary.heads);
            }
        }
    }

    void bothReachTheStatedAccuracy() {
        const nlohmann::json facts = stated();
        QCOMPARE(facts.at("shapes_seed").get<std::uint64_t>(), testSeed);
        const auto evaluated = facts.at("evaluated").get<std::size_t>();
        QVERIFY2(evaluated >= 500, "too few shapes for an accuracy");
        const std::string readme = textOf(demo / "README.md");
        std::vector<std::string> named;
        for (const auto& entry : facts.at("models")) {
            const auto file = entry.at("file").get<std::string>();
            named.push_back(file);
            const auto model = loadModel(specOf(file), {.device = "cpu"});
            const int expected = entry.at("correct").get<int>();
            const int found = countCorrect(*model, facts.at("points").get<int>(), evaluated);
            const std::string what =
                file + ": stated " + std::to_string(expected) + ", found " + std::to_string(found);
            qInfo("%s", what.c_str());
            QVERIFY2(std::abs(found - expected) <= tolerance, what.c_str());
            const std::string phrase =
                std::to_string(expected) + " of " + std::to_string(evaluated);
            QVERIFY2(
                readme.find(phrase) != std::string::npos,
                ("resources/demo/README.md does not say: " + phrase).c_str());
        }
        QCOMPARE(named, (std::vector<std::string>{"point.safetensors", "point_llama.safetensors"}));
    }
};

QTEST_APPLESS_MAIN(DemoPointsTest)
#include "demo_points_test.moc"
