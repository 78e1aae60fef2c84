// Training on shapes: it learns, its file does what the training said, it goes on where it was
// stopped.

#include <algorithm>
#include <cmath>

#include <QTest>

#include "core/nn/point_groups.h"
#include "core/train/shape_data.h"
#include "tests/train/training_fixture.h"

using namespace vitreous;
using namespace vitreous::testing;

class TrainerPointsTest : public QObject, private TrainingFixture {
    Q_OBJECT

private:
    static constexpr std::size_t kTested = 100;

    /// A tiny Point-BERT on small clouds.
    [[nodiscard]] TrainingRequest points(const std::string& output) const {
        TrainingRequest with;
        with.recipe.shapes = true;
        with.recipe.width = 32;
        with.recipe.depth = 1;
        with.recipe.heads = 2;
        with.recipe.points = 128;
        with.recipe.groups = 16;
        with.recipe.group_size = 16;
        with.recipe.epochs = 2;
        with.recipe.limit = 100;
        with.recipe.batch = 20;
        with.recipe.learning_rate = 2e-3;
        with.output = path(output);
        with.device = "cpu";
        with.test_limit = int(kTested);
        return with;
    }
    [[nodiscard]] TrainingRequest withFrozen(const std::string& output) const {
        TrainingRequest with = points(output);
        with.recipe.block = BlockKind::Frozen;
        with.recipe.llm = path("lm.safetensors");
        return with;
    }

    /// What analysis finds on the test shapes: the mean loss and the share of correct answers.
    static std::pair<double, double> evaluated(Model& model) {
        double loss = 0.0;
        int correct = 0;
        const PointGrouping grouping = *model.summary().grouping;
        for (std::size_t i = 0; i < kTested; ++i) {
            const Shape shape = shapeOf({.seed = 0, .epoch = 0, .item = i}, grouping.points);
            const Array logits =
                model.forward({{preprocessPoints(shape.cloud.positions, grouping), {}}}, {});
            double sum = 0.0;
            for (const float value : logits.values) {
                sum += std::exp(double(value));
            }
            const auto label = std::size_t(shapeLabel(i));
            loss += std::log(sum) - double(logits.values[label]);
            const auto best = std::max_element(logits.values.begin(), logits.values.end());
            correct += std::size_t(best - logits.values.begin()) == label ? 1 : 0;
        }
        return {loss / double(kTested), double(correct) / double(kTested)};
    }

private Q_SLOTS:
    void init() { makeFolder(); }

    void learnsAndItsFileDoesWhatItSays_data() {
        QTest::addColumn<bool>("with_block");
        QTest::newRow("Point-BERT") << false;
        QTest::newRow("Point-BERT-LLaMA") << true;
    }
    void learnsAndItsFileDoesWhatItSays() {
        QFETCH(bool, with_block);
        TrainingRequest longer = with_block ? withFrozen("run") : points("run");
        longer.recipe.epochs = 6;
        longer.recipe.limit = 400;
        longer.recipe.label_smoothing = 0.0;
        const std::vector<EpochReport> rows = train(longer, {}, {});
        QCOMPARE(rows.size(), std::size_t(6));
        QVERIFY2(
            rows.back().train_loss < 0.75 * rows.front().train_loss,
            qPrintable(
                QString("%1, then %2").arg(rows.front().train_loss).arg(rows.back().train_loss)));
        QVERIFY2(
            rows.back().test_accuracy > 0.3,
            qPrintable(QString::number(rows.back().test_accuracy)));
        for (const char* file : {"run/model.safetensors", "run/model.pth"}) {
            ModelSpec spec;
            spec.path = path(file);
            const auto model = loadModel(spec, {.device = "cpu"}, {});
            const ModelSummary& summary = model->summary();
            QVERIFY2(
                summary.guessed.empty(),
                summary.guessed.empty() ? "" : summary.guessed.front().c_str());
            QCOMPARE(summary.class_names, shapeClasses());
            QVERIFY(summary.grouping.has_value());
            QCOMPARE(
                *summary.grouping, (PointGrouping{.points = 128, .groups = 16, .group_size = 16}));
            QCOMPARE(summary.llm_layers, with_block ? 1 : 0);
            // What analysis computes, with running means and variances, is what was tested.
            const auto [loss, accuracy] = evaluated(*model);
            QVERIFY2(
                std::abs(loss / rows.back().test_loss - 1.0) < 1e-4,
                qPrintable(QString("%1 of %2").arg(loss).arg(rows.back().test_loss)));
            QCOMPARE(accuracy, rows.back().test_accuracy);
        }
    }

    void theSameSeedGivesTheSameCurve() {
        const auto first = numbersOf(train(points("first"), {}, {}));
        const auto second = numbersOf(train(points("second"), {}, {}));
        QCOMPARE(second, first);
        QCOMPARE(
            bytesOf(path("second/model.safetensors")), bytesOf(path("first/model.safetensors")));
        TrainingRequest other = points("third");
        other.recipe.seed = 2;
        QVERIFY(numbersOf(train(other, {}, {})) != first);
    }

