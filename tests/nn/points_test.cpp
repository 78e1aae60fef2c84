// Point clouds: sampling, grouping, and the names of Point-BERT's checkpoints.

#include <cmath>
#include <limits>

#include <QTest>

#include "core/base/error.h"
#include "core/nn/model_config.h"
#include "core/nn/name_map.h"
#include "core/nn/point_groups.h"

using namespace vitreous;

namespace {

using Rows = std::vector<std::size_t>;

std::string messageOf(const std::function<void()>& work) {
    try {
        work();
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

bool says(const std::string& message, std::string_view part) {
    return message.find(part) != std::string::npos;
}

Array cloud(std::vector<float> xyz) {
    return {{std::int64_t(xyz.size() / 3), 3}, std::move(xyz)};
}

/// The tensors of a small Point-MAE: as wide as its encoder, a head with BatchNorm.
std::vector<std::pair<std::string, std::vector<std::int64_t>>> pointMae() {
    ModelConfig config;
    config.width = config.inner = 64;
    config.hidden = 128;
    config.depth = 1;
    config.cls = config.qkv_bias = config.final_norm = true;
    config.classes = 4;
    config.points = {
        .present = true,
        .encoder_width = 64,
        .reduce = false,
        .position_hidden = 128,
        .head = {
            {.index = 0, .outputs = 256, .norm = true},
            {.index = 4, .outputs = 256, .norm = true},
            {.index = 8, .outputs = 4}}};
    return expectedTensors(config);
}

Checkpoint checkpointOf(const std::string& prefix) {
    Checkpoint checkpoint;
    checkpoint.path = "cloud.pth";
    for (const auto& [name, shape] : pointMae()) {
        TensorEntry entry;
        entry.name = prefix + name;
        entry.shape = shape;
        checkpoint.tensors.push_back(entry);
    }
    return checkpoint;
}

void addTensor(Checkpoint& checkpoint, const std::string& name) {
    TensorEntry entry;
    entry.name = name;
    entry.shape = {64, 64};
    checkpoint.tensors.push_back(entry);
}

} // namespace

class PointsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void samplingBeginsAtRowZero() {
        const std::vector<float> xyz = {1, 0, 0, 2, 0, 0, 5, 0, 0, 3.4F, 0, 0};
        QCOMPARE(farthestPoints(xyz, 4), (Rows{0, 2, 3, 1}));
    }
    void samplingPassesOverTheOrigin() {
        // 0.03 squared is below 0.001, 0.04 squared above; row 0 is taken wherever it is.
        const std::vector<float> xyz = {0, 0, 0, 0.03F, 0, 0, 0.04F, 0, 0, 1, 0, 0};
        QCOMPARE(farthestPoints(xyz, 4), (Rows{0, 3, 2, 2}));
    }
    void firstOfEquallyFarPoints() {
        const std::vector<float> xyz = {1, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 1};
        QCOMPARE(farthestPoints(xyz, 2), (Rows{0, 1}));
    }
    void samplingCanBeStopped() {
        std::stop_source stop;
        stop.request_stop();
        const std::vector<float> xyz = {1, 0, 0, 2, 0, 0};
        const std::string message =
            messageOf([&] { farthestPoints(xyz, 2, {.stop = stop.get_token(), .progress = {}}); });
        QVERIFY2(says(message, "stopped"), message.c_str());
    }

    void groupsAreTheNearest() {
        const Array points = cloud({1, 0, 0, 1.1F, 0, 0, 1.3F, 0, 0, 3, 0, 0, 3.2F, 0, 0});
        const PointGroups groups = groupPoints(points, {.groups = 2, .group_size = 2});
        QCOMPARE(groups.centers, (Array{{2, 3}, {1, 0, 0, 3.2F, 0, 0}}));
        QCOMPARE(groups.members, (Array{{2, 2}, {0, 1, 4, 3}}));
        QCOMPARE(groups.neighborhoods.shape, (std::vector<std::int64_t>{2, 2, 3}));
        QCOMPARE(groups.neighborhoods.values[3], 1.1F - 1.0F);
        QCOMPARE(groups.neighborhoods.values[9], 3.0F - 3.2F);
    }
    void fewerPointsThanNeeded() {
        const Array points = cloud({1, 0, 0, 2, 0, 0});
        for (const PointGrouping& grouping :
             {PointGrouping{.groups = 3, .group_size = 1},
              PointGrouping{.groups = 1, .group_size = 3}}) {
            const std::string message = messageOf([&] { groupPoints(points, grouping); });
            QVERIFY2(says(message, "at least 3 points"), message.c_str());
            QCOMPARE(messageOf([&] { preprocessPoints(points.values, grouping); }), message);
        }
        const std::string none = messageOf([] { preprocessPoints({}, {}); });
        QVERIFY2(says(none, "found 0"), none.c_str());
    }

    void pointsFillTheUnitSphere() {
        const std::vector<float> xyz = {10, 20, 30, 12, 20, 30, 10, 24, 30, 12, 24, 30};
        const Array ready = preprocessPoints(xyz, {.points = 8, .groups = 2, .group_size = 2});
        QCOMPARE(ready.shape, (std::vector<std::int64_t>{4, 3}));
        const double x = 1 / std::sqrt(5.0);
        const std::vector<double> expected = {-x, -2 * x, 0, x, -2 * x, 0,
                                              -x, 2 * x,  0, x, 2 * x,  0};
        for (std::size_t i = 0; i < expected.size(); ++i) {
            QVERIFY(std::abs(double(ready.values[i]) - expected[i]) < 1e-6);
        }
    }
    void largeCloudsAreSampled() {
        std::vector<float> xyz;
        for (int i = 0; i < 1000; ++i) {
            const float angle = float(i) * 0.1F;
            xyz.insert(xyz.end(), {std::cos(angle), std::sin(angle), float(i) / 1000});
        }
        const PointGrouping grouping{.points = 50, .groups = 10, .group_size = 5};
        const Array ready = preprocessPoints(xyz, grouping);
        QCOMPARE(ready.shape, (std::vector<std::int64_t>{50, 3}));
        const PointGrouping whole{.points = 1000, .groups = 10, .group_size = 5};
        const Array all = preprocessPoints(xyz, whole);
        std::vector<float> expected;
        for (const std::size_t row : farthestPoints(all.values, 50)) {
            expected.insert(expected.end(), &all.values[3 * row], &all.values[3 * row] + 3);
        }
        QCOMPARE(ready.values, expected);
    }
    void equalPointsAreNoShape() {
        // A mean of 0.1s is not quite 0.1.
        const std::vector<float> xyz(300, 0.1F);
        const std::string message =
            messageOf([&] { preprocessPoints(xyz, {.groups = 2, .group_size = 2}); });
        QVERIFY2(says(message, "all 100 points are equal"), message.c_str());
    }

    void tensorsAreChecked() {
        const PointGrouping grouping{.groups = 1, .group_size = 1};
        const Array good = cloud({1, 0, 0, 2, 0, 0});
        QCOMPARE(pointsFromTensor(good, grouping), good);
        Array bad = good;
        bad.shape = {3, 2};
        QVERIFY(says(messageOf([&] { pointsFromTensor(bad, grouping); }), "(N, 3)"));
        bad = good;
        bad.values[4] = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(says(messageOf([&] { pointsFromTensor(bad, grouping); }), "NaN"));
    }

    void pointMaeIsKnown() {
        ModelHints hints;
        hints.groups = 128;
        for (const char* prefix : {"", "module.", "base_model.module."}) {
            const Checkpoint checkpoint = checkpointOf(prefix);
            const NameMapping mapping = mapNames(checkpoint);
            const ModelConfig config = deriveConfig(checkpoint, mapping, hints);
            requireExactTensors(checkpoint, mapping, config);
            QCOMPARE(config.family, std::string("Point-MAE"));
            QCOMPARE(config.points.grouping.groups, 128);
            QCOMPARE(config.points.head.size(), std::size_t(3));
            QCOMPARE(config.classes, 4);
            QVERIFY(config.points.head[1].norm && !config.points.head[2].norm);
        }
    }
    void groupingIsStatedOrGuessed() {
        Checkpoint checkpoint = checkpointOf("module.");
        const NameMapping mapping = mapNames(checkpoint);
        ModelHints hints;
        hints.heads = 1;
        const auto guesses = [&] {
            const ModelConfig config = deriveConfig(checkpoint, mapping, hints);
            return config.guessed;
        };
        QCOMPARE(guesses(), (std::vector<std::string>{"groups = 64", "group_size = 32"}));
        checkpoint.config = {
            {"npoints", 2048}, {"model", {{"num_group", 128}, {"group_size", 48}}}};
        QCOMPARE(guesses(), std::vector<std::string>());
        const ModelConfig config = deriveConfig(checkpoint, mapping, {});
        QCOMPARE(
            config.points.grouping,
            (PointGrouping{.points = 2048, .groups = 128, .group_size = 48}));
    }
    void queryTransformerAloneIsTheModel() {
        Checkpoint checkpoint = checkpointOf("module.transformer_q.");
        addTensor(checkpoint, "module.transformer_k.blocks.blocks.0.attn.proj.weight");
        addTensor(checkpoint, "module.dvae.encoder.first_conv.3.weight");
        addTensor(checkpoint, "module.queue");
        const NameMapping mapping = mapNames(checkpoint);
        requireExactTensors(checkpoint, mapping, deriveConfig(checkpoint, mapping, {}));
        addTensor(checkpoint, "module.transformer_q.stranger.weight");
        const NameMapping strange = mapNames(checkpoint);
        const std::string message = messageOf([&] {
            requireExactTensors(checkpoint, strange, deriveConfig(checkpoint, strange, {}));
        });
        QVERIFY2(says(message, "unexpected module.transformer_q.stranger"), message.c_str());
    }
    void headsHaveToFit() {
        Checkpoint checkpoint = checkpointOf("");
        for (TensorEntry& entry : checkpoint.tensors) {
            if (entry.name == "cls_head_finetune.4.weight") {
                entry.shape = {256, 128};
            }
        }
        const NameMapping mapping = mapNames(checkpoint);
        const std::string message = messageOf([&] {
            requireExactTensors(checkpoint, mapping, deriveConfig(checkpoint, mapping, {}));
        });
        QVERIFY2(says(message, "expected (256, 256), found (256, 128)"), message.c_str());
    }
};

QTEST_GUILESS_MAIN(PointsTest)
#include "points_test.moc"
