// The demo pair in resources/demo: what the files are, that every scene gives maps, and that both
// models reach the accuracy that demo.json and the README beside them state.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <QTest>
#include <nlohmann/json.hpp>

#include "core/analysis/model.h"
#include "core/media/image_file.h"
#include "core/train/samples.h"

using namespace vitreous;
namespace fs = std::filesystem;

namespace {

const fs::path demo = VITREOUS_DEMO;
const fs::path fashion = "/usr/share/datasets/fashion-mnist";
constexpr std::uintmax_t most_bytes = 6'000'000;
constexpr std::size_t scenes_expected = 12;
constexpr std::size_t batch = 16;
/// How many pictures other processors, which round otherwise, may see as another class.
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

std::vector<fs::path> picturesIn(const char* folder) {
    std::vector<fs::path> paths;
    if (fs::exists(demo / folder)) {
        for (const auto& entry : fs::directory_iterator(demo / folder)) {
            paths.push_back(entry.path());
        }
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

/// The lines `file,class` of labels.csv behind the first.
std::map<std::string, std::string> labels() {
    std::map<std::string, std::string> found;
    std::ifstream file(demo / "labels.csv");
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        const std::size_t comma = line.find(',');
        found[line.substr(0, comma)] = line.substr(comma + 1);
    }
    return found;
}

/// How many of the first pictures the model takes for what they are.
int countCorrect(
    Model& model,
    const LabelledPictures& pictures,
    const Recipe& recipe,
    std::size_t count) {
    int correct = 0;
    for (std::size_t first = 0; first < count; first += batch) {
        const std::size_t end = std::min(first + batch, count);
        std::vector<PreparedInput> inputs;
        for (std::size_t i = first; i < end; ++i) {
            inputs.push_back(
                preprocess(testPicture(pictures, recipe, i), model.summary().preprocess));
        }
        const Array logits = model.forward(inputs, {});
        const auto classes = std::ptrdiff_t(logits.values.size() / inputs.size());
        for (std::size_t i = first; i < end; ++i) {
            const auto begin = logits.values.begin() + std::ptrdiff_t(i - first) * classes;
            correct +=
                std::max_element(begin, begin + classes) - begin == pictures.label(i) ? 1 : 0;
        }
    }
    return correct;
}

} // namespace

class DemoTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bothFilesSayWhatTheyAre_data() { files(); }
    void bothFilesSayWhatTheyAre() {
        QFETCH(QString, file);
        const ModelSummary summary = inspectModel(specOf(file.toStdString()));
        QVERIFY2(
            summary.guessed.empty(),
            summary.guessed.empty() ? "" : summary.guessed.front().c_str());
        QCOMPARE(summary.class_names.size(), std::size_t(10));
        QCOMPARE(summary.rows, 16);
        QCOMPARE(summary.columns, 16);
        QCOMPARE(summary.input_width, 64);
        QCOMPARE(summary.patch, 4);
        QCOMPARE(summary.llm_layers, file.contains("llama") ? 1 : 0);
    }
    void bothFilesAreSmall() {
        const auto bytes =
            fs::file_size(demo / "vit.safetensors") + fs::file_size(demo / "vit_llama.safetensors");
        QVERIFY2(bytes < most_bytes, std::to_string(bytes).c_str());
    }

    void scenesHaveMasksAndLabels() {
        const auto scenes = picturesIn("scenes");
        QCOMPARE(scenes.size(), scenes_expected);
        QCOMPARE(picturesIn("masks").size(), scenes_expected);
        const auto known = labels();
        QCOMPARE(known.size(), scenes_expected);
        const auto classes = inspectModel(specOf("vit.safetensors")).class_names;
        for (const fs::path& scene : scenes) {
            const Image picture = readImage(scene);
            const Image mask = readImage(demo / "masks" / scene.filename());
            QVERIFY2(picture.width == 64 && picture.height == 64, scene.c_str());
            QVERIFY2(mask.width == 64 && mask.height == 64, scene.c_str());
            const auto inside = std::count(mask.pixels.begin(), mask.pixels.end(), 255);
            const auto outside = std::count(mask.pixels.begin(), mask.pixels.end(), 0);
            QVERIFY2(inside > 0 && outside > 0, scene.c_str());
            QCOMPARE(std::size_t(inside + outside), mask.pixels.size());
            const auto label = known.find(scene.filename().string());
            QVERIFY2(label != known.end(), scene.c_str());
            QVERIFY2(
                std::count(classes.begin(), classes.end(), label->second) == 1,
                label->second.c_str());
        }
    }

