// The gradient is that of the loss, however the batch is cut up; AdamW does what its paper says.

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/zeros.h>
#include <QTemporaryDir>
#include <QTest>

#include "core/nn/vit.h"
#include "core/train/adamw.h"
#include "core/train/gradient.h"
#include "core/train/random.h"
#include "core/train/training_model.h"
#include "tests/support/weights.h"

using namespace vitreous;

namespace {

constexpr std::int64_t kPictures = 6;

at::Tensor noise(std::uint64_t key) {
    Random random{key};
    at::Tensor images = at::zeros({kPictures, 3, 8, 8}, at::kFloat);
    for (std::int64_t i = 0; i < images.numel(); ++i) {
        images.data_ptr<float>()[i] = float(random.normal());
    }
    return images;
}

/// The loss of pictures [begin, end): the wanted class is the picture's number modulo 3.
at::Tensor
lossOf(const TrainingModel& model, const at::Tensor& images, std::int64_t begin, std::int64_t end) {
    const Vit vit(model.config, model.parameters, [](double) {});
    const at::Tensor logs = at::log_softmax(vit.forward(images.slice(0, begin, end), nullptr), 1);
    at::Tensor sum = at::zeros({}, at::kFloat);
    for (std::int64_t i = begin; i < end; ++i) {
        sum = sum - logs[i - begin][i % 3];
    }
    return sum / double(kPictures);
}

} // namespace

class GradientTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

    TrainingModel modelOf(BlockKind kind) {
        const std::string path = folder_.filePath("lm.safetensors").toStdString();
        testing::writeSafetensors(path, testing::languageModel(1, 64, 32));
        Recipe recipe;
        recipe.width = 16;
        recipe.depth = 2;
        recipe.heads = 2;
        recipe.patch = 4;
        recipe.size = 8;
        recipe.block = kind;
        recipe.position = BlockPosition::Middle;
        recipe.llm = kind == BlockKind::None ? "" : path;
        return buildModel(recipe, {"a", "b", "c"}, at::kCPU);
    }

private Q_SLOTS:
    void isThatOfTheLoss_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("plain") << int(BlockKind::None);
        QTest::newRow("through a frozen block") << int(BlockKind::Frozen);
        QTest::newRow("of the block too") << int(BlockKind::Unfrozen);
        QTest::newRow("of an MLP") << int(BlockKind::Mlp);
    }
    void isThatOfTheLoss() {
        QFETCH(int, kind);
        TrainingModel model = modelOf(BlockKind(kind));
        const at::Tensor images = noise(5);
        const std::vector<at::Tensor> leaves = model.parameters.trained();
        const std::vector<at::Tensor> gradients =
            shardedGradients(leaves, {.shards = 3}, [&](std::int64_t shard) {
                return lossOf(model, images, 2 * shard, 2 * shard + 2);
            });
        QCOMPARE(gradients.size(), leaves.size());
        const std::vector<at::Tensor> whole =
            shardedGradients(leaves, {.shards = 1}, [&](std::int64_t) {
                return lossOf(model, images, 0, kPictures);
            });
        // Along the gradient itself, the loss has to rise as the square of its length says.
        const at::NoGradGuard no_gradient;
        for (std::size_t i = 0; i < leaves.size(); ++i) {
            const auto difference = (gradients[i] - whole[i]).norm().item<double>();
            const auto length = gradients[i].norm().item<double>();
            QVERIFY2(
                difference <= 1e-5 * (1.0 + length),
                qPrintable(QString("leaf %1: %2").arg(i).arg(difference)));
            if (length < 5e-3) { // the fp32 loss would be too coarse
                continue;
            }
            const double step = 2e-3 / length;
            const at::Tensor before = leaves[i].clone();
            leaves[i].add_(gradients[i], step);
            const auto above = lossOf(model, images, 0, kPictures).item<double>();
            leaves[i].copy_(before);
            leaves[i].sub_(gradients[i], step);
            const auto below = lossOf(model, images, 0, kPictures).item<double>();
            leaves[i].copy_(before);
            const double found = (above - below) / (2.0 * step);
            QVERIFY2(
                std::abs(found / (length * length) - 1.0) < 0.05,
                qPrintable(QString("leaf %1: %2 of %3").arg(i).arg(found).arg(length * length)));
        }
    }

    void whatIsFrozenIsNotTrained() {
        const TrainingModel model = modelOf(BlockKind::Frozen);
        std::size_t frozen = 0;
        for (const Parameter& parameter : model.parameters.all()) {
            const bool is_block = parameter.name.starts_with("llama.layers.");
            QCOMPARE(parameter.trained, !is_block);
            QCOMPARE(parameter.value.requires_grad(), !is_block);
            frozen += is_block ? 1 : 0;
        }
        QCOMPARE(frozen, std::size_t(9));
        QCOMPARE(model.frozen.size(), frozen);
    }

    void adamWStepsByTheRateAndDecaysMatricesAlone() {
        Parameters parameters;
        parameters.add("a.weight", at::full({2, 2}, 3.0, at::kFloat), true);
        parameters.add("a.bias", at::full({2}, 3.0, at::kFloat), true);
        parameters.add("pos_embed", at::full({1, 1, 2}, 3.0, at::kFloat), true);
        parameters.add("frozen.weight", at::full({2, 2}, 3.0, at::kFloat), false);
        AdamW optimizer(parameters, /*weight_decay=*/0.5);
        std::vector<at::Tensor> gradients = {
            at::full({2, 2}, 4.0, at::kFloat), at::full({2}, 4.0, at::kFloat),
            at::full({1, 1, 2}, 0.0, at::kFloat)};
        // The norm of six fours is known; the first step is the rate long whatever the gradient.
        const double norm = optimizer.step(gradients, 0.1, /*clip=*/1.0);
        QVERIFY(std::abs(norm - std::sqrt(6.0 * 16.0)) < 1e-5);
        const auto valueOf = [&parameters](const char* name) {
            return parameters.load(name).flatten()[0].item<double>();
        };
        QVERIFY(std::abs(valueOf("a.weight") - (3.0 * (1.0 - 0.1 * 0.5) - 0.1)) < 1e-5);
        QVERIFY(std::abs(valueOf("a.bias") - (3.0 - 0.1)) < 1e-5);
        QCOMPARE(valueOf("pos_embed"), 3.0);
        QCOMPARE(valueOf("frozen.weight"), 3.0);
        // Clipped to one: the moments say so.
        const auto state = optimizer.state();
        QCOMPARE(state.size(), std::size_t(6));
        QCOMPARE(state[0].first, std::string("exp_avg.a.weight"));
        QVERIFY(std::abs(state[0].second[0][0].item<double>() - 0.1 * 4.0 / norm) < 1e-6);

        gradients[0] = at::full({2, 2}, std::nan(""), at::kFloat);
        QVERIFY(!std::isfinite(optimizer.step(gradients, 0.1, 1.0)));
        QVERIFY(std::abs(valueOf("a.bias") - 2.9) < 1e-5);
    }
};

QTEST_GUILESS_MAIN(GradientTest)
#include "gradient_test.moc"
