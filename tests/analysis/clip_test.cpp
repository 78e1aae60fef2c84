// Video models: what their checkpoints say, parity with transformers, attention and frames.

#include <cmath>
#include <filesystem>
#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include "core/analysis/clip.h"
#include "core/analysis/model.h"
#include "core/analysis/model_file.h"
#include "core/export/npz.h"
#include "tests/support/failure.h"
#include "tests/support/golden.h"
#include "tests/support/weights.h"

using namespace vitreous;
using testing::Failure;
using testing::failureOf;
using testing::Weights;

namespace {

const std::string kData = VITREOUS_TEST_DATA "/analysis/";
constexpr std::size_t kHeads = 4;

/// A VideoMAE: 64 wide, 2 blocks, tubelets of 2 frames of 8 x 8 pixels, 5 classes.
Weights smallVideoMae(const std::string& prefix = {}) {
    Weights weights = testing::smallVit();
    for (const char* name : {"cls_token", "pos_embed", "norm.weight", "norm.bias"}) {
        weights.erase(name);
    }
    weights["patch_embed.proj.weight"] = testing::tensor("patch", {64, 3, 2, 8, 8});
    weights["fc_norm.weight"] = testing::tensor("fc_norm", {64}, 1.0f);
    weights["fc_norm.bias"] = testing::tensor("fc_bias", {64});
    for (const std::string block : {"blocks.0.attn", "blocks.1.attn"}) {
        weights.erase(block + ".qkv.bias");
        weights[block + ".q_bias"] = testing::tensor(block + "q", {64});
        weights[block + ".v_bias"] = testing::tensor(block + "v", {64});
    }
    Weights renamed;
    for (auto& [name, array] : weights) {
        renamed[prefix + name] = std::move(array);
    }
    return renamed;
}

/// Of 6 frames of 16 rows and 24 columns of pixels: 3 x 2 x 3 tokens.
PreparedInput clip(const std::string& name = "clip") {
    PreparedInput input;
    input.input = testing::tensor(name, {3, 6, 16, 16});
    return input;
}

/// The picture that make_hf_videomae.py makes for a frame.
Image madeFrame(int t) {
    Image image{47, 36, {}};
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x) {
            for (int c = 0; c < 3; ++c) {
                const int value = (x * 7 + y * 3 + t * 11) * (c + 1) + x * y;
                image.pixels.push_back(static_cast<std::uint8_t>(value % 251));
            }
        }
    }
    return image;
}

/// The definition, in double, of the tokens from `first` on: distances from their mean.
std::vector<double> magnitudes(const Array& features, std::size_t first, std::size_t count) {
    const auto channels = std::size_t(features.shape[1]);
    std::vector<double> sums(count, 0.0);
    for (std::size_t c = 0; c < channels; ++c) {
        double mean = 0.0;
        for (std::size_t i = 0; i < count; ++i) {
            mean += double(features.values[(first + i) * channels + c]) / double(count);
        }
        for (std::size_t i = 0; i < count; ++i) {
            const double deviation = double(features.values[(first + i) * channels + c]) - mean;
            sums[i] += deviation * deviation;
        }
    }
    for (double& sum : sums) {
        sum = std::sqrt(sum);
    }
    return sums;
}

} // namespace

class ClipTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

    std::string file(const std::string& name, const Weights& weights) {
        std::string path = folder_.filePath(QString::fromStdString(name)).toStdString();
        testing::writeSafetensors(path + ".safetensors", weights);
        return path + ".safetensors";
    }
    std::shared_ptr<Model> load(const std::string& options = ",heads=4,frames=6,size=16") {
        return loadModel(
            parseModelSpec(file("clip", smallVideoMae()) + options), {.device = "cpu"});
    }

    static void compareWithTransformers(const AnalysisResult& result) {
        const golden::Arrays found = golden::arraysOf(result);
        const auto expected = readNpz(kData + "hf_videomae.golden.npz");
        QCOMPARE(found.size(), expected.size());
        for (const auto& [name, array] : expected) {
            QVERIFY2(found.contains(name), name.c_str());
            const double error = golden::relativeError(found.at(name).values, array.values);
            const std::string report = name + ": " + std::to_string(error);
            QVERIFY2(error <= golden::tolerance(name), report.c_str());
        }
    }