    void mixedPrecisionIsClose() {
        TrainingRequest mixed = withFrozen("mixed");
        mixed.mixed = true;
        const auto rows = train(mixed, {}, {});
        const auto full = train(withFrozen("full"), {}, {});
        QVERIFY(numbersOf(full) != numbersOf(rows));
        QVERIFY2(
            std::abs(full.front().train_loss - rows.front().train_loss) < 0.1,
            qPrintable(QString::number(full.front().train_loss - rows.front().train_loss)));
    }

    void goesOnToTheSameNumbersWhereItWasStopped_data() {
        QTest::addColumn<int>("reports");
        QTest::newRow("in the first epoch") << 3;
        QTest::newRow("before the test") << 6;
        QTest::newRow("in a later epoch") << 9;
    }
    void goesOnToTheSameNumbersWhereItWasStopped() {
        QFETCH(int, reports);
        const auto whole = numbersOf(train(withFrozen("whole"), {}, {}));
        TrainingRequest parts = withFrozen("parts");
        std::stop_source stop;
        int seen = 0;
        const auto [code, message] = failureOf([&] {
            train(parts, {}, {.stop = stop.get_token(), .progress = [&](const Progress&) {
                                  if (++seen == reports) {
                                      stop.request_stop();
                                  }
                              }});
        });
        QCOMPARE(code, ErrorCode::Interrupted);
        parts.resume = true;
        QCOMPARE(numbersOf(train(parts, {}, {})), whole);
        QCOMPARE(
            bytesOf(path("parts/model.safetensors")), bytesOf(path("whole/model.safetensors")));
    }

    void startsFromACheckpoint() {
        TrainingRequest base = points("base");
        base.recipe.epochs = 4;
        const auto rows = train(base, {}, {});
        TrainingRequest next = withFrozen("next");
        next.recipe.init = path("base/model.safetensors");
        next.recipe.block = BlockKind::None;
        next.recipe.llm.clear();
        next.recipe.epochs = 1;
        next.recipe.learning_rate = 1e-5;
        next.recipe.warmup_epochs = 0.0;
        const double loss = train(next, {}, {}).front().test_loss;
        // It has the weights and the running means and variances of the one before.
        QVERIFY2(
            std::abs(loss - rows.back().test_loss) < 0.1,
            qPrintable(QString("%1 after %2").arg(loss).arg(rows.back().test_loss)));
        // Other groups are no other weights; a picture model is no start, and no start for one.
        TrainingRequest cut = next;
        cut.output = path("cut");
        cut.recipe.groups = 8;
        QVERIFY(std::isfinite(train(cut, {}, {}).front().test_loss));
        train(request("pictures"), {}, {});
        TrainingRequest wrong = points("wrong");
        wrong.recipe.init = path("pictures/model.safetensors");
        const auto of_pictures = failureOf([&] { train(wrong, {}, {}); });
        QCOMPARE(of_pictures.code, ErrorCode::Model);
        QVERIFY2(
            of_pictures.message.find("patches of pictures") != std::string::npos,
            of_pictures.message.c_str());
        TrainingRequest other = request("other");
        other.recipe.init = path("base/model.safetensors");
        const auto of_points = failureOf([&] { train(other, {}, {}); });
        QCOMPARE(of_points.code, ErrorCode::Model);
        QVERIFY2(
            of_points.message.find("groups of points") != std::string::npos,
            of_points.message.c_str());
    }

    void refuses_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("words");
        QTest::newRow("mixup") << "mixup"
                               << "change pictures, not --shapes";
        QTest::newRow("clutter") << "clutter"
                                 << "change pictures, not --shapes";
        QTest::newRow("few points") << "points"
                                    << "expected at least 16 points for 16 groups of 16, found 15";
        QTest::newRow("another run") << "resume"
                                     << "groups 16, found 8";
        QTest::newRow("a run of pictures") << "pictures"
                                           << "to be resumed has";
    }
    void refuses() {
        QFETCH(QString, what);
        QFETCH(QString, words);
        TrainingRequest wrong = points("run");
        wrong.recipe.epochs = 1;
        if (what == "mixup") {
            wrong.recipe.mixup = 0.2;
        } else if (what == "clutter") {
            wrong.recipe.clutter = 64;
        } else if (what == "points") {
            wrong.recipe.points = 15;
        } else if (what == "resume") {
            train(wrong, {}, {});
            wrong.recipe.groups = 8;
            wrong.resume = true;
        } else {
            TrainingRequest pictures = request("run");
            pictures.recipe.epochs = 1;
            train(pictures, {}, {});
            wrong.resume = true;
        }
        const auto [code, message] = failureOf([&] { train(wrong, {}, {}); });
        QCOMPARE(code, ErrorCode::Usage);
        QVERIFY2(message.find(words.toStdString()) != std::string::npos, message.c_str());
    }
};

QTEST_GUILESS_MAIN(TrainerPointsTest)
#include "trainer_points_test.moc"
