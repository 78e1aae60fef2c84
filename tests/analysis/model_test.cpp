#include <filesystem>
#include <limits>

#include <QTemporaryDir>
#include <QTest>

#include "core/analysis/model.h"
#include "tests/support/golden.h"
#include "tests/support/shared.h"
#include "tests/support/weights.h"

using namespace vitreous;
using testing::Weights;

namespace {

const std::string kShared = VITREOUS_SHARED;

PreparedInput picture() {
    PreparedInput input;
    input.input = testing::tensor("input", {3, 32, 32});
    return input;
}

} // namespace

class ModelTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

    std::string file(const std::string& name, const Weights& weights) {
        std::string path = folder_.filePath(QString::fromStdString(name)).toStdString();
        testing::writeSafetensors(path, weights);
        return path;
    }

    /// The error that loading gives; its message has to hold every one of the words.
    static void
    fails(const std::string& argument, ErrorCode code, const std::vector<std::string>& words) {
        try {
            loadModel(parseModelSpec(argument), {.device = "cpu"});
            QFAIL("it was accepted");
        } catch (const Error& error) {
            QCOMPARE(error.code(), code);
            const std::string message = error.what();
            QVERIFY2(message.find('\n') == std::string::npos, message.c_str());
            for (const std::string& word : words) {
                QVERIFY2(
                    message.find(word) != std::string::npos, (message + " lacks " + word).c_str());
            }
        }
    }

