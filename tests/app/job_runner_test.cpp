#include <QSignalSpy>
#include <QTest>

#include "app/desktop/job_runner.h"
#include "tests/app/fake_engine.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

constexpr int patience_ms = 20'000;

ModelSpec specOf(const char* path) {
    ModelSpec spec;
    spec.path = path;
    return spec;
}

void load(JobRunner& runner) {
    QSignalSpy loaded(&runner, &JobRunner::loaded);
    runner.load(ModelId{1}, specOf("a.pth"), {});
    QTRY_COMPARE_WITH_TIMEOUT(loaded.count(), 1, patience_ms);
}

AnalysisRequest requestOf(std::size_t input, std::vector<ModelId> models) {
    return {.input = InputId{input}, .path = "x.png", .models = std::move(models), .options = {}};
}

} // namespace

class JobRunnerTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void loadsAndAnalyses() {
        const auto control = std::make_shared<FakeControl>();
        JobRunner runner(fakeEngine(control));
        QSignalSpy loaded(&runner, &JobRunner::loaded);
        QSignalSpy analysed(&runner, &JobRunner::analysed);
        runner.load(ModelId{1}, specOf("a.pth"), {});
        QVERIFY(runner.isBusy());
        QTRY_COMPARE_WITH_TIMEOUT(loaded.count(), 1, patience_ms);
        runner.analyze(requestOf(7, {ModelId{1}}));
        QTRY_COMPARE_WITH_TIMEOUT(analysed.count(), 1, patience_ms);
        QCOMPARE(analysed[0][1].value<InputId>(), InputId{7});
        const auto analysis = analysed[0][2].value<Analysis>();
        QVERIFY(analysis.result->magnitude.contains("blocks.0"));
        QVERIFY(analysis.times.decode_ms > 0.0);
        QVERIFY(analysis.times.preprocess_ms > 0.0);
        QTRY_VERIFY_WITH_TIMEOUT(!runner.isBusy(), patience_ms);
    }
    void busyUntilAnswersArrived() {
        const auto control = std::make_shared<FakeControl>();
        JobRunner runner(fakeEngine(control));
        int answers = 0;
        int answers_when_idle = -1;
        connect(&runner, &JobRunner::loaded, this, [&] { ++answers; });
        connect(&runner, &JobRunner::busyChanged, this, [&](bool busy) {
            if (!busy) {
                answers_when_idle = answers;
            }
        });
        for (std::size_t i = 0; i < 20; ++i) {
            runner.load(ModelId{i}, specOf("a.pth"), {});
        }
        // All work is done before the first answer is looked at.
        while (control->alive < 20) {
            QThread::msleep(1);
        }
        QTRY_COMPARE_WITH_TIMEOUT(answers_when_idle, 20, patience_ms);
    }
    void newestRequestWins() {
        const auto control = std::make_shared<FakeControl>();
        JobRunner runner(fakeEngine(control));
        QSignalSpy analysed(&runner, &JobRunner::analysed);
        QSignalSpy failed(&runner, &JobRunner::analysisFailed);
        load(runner);
        control->running.close();
        runner.analyze(requestOf(1, {ModelId{1}}));
        QTRY_COMPARE_WITH_TIMEOUT(control->analyses.load(), 1, patience_ms);
        runner.analyze(requestOf(2, {ModelId{1}}));
        runner.analyze(requestOf(3, {ModelId{1}}));
        QTRY_COMPARE_WITH_TIMEOUT(control->analyses.load(), 2, patience_ms);
        control->running.open();
        QTRY_VERIFY_WITH_TIMEOUT(!runner.isBusy(), patience_ms);
        QCOMPARE(analysed.count(), 1);
        QCOMPARE(analysed[0][1].value<InputId>(), InputId{3});
        QCOMPARE(control->finished.load(), 1);
        QCOMPARE(failed.count(), 0);
    }
    void sameRequestIsNotBegunAgain() {
        const auto control = std::make_shared<FakeControl>();
        JobRunner runner(fakeEngine(control));
        load(runner);
        control->running.close();
        runner.analyze(requestOf(1, {ModelId{1}}));
        QTRY_COMPARE_WITH_TIMEOUT(control->analyses.load(), 1, patience_ms);
        runner.analyze(requestOf(1, {ModelId{1}}));
        control->running.open();
        QTRY_VERIFY_WITH_TIMEOUT(!runner.isBusy(), patience_ms);
        QCOMPARE(control->analyses.load(), 1);
    }
    void cancelStopsEverything() {
        const auto control = std::make_shared<FakeControl>();
        JobRunner runner(fakeEngine(control));
        QSignalSpy failed(&runner, &JobRunner::loadFailed);
        control->loading.close();
        runner.load(ModelId{1}, specOf("a.pth"), {});
        runner.load(ModelId{2}, specOf("b.pth"), {});
        QTRY_COMPARE_WITH_TIMEOUT(control->loads.load(), 1, patience_ms);
        runner.cancel();
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 2, patience_ms);
        for (const auto& arguments : failed) {
            QCOMPARE(arguments[1].value<Failure>().code, ErrorCode::Interrupted);
        }
        QTRY_VERIFY_WITH_TIMEOUT(!runner.isBusy(), patience_ms);
        QCOMPARE(control->alive.load(), 0);
    }
    void unloadFreesTheModel() {
        const auto control = std::make_shared<FakeControl>();
        JobRunner runner(fakeEngine(control));
        runner.load(ModelId{1}, specOf("a.pth"), {});
        QTRY_COMPARE_WITH_TIMEOUT(control->alive.load(), 1, patience_ms);
        runner.unload(ModelId{1});
        QTRY_COMPARE_WITH_TIMEOUT(control->alive.load(), 0, patience_ms);
    }
    void unloadStopsLoading() {
        const auto control = std::make_shared<FakeControl>();
        JobRunner runner(fakeEngine(control));
        QSignalSpy loaded(&runner, &JobRunner::loaded);
        QSignalSpy failed(&runner, &JobRunner::loadFailed);
        control->loading.close();
        runner.load(ModelId{1}, specOf("a.pth"), {});
        QTRY_COMPARE_WITH_TIMEOUT(control->loads.load(), 1, patience_ms);
        runner.unload(ModelId{1});
        QTRY_VERIFY_WITH_TIMEOUT(!runner.isBusy(), patience_ms);
        QCOMPARE(loaded.count() + failed.count(), 0);
    }
    void errorsAreToldOnce() {
        const auto control = std::make_shared<FakeControl>();
        JobRunner runner(fakeEngine(control));
        QSignalSpy failed(&runner, &JobRunner::loadFailed);
        QSignalSpy loaded(&runner, &JobRunner::loaded);
        QSignalSpy input_failed(&runner, &JobRunner::inputFailed);
        runner.load(ModelId{1}, specOf("bad.pth"), {});
        runner.load(ModelId{2}, specOf("big.pth"), {});
        runner.load(ModelId{3}, specOf("a.pth"), {});
        runner.load(ModelId{4}, specOf("b.pth"), {});
        QTRY_COMPARE_WITH_TIMEOUT(loaded.count(), 2, patience_ms);
        QCOMPARE(failed.count(), 2);
        QCOMPARE(failed[0][1].value<Failure>().code, ErrorCode::Model);
        QCOMPARE(failed[1][1].value<Failure>().code, ErrorCode::Resource);
        AnalysisRequest request = requestOf(1, {ModelId{3}, ModelId{4}});
        request.path = "broken.png";
        runner.analyze(request);
        QTRY_VERIFY_WITH_TIMEOUT(!runner.isBusy(), patience_ms);
        QCOMPARE(input_failed.count(), 1);
        QCOMPARE(control->analyses.load(), 0);
    }
    void endsWhileWorking() {
        const auto control = std::make_shared<FakeControl>();
        {
            JobRunner runner(fakeEngine(control));
            control->loading.close();
            runner.load(ModelId{1}, specOf("a.pth"), {});
            QTRY_COMPARE_WITH_TIMEOUT(control->loads.load(), 1, patience_ms);
        }
        QCOMPARE(control->alive.load(), 0);
    }
};

QTEST_GUILESS_MAIN(JobRunnerTest)
#include "job_runner_test.moc"
