// The same weights under every naming that Vitreous reads give the same maps.

#include <filesystem>
#include <limits>
#include <regex>

#include <QTemporaryDir>
#include <QTest>

#include "core/analysis/model.h"
#include "tests/support/golden.h"
#include "tests/support/weights.h"

using namespace vitreous;
using testing::Weights;

namespace {

PreparedInput picture() {
    PreparedInput input;
    input.input = testing::tensor("input", {3, 32, 32});
    for (float& value : input.input.values) {
        value *= 10.0f;
    }
    return input;
}

Weights renamed(
    const Weights& weights,
    const std::vector<std::pair<std::string, std::string>>& rules) {
    Weights result;
    for (const auto& [name, array] : weights) {
        std::string other = name;
        for (const auto& [from, to] : rules) {
            other = std::regex_replace(other, std::regex(from), to);
        }
        result[other] = array;
    }
    return result;
}

/// Rows [part * n, (part + 1) * n) of a third.
Array third(const Array& array, std::size_t part) {
    Array result = array;
    result.shape[0] /= 3;
    const std::size_t size = array.values.size() / 3;
    const auto begin = array.values.begin() + std::ptrdiff_t(part * size);
    result.values.assign(begin, begin + std::ptrdiff_t(size));
    return result;
}

Weights torchvision(const Weights& timm) {
    return renamed(
        timm, {{"^cls_token$", "class_token"},
               {"^pos_embed$", "encoder.pos_embedding"},
               {R"(^patch_embed\.proj)", "conv_proj"},
               {"^norm", "encoder.ln"},
               {"^head", "heads.head"},
               {R"(^blocks\.(\d+))", "encoder.layers.encoder_layer_$1"},
               {R"(norm([12])\.)", "ln_$1."},
               {R"(attn\.qkv\.)", "self_attention.in_proj_"},
               {R"(attn\.proj)", "self_attention.out_proj"},
               {R"(mlp\.fc1)", "mlp.0"},
               {R"(mlp\.fc2)", "mlp.3"}});
}

Weights huggingFace(const Weights& timm) {
    Weights split;
    for (const auto& [name, array] : timm) {
        const std::size_t at = name.find("attn.qkv.");
        if (at == std::string::npos) {
            split[name] = array;
            continue;
        }
        constexpr std::array kParts = {"query.", "key.", "value."};
        for (std::size_t part = 0; part < 3; ++part) {
            split
                [name.substr(0, at) + "attention.attention." + kParts[part] + name.substr(at + 9)] =
                    third(array, part);
        }
    }
    Weights result = renamed(
        split, {{"^cls_token$", "vit.embeddings.cls_token"},
                {"^pos_embed$", "vit.embeddings.position_embeddings"},
                {R"(^patch_embed\.proj)", "vit.embeddings.patch_embeddings.projection"},
                {"^norm", "vit.layernorm"},
                {"^head", "classifier"},
                {R"(^blocks\.(\d+))", "vit.encoder.layer.$1"},
                {"norm1", "layernorm_before"},
                {"norm2", "layernorm_after"},
                {R"(attn\.proj)", "attention.output.dense"},
                {R"(mlp\.fc1)", "intermediate.dense"},
                {R"(mlp\.fc2)", "output.dense"}});
    result["vit.pooler.dense.weight"] = testing::tensor("pooler", {64, 64});
    return result;
}

/// vit-pytorch keeps a patch as (row, column, channel).
Weights vitPytorch(const Weights& timm) {
    Weights result = renamed(
        timm, {{"^pos_embed$", "pos_embedding"},
               {R"(^patch_embed\.proj)", "to_patch_embedding.1"},
               {"^norm", "mlp_head.0"},
               {"^head", "mlp_head.1"},
               {R"(^blocks\.(\d+)\.norm1)", "transformer.layers.$1.0.norm"},
               {R"(^blocks\.(\d+)\.attn\.qkv)", "transformer.layers.$1.0.fn.to_qkv"},
               {R"(^blocks\.(\d+)\.attn\.proj)", "transformer.layers.$1.0.fn.to_out.0"},
               {R"(^blocks\.(\d+)\.norm2)", "transformer.layers.$1.1.norm"},
               {R"(^blocks\.(\d+)\.mlp\.fc1)", "transformer.layers.$1.1.fn.net.0"},
               {R"(^blocks\.(\d+)\.mlp\.fc2)", "transformer.layers.$1.1.fn.net.3"}});
    Array& patch = result["to_patch_embedding.1.weight"];
    const Array conv = patch;
    patch.shape = {64, 192};
    for (std::size_t out = 0; out < 64; ++out) {
        for (std::size_t channel = 0; channel < 3; ++channel) {
            for (std::size_t pixel = 0; pixel < 64; ++pixel) {
                patch.values[out * 192 + pixel * 3 + channel] =
                    conv.values[out * 192 + channel * 64 + pixel];
            }
        }
    }
    return result;
}

} // namespace

class NamingTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

    std::string file(const std::string& name, const Weights& weights) {
        std::string path = folder_.filePath(QString::fromStdString(name)).toStdString();
        testing::writeSafetensors(path, weights);
        return path;
    }

    static golden::Arrays run(const std::string& argument) {
        const auto model = loadModel(parseModelSpec(argument), {.device = "cpu"});
        return golden::arraysOf(*model->analyze({picture()}, {}, {}).at(0));
    }

    static void same(const golden::Arrays& found, const golden::Arrays& expected) {
        QCOMPARE(found.size(), expected.size());
        for (const auto& [name, array] : expected) {
            QVERIFY2(found.contains(name), name.c_str());
            QVERIFY2(
                golden::relativeError(found.at(name).values, array.values) < 1e-6, name.c_str());
        }
    }

private Q_SLOTS:
    void torchvisionNames() {
        const Weights timm = testing::smallVit();
        same(
            run(file("tv.safetensors", torchvision(timm)) + ",heads=4"),
            run(file("timm.safetensors", timm) + ",heads=4"));
    }

    void vitPytorchNames() {
        const Weights timm = testing::smallVit(2, false);
        same(
            run(file("vp.safetensors", vitPytorch(timm)) + ",heads=4,eps=1e-6"),
            run(file("timm2.safetensors", timm) + ",heads=4"));
    }

    void prefixesAreDropped() {
        const Weights timm = testing::smallVit();
        same(
            run(file("ddp.safetensors", renamed(timm, {{"^", "module.backbone."}})) + ",heads=4"),
            run(file("timm.safetensors", timm) + ",heads=4"));
    }

    void huggingFaceDirectory() {
        const Weights timm = testing::smallVit();
        QVERIFY(QDir(folder_.path()).mkpath("hf"));
        const std::string directory = folder_.filePath("hf").toStdString();
        testing::writeSafetensors(directory + "/model.safetensors", huggingFace(timm));
        std::ofstream(directory + "/config.json")
            << R"({"model_type":"vit","num_attention_heads":4,"image_size":32,"patch_size":8,"hidden_act":"gelu",)"
            << R"("layer_norm_eps":1e-6,"id2label":{"0":"a","1":"b","2":"c","3":"d","4":"e"}})";
        std::ofstream(directory + "/preprocessor_config.json")
            << R"({"do_resize":true,"size":{"height":32,"width":32},"resample":2,"do_normalize":true,)"
            << R"("image_mean":[0.5,0.5,0.5],"image_std":[0.25,0.25,0.25]})";
        same(run(directory), run(file("timm.safetensors", timm) + ",heads=4"));
        const ModelSummary summary = inspectModel(parseModelSpec(directory));
        QCOMPARE(summary.heads, 4);
        QVERIFY(summary.guessed.empty());
        QCOMPARE(summary.class_names.at(4), "e");
        QCOMPARE(summary.preprocess.filter, Filter::Bilinear);
        QCOMPARE(summary.preprocess.deviation[0], 0.25f);
        QVERIFY(summary.preprocess.resize_exact);
        QVERIFY(!summary.preprocess.crop);
    }

    void layerScaleOfOnesChangesNothing() {
        const Weights timm = testing::smallVit();
        Weights scaled = timm;
        for (const char* name :
             {"blocks.0.ls1.gamma", "blocks.0.ls2.gamma", "blocks.1.gamma_1", "blocks.1.gamma_2"}) {
            scaled[name] = {{64}, std::vector<float>(64, 1.0f)};
        }
        same(
            run(file("ls.safetensors", scaled) + ",heads=4"),
            run(file("timm.safetensors", timm) + ",heads=4"));
    }

    void languageModelFromAnotherFile() {
        Weights whole = testing::smallVit();
        testing::addMappers(whole, 128);
        Weights without = whole;
        testing::addLlmLayer(whole, 0, 128, 192);
        Weights meta;
        Weights hf;
        for (const auto& [name, array] : whole) {
            if (name.starts_with("llama.layers.0.")) {
                meta["layers.3." + name.substr(15)] = array;
            }
        }
        hf = renamed(
            meta, {{"^", "model."},
                   {R"(attention\.w([qkv]))", "self_attn.$1_proj"},
                   {R"(attention\.wo)", "self_attn.o_proj"},
                   {"attention_norm", "input_layernorm"},
                   {"ffn_norm", "post_attention_layernorm"},
                   {R"(feed_forward\.w1)", "mlp.gate_proj"},
                   {R"(feed_forward\.w2)", "mlp.down_proj"},
                   {R"(feed_forward\.w3)", "mlp.up_proj"}});
        meta["tok_embeddings.weight"] = testing::tensor("embeddings", {10, 128});
        const std::string options = ",heads=4,llm_heads=2";
        const golden::Arrays expected = run(file("whole.safetensors", whole) + options);
        const std::string vit = file("without.safetensors", without);
        const std::string meta_file = file("meta.safetensors", meta);
        same(run(vit + options + ",llm=" + meta_file + ",llm_layer=3"), expected);
        same(run(vit + options + ",llm=" + file("hfllm.safetensors", hf)), expected);
        QVERIFY_EXCEPTION_THROWN(run(vit + options), Error);
        QVERIFY_EXCEPTION_THROWN(run(vit + options + ",llm=" + meta_file + ",llm_layer=2"), Error);
        const auto guessed =
            inspectModel(parseModelSpec(vit + options + ",llm=" + meta_file)).guessed;
        QVERIFY(
            std::find(guessed.begin(), guessed.end(), "llm_layer = 3 (the last)") != guessed.end());

        // What the block would leave out is refused; other layers and known tables are not.
        Weights biased = hf;
        biased["model.layers.2.self_attn.q_proj.bias"] = testing::tensor("bias", {128});
        biased["model.layers.3.self_attn.rotary_emb.inv_freq"] = testing::tensor("rope", {32});
        same(run(vit + options + ",llm=" + file("other.safetensors", biased)), expected);
        biased["model.layers.3.self_attn.q_proj.bias"] = testing::tensor("bias", {128});
        const std::string qwen = file("qwen.safetensors", biased);
        try {
            run(vit + options + ",llm=" + qwen);
            QFAIL("a block with biases was accepted");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Model);
            QVERIFY2(
                QString(error.what()).contains("model.layers.3.self_attn.q_proj.bias"),
                error.what());
        }
    }

    void damagedWeightsAreTold() {
        Weights damaged = testing::smallVit();
        damaged["blocks.0.mlp.fc1.weight"].values[7] = std::numeric_limits<float>::quiet_NaN();
        const std::string path = file("damaged.safetensors", damaged);
        try {
            run(path + ",heads=4");
            QFAIL("maps of NaN were given");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Model);
            QVERIFY2(QString(error.what()).contains("damaged weights"), error.what());
        }
    }

    void keysThatDoNotApplyAreRefused() {
        const std::string plain = file("plain.safetensors", testing::smallVit());
        for (const char* key : {",llm_heads=7", ",llm_layer=3", ",frames=8", ",groups=4"}) {
            try {
                inspectModel(parseModelSpec(plain + key));
                QFAIL(key);
            } catch (const Error& error) {
                QCOMPARE(error.code(), ErrorCode::Usage);
            }
        }
    }

    void blocksOfItsOwnAreNotReplacedByOne() {
        Weights two = testing::smallVit();
        testing::addMappers(two, 128);
        testing::addLlmLayer(two, 0, 128, 192);
        testing::addLlmLayer(two, 1, 128, 192);
        Weights source;
        testing::addLlmLayer(source, 0, 128, 192);
        Weights meta;
        for (const auto& [name, array] : source) {
            meta[name.substr(6)] = array;
        }
        QVERIFY_EXCEPTION_THROWN(
            run(file("both.safetensors", two) + ",heads=4,llm=" + file("one.safetensors", meta)),
            Error);
    }

    void severalLanguageLayers() {
        Weights weights = testing::smallVit();
        testing::addMappers(weights, 128);
        testing::addLlmLayer(weights, 0, 128, 192);
        testing::addLlmLayer(weights, 1, 128, 192);
        const golden::Arrays arrays =
            run(file("two.safetensors", weights) + ",heads=4,llm_heads=2");
        QVERIFY(arrays.contains("magnitude/llama.layers.1.attention+residual"));
        QVERIFY(arrays.contains("cls_attention/llama.layers.1"));
        QVERIFY(arrays.at("magnitude/llama.layers.1") != arrays.at("magnitude/llama.layers.0"));
    }

    void groupedQueriesEqualRepeatedKeys() {
        Weights grouped = testing::smallVit();
        testing::addMappers(grouped, 128);
        testing::addLlmLayer(grouped, 0, 128, 192);
        Weights repeated = grouped;
        for (const char* name :
             {"llama.layers.0.attention.wk.weight", "llama.layers.0.attention.wv.weight"}) {
            // Four heads of 32 that share the first two: heads 0 and 1 use group 0, heads 2 and 3
            // group 1.
            Array& half = grouped[name];
            half.shape = {64, 128};
            half.values.resize(64 * 128);
            Array& full = repeated[name];
            for (std::size_t row = 0; row < 128; ++row) {
                const std::size_t source = row / 64 * 32 + row % 32;
                std::copy_n(
                    half.values.begin() + std::ptrdiff_t(source * 128), 128,
                    full.values.begin() + std::ptrdiff_t(row * 128));
            }
        }
        same(
            run(file("grouped.safetensors", grouped) + ",heads=4,llm_heads=4"),
            run(file("repeated.safetensors", repeated) + ",heads=4,llm_heads=4"));
    }
};

QTEST_APPLESS_MAIN(NamingTest)
#include "naming_test.moc"
