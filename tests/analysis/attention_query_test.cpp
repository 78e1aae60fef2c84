#include <algorithm>
#include <cmath>

#include <QTemporaryDir>
#include <QTest>

#include "core/analysis/attention_query.h"
#include "core/analysis/model_file.h"
#include "core/export/npz.h"
#include "tests/support/golden.h"
#include "tests/support/shared.h"
#include "tests/support/weights.h"

using namespace vitreous;
using testing::Weights;

namespace {

const std::string kGolden = VITREOUS_SHARED "/golden/";

PreparedInput picture(const std::string& name = "input") {
    PreparedInput input;
    input.input = testing::tensor(name, {3, 32, 32});
    return input;
}

/// Larger than any difference where the sizes differ.
double largestDifference(const std::vector<float>& some, const std::vector<double>& others) {
    if (some.size() != others.size()) {
        return HUGE_VAL;
    }
    double largest = 0.0;
    for (std::size_t i = 0; i < some.size(); ++i) {
        const double difference = std::abs(double(some[i]) - others[i]);
        largest = std::isnan(difference) ? HUGE_VAL : std::max(largest, difference);
    }
    return largest;
}

double largestDifference(const Array& some, const Array& others) {
    return some.shape != others.shape
               ? HUGE_VAL
               : largestDifference(some.values, {others.values.begin(), others.values.end()});
}

double at(const Array& array, std::int64_t i, std::int64_t j, std::int64_t k) {
    return array.values.at(std::size_t((i * array.shape[1] + j) * array.shape[2] + k));
}

/// The definition, in double: (heads, all tokens).
std::vector<double> naiveRows(const AttentionBlock& block, std::int64_t token) {
    const std::int64_t heads = block.queries.shape[0];
    const std::int64_t tokens = block.queries.shape[1];
    const std::int64_t size = block.queries.shape[2];
    std::vector<double> rows;
    for (std::int64_t head = 0; head < heads; ++head) {
        const std::int64_t key_head = head / (heads / block.keys.shape[0]);
        std::vector<double> scores;
        for (std::int64_t other = 0; other < tokens; ++other) {
            double score = 0.0;
            for (std::int64_t i = 0; i < size; ++i) {
                score += at(block.queries, head, token, i) * at(block.keys, key_head, other, i);
            }
            scores.push_back(score / std::sqrt(double(size)));
        }
        const double largest = *std::max_element(scores.begin(), scores.end());
        double sum = 0.0;
        for (double& score : scores) {
            score = std::exp(score - largest);
            sum += score;
        }
        for (const double score : scores) {
            rows.push_back(score / sum);
        }
    }
    return rows;
}

/// Of (heads, all tokens), those behind the prefix.
std::vector<double>
withoutPrefix(const std::vector<double>& rows, std::size_t tokens, std::size_t prefix) {
    std::vector<double> visual;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i % tokens >= prefix) {
            visual.push_back(rows[i]);
        }
    }
    return visual;
}

AnalysisOptions keeping() {
    AnalysisOptions options;
    options.keep_attention = true;
    return options;
}

} // namespace

class AttentionQueryTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

    std::shared_ptr<Model> load(const std::string& name, const Weights& weights) {
        const std::string path =
            folder_.filePath(QString::fromStdString(name)).toStdString() + ".safetensors";
        testing::writeSafetensors(path, weights);
        return loadModel(parseModelSpec(path + ",heads=4"), {.device = "cpu"});
    }

    /// A golden picture through a golden model.
    static std::shared_ptr<const AnalysisResult> goldenResult(const QString& model) {
        const bool has_llm = model.contains("llama");
        const auto loaded = loadModel(
            parseModelSpec(
                kGolden + "image/" + model.toStdString() + ".pth,heads=3" +
                (has_llm ? ",llm_heads=4" : "")),
            {.device = "cpu"});
        PreparedInput input;
        for (auto& [name, array] :
             readNpz(kGolden + "image/" + model.toStdString() + ".golden.npz")) {
            if (name == "input") {
                input = fromTensor(
                    {{array.shape.end() - 3, array.shape.end()}, array.values},
                    loaded->summary().preprocess);
            }
        }
        return loaded->analyze({input}, keeping(), {}).at(0);
    }

    static void comparePrefixWithCls(const AnalysisResult& result) {
        const auto cls = attentionOfPrefix(*result.attention_inputs, 0);
        QVERIFY(!cls.empty());
        QCOMPARE(cls.size(), result.cls_attention.size());
        for (const auto& [block, map] : result.cls_attention) {
            QVERIFY2(largestDifference(cls.at(block), map) < 1e-5, block.c_str());
        }
    }

    static void compareVisualWithNaive(const AttentionInputs& inputs, double tolerance = 1e-6) {
        const auto prefix = std::size_t(inputs.prefix_tokens);
        const auto count = std::size_t(inputs.rows * inputs.columns);
        for (std::size_t token = 0; token < count; ++token) {
            const auto found = attentionOf(inputs, TokenIndex{token});
            QCOMPARE(found.size(), inputs.blocks.size());
            for (const AttentionBlock& block : inputs.blocks) {
                const Array& map = found.at(block.name);
                QCOMPARE(
                    map.shape, (std::vector<std::int64_t>{
                                   block.queries.shape[0], inputs.rows, inputs.columns}));
                const auto expected = naiveRows(block, std::int64_t(prefix + token));
                QVERIFY2(
                    largestDifference(
                        map.values, withoutPrefix(expected, prefix + count, prefix)) <= tolerance,
                    block.name.c_str());
            }
        }
    }

    static void goldenModels() {
        QTest::addColumn<QString>("model");
        QTest::newRow("vit") << "vit";
        QTest::newRow("vit_llama") << "vit_llama";
    }