private Q_SLOTS:
    void initTestCase() { setThreadCount(0); }

    void equalsTransformers() {
        const auto model = loadModel(parseModelSpec(kData + "hf_videomae"), {.device = "cpu"});
        const ModelSummary& summary = model->summary();
        QCOMPARE(summary.family, "VideoMAE (Hugging Face)");
        QVERIFY2(
            summary.guessed.empty(), summary.guessed.empty() ? "" : summary.guessed[0].c_str());
        QCOMPARE(summary.class_names, (std::vector<std::string>{"falling", "pushing", "turning"}));
        std::vector<Image> frames;
        for (int t = 0; t < 4; ++t) {
            frames.push_back(madeFrame(t));
        }
        const PreparedInput input = preprocessClip(frames, summary.preprocess);
        QCOMPARE(input.pictures.size(), std::size_t{4});
        const auto result = model->analyze({input}, {}, {}).at(0);
        compareWithTransformers(*result);
        QVERIFY(result->mean_query);
        QVERIFY(result->pictures == input.pictures);
        QCOMPARE(
            result->cls_attention.at("blocks.1").shape, (std::vector<std::int64_t>{2, 2, 3, 3}));
        // The same from the tensor.
        const PreparedInput again = fromTensor(input.input, summary.preprocess);
        QVERIFY(again == input);
    }

    void newerNamesOfTransformers() {
        // query.bias and value.bias for q_bias and v_bias, with a key.bias or without one.
        const std::filesystem::path folder = folder_.filePath("newer").toStdString();
        for (const bool with_keys : {false, true}) {
            std::filesystem::remove_all(folder);
            std::filesystem::copy(kData + "hf_videomae", folder);
            const Checkpoint checkpoint = openCheckpoint(folder);
            Weights weights;
            for (const TensorEntry& entry : checkpoint.tensors) {
                std::string name = entry.name;
                Array array{entry.shape, {}};
                array.values.resize(entry.bytes.size() / sizeof(float));
                std::memcpy(array.values.data(), entry.bytes.data(), entry.bytes.size());
                const std::size_t stem = name.size() - 6;
                if (name.ends_with(".q_bias") || name.ends_with(".v_bias")) {
                    const std::string layer = name.substr(0, stem);
                    name = layer + (name[stem] == 'q' ? "query.bias" : "value.bias");
                    if (with_keys) {
                        weights[layer + "key.bias"] = {{16}, std::vector<float>(16)};
                    }
                }
                weights[name] = std::move(array);
            }
            testing::writeSafetensors((folder / "model.safetensors").string(), weights);
            const auto model = loadModel(parseModelSpec(folder.string()), {.device = "cpu"});
            Array input;
            for (auto& [name, array] : readNpz(kData + "hf_videomae.golden.npz")) {
                if (name == "input") {
                    input = array;
                }
            }
            compareWithTransformers(
                *model->analyze({fromTensor(input, model->summary().preprocess)}, {}, {}).at(0));
        }
    }

    void summaryOfAClipModel() {
        const ModelSummary summary =
            inspectModel(parseModelSpec(file("summary", smallVideoMae()) + ",frames=6,size=16"));
        QCOMPARE(summary.family, "VideoMAE");
        QCOMPARE(summary.frames, 6);
        QCOMPARE(summary.tubelet, 2);
        QCOMPARE(summary.times, 3);
        QCOMPARE(summary.rows, 2);
        QCOMPARE(summary.columns, 2);
        QCOMPARE(summary.prefix_tokens, 0);
        QVERIFY(!summary.has_cls);
        const nlohmann::json json = toJson(summary);
        QCOMPARE(json["grid"].dump(), "[3,2,2]");
        QCOMPARE(json["input"].dump(), "[3,6,16,16]");
        QCOMPARE(json["frames"].dump(), "6");
        QCOMPARE(json["tubelet"].dump(), "2");
        const Failure refused = failureOf([&] { requireImageModel(summary); });
        QVERIFY2(
            refused.message.find("model of videos, expected one of images") != std::string::npos,
            refused.message.c_str());
    }

    void whatNobodySaidIsGuessed() {
        const ModelSummary summary =
            inspectModel(parseModelSpec(file("guess", smallVideoMae()) + ",heads=4"));
        QCOMPARE(summary.frames, 16);
        QCOMPARE(summary.times, 8);
        QCOMPARE(summary.input_width, 224);
        QCOMPARE(summary.guessed, (std::vector<std::string>{"frames = 16", "size = 224"}));
        const PreprocessSpec& spec = summary.preprocess;
        QCOMPARE(spec.frames, 16);
        QCOMPARE(spec.resize_short, 224);
        QCOMPARE(spec.filter, Filter::Bilinear);
    }

    void refused_data() {
        QTest::addColumn<QString>("options");
        QTest::addColumn<QString>("message");
        QTest::newRow("odd") << ",frames=5"
                             << "frames = 5, expected a multiple of 2";
        QTest::newRow("size") << ",size=20"
                              << "size 20 is no multiple";
        QTest::newRow("groups") << ",groups=4"
                                << "groups does not apply to a video model";
        QTest::newRow("many") << ",frames=16384,size=16384"
                              << "tokens, expected 1 to";
    }
    void refused() {
        QFETCH(QString, options);
        QFETCH(QString, message);
        const std::string path = file("refused", smallVideoMae());
        const Failure failure =
            failureOf([&] { inspectModel(parseModelSpec(path + options.toStdString())); });
        QVERIFY2(
            failure.message.find(message.toStdString()) != std::string::npos,
            failure.message.c_str());
    }

    void framesAreOfVideosAlone() {
        const Failure failure = failureOf([&] {
            inspectModel(parseModelSpec(file("image", testing::smallVit()) + ",frames=4"));
        });
        QVERIFY(failure.message.find("frames applies to a video model") != std::string::npos);
    }

    void strangersAreNamed() {
        Weights weights = smallVideoMae();
        weights["pos_embed"] = testing::tensor("pos", {1, 64, 64});
        weights["cls_token"] = testing::tensor("cls", {1, 1, 64});
        weights.erase("blocks.1.attn.q_bias");
        const Failure failure =
            failureOf([&] { inspectModel(parseModelSpec(file("x", weights))); });
        for (const char* part : {"cls_token", "pos_embed", "missing blocks.1.attn.qkv.bias"}) {
            QVERIFY2(failure.message.find(part) != std::string::npos, failure.message.c_str());
        }
    }

    void encodersOfPreTraining() {
        // An encoder under its prefix, a decoder that has nothing to do here.
        Weights weights = smallVideoMae("encoder.");
        for (const char* name : {"head.weight", "head.bias", "fc_norm.weight", "fc_norm.bias"}) {
            weights.erase(std::string("encoder.") + name);
        }
        weights["encoder.norm.weight"] = testing::tensor("norm", {64}, 1.0f);
        weights["encoder.norm.bias"] = testing::tensor("norm bias", {64});
        weights["encoder_to_decoder.weight"] = testing::tensor("to", {32, 64});
        weights["mask_token"] = testing::tensor("mask", {1, 1, 32});
        weights["decoder.blocks.0.norm1.weight"] = testing::tensor("dn", {32});
        weights["decoder.head.weight"] = testing::tensor("dh", {384, 32});
        const auto model = loadModel(
            parseModelSpec(file("pre", weights) + ",heads=4,frames=6,size=16"), {.device = "cpu"});
        QCOMPARE(model->summary().classes, 0);
        QCOMPARE(model->summary().taps.back().name, "norm");
        const auto result = model->analyze({clip()}, {}, {}).at(0);
        QVERIFY(result->logits.values.empty());
        QCOMPARE(result->magnitude.at("norm").shape, (std::vector<std::int64_t>{3, 2, 2}));
        // Blocks are those of the same weights elsewhere.
        const auto other = load()->analyze({clip()}, {}, {}).at(0);
        QCOMPARE(result->magnitude.at("blocks.1"), other->magnitude.at("blocks.1"));
    }

    void headOnTheFirstToken() {
        // Without mean pooling: `norm`, and the first token leads to the classes.
        Weights weights = smallVideoMae();
        weights["norm.weight"] = weights["fc_norm.weight"];
        weights["norm.bias"] = weights["fc_norm.bias"];
        weights.erase("fc_norm.weight");
        weights.erase("fc_norm.bias");
        const auto model = loadModel(
            parseModelSpec(file("first", weights) + ",heads=4,frames=6,size=16"),
            {.device = "cpu"});
        const auto result = model->analyze({clip()}, {.features = true}, {}).at(0);
        const Array& features = result->features.at("norm");
        for (std::size_t k = 0; k < 5; ++k) {
            double logit = double(weights["head.bias"].values[k]);
            for (std::size_t c = 0; c < 64; ++c) {
                logit +=
                    double(features.values[c]) * double(weights["head.weight"].values[k * 64 + c]);
            }
            QVERIFY(std::abs(logit - double(result->logits.values[k])) < 1e-4);
        }
    }

    void centringIsJointOrApart() {
        const auto model = load();
        AnalysisOptions options{.features = true};
        const auto joint = model->analyze({clip("a"), clip("b")}, options, {}).at(1);
        options.frames_apart = true;
        const auto apart = model->analyze({clip("a"), clip("b")}, options, {}).at(1);
        const Array& features = joint->features.at("blocks.1");
        QCOMPARE(features.shape, (std::vector<std::int64_t>{12, 64}));
        const std::vector<double> together = magnitudes(features, 0, 12);
        double difference = 0.0;
        for (std::size_t step = 0; step < 3; ++step) {
            const std::vector<double> alone = magnitudes(features, 4 * step, 4);
            for (std::size_t i = 0; i < 4; ++i) {
                const float found = joint->magnitude.at("blocks.1").values[4 * step + i];
                const float found_apart = apart->magnitude.at("blocks.1").values[4 * step + i];
                QVERIFY(std::abs(double(found) - together[4 * step + i]) < 1e-4);
                QVERIFY(std::abs(double(found_apart) - alone[i]) < 1e-4);
                difference = std::max(difference, std::abs(double(found - found_apart)));
            }
        }
        QVERIFY(difference > 1e-3);
        QVERIFY(joint->frequency.at("blocks.1") != apart->frequency.at("blocks.1"));
        QCOMPARE(joint->cls_attention, apart->cls_attention);
        QCOMPARE(joint->logits, apart->logits);
    }

    void meanQueryIsTheMeanOfAllRows() {
        AnalysisOptions options;
        options.keep_attention = true;
        const auto result = load()->analyze({clip()}, options, {}).at(0);
        const AttentionInputs& inputs = *result->attention_inputs;
        QCOMPARE(inputs.times, 3);
        const std::vector<std::int64_t> shape = {kHeads, 3, 2, 2};
        for (const Tap& block : result->blocks) {
            const AttentionBlock& compared =
                *std::find_if(inputs.blocks.begin(), inputs.blocks.end(), [&](const auto& one) {
                    return one.name == block.name;
                });
            std::vector<double> mean(kHeads * 12, 0.0);
            for (std::size_t token = 0; token < 12; ++token) {
                const Array row = attentionOf(inputs, TokenIndex{token}).at(block.name);
                QCOMPARE(row.shape, shape);
                // Plainly: the softmax of this token's products with all keys.
                for (std::size_t head = 0; head < kHeads; ++head) {
                    std::vector<double> scores(12, 0.0);
                    double sum = 0.0;
                    for (std::size_t other = 0; other < 12; ++other) {
                        for (std::size_t i = 0; i < 16; ++i) {
                            scores[other] +=
                                double(compared.queries.values[(head * 12 + token) * 16 + i]) *
                                double(compared.keys.values[(head * 12 + other) * 16 + i]) / 4.0;
                        }
                        sum += std::exp(scores[other]);
                    }
                    for (std::size_t other = 0; other < 12; ++other) {
                        const double expected = std::exp(scores[other]) / sum;
                        QVERIFY(std::abs(double(row.values[head * 12 + other]) - expected) < 1e-6);
                        mean[head * 12 + other] += expected / 12.0;
                    }
                }
            }
            const Array& map = result->cls_attention.at(block.name);
            QCOMPARE(map.shape, shape);
            for (std::size_t i = 0; i < mean.size(); ++i) {
                QVERIFY(std::abs(double(map.values[i]) - mean[i]) < 1e-6);
            }
        }
        QVERIFY_EXCEPTION_THROWN(attentionOf(inputs, TokenIndex{12}), Error);
    }

    void keysHaveNoBias() {
        AnalysisOptions options;
        options.keep_attention = true;
        const std::string path = file("keys", smallVideoMae());
        const ModelFile opened = openModelFile(parseModelSpec(path + ",frames=6,size=16"));
        const MappedTensor& bias = opened.mapping.tensors.at("blocks.0.attn.qkv.bias");
        QCOMPARE(bias.shape, std::vector<std::int64_t>{192});
        QVERIFY(bias.zero_between);
        QCOMPARE(bias.parts.at(0).name, "blocks.0.attn.q_bias");
        QCOMPARE(bias.parts.at(1).name, "blocks.0.attn.v_bias");
    }

    void framesOfAClip() {
        AnalysisOptions options{.features = true, .keep_attention = true};
        const auto model = load();
        PreparedInput input = fromTensor(clip().input, model->summary().preprocess);
        const auto result = model->analyze({input}, options, {}).at(0);
        QCOMPARE(result->times, 3);
        for (std::size_t frame = 0; frame < 6; ++frame) {
            const AnalysisResult one = frameOfClip(*result, frame);
            const std::size_t step = frame / 2;
            QCOMPARE(one.times, 0);
            QCOMPARE(one.rows, 2);
            QCOMPARE(one.taps, result->taps);
            QVERIFY(one.mean_query);
            const Array& map = one.magnitude.at("blocks.0");
            QCOMPARE(map.shape, (std::vector<std::int64_t>{2, 2}));
            const Array& attention = one.cls_attention.at("blocks.1");
            QCOMPARE(attention.shape, (std::vector<std::int64_t>{kHeads, 2, 2}));
            for (std::size_t i = 0; i < 4; ++i) {
                QCOMPARE(map.values[i], result->magnitude.at("blocks.0").values[4 * step + i]);
                QCOMPARE(
                    attention.values[4 + i],
                    result->cls_attention.at("blocks.1").values[12 + 4 * step + i]);
            }
            QCOMPARE(one.features.at("blocks.0").shape, (std::vector<std::int64_t>{4, 64}));
            QCOMPARE(
                one.features.at("blocks.0").values[64],
                result->features.at("blocks.0").values[(4 * step + 1) * 64]);
            QCOMPARE(one.input.shape, (std::vector<std::int64_t>{3, 16, 16}));
            QCOMPARE(one.input.values[256], input.input.values[(6 + frame) * 256]);
            QVERIFY(one.picture == result->pictures[frame]);
            QCOMPARE(one.logits, result->logits);
            QVERIFY(one.attention_inputs == nullptr);
            QVERIFY(one.pictures.empty());
        }
        QVERIFY_EXCEPTION_THROWN(frameOfClip(*result, 6), Error);
        QVERIFY_EXCEPTION_THROWN(frameOfClip(frameOfClip(*result, 0), 0), Error);
    }

    void inputsAreChecked() {
        const auto model = load();
        const PreprocessSpec& spec = model->summary().preprocess;
        const Failure frames = failureOf([&] { preprocessClip({madeFrame(0)}, spec); });
        QCOMPARE(frames.code, ErrorCode::Input);
        QVERIFY2(
            frames.message.find("6 frames, found 1") != std::string::npos, frames.message.c_str());
        const Failure shape = failureOf([&] { fromTensor({{3, 16, 16}, {}}, spec); });
        QVERIFY2(
            shape.message.find("(3, 6, 16, 16), found (3, 16, 16)") != std::string::npos,
            shape.message.c_str());
        PreparedInput wrong;
        wrong.input = testing::tensor("picture", {3, 16, 16});
        QVERIFY_EXCEPTION_THROWN(model->analyze({wrong}, {}, {}), Error);
        const PreparedInput clipped = preprocessClip(std::vector<Image>(6, madeFrame(3)), spec);
        QCOMPARE(clipped.input.shape, (std::vector<std::int64_t>{3, 6, 16, 16}));
        // Every frame is the same here, and as a picture would be.
        const Array alone = preprocess(madeFrame(3), spec).input;
        for (std::size_t i = 0; i < clipped.input.values.size(); ++i) {
            QCOMPARE(clipped.input.values[i], alone.values[i / (6 * 256) * 256 + i % 256]);
        }
    }

    void memoryGrowsWithTokens() {
        const std::string path = file("memory", smallVideoMae());
        const auto bytes = [&path](const std::string& options, const AnalysisOptions& asked = {}) {
            const ModelConfig config = openModelFile(parseModelSpec(path + options)).config;
            return estimateInputBytes(config, sizeof(float), asked);
        };
        // 8 x 14 x 14 tokens: the scores of all pairs in 4 heads, and what the softmax makes of
        // them.
        const std::uint64_t tokens = 1568;
        const std::uint64_t pairs = 2 * 4 * 4 * tokens * tokens;
        const std::uint64_t needed = bytes(",heads=4,size=112");
        QVERIFY(needed > pairs);
        QVERIFY(needed < 2 * pairs);
        // Twice the frames, twice the tokens, four times the pairs.
        QVERIFY(bytes(",heads=4,size=112,frames=32") > 4 * pairs);
        AnalysisOptions keeping;
        keeping.keep_attention = true;
        QVERIFY(
            bytes(",heads=4,size=112", keeping) >= needed + 2 * 2 * 64 * tokens * sizeof(float));
    }
};

QTEST_APPLESS_MAIN(ClipTest)
#include "clip_test.moc"
