// Training: it learns, it is the same every time, it goes on where it was stopped.

#include <algorithm>
#include <cmath>

#include <QTest>

#include "core/train/pictures.h"
#include "core/train/samples.h"
#include "tests/train/training_fixture.h"

using namespace vitreous;
using namespace vitreous::testing;

class TrainerTest : public QObject, private TrainingFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { makeFolder(); }

    void learnsAndItsFileDoesWhatItSays() {
        const std::vector<EpochReport> rows = train(learning("run"), {}, {});
        QCOMPARE(rows.size(), std::size_t(6));
        QVERIFY(rows.back().train_loss < rows.front().train_loss);
        QVERIFY2(
            rows.back().test_accuracy > 0.95,
            qPrintable(QString::number(rows.back().test_accuracy)));
        QCOMPARE(rows.back().steps, std::int64_t(36));

        for (const char* file : {"run/model.safetensors", "run/model.pth"}) {
            ModelSpec spec;
            spec.path = path(file);
            const auto model = loadModel(spec, {.device = "cpu"}, {});
            QVERIFY(model->summary().guessed.empty());
            QCOMPARE(model->summary().class_names, (std::vector<std::string>{"0", "1"}));
            const auto pictures = openPictures(path("data"), Split::Test, 16, {});
            int correct = 0;
            for (std::size_t i = 0; i < pictures->size(); ++i) {
                const PreparedInput prepared =
                    preprocess(pictures->picture(i), model->summary().preprocess);
                const Array logits = model->forward({prepared}, {});
                const int chosen = logits.values[1] > logits.values[0] ? 1 : 0;
                correct += chosen == pictures->label(i) ? 1 : 0;
            }
            QCOMPARE(correct / 40.0, rows.back().test_accuracy);
        }
        const std::string log = bytesOf(path("run/log.csv"));
        QCOMPARE(std::count(log.begin(), log.end(), '\n'), std::ptrdiff_t(7));
        QVERIFY(log.starts_with("epoch,steps,learning_rate,train_loss"));
    }

    void theSameSeedGivesTheSameCurve() {
        const auto first = numbersOf(train(request("first"), {}, {}));
        const auto second = numbersOf(train(request("second"), {}, {}));
        QCOMPARE(second, first);
        QCOMPARE(
            bytesOf(path("second/model.safetensors")), bytesOf(path("first/model.safetensors")));
        TrainingRequest other = request("third");
        other.recipe.seed = 2;
        QVERIFY(numbersOf(train(other, {}, {})) != first);
    }

    void mixedPrecisionIsCloseAndRepeatable() {
        TrainingRequest mixed = request("mixed");
        mixed.mixed = true;
        const auto rows = train(mixed, {}, {});
        mixed.output = path("again");
        QCOMPARE(numbersOf(train(mixed, {}, {})), numbersOf(rows));
        const auto full = train(request("full"), {}, {});
        QVERIFY(numbersOf(full) != numbersOf(rows));
        QVERIFY(std::abs(full.front().train_loss - rows.front().train_loss) < 0.05);
    }

    void goesOnToTheSameNumbersWhereItWasStopped_data() {
        QTest::addColumn<int>("reports");
        QTest::newRow("in the first epoch") << 3;
        QTest::newRow("in a later epoch") << 11;
        QTest::newRow("before the test") << 14;
    }

    void goesOnToTheSameNumbersWhereItWasStopped() {
        QFETCH(int, reports);
        TrainingRequest mixing = request("whole");
        mixing.recipe.mixup = 0.4;
        mixing.recipe.flip = true;
        const auto whole = numbersOf(train(mixing, {}, {}));

        mixing.output = path("parts");
        std::stop_source stop;
        int seen = 0;
        const auto [code, message] = failureOf([&] {
            train(mixing, {}, {.stop = stop.get_token(), .progress = [&](const Progress&) {
                                   if (++seen == reports) {
                                       stop.request_stop();
                                   }
                               }});
        });
        QCOMPARE(code, ErrorCode::Interrupted);
        QVERIFY2(message.find("--resume") != std::string::npos, message.c_str());
        mixing.resume = true;
        QCOMPARE(numbersOf(train(mixing, {}, {})), whole);
        QCOMPARE(
            bytesOf(path("parts/model.safetensors")), bytesOf(path("whole/model.safetensors")));
        // Once more: there is nothing left to do, and nothing changes.
        QCOMPARE(numbersOf(train(mixing, {}, {})), whole);
    }
};

QTEST_GUILESS_MAIN(TrainerTest)
#include "trainer_test.moc"
