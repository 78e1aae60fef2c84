// Plain text for a language model: its files, its parts, its baselines.

#include <cmath>
#include <fstream>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/error.h"
#include "core/train/text.h"
#include "tests/support/failure.h"

using namespace vitreous;
using testing::Failure;
using testing::failureOf;

class TextTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> folder_;

    std::filesystem::path path(const std::string& name) {
        return folder_->filePath(QString::fromStdString(name)).toStdString();
    }
    std::filesystem::path write(const std::string& name, const std::string& bytes) {
        std::ofstream(path(name), std::ios::binary) << bytes;
        return path(name);
    }

private Q_SLOTS:
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }

    void baselinesByHand() {
        // Training: a twice, b once; aa and ab once each, nothing behind b.
        const TextBaselines found = textBaselines({.training = "aab", .held_out = "aba"});
        const double unigram = -(std::log(2.0 / 259.0) + std::log(3.0 / 259.0)) / 2.0;
        const double bigram = -(std::log(2.0 / 258.0) + std::log(1.0 / 256.0)) / 2.0;
        QVERIFY(std::abs(found.unigram - unigram) < 1e-12);
        QVERIFY(std::abs(found.bigram - bigram) < 1e-12);
    }

    void splitsTheLastTwentiethOff() {
        const std::string text = std::string(95, 'x') + "12345678";
        const TextSplit split = splitText(text);
        QCOMPARE(split.held_out, std::string_view("45678"));
        QCOMPARE(split.training.size() + split.held_out.size(), text.size());
        for (const int context : {1, 30, 37, 256}) {
            const std::size_t length = shortestText(context);
            const auto fits = [&](std::size_t size) {
                const std::string bytes(size, 'x');
                const TextSplit parts = splitText(bytes);
                return parts.training.size() > std::size_t(context) && parts.held_out.size() >= 2;
            };
            QVERIFY(fits(length));
            QVERIFY(!fits(length - 1));
        }
    }

    void readsFilesInOrder() {
        const std::string zero("b\0\xff\n", 4);
        QCOMPARE(readText({write("one", "a"), write("two", zero)}), "a" + zero);
    }

    void refusesWhatIsNoText() {
        const auto refused = [&](const std::filesystem::path& file, const std::string& word) {
            const Failure failure = failureOf([&] { readText({write("one", "a"), file}); });
            QCOMPARE(failure.code, ErrorCode::Input);
            QVERIFY2(failure.message.find(word) != std::string::npos, failure.message.c_str());
            QVERIFY2(failure.message.ends_with(": " + file.string()), failure.message.c_str());
        };
        refused(path("missing"), "No such file");
        QDir(folder_->path()).mkdir("folder");
        refused(path("folder"), "found a directory");
        const Failure empty = failureOf([&] { readText({write("empty", "")}); });
        QCOMPARE(empty.code, ErrorCode::Input);
        QVERIFY(empty.message.ends_with(": " + path("empty").string()));
        QCOMPARE(failureOf([] { readText({}); }).code, ErrorCode::Usage);
    }
};

QTEST_GUILESS_MAIN(TextTest)
#include "text_test.moc"
