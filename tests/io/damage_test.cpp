#include <random>

#include <QTemporaryDir>
#include <QTest>

#include "core/io/state_dict.h"
#include "core/io/unpickler.h"
#include "tests/io/hand_made.h"
#include "tests/io/support.h"

using namespace vitreous;

int fuzzUnpickler(const std::uint8_t* data, std::size_t size);
int fuzzCheckpoint(const std::uint8_t* data, std::size_t size);

namespace {

const std::string kData = VITREOUS_TEST_DATA "/io/";

int open(const std::string& bytes) {
    return fuzzCheckpoint(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

std::string problemOf(const std::string& stream) {
    Unpickler unpickler({reinterpret_cast<const std::byte*>(stream.data()), stream.size()});
    try {
        unpickler.read();
    } catch (const PickleProblem& problem) {
        return problem.what;
    }
    return "";
}

std::string safetensors() {
    const std::string header =
        R"({"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"v":{"dtype":"F16","shape":[4],"data_offsets":[16,24]}})";
    const std::uint64_t length = header.size();
    return std::string(reinterpret_cast<const char*>(&length), sizeof length) + header +
           std::string(24, '\0');
}

} // namespace

class DamageTest : public QObject {
    Q_OBJECT

private:
    static void seeds() {
        QTest::addColumn<QByteArray>("seed");
        QTest::newRow("zip") << QByteArray::fromStdString(testing::bytesOf(kData + "zip.pth"));
        QTest::newRow("legacy") << QByteArray::fromStdString(
            testing::bytesOf(kData + "legacy.pth"));
        QTest::newRow("safetensors") << QByteArray::fromStdString(safetensors());
    }

private Q_SLOTS:
    void everyBeginningIsRefused_data() { seeds(); }
    void everyBeginningIsRefused() {
        QFETCH(QByteArray, seed);
        const std::string bytes = seed.toStdString();
        QCOMPARE(open(bytes), 1);
        for (std::size_t size = 1; size < bytes.size();
             size += size + 120 < bytes.size() ? 17 : 1) {
            QVERIFY2(open(bytes.substr(0, size)) == 0, std::to_string(size).c_str());
        }
    }

    void flippedBytesNeverCrash_data() { seeds(); }
    void flippedBytesNeverCrash() {
        QFETCH(QByteArray, seed);
        const std::string bytes = seed.toStdString();
        std::mt19937 random(7);
        int opened = 0;
        constexpr int kRounds = 3000;
        for (int round = 0; round < kRounds; ++round) {
            std::string damaged = bytes;
            for (auto flips = 1 + random() % 4; flips > 0; --flips) {
                damaged[random() % damaged.size()] = static_cast<char>(random());
            }
            opened += open(damaged);
            fuzzUnpickler(reinterpret_cast<const std::uint8_t*>(damaged.data()), damaged.size());
        }
        // Some flips hit values only; others have to be noticed.
        QVERIFY(opened < kRounds);
    }

    void picklesNeverCrash() {
        // The pickle of the legacy file alone, so that every flip hits the unpickler.
        std::string pickle = testing::bytesOf(kData + "legacy.pth");
        pickle = pickle.substr(pickle.find("\x80\x02}q", 30, 4));
        std::mt19937 random(11);
        for (int round = 0; round < 20000; ++round) {
            std::string damaged = pickle;
            for (auto flips = 1 + random() % 3; flips > 0; --flips) {
                damaged[random() % std::min<std::size_t>(damaged.size(), 3000)] =
                    static_cast<char>(random());
            }
            fuzzUnpickler(reinterpret_cast<const std::uint8_t*>(damaged.data()), damaged.size());
        }
    }