    void everySceneGivesMaps_data() { files(); }
    void everySceneGivesMaps() {
        QFETCH(QString, file);
        const auto model = loadModel(specOf(file.toStdString()), {.device = "cpu"});
        const ModelSummary& summary = model->summary();
        std::vector<PreparedInput> inputs;
        for (const fs::path& scene : picturesIn("scenes")) {
            inputs.push_back(preprocess(readImage(scene), summary.preprocess));
            // A scene is seen as it is: 64 x 64 pixels, not resized, not cut.
            QCOMPARE(inputs.back().picture, readImage(scene));
        }
        QCOMPARE(inputs.size(), scenes_expected);
        const auto results = model->analyze(inputs, {}, {});
        QCOMPARE(results.size(), scenes_expected);
        for (const auto& result : results) {
            QCOMPARE(result->taps, summary.taps);
            QCOMPARE(result->blocks, summary.blocks);
            QCOMPARE(result->logits.values.size(), std::size_t(10));
            for (const Tap& tap : summary.taps) {
                areMaps(result->magnitude, tap.name, 1);
                areMaps(result->frequency, tap.name, 1);
            }
            for (const Tap& block : summary.blocks) {
                const bool is_llm = block.name.rfind("llama", 0) == 0;
                areMaps(
                    result->cls_attention, block.name, is_llm ? summary.llm_heads : summary.heads);
            }
        }
    }

    void bothReachTheStatedAccuracy() {
        QVERIFY2(
            fs::exists(demo / "demo.json"),
            "resources/demo/demo.json is missing: it states the accuracy of both models");
        const auto stated = nlohmann::json::parse(textOf(demo / "demo.json"));
        QCOMPARE(stated.at("scenes_seed").get<std::uint64_t>(), testSeed);
        const auto evaluated = stated.at("evaluated").get<std::size_t>();
        QVERIFY2(evaluated >= 500, "too few pictures for an accuracy");
        readmeStates(stated);
        if (!fs::exists(fashion)) {
            QSKIP("dataset-fashion-mnist is not installed");
        }
        Recipe recipe;
        recipe.clutter = stated.at("clutter").get<int>();
        recipe.size = recipe.clutter;
        QCOMPARE(recipe.size, 64);
        const auto pictures = openPictures(fashion, Split::Test, recipe.size, {});
        QVERIFY(pictures->size() >= evaluated);
        for (const auto& entry : stated.at("models")) {
            const auto model =
                loadModel(specOf(entry.at("file").get<std::string>()), {.device = "cpu"});
            QCOMPARE(model->summary().class_names, pictures->classes());
            const int expected = entry.at("correct").get<int>();
            const int found = countCorrect(*model, *pictures, recipe, evaluated);
            const std::string what = entry.at("file").get<std::string>() + ": stated " +
                                     std::to_string(expected) + ", found " + std::to_string(found);
            qInfo("%s", what.c_str());
            QVERIFY2(std::abs(found - expected) <= tolerance, what.c_str());
            // Ten classes: far better than by chance.
            QVERIFY2(3 * std::size_t(found) > evaluated, what.c_str());
        }
    }

private:
    static void files() {
        QTest::addColumn<QString>("file");
        QTest::newRow("ViT") << "vit.safetensors";
        QTest::newRow("ViT-LLaMA") << "vit_llama.safetensors";
    }

    /// One map a head, each with finite values that differ.
    static void
    areMaps(const std::map<std::string, Array>& maps, const std::string& name, int heads) {
        const auto found = maps.find(name);
        QVERIFY2(found != maps.end(), name.c_str());
        const std::vector<float>& values = found->second.values;
        QCOMPARE(values.size(), std::size_t(heads) * 16 * 16);
        QVERIFY2(
            std::all_of(
                values.begin(), values.end(), [](float value) { return std::isfinite(value); }),
            name.c_str());
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        QVERIFY2(*low < *high, name.c_str());
    }

    /// Both models are in demo.json, and the README tells the same numbers.
    static void readmeStates(const nlohmann::json& stated) {
        const std::string readme = textOf(demo / "README.md");
        std::vector<std::string> named;
        for (const auto& entry : stated.at("models")) {
            named.push_back(entry.at("file").get<std::string>());
            const std::string phrase = std::to_string(entry.at("correct").get<int>()) + " of " +
                                       std::to_string(stated.at("evaluated").get<int>());
            QVERIFY2(
                readme.find(phrase) != std::string::npos,
                ("resources/demo/README.md does not say: " + phrase).c_str());
        }
        std::sort(named.begin(), named.end());
        QCOMPARE(named, (std::vector<std::string>{"vit.safetensors", "vit_llama.safetensors"}));
    }
};

QTEST_APPLESS_MAIN(DemoTest)
#include "demo_test.moc"