private Q_SLOTS:
    void namesWhatIsWrong() {
        Weights weights = testing::smallVit();
        weights.erase("blocks.1.mlp.fc2.bias");
        fails(
            file("a.safetensors", weights) + ",heads=4", ErrorCode::Model,
            {"missing blocks.1.mlp.fc2.bias", "a.safetensors"});
        weights = testing::smallVit();
        weights["blocks.0.attn.extra"] = testing::tensor("x", {3});
        fails(
            file("b.safetensors", weights) + ",heads=4", ErrorCode::Model,
            {"unexpected blocks.0.attn.extra"});
        weights = testing::smallVit();
        weights["blocks.1.attn.qkv.weight"] = testing::tensor("x", {192, 32});
        fails(
            file("c.safetensors", weights) + ",heads=4", ErrorCode::Model,
            {"blocks.1.attn.qkv.weight: expected (192, 64), found (192, 32)"});
        weights = testing::smallVit();
        weights["pos_embed"] = testing::tensor("x", {1, 15, 64});
        fails(file("d.safetensors", weights) + ",heads=4", ErrorCode::Model, {"pos_embed"});
        fails(
            file("e.safetensors", testing::smallVit()) + ",heads=5", ErrorCode::Model,
            {"5 heads", "64"});
        fails(
            file("e.safetensors", testing::smallVit()) + ",size=33", ErrorCode::Model, {"size 33"});
        fails(
            file("e.safetensors", testing::smallVit()) + ",groups=3", ErrorCode::Usage, {"groups"});
        fails(
            file("e.safetensors", testing::smallVit()) + ",family=nonsense", ErrorCode::Model,
            {"nonsense", "timm"});
    }

    void refusesOtherFamilies() {
        VITREOUS_NEEDS_SHARED();
        fails(
            kShared + "/data/vit/mnist_gap_postnorm.pth", ErrorCode::Model,
            {"unknown model family", "mnist_gap_postnorm.pth"});
        const std::string patches = "vision_model.embeddings.patch_embedding.weight";
        fails(
            file("other.safetensors", {{patches, testing::tensor("p", {8, 3, 4, 4})}}),
            ErrorCode::Model, {"this is a CLIP checkpoint", "does not run it yet"});
        fails(kShared + "/data/llm/llama2xs.pt", ErrorCode::Model, {"language model", "llm=FILE"});
    }

    void describesTrainedDigits() {
        VITREOUS_NEEDS_SHARED();
        const ModelSummary summary =
            inspectModel(parseModelSpec(kShared + "/data/vit/vit_mnist_3class.pt,heads=4"));
        QCOMPARE(summary.family, "ViT (vit-pytorch)");
        QCOMPARE(summary.depth, 4);
        QCOMPARE(summary.width, 64);
        QCOMPARE(summary.heads, 4);
        QCOMPARE(summary.patch, 7);
        QCOMPARE(summary.input_width, 28);
        QCOMPARE(summary.channels, 1);
        QCOMPARE(summary.rows, 4);
        QCOMPARE(summary.classes, 3);
        QCOMPARE(summary.layer_norm_eps, 1e-5);
        QVERIFY(summary.guessed.empty());
        QCOMPARE(
            inspectModel(parseModelSpec(kShared + "/data/vit/vit_mnist_3class.pt")).guessed.size(),
            std::size_t{1});
    }

    void guessesHeadsFromTheModelName() {
        VITREOUS_NEEDS_SHARED();
        const ModelSummary summary =
            inspectModel(parseModelSpec(kShared + "/golden/image/vit.pth"));
        QCOMPARE(summary.heads, 6);
        QCOMPARE(
            summary.guessed,
            std::vector<std::string>{"heads = 6 (from the name vit_small_patch16_224)"});
    }

    void otherInputSizeInterpolatesPositions() {
        const auto model = loadModel(
            parseModelSpec(file("s.safetensors", testing::smallVit()) + ",heads=4,size=48"),
            {.device = "cpu"});
        QCOMPARE(model->summary().rows, 6);
        PreparedInput input;
        input.input = testing::tensor("input", {3, 48, 48});
        const auto result = model->analyze({input}, {}, {}).at(0);
        QCOMPARE(result->magnitude.at("norm").shape, (std::vector<std::int64_t>{6, 6}));
        QVERIFY_EXCEPTION_THROWN(model->analyze({picture()}, {}, {}), Error);
    }

    void onlyWhatIsAskedFor() {
        const auto model = loadModel(
            parseModelSpec(file("o.safetensors", testing::smallVit()) + ",heads=4"),
            {.device = "cpu"});
        AnalysisOptions options;
        options.taps = {"blocks.1"};
        options.maps = {MapKind::Magnitude};
        options.features = true;
        const auto result = model->analyze({picture()}, options, {}).at(0);
        QCOMPARE(result->taps.size(), std::size_t{1});
        QCOMPARE(result->magnitude.size(), std::size_t{1});
        QVERIFY(result->frequency.empty());
        QVERIFY(result->cls_attention.empty());
        QCOMPARE(result->features.at("blocks.1").shape, (std::vector<std::int64_t>{16, 64}));
        options.taps = {"nothing.*"};
        QVERIFY_EXCEPTION_THROWN(model->analyze({picture()}, options, {}), Error);
    }

    void tellsHowLongItTook() {
        const auto model = loadModel(
            parseModelSpec(file("t.safetensors", testing::smallVit()) + ",heads=4"),
            {.device = "cpu"});
        const auto result = model->analyze({picture(), picture()}, {}, {}).at(1);
        QVERIFY(result->maps_ms > 0.0);
        QVERIFY(result->maps_ms < result->forward_ms);
    }

    void withoutClsAttentionIsTheMeanQuery() {
        Weights weights = testing::smallVit();
        weights.erase("cls_token");
        weights["pos_embed"] = testing::tensor("pos", {1, 16, 64});
        const auto model = loadModel(
            parseModelSpec(file("m.safetensors", weights) + ",heads=4"), {.device = "cpu"});
        const auto result = model->analyze({picture()}, {}, {}).at(0);
        QVERIFY(result->mean_query);
        const Array& rows = result->cls_attention.at("blocks.0");
        for (std::size_t head = 0; head < 4; ++head) {
            // All queries' rows sum to one over all tokens, and so does their mean.
            float sum = 0.0f;
            for (std::size_t i = 0; i < 16; ++i) {
                sum += rows.values[head * 16 + i];
            }
            QVERIFY(std::abs(sum - 1.0f) < 1e-5f);
        }
    }

    void stopsBetweenLayers() {
        const std::string path = file("stop.safetensors", testing::smallVit(6)) + ",heads=4";
        const auto model = loadModel(parseModelSpec(path), {.device = "cpu"});
        std::stop_source source;
        std::vector<double> fractions;
        Task task{source.get_token(), [&](const Progress& progress) {
                      fractions.push_back(progress.fraction);
                      if (fractions.size() == 3) {
                          source.request_stop();
                      }
                  }};
        try {
            model->analyze({picture()}, {}, task);
            QFAIL("it went on");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Interrupted);
        }
        QCOMPARE(fractions.size(), std::size_t{3});
        QVERIFY(std::is_sorted(fractions.begin(), fractions.end()));
        try {
            loadModel(parseModelSpec(path), {.device = "cpu"}, task);
            QFAIL("it was loaded");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Interrupted);
        }
    }

    void refusesWhatCannotFit() {
        // A sparse file: only its header takes space on the disk.
        Weights weights = testing::smallVit(1);
        weights.erase("blocks.0.mlp.fc1.weight");
        weights.erase("blocks.0.mlp.fc1.bias");
        weights.erase("blocks.0.mlp.fc2.weight");
        constexpr std::int64_t kHidden = 1 << 24;
        nlohmann::json header;
        std::int64_t offset = 0;
        const auto add = [&](const std::string& name, const std::vector<std::int64_t>& shape) {
            const std::int64_t end = offset + 4 * elementCount(shape);
            header[name] = {{"dtype", "F32"}, {"shape", shape}, {"data_offsets", {offset, end}}};
            offset = end;
        };
        for (int i = 0; i < 64; ++i) {
            const std::string block = "blocks." + std::to_string(i);
            for (const auto& [name, array] : weights) {
                if (name.starts_with("blocks.0.")) {
                    add(block + name.substr(8), array.shape);
                } else if (i == 0) {
                    add(name, array.shape);
                }
            }
            add(block + ".mlp.fc1.weight", {kHidden, 64});
            add(block + ".mlp.fc1.bias", {kHidden});
            add(block + ".mlp.fc2.weight", {64, kHidden});
        }
        const std::string text = header.dump();
        const std::uint64_t length = text.size();
        const std::string path = folder_.filePath("huge.safetensors").toStdString();
        {
            std::ofstream stream(path, std::ios::binary);
            stream.write(reinterpret_cast<const char*>(&length), sizeof length);
            stream << text;
        }
        std::error_code problem;
        std::filesystem::resize_file(path, 8 + length + std::uint64_t(offset), problem);
        if (problem) {
            QSKIP("this file system holds no sparse file of that size");
        }
        fails(
            path + ",heads=4", ErrorCode::Resource,
            {"needs about", "are free", "huge.safetensors"});
    }

    void precisionsStayClose() {
        const std::string path = file("p.safetensors", testing::smallVit()) + ",heads=4";
        const auto exact =
            loadModel(parseModelSpec(path), {.device = "cpu"})->analyze({picture()}, {}, {}).at(0);
        for (const Precision precision : {Precision::BFloat16, Precision::Float16}) {
            std::shared_ptr<Model> model;
            try {
                model = loadModel(parseModelSpec(path), {.device = "cpu", .precision = precision});
            } catch (const Error& error) {
                // LibTorch 1.13 has no half-precision matrix product on the CPU; it has to say so.
                QCOMPARE(error.code(), ErrorCode::Resource);
                QVERIFY(std::string(error.what()).find(name(precision)) != std::string::npos);
                QVERIFY(precision == Precision::Float16);
                continue;
            }
            const auto close = model->analyze({picture()}, {}, {}).at(0);
            const double error = golden::relativeError(
                close->magnitude.at("norm").values, exact->magnitude.at("norm").values);
            QVERIFY2(error < 0.03, std::to_string(error).c_str());
            QVERIFY(error > 0.0);
        }
    }

    void refusesUnknownDevices() {
        const ModelSpec spec =
            parseModelSpec(file("v.safetensors", testing::smallVit()) + ",heads=4");
        for (const char* name : {"gpu", "cuda:", "cuda:x", "cuda:-1"}) {
            try {
                loadModel(spec, {.device = name});
                QFAIL(name);
            } catch (const Error& error) {
                QCOMPARE(error.code(), ErrorCode::Usage);
            }
        }
        try {
            loadModel(spec, {.device = "cuda:99"});
            QFAIL("there are no hundred GPUs here");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Resource);
        }
    }
};

QTEST_APPLESS_MAIN(ModelTest)
#include "model_test.moc"