    void bombsAreRefused_data() {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QString>("word");
        const auto add = [](const char* name, const std::string& stream, const char* word) {
            QTest::newRow(name) << QByteArray::fromStdString(stream) << word;
        };
        add("no end", "\x80\x02N", "too early");
        add("nothing on the stack", ".", "not there");
        add("close without open", "t.", "never opened");
        add("unknown instruction", "\xfe.", "unknown pickle instruction");
        add("protocol 9", "\x80\x09N.", "newer than 5");
        add("text beyond the end", std::string("X\xff\xff\xff\x7f", 5) + "abc.", "too early");
        add("text of 2^64 bytes", std::string("\x8d\xff\xff\xff\xff\xff\xff\xff\xff", 9) + "abc.",
            "too early");
        add("long beyond the end", std::string("\x8b\xff\xff\xff\x7f", 5) + ".", "too early");
        add("huge memo", std::string("Nr\xff\xff\xff\xff.", 7), "beyond its size");
        add("memo ahead of the stream",
            std::string("Nr\x00\x00\x01\x00.", 7) + std::string(100'000, 'N'), "beyond its size");
        add("recall of nothing", "h\x05.", "never stored");
        add("extension", "\x82\x01.", "extension registry");
        add("odd items", "}(NNNu.", "without a value");
        add("storage of nonsense", "(NNNNNtQ.", "names no storage");
        add("tensor of nonsense", "ctorch._utils\n_rebuild_tensor_v2\n(NNNNtR.",
            "without a storage");
    }
    void bombsAreRefused() {
        QFETCH(QByteArray, stream);
        QFETCH(QString, word);
        const std::string problem = problemOf(stream.toStdString());
        QVERIFY2(problem.find(word.toStdString()) != std::string::npos, problem.c_str());
    }

    void copiesAreBounded_data() {
        QTest::addColumn<QByteArray>("stream");
        // Each takes a few bytes of the stream to copy a value of a megabyte, 20,000 times.
        const auto many = [](const std::string& text) {
            std::string all;
            for (int i = 0; i < 20'000; ++i) {
                all += text;
            }
            return QByteArray::fromStdString("(" + all + ".");
        };
        const std::string list = "](" + std::string(130'000, 'N') + "eq\x01\x85q\x02";
        const std::string text = testing::pickled(std::string(1'000'000, 'a')) + "q\x01";
        const auto add = [&](const char* name, const std::string& begin, const std::string& copy) {
            QTest::newRow(name) << QByteArray::fromStdString(begin) + many(copy);
        };
        add("sets", list + "cbuiltins\nset\nq\x03", "h\x03h\x02R");
        add("codecs",
            text + "\x85q\x02"
                   "c_codecs\nencode\nq\x03",
            "h\x03h\x02R");
        add("classes", text, "h\x01h\x01\x93");
        add("records", text + "h\x01\x93q\x03)q\x04", "h\x03h\x04R");
        add("storages",
            "(" + testing::pickled("storage") + "ctorch\nFloatStorage\n" + text +
                "h\x01K\x04tq\x02",
            "h\x02Q");
    }
    void copiesAreBounded() {
        QFETCH(QByteArray, stream);
        const std::string problem = problemOf(stream.toStdString());
        QVERIFY2(problem.find("over and over") != std::string::npos, problem.c_str());
    }

    void argumentsAreBounded() {
        // One megabyte of text, named 9000 times.
        std::string stream = "]q\x02(" + testing::pickled(std::string(900'000, 'a')) + "q\x01";
        for (int i = 0; i < 9000; ++i) {
            stream += "h\x01";
        }
        stream += "e.";
        Unpickler unpickler({reinterpret_cast<const std::byte*>(stream.data()), stream.size()});
        QVERIFY(toJson(unpickler.read()).dump().size() < 2'000'000);
    }

    void archivesAreChecked_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("word");
        const std::string good = testing::bytesOf(kData + "zip.pth");
        const auto add = [](const char* name, const std::string& bytes, const char* word) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << word;
        };
        // Where the central directory speaks of a record.
        const auto entry = [&good](const std::string& name) {
            std::size_t at = good.find("PK\x01\x02");
            while (good.compare(at + 46, name.size(), name) != 0) {
                at = good.find("PK\x01\x02", at + 1);
            }
            return at;
        };
        const auto with = [&good](std::size_t at, const std::string& bytes) {
            std::string damaged = good;
            return damaged.replace(at, bytes.size(), bytes);
        };
        add("as it is", good, "");
        add("storage beyond its record", with(good.find("K\x18tq"), "K\x19"),
            "plain: its storage has 25 elements");
        add("record smaller than its storage",
            with(entry("zip/data/0") + 20, std::string("\x5c\0\0\0\x5c", 5)),
            "plain: its storage has 24 elements");
        add("compressed pickle", with(entry("zip/data.pkl") + 10, "\x08"),
            "data.pkl is compressed");
        add("compressed storage", with(entry("zip/data/0") + 10, "\x08"), "data/0 is compressed");
        add("encrypted storage", with(entry("zip/data/0") + 8, "\x01"), "encrypted");
        add("two of a name", with(entry("zip/data/1") + 46, "zip/data/0"), "twice");
        add("no such storage", with(entry("zip/data/0") + 46, "zip/data/x"),
            "plain: the record data/0 is missing");
        add("no pickle", with(entry("zip/data.pkl") + 46, "zip/data.xxx"), "data.pkl");
    }
    void archivesAreChecked() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, word);
        QTemporaryDir folder;
        const std::string path = folder.filePath("a.pth").toStdString();
        testing::writeBytes(path, bytes.toStdString());
        const std::string message = testing::messageOf([&] { openCheckpoint(path); });
        if (word.isEmpty()) {
            QCOMPARE(message, "");
            return;
        }
        QVERIFY2(message.find(word.toStdString()) != std::string::npos, message.c_str());
        QVERIFY2(message.ends_with(path), message.c_str());
    }

    void depthAndCyclesAreHarmless() {
        // A million tuples in one another, a million open marks, a list and a dictionary that hold
        // themselves.
        QCOMPARE(problemOf("N" + std::string(1'000'000, '\x85') + "."), "");
        QCOMPARE(problemOf(std::string(1'000'000, '(') + "N."), "");
        const std::string list = "]q\x01h\x01"
                                 "a.";
        fuzzUnpickler(reinterpret_cast<const std::uint8_t*>(list.data()), list.size());
        const std::string cycle = std::string(
            "}q\x01U\x01"
            "ah\x01s.",
            10);
        fuzzUnpickler(reinterpret_cast<const std::uint8_t*>(cycle.data()), cycle.size());
        const std::string wide = "]q\x01(" + [] {
            std::string items;
            for (int i = 0; i < 10000; ++i) {
                items += "h\x01";
            }
            return items;
        }() + "e.";
        fuzzUnpickler(reinterpret_cast<const std::uint8_t*>(wide.data()), wide.size());
        QCOMPARE(problemOf(cycle), "");
    }
};

QTEST_APPLESS_MAIN(DamageTest)
#include "damage_test.moc"
