// Work that is stopped ends soon and leaves nothing behind.

#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/export/npz.h"
#include "core/export/provenance.h"
#include "core/export/sha256.h"

using namespace vitreous;
namespace fs = std::filesystem;

class InterruptTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }

    void hashingStopsWithinTheFile() {
        std::ofstream(path("weights")) << std::string(5 << 20, 'w');
        std::stop_source stop;
        int reports = 0;
        const Task task{.stop = stop.get_token(), .progress = [&](const Progress& progress) {
                            QVERIFY(progress.stage.ends_with("weights"));
                            if (++reports == 2) {
                                QVERIFY(progress.fraction > 0.0 && progress.fraction < 1.0);
                                stop.request_stop();
                            }
                        }};
        requireInterrupted([&] { sha256OfFile(path("weights"), task); });
        QCOMPARE(reports, 2);
    }
    void aPipeIsNotWaitedFor() {
        QCOMPARE(mkfifo(path("pipe.png").c_str(), 0600), 0);
        try {
            sha256OfFile(path("pipe.png"));
            QFAIL("it was read");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Input);
            QVERIFY(std::string(error.what()).ends_with(path("pipe.png").string()));
        }
    }
    void writingLeavesNothing() {
        std::stop_source stop;
        stop.request_stop();
        AnalysisResult result;
        result.model_label = "m";
        result.input = {{1}, {0}};
        requireInterrupted([&] {
            writeResultAs(
                folder_->path().toStdString(), "x.m", result, {{"a", 1}},
                {.stop = stop.get_token(), .progress = {}});
        });
        QVERIFY(fs::is_empty(folder_->path().toStdString()));
    }
    void namesHoldNoSeparators() {
        QCOMPARE(resultName("photo.v2", "vit"), std::string("photo.v2.vit"));
        QCOMPARE(resultName("a/b", "c\nd"), std::string("a_b.c_d"));
    }

private:
    template <typename Function>
    void requireInterrupted(const Function& work) {
        try {
            work();
            QFAIL("it went on");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Interrupted);
        }
    }
    [[nodiscard]] fs::path path(const char* name) const {
        return fs::path(folder_->path().toStdString()) / name;
    }

    std::unique_ptr<QTemporaryDir> folder_;
};

QTEST_APPLESS_MAIN(InterruptTest)
#include "interrupt_test.moc"
