// What a checkpoint's names, shapes and configuration files say of its model.

#include <algorithm>

#include <QTest>

#include "core/base/error.h"
#include "core/nn/config_facts.h"
#include "core/nn/model_config.h"
#include "core/nn/name_map.h"
#include "core/nn/name_rules.h"
#include "tests/support/weights.h"

using namespace vitreous;
using nlohmann::json;
using testing::Weights;

namespace {

using Shapes = std::vector<std::pair<std::string, std::vector<std::int64_t>>>;

/// A checkpoint of shapes alone: names and configuration need no values.
Checkpoint checkpointOf(const Shapes& shapes) {
    Checkpoint checkpoint;
    checkpoint.path = "model.pth";
    for (const auto& [name, shape] : shapes) {
        TensorEntry entry;
        entry.name = name;
        entry.shape = shape;
        checkpoint.tensors.push_back(entry);
    }
    return checkpoint;
}

Shapes shapesOf(const Weights& weights, const std::string& prefix = {}) {
    Shapes shapes;
    for (const auto& [name, array] : weights) {
        shapes.emplace_back(prefix + name, array.shape);
    }
    return shapes;
}

Checkpoint smallVit(const std::string& prefix = {}) {
    return checkpointOf(shapesOf(testing::smallVit(), prefix));
}

void setShape(Checkpoint& checkpoint, const std::string& name, std::vector<std::int64_t> shape) {
    for (TensorEntry& entry : checkpoint.tensors) {
        if (entry.name == name) {
            entry.shape = std::move(shape);
            return;
        }
    }
    QFAIL(name.c_str());
}

ModelConfig configOf(const Checkpoint& checkpoint, const ModelHints& hints = {}) {
    return deriveConfig(checkpoint, mapNames(checkpoint), hints);
}

template <typename Call>
void refused(const Call& call, const std::vector<std::string>& words) {
    try {
        call();
        QFAIL("it was accepted");
    } catch (const Error& error) {
        const std::string message = error.what();
        QCOMPARE(error.code(), ErrorCode::Model);
        QVERIFY2(message.ends_with(": model.pth"), message.c_str());
        for (const std::string& word : words) {
            QVERIFY2(message.find(word) != std::string::npos, message.c_str());
        }
    }
}

/// vit-pytorch with the norms around its patch projection, patches of `length` values.
Shapes vitPytorch(std::int64_t length) {
    return {
        {"cls_token", {1, 1, 64}},
        {"pos_embedding", {1, 17, 64}},
        {"to_patch_embedding.1.weight", {length}},
        {"to_patch_embedding.1.bias", {length}},
        {"to_patch_embedding.2.weight", {64, length}},
        {"to_patch_embedding.2.bias", {64}},
        {"to_patch_embedding.3.weight", {64}},
        {"to_patch_embedding.3.bias", {64}},
        {"transformer.layers.0.0.norm.weight", {64}},
        {"transformer.layers.0.0.norm.bias", {64}},
        {"transformer.layers.0.0.to_qkv.weight", {192, 64}},
        {"transformer.layers.0.0.to_out.0.weight", {64, 64}},
        {"transformer.layers.0.0.to_out.0.bias", {64}},
        {"transformer.layers.0.1.net.0.weight", {64}},
        {"transformer.layers.0.1.net.0.bias", {64}},
        {"transformer.layers.0.1.net.1.weight", {128, 64}},
        {"transformer.layers.0.1.net.1.bias", {128}},
        {"transformer.layers.0.1.net.4.weight", {64, 128}},
        {"transformer.layers.0.1.net.4.bias", {64}},
        {"transformer.norm.weight", {64}},
        {"transformer.norm.bias", {64}},
        {"mlp_head.weight", {5, 64}},
        {"mlp_head.bias", {5}},
    };
}

} // namespace

class NamesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyPrefixIsDropped() {
        const auto plain = mapNames(smallVit()).tensors;
        for (const std::string_view prefix : namePrefixes()) {
            const NameMapping mapping = mapNames(smallVit(std::string(prefix)));
            QVERIFY2(mapping.unexpected.empty(), std::string(prefix).c_str());
            QCOMPARE(mapping.tensors.size(), plain.size());
            QCOMPARE(
                mapping.tensors.at("norm.weight").parts.at(0).name,
                std::string(prefix) + "norm.weight");
        }
        QCOMPARE(mapNames(smallVit("module._orig_mod.module.model.")).tensors.size(), plain.size());
        refused([] { mapNames(smallVit("other.")); }, {"unknown model family", "other."});
    }

    void familiesAreTold() {
        QCOMPARE(mapNames(smallVit()).family->id, "timm");
        QCOMPARE(mapNames(checkpointOf(vitPytorch(192))).family->id, "vit-pytorch");
        QCOMPARE(mapNames(smallVit(), "timm").family->id, "timm");
        QCOMPARE(mapNames(smallVit(), "vit-llama").family->id, "vit-llama");
        refused([] { mapNames(smallVit(), "openclip"); }, {"unknown family 'openclip'", "hf-vit"});
        // An id is listed once however many rows it has, and never one that cannot be run.
        QCOMPARE(
            familyIds(), "videomae, point-bert, vit-llama, timm, torchvision, vit-pytorch, hf-vit");
    }

    void twoOfOneNameAreRefused() {
        Checkpoint checkpoint = smallVit();
        checkpoint.tensors.push_back(checkpoint.tensors.back());
        checkpoint.tensors.back().name = "module." + checkpoint.tensors.back().name;
        refused(
            [&] { mapNames(checkpoint); },
            {"two tensors are both " + smallVit().tensors.back().name,
             checkpoint.tensors.back().name});
    }

    void numbersStayWithinBounds() {
        Checkpoint checkpoint = smallVit();
        for (const char* name :
             {"blocks.12345.norm1.weight", "blocks..norm1.weight", "blocks.-1.norm1.weight",
              "blocks.0.norm1.weights", "blocks.0.norm1.", "blocks.0x.norm1.weight"}) {
            checkpoint.tensors.push_back(checkpoint.tensors.front());
            checkpoint.tensors.back().name = name;
        }
        QCOMPARE(mapNames(checkpoint).unexpected.size(), std::size_t{6});
    }

    void partsHaveToAgree() {
        const std::string block = "encoder.layer.0.attention.attention.";
        Shapes shapes = {
            {"embeddings.cls_token", {1, 1, 64}}, {block + "query.weight", {64, 64}},
            {block + "key.weight", {64, 64}},     {block + "value.weight", {64, 64}},
            {block + "query.bias", {64}},
        };
        const NameMapping mapping = mapNames(checkpointOf(shapes));
        QCOMPARE(mapping.shape("blocks.0.attn.qkv.weight"), (std::vector<std::int64_t>{192, 64}));
        QCOMPARE(
            mapping.tensors.at("blocks.0.attn.qkv.weight").parts[1].name, block + "key.weight");
        QCOMPARE(mapping.incomplete, std::vector<std::string>{"blocks.0.attn.qkv.bias"});
        QVERIFY(!mapping.has("blocks.0.attn.qkv.bias"));
        shapes[2].second = {32, 64};
        refused(
            [&] { mapNames(checkpointOf(shapes)); },
            {block + "key.weight: expected the shape of " + block +
             "query.weight, (64, 64), "
             "found (32, 64)"});
    }

    void patchSidesOfProjections_data() {
        QTest::addColumn<int>("length");
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("side");
        QTest::newRow("8 x 8 x 3") << 192 << 3 << 8;
        QTest::newRow("16 x 16 x 3") << 768 << 3 << 16;
        QTest::newRow("7 x 7 x 1") << 49 << 1 << 7;
        QTest::newRow("1 x 1 x 3") << 3 << 3 << 1;
    }
    void patchSidesOfProjections() {
        QFETCH(int, length);
        QFETCH(int, channels);
        QFETCH(int, side);
        const Checkpoint checkpoint = checkpointOf(vitPytorch(length));
        const NameMapping mapping = mapNames(checkpoint);
        const std::vector<std::int64_t> shape = {64, channels, side, side};
        QCOMPARE(mapping.shape("patch_embed.proj.weight"), shape);
        QVERIFY(mapping.tensors.at("patch_embed.proj.weight").patches_last);
        QVERIFY(mapping.tensors.at("patch_embed.norm_in.weight").patches_last);
        const ModelConfig config = deriveConfig(checkpoint, mapping, {});
        QCOMPARE(config.patch_height, side);
        QVERIFY(config.patch_norm);
        QCOMPARE(config.eps, 1e-5);
        requireExactTensors(checkpoint, mapping, config);
    }

    void patchesThatAreNoSquareAreRefused() {
        const Checkpoint checkpoint = checkpointOf(vitPytorch(190));
        refused([&] { configOf(checkpoint); }, {"patch_embed.proj.weight", "(64, 190)"});
    }

    void oblongInputsNeedTheConfig() {
        Checkpoint checkpoint = smallVit();
        setShape(checkpoint, "pos_embed", {1, 1 + 3 * 7, 64});
        refused([&] { configOf(checkpoint); }, {"22 positions are no square grid"});
        checkpoint.config = {{"image_size", {24, 56}}};
        const ModelConfig config = configOf(checkpoint);
        QCOMPARE(config.rows, 3);
        QCOMPARE(config.columns, 7);
        QCOMPARE(config.preprocess.crop_height, 24);
        QCOMPARE(config.preprocess.crop_width, 56);
    }

    void positionsMayLeaveOutPrefixTokens() {
        Checkpoint checkpoint = smallVit();
        checkpoint.tensors.push_back(checkpoint.tensors.front());
        checkpoint.tensors.back().name = "register_tokens";
        checkpoint.tensors.back().shape = {1, 4, 64};
        ModelConfig config = configOf(checkpoint);
        QCOMPARE(config.registers, 4);
        QCOMPARE(config.pos_prefix, 1);
        QCOMPARE(config.prefixTokens(), 5);
        setShape(checkpoint, "pos_embed", {1, 16, 64});
        QCOMPARE(configOf(checkpoint).pos_prefix, 0);
        setShape(checkpoint, "pos_embed", {1, 21, 64});
        QCOMPARE(configOf(checkpoint).pos_prefix, 5);
    }

    void headsByRank() {
        Checkpoint checkpoint = smallVit();
        ModelConfig config = configOf(checkpoint);
        QCOMPARE(config.heads, 1);
        QCOMPARE(config.guessed, std::vector<std::string>{"heads = 1 (head size 64)"});
        // A name whose heads do not divide the width says nothing.
        checkpoint.arguments = {{"model", "vit_small_patch16_224"}};
        QCOMPARE(configOf(checkpoint).heads, 1);
        checkpoint.arguments = {{"model", "deit_large_patch16"}};
        QCOMPARE(configOf(checkpoint).heads, 16);
        QCOMPARE(
            configOf(checkpoint).guessed,
            std::vector<std::string>{"heads = 16 (from the name deit_large_patch16)"});
        checkpoint.config = {{"num_attention_heads", 8}};
        QCOMPARE(configOf(checkpoint).heads, 8);
        QVERIFY(configOf(checkpoint).guessed.empty());
        ModelHints hints;
        hints.heads = 2;
        QCOMPARE(configOf(checkpoint, hints).heads, 2);
        checkpoint.config = {{"num_attention_heads", 7}};
        refused([&] { configOf(checkpoint); }, {"7 heads do not divide the attention width 64"});
        // What makes no sense is as if it were not there.
        checkpoint.config = {{"num_attention_heads", -3.5}};
        checkpoint.arguments = nullptr;
        QCOMPARE(configOf(checkpoint).heads, 1);
    }

    void epsByRank() {
        Checkpoint checkpoint = smallVit();
        QCOMPARE(configOf(checkpoint).eps, 1e-6);
        checkpoint.config = {{"layer_norm_eps", 1e-12}};
        QCOMPARE(configOf(checkpoint).eps, 1e-12);
        ModelHints hints;
        hints.eps = 1e-5;
        QCOMPARE(configOf(checkpoint, hints).eps, 1e-5);
        checkpoint.config = {{"layer_norm_eps", 0}};
        QCOMPARE(configOf(checkpoint).eps, 1e-6);
    }

    void activationsByName() {
        Checkpoint checkpoint = smallVit();
        for (const auto& [name, activation] :
             {std::pair("gelu", Activation::Gelu), std::pair("gelu_new", Activation::GeluTanh),
              std::pair("gelu_pytorch_tanh", Activation::GeluTanh),
              std::pair("quick_gelu", Activation::QuickGelu),
              std::pair("relu", Activation::Relu)}) {
            checkpoint.config = {{"hidden_act", name}};
            QCOMPARE(int(configOf(checkpoint).activation), int(activation));
        }
        checkpoint.config = {{"hidden_act", "swish7"}};
        refused([&] { configOf(checkpoint); }, {"unknown activation 'swish7'"});
    }

    void labelsOnlyWhereAllHaveOne() {
        Checkpoint checkpoint = smallVit();
        checkpoint.config =
            json::parse(R"({"id2label": {"0": "a", "1": "b", "2": "c", "3": "d", "4": "e"}})");
        QCOMPARE(configOf(checkpoint).class_names.size(), std::size_t{5});
        checkpoint.config["id2label"].erase("3");
        QVERIFY(configOf(checkpoint).class_names.empty());
        checkpoint.config = {{"id2label", {"a", "b", "c", "d", "e"}}};
        QVERIFY(configOf(checkpoint).class_names.empty());
    }

    void timmPreprocessing() {
        Checkpoint checkpoint = smallVit();
        QCOMPARE(configOf(checkpoint).preprocess.resize_short, 32 * 256 / 224);
        checkpoint.config = {
            {"pretrained_cfg",
             {{"crop_pct", 0.9},
              {"interpolation", "bilinear"},
              {"mean", {0.5, 0.25, 0.125}},
              {"std", {0.5, 0.5, 1.0}},
              {"input_size", {3, 32, 32}}}}};
        PreprocessSpec spec = configOf(checkpoint).preprocess;
        QCOMPARE(spec.resize_short, 35); // floor(32 / 0.9)
        QVERIFY(!spec.resize_exact);
        QCOMPARE(spec.filter, Filter::Bilinear);
        QCOMPARE(spec.mean, (std::array{0.5f, 0.25f, 0.125f}));
        QCOMPARE(spec.deviation, (std::array{0.5f, 0.5f, 1.0f}));
        QVERIFY(spec.source.find("pretrained_cfg") != std::string::npos);
        checkpoint.config["pretrained_cfg"] = {
            {"crop_pct", 0}, {"interpolation", "magic"}, {"mean", {1, 2}}};
        spec = configOf(checkpoint).preprocess;
        QCOMPARE(spec.resize_short, 36);
        QCOMPARE(spec.filter, Filter::Bicubic);
        QCOMPARE(spec.mean[0], 0.485f);
    }

    void huggingFacePreprocessing_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("facts"); // short side or exact WxH, filter, crop, mean, std
        const auto add = [](const char* name, const char* text, const char* facts) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(facts);
        };
        add("nothing", "{}", "short 36, filter 1, crop 1, mean 0.5, std 0.5");
        add("number", R"({"size": 32, "resample": 3})",
            "exact 32x32, filter 2, crop 0, mean 0.5, std 0.5");
        add("oblong", R"({"size": {"height": 32, "width": 48}, "resample": 1})",
            "exact 48x32, filter 3, crop 1, mean 0.5, std 0.5");
        add("shortest edge",
            R"({"size": {"shortest_edge": 40}, "do_center_crop": true, "crop_size": 32, "resample": 0})",
            "short 40, filter 0, crop 1, mean 0.5, std 0.5");
        add("crop",
            R"({"size": {"height": 40, "width": 40}, "do_center_crop": true,
                "crop_size": {"height": 32, "width": 32}, "image_mean": [0.1, 0.2, 0.3]})",
            "exact 40x40, filter 1, crop 1, mean 0.1, std 0.5");
        add("no normalisation", R"({"size": 32, "do_normalize": false, "image_mean": [9, 9, 9]})",
            "exact 32x32, filter 1, crop 0, mean 0, std 1");
        add("one number for all", R"({"size": 32, "image_mean": 0.25, "image_std": [0.75]})",
            "exact 32x32, filter 1, crop 0, mean 0.25, std 0.75");
        add("unknown filter", R"({"size": 32, "resample": 77})",
            "exact 32x32, filter 1, crop 0, mean 0.5, std 0.5");
        add("hostile",
            R"({"size": {"height": -5, "width": 1e300}, "resample": [], "image_std": {}})",
            "short 36, filter 1, crop 1, mean 0.5, std 0.5");
        add("no object", "[1, 2]", "short 36, filter 2, crop 1, mean 0.485, std 0.229");
    }
    void huggingFacePreprocessing() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, facts);
        Checkpoint checkpoint = smallVit();
        checkpoint.preprocessor = json::parse(text.toStdString());
        const PreprocessSpec spec = configOf(checkpoint).preprocess;
        const QByteArray size = spec.resize_exact
                                    ? "exact " + QByteArray::number(spec.resize_width) + "x" +
                                          QByteArray::number(spec.resize_height)
                                    : "short " + QByteArray::number(spec.resize_short);
        QCOMPARE(
            size + ", filter " + QByteArray::number(int(spec.filter)) + ", crop " +
                QByteArray::number(int(spec.crop)) + ", mean " +
                QByteArray::number(double(spec.mean[0])) + ", std " +
                QByteArray::number(double(spec.deviation[0])),
            facts);
        // The model's input decides, whatever the processor says.
        QCOMPARE(spec.crop_width, 32);
        QCOMPARE(spec.crop_height, 32);
    }

    void anotherSizeShowsTheSamePart() {
        // Stated for 32 pixels, run at 64.
        const auto at64 = [](const json& stated) {
            Checkpoint checkpoint = smallVit();
            checkpoint.preprocessor = stated;
            ModelHints hints;
            hints.size = 64;
            return configOf(checkpoint, hints).preprocess;
        };
        const PreprocessSpec exact = at64({{"size", 32}});
        QCOMPARE(exact.crop_width, 64);
        QVERIFY(exact.resize_exact);
        QCOMPARE(exact.resize_width, 64);
        QCOMPARE(exact.resize_height, 64);
        const PreprocessSpec cropped =
            at64({{"size", {{"shortest_edge", 36}}}, {"do_center_crop", true}, {"crop_size", 32}});
        QCOMPARE(cropped.resize_short, 72);
        QVERIFY(cropped.crop);
        QVERIFY(cropped.crop_rule == CropRule::Transformers);
    }

    void familyMayComeInSeveralLayouts() {
        Checkpoint plain = checkpointOf(
            {{"cls_token", {1, 1, 64}},
             {"pos_embedding", {1, 17, 64}},
             {"to_patch_embedding.1.weight", {64, 192}},
             {"to_patch_embedding.1.bias", {64}}});
        const NameMapping mapping = mapNames(plain, "vit-pytorch");
        QVERIFY(mapping.has("patch_embed.proj.weight"));
        QVERIFY(!mapping.has("patch_embed.norm_in.weight"));
    }

    void numberingHasNoGaps() {
        Checkpoint checkpoint = smallVit();
        for (TensorEntry& entry : checkpoint.tensors) {
            if (entry.name.starts_with("blocks.1.")) {
                entry.name.replace(0, 9, "blocks.9999.");
            }
        }
        refused([&] { configOf(checkpoint); }, {"blocks.1", "blocks.9999"});
    }

    void hugePatchesAreRefused() {
        Checkpoint checkpoint = smallVit();
        setShape(checkpoint, "patch_embed.proj.weight", {64, 3, 1 << 23, 1 << 23});
        refused([&] { configOf(checkpoint); }, {"patch_embed.proj.weight", "1024"});
    }

    void rescaling() {
        Checkpoint checkpoint = smallVit();
        checkpoint.preprocessor = {{"size", 32}, {"rescale_factor", 0.00392156862745098}};
        QCOMPARE(configOf(checkpoint).preprocess.scale, 1.0 / 255.0);
        checkpoint.preprocessor = {{"size", 32}, {"do_rescale", false}};
        QCOMPARE(configOf(checkpoint).preprocess.scale, 1.0);
        checkpoint.preprocessor = {{"do_resize", false}};
        QVERIFY(!configOf(checkpoint).preprocess.resize);
    }

    void listsAreCutShort() {
        Checkpoint checkpoint = smallVit();
        std::erase_if(checkpoint.tensors, [](const TensorEntry& entry) {
            return entry.name.starts_with("blocks.1.");
        });
        checkpoint.tensors.push_back(checkpoint.tensors.front());
        checkpoint.tensors.back().name = "blocks.1.norm1.weight";
        checkpoint.tensors.back().shape = {64};
        const NameMapping mapping = mapNames(checkpoint);
        refused(
            [&] {
                requireExactTensors(checkpoint, mapping, deriveConfig(checkpoint, mapping, {}));
            },
            {"missing blocks.1.norm1.bias, ", " and 3 more"});
    }
};

QTEST_APPLESS_MAIN(NamesTest)
#include "names_test.moc"