private Q_SLOTS:
    void clsRowEqualsTheMap_data() { goldenModels(); }
    void clsRowEqualsTheMap() {
        VITREOUS_NEEDS_SHARED();
        QFETCH(QString, model);
        const auto result = goldenResult(model);
        comparePrefixWithCls(*result);
        QCOMPARE(result->cls_attention.contains("llama.layers.0"), model == "vit_llama");
    }

    void everyVisualRowEqualsTheDefinition_data() { goldenModels(); }
    void everyVisualRowEqualsTheDefinition() {
        VITREOUS_NEEDS_SHARED();
        QFETCH(QString, model);
        compareVisualWithNaive(*goldenResult(model)->attention_inputs);
    }

    void rowsSumToOne_data() { goldenModels(); }
    void rowsSumToOne() {
        VITREOUS_NEEDS_SHARED();
        QFETCH(QString, model);
        const auto result = goldenResult(model);
        const AttentionInputs& inputs = *result->attention_inputs;
        const auto maps = attentionOf(inputs, TokenIndex{7});
        for (const AttentionBlock& block : inputs.blocks) {
            const Array row = attentionRow(block, std::size_t(inputs.prefix_tokens) + 7);
            const Array& map = maps.at(block.name);
            const auto tokens = std::size_t(row.shape[1]);
            const auto visual = std::size_t(inputs.rows * inputs.columns);
            for (std::size_t head = 0; head < std::size_t(row.shape[0]); ++head) {
                double prefix_mass = 0.0;
                for (std::size_t i = 0; i + visual < tokens; ++i) {
                    prefix_mass += row.values[head * tokens + i];
                }
                double visual_mass = 0.0;
                for (std::size_t i = 0; i < visual; ++i) {
                    visual_mass += map.values[head * visual + i];
                }
                QVERIFY(prefix_mass > 0.0);
                QVERIFY(std::abs(prefix_mass + visual_mass - 1.0) < 1e-5);
            }
        }
    }

    void anyShapeAndScaleEqualsTheDefinition_data() {
        QTest::addColumn<int>("head_size");
        QTest::addColumn<float>("scale");
        QTest::addColumn<double>("tolerance");
        QTest::newRow("less than a vector") << 5 << 1.0f << 1e-6;
        QTest::newRow("vectors and a rest") << 37 << 1.0f << 1e-6;
        // Scores of hundreds in fp32 have errors of 1e-5.
        QTest::newRow("scores that overflow an exponential") << 16 << 60.0f << 1e-4;
    }
    void anyShapeAndScaleEqualsTheDefinition() {
        QFETCH(int, head_size);
        QFETCH(float, scale);
        QFETCH(double, tolerance);
        AttentionBlock block{
            .name = "grouped",
            .queries = testing::tensor("queries", {6, 14, head_size}),
            .keys = testing::tensor("keys", {2, 14, head_size})};
        for (Array* array : {&block.queries, &block.keys}) {
            for (float& value : array->values) {
                value *= scale;
            }
        }
        const AttentionInputs inputs{
            .blocks = {block}, .prefix_tokens = 2, .rows = 3, .columns = 4};
        compareVisualWithNaive(inputs, tolerance);
        QCOMPARE(inputs.bytes(), std::size_t(8 * 14 * head_size) * sizeof(float));
        // The heads of a group share keys, not rows.
        const Array row = attentionRow(block, 5);
        QVERIFY(!std::equal(row.values.begin(), row.values.begin() + 14, row.values.begin() + 14));
    }

    void groupedHeadsOfALanguageModel() {
        Weights weights = testing::smallVit();
        testing::addMappers(weights, 96);
        testing::addLlmLayer(weights, 0, 96, 64);
        // 6 heads of 16, 2 of them for keys and values.
        for (const char* name : {"wk", "wv"}) {
            const std::string full = std::string("llama.layers.0.attention.") + name + ".weight";
            weights[full] = testing::tensor(full, {32, 96});
        }
        testing::writeSafetensors(folder_.filePath("gqa.safetensors").toStdString(), weights);
        const auto model = loadModel(
            parseModelSpec(
                folder_.filePath("gqa.safetensors").toStdString() + ",heads=4,llm_heads=6"),
            {.device = "cpu"});
        const auto result = model->analyze({picture()}, keeping(), {}).at(0);
        const AttentionBlock& block = result->attention_inputs->blocks.back();
        QCOMPARE(block.name, "llama.layers.0");
        QCOMPARE(block.queries.shape, (std::vector<std::int64_t>{6, 17, 16}));
        QCOMPARE(block.keys.shape, (std::vector<std::int64_t>{2, 17, 16}));
        comparePrefixWithCls(*result);
        compareVisualWithNaive(*result->attention_inputs);
    }

    void registersBelongToThePrefix() {
        Weights weights = testing::smallVit();
        weights["reg_token"] = testing::tensor("reg_token", {1, 4, 64});
        const auto result = load("registers", weights)->analyze({picture()}, keeping(), {}).at(0);
        QCOMPARE(result->attention_inputs->prefix_tokens, 5);
        comparePrefixWithCls(*result);
        compareVisualWithNaive(*result->attention_inputs);
        QCOMPARE(attentionOfPrefix(*result->attention_inputs, 4).size(), std::size_t{2});
        QVERIFY_EXCEPTION_THROWN(attentionOfPrefix(*result->attention_inputs, 5), Error);
    }

    void withoutClsTheMeanOfAllRowsIsTheMap() {
        Weights weights = testing::smallVit();
        weights.erase("cls_token");
        weights["pos_embed"] = testing::tensor("pos", {1, 16, 64});
        const auto result = load("mean", weights)->analyze({picture()}, keeping(), {}).at(0);
        const Array& map = result->cls_attention.at("blocks.1");
        std::vector<double> mean(map.values.size(), 0.0);
        for (std::size_t token = 0; token < 16; ++token) {
            const Array row =
                attentionOf(*result->attention_inputs, TokenIndex{token}).at("blocks.1");
            for (std::size_t i = 0; i < mean.size(); ++i) {
                mean[i] += double(row.values.at(i)) / 16.0;
            }
        }
        QVERIFY(largestDifference(map.values, mean) < 1e-6);
        QVERIFY_EXCEPTION_THROWN(attentionOfPrefix(*result->attention_inputs, 0), Error);
    }

    void refusesTokensThatAreNotThere() {
        const auto result =
            load("bad", testing::smallVit())->analyze({picture()}, keeping(), {}).at(0);
        const AttentionInputs& inputs = *result->attention_inputs;
        QCOMPARE(attentionOf(inputs, TokenIndex{15}).size(), std::size_t{2});
        for (const std::size_t token : {std::size_t{16}, std::size_t{17}, SIZE_MAX}) {
            try {
                attentionOf(inputs, TokenIndex{token});
                QFAIL("it was accepted");
            } catch (const Error& error) {
                QCOMPARE(error.code(), ErrorCode::Usage);
                QVERIFY(std::string(error.what()).find("one of 16") != std::string::npos);
            }
        }
        QVERIFY_EXCEPTION_THROWN(attentionRow(inputs.blocks[0], 17), Error);
        QCOMPARE(attentionRow(inputs.blocks[0], 16).shape, (std::vector<std::int64_t>{4, 17}));
    }

    void keptOnlyWhereAskedFor() {
        const auto model = load("kept", testing::smallVit(3));
        QVERIFY(!model->analyze({picture()}, {}, {}).at(0)->attention_inputs);
        AnalysisOptions options = keeping();
        options.taps = {"blocks.1", "norm"};
        options.maps = {MapKind::Magnitude};
        const auto results = model->analyze({picture(), picture("other")}, options, {});
        const AttentionInputs& inputs = *results[0]->attention_inputs;
        QCOMPARE(inputs.blocks.size(), std::size_t{1});
        QCOMPARE(inputs.blocks[0].name, "blocks.1");
        QVERIFY(results[0]->cls_attention.empty());
        // Each input of a batch has its own.
        QVERIFY(inputs != *results[1]->attention_inputs);
        const auto alone = model->analyze({picture("other")}, options, {}).at(0);
        QVERIFY(
            largestDifference(
                alone->attention_inputs->blocks[0].keys,
                results[1]->attention_inputs->blocks[0].keys) < 1e-5);
    }

    void narrowPrecisionIsWidened() {
        const std::string path = folder_.filePath("narrow.safetensors").toStdString();
        testing::writeSafetensors(path, testing::smallVit());
        const auto model = loadModel(
            parseModelSpec(path + ",heads=4"), {.device = "cpu", .precision = Precision::BFloat16});
        const auto result = model->analyze({picture()}, keeping(), {}).at(0);
        const auto cls = attentionOfPrefix(*result->attention_inputs, 0);
        // The pass rounds its rows to the 8 bits of a bfloat16's fraction, the query does not.
        QVERIFY(largestDifference(cls.at("blocks.1"), result->cls_attention.at("blocks.1")) < 0.01);
        const Array row = attentionRow(result->attention_inputs->blocks[1], 0);
        double sum = 0.0;
        for (std::size_t i = 0; i < 17; ++i) {
            sum += double(row.values[i]);
        }
        QVERIFY(std::abs(sum - 1.0) < 1e-5);
    }

    void memoryIsAskedForToo() {
        Weights weights = testing::smallVit();
        testing::addMappers(weights, 96);
        testing::addLlmLayer(weights, 0, 96, 64);
        const auto model = load("memory", weights);
        const auto result = model->analyze({picture()}, keeping(), {}).at(0);
        const ModelConfig config =
            openModelFile(parseModelSpec(model->summary().path.string() + ",heads=4")).config;
        const std::uint64_t more = estimateInputBytes(config, sizeof(float), keeping()) -
                                   estimateInputBytes(config, sizeof(float), {});
        // In the result, and before that in the pass, a ViT block's values among them.
        const std::uint64_t kept = result->attention_inputs->bytes();
        QVERIFY(more >= 2 * kept);
        QVERIFY(more <= 3 * kept);
    }
};

QTEST_APPLESS_MAIN(AttentionQueryTest)
#include "attention_query_test.moc"
