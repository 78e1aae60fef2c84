// Point clouds in training: the gradient is that of the loss through BatchNorm and groups, and the
// running mean and variance are what torch's BatchNorm1d keeps.

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/zeros.h>
#include <QTest>

#include "core/nn/vit.h"
#include "core/train/classifier.h"
#include "core/train/gradient.h"
#include "core/train/labelled_data.h"
#include "core/train/training_memory.h"

using namespace vitreous;

namespace {

/// The parameters, of which BatchNorm takes its batch's mean and variance; nothing is moved along.
class InTraining final : public TensorSource {
public:
    explicit InTraining(const Parameters& parameters) : parameters_(parameters) {}
    [[nodiscard]] at::Tensor load(const std::string& name) const override {
        return isRunning(name) ? parameters_.load(name).clone() : parameters_.load(name);
    }
    [[nodiscard]] at::Tensor loadOptional(const std::string& name) const override {
        const at::Tensor value = parameters_.loadOptional(name);
        return value.defined() && isRunning(name) ? value.clone() : value;
    }
    [[nodiscard]] bool isTraining() const override { return true; }

private:
    const Parameters& parameters_;
};

Recipe recipe() {
    Recipe small;
    small.shapes = true;
    small.width = 16;
    small.depth = 1;
    small.heads = 2;
    small.points = 64;
    small.groups = 8;
    small.group_size = 4;
    return small;
}

Batch batchOf(const Recipe& of, std::size_t count) {
    const auto data = openData(of, {}, Split::Train, {});
    Batch batch;
    std::vector<Sample> samples;
    batch.targets = at::zeros({std::int64_t(count), 10}, at::kFloat);
    for (std::size_t i = 0; i < count; ++i) {
        samples.push_back(data->training(0, i));
        batch.labels.push_back(data->label(i));
        batch.targets[std::int64_t(i)][batch.labels.back()] = 1.0;
    }
    batch.inputs = vitreous::batchOf(samples);
    return batch;
}

at::Tensor lossOf(const TrainingModel& model, const Batch& batch) {
    const InTraining source(model.parameters);
    const Vit vit(model.config, source, [](double) {});
    const at::Tensor logits = vit.forwardGroups(batch.inputs[0], batch.inputs[1], nullptr);
    return -(batch.targets * at::log_softmax(logits, 1)).sum() / double(batch.labels.size());
}

} // namespace

class PointGradientTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isThatOfTheLoss() {
        const TrainingModel model =
            buildModel(recipe(), std::vector<std::string>(10, "c"), at::kCPU);
        const Batch batch = batchOf(recipe(), 12);
        const std::vector<at::Tensor> leaves = model.parameters.trained();
        const std::vector<at::Tensor> gradients = shardedGradients(
            leaves, {.shards = 1}, [&](std::int64_t) { return lossOf(model, batch); });
        QCOMPARE(gradients.size(), leaves.size());
        const at::NoGradGuard no_gradient;
        int measured = 0;
        for (std::size_t i = 0; i < leaves.size(); ++i) {
            const auto length = gradients[i].norm().item<double>();
            if (length < 2e-2) { // the fp32 loss would be too coarse
                continue;
            }
            const double step = 2e-3 / length;
            const at::Tensor before = leaves[i].clone();
            leaves[i].add_(gradients[i], step);
            const auto above = lossOf(model, batch).item<double>();
            leaves[i].copy_(before);
            leaves[i].sub_(gradients[i], step);
            const auto below = lossOf(model, batch).item<double>();
            leaves[i].copy_(before);
            const double found = (above - below) / (2.0 * step);
            QVERIFY2(
                std::abs(found / (length * length) - 1.0) < 0.1,
                qPrintable(QString("leaf %1: %2 of %3").arg(i).arg(found).arg(length * length)));
            ++measured;
        }
        QVERIFY2(measured > 15, qPrintable(QString::number(measured)));
    }

    void whatRunsIsNotTrained() {
        const TrainingModel model =
            buildModel(recipe(), std::vector<std::string>(10, "c"), at::kCPU);
        int running = 0;
        for (const Parameter& parameter : model.parameters.all()) {
            QCOMPARE(parameter.trained, !parameter.isRunning());
            QVERIFY(parameter.changes());
            running += parameter.isRunning() ? 1 : 0;
        }
        QCOMPARE(running, 4);
        const auto mean = model.parameters.load("encoder.first_conv.1.running_mean");
        const auto variance = model.parameters.load("encoder.first_conv.1.running_var");
        QCOMPARE(mean.abs().max().item<double>(), 0.0);
        QCOMPARE(variance.min().item<double>(), 1.0);
        QCOMPARE(variance.max().item<double>(), 1.0);
    }

    void runsAsTorchDoes() {
        // Larger than a part: each has its own mean and variance, the mean of which counts.
        Recipe of = recipe();
        of.group_size = 32;
        of.groups = 64;
        of.points = 128;
        TrainingModel model = buildModel(of, std::vector<std::string>(10, "c"), at::kCPU);
        const std::int64_t part = shardInputs(model.config);
        QCOMPARE(part, std::int64_t(8));
        const Batch batch = batchOf(of, 11);
        const auto& parameters = model.parameters;
        at::Tensor mean = at::zeros({64}, at::kFloat);
        at::Tensor variance = at::zeros({64}, at::kFloat);
        {
            const at::NoGradGuard no_gradient;
            const at::Tensor x =
                at::linear(
                    batch.inputs[1], parameters.load("encoder.first_conv.0.weight").flatten(1),
                    parameters.load("encoder.first_conv.0.bias"))
                    .flatten(1, 2);
            for (const auto& [begin, end] :
                 {std::pair<std::int64_t, std::int64_t>{0, 8}, {8, 11}}) {
                const at::Tensor rows = x.slice(0, begin, end).flatten(0, 1);
                const double share = double(end - begin) / 11.0;
                mean += share * 0.1 * rows.mean(0);
                variance += share * (0.9 + 0.1 * rows.var(0, /*unbiased=*/true));
            }
        }
        AdamW optimizer(model.parameters, 0.0);
        const Score score =
            trainStep(model, optimizer, batch, {.learning_rate = 1e-3, .clip = 1.0}, {});
        QVERIFY(std::isfinite(score.loss));
        QCOMPARE(score.inputs, std::int64_t(11));
        const auto difference = [&](const char* name, const at::Tensor& expected) {
            return (parameters.load(name) - expected).abs().max().item<double>();
        };
        QVERIFY(mean.abs().max().item<double>() > 1e-4);
        QVERIFY(difference("encoder.first_conv.1.running_mean", mean) < 1e-6);
        QVERIFY(difference("encoder.first_conv.1.running_var", variance) < 1e-6);
    }

    void aStepThatIsRefusedMovesNothing() {
        TrainingModel model = buildModel(recipe(), std::vector<std::string>(10, "c"), at::kCPU);
        Batch batch = batchOf(recipe(), 4);
        batch.targets.fill_(std::nan(""));
        AdamW optimizer(model.parameters, 0.0);
        QVERIFY(std::isnan(trainStep(model, optimizer, batch, {.learning_rate = 1.0}, {}).loss));
        const auto mean = model.parameters.load("encoder.first_conv.1.running_mean");
        QCOMPARE(mean.abs().max().item<double>(), 0.0);
    }
};

QTEST_GUILESS_MAIN(PointGradientTest)
#include "point_gradient_test.moc"
