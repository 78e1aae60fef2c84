#include <fstream>
#include <thread>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/error.h"
#include "core/base/npy.h"
#include "core/media/image_file.h"

using namespace vitreous;

namespace {

/// Version 2.0: its header may be longer than 64 KiB.
std::string npy(const std::string& header, const std::string& data) {
    std::string bytes("\x93NUMPY\x02\x00", 8);
    for (int i = 0; i < 4; ++i) {
        bytes += static_cast<char>(header.size() >> (8 * i) & 0xff);
    }
    return bytes + header + data;
}

std::string messageOf(const std::string& bytes) {
    try {
        parseNpy(bytes, "a.npy");
        return "it was read";
    } catch (const Error& error) {
        return error.code() == ErrorCode::Input ? error.what() : "wrong code";
    }
}

std::string facts(const std::string& shape) {
    return "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }\n";
}

} // namespace

class HostileNpyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void longHeaders() {
        // In a thread: its stack is small.
        std::thread thread([] {
            for (const std::string& filling :
                 {std::string(60000, ' '), std::string(60000, '1'), std::string(1 << 20, ',')}) {
                const std::string message =
                    messageOf(npy(facts("(1," + filling + ")"), std::string(4, '\0')));
                QVERIFY2(message.find("at most 10000") != std::string::npos, message.c_str());
            }
            QCOMPARE(
                messageOf(npy(facts("(1," + std::string(9000, ' ') + ")"), std::string(4, '\0'))),
                "it was read");
            QCOMPARE(
                messageOf(npy(facts("(" + std::string(9000, '1') + ",)"), std::string(4, '\0'))),
                "the shape of the array makes no sense: a.npy");
        });
        thread.join();
    }

    void saysWhatIsWrong_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("word");
        const auto add = [](const char* header, const char* word) {
            QTest::newRow(header) << QByteArray(header) << QByteArray(word);
        };
        add("", "malformed");
        add("{}", "lacks");
        add("{'descr': '<f4', 'fortran_order': False, }", "lacks");
        add("{'descr': '<f4', 'fortran_order': False, 'shape' (1,), }", "malformed");
        add("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 3}", "malformed");
        add("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,), }", "neither");
        add("{'descr': '<f4', 'fortran_order': False, 'shape': (1", "malformed");
        add("{'descr': '<f4', 'fortran_order': False, 'shape': 1, }", "malformed");
        add("{'descr': '<f4', 'fortran_order': False, 'shape': (0x10,), }", "malformed");
        add("{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,), }", "malformed");
        add("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "no sense");
        add("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 3), }",
            "no sense");
        add("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }",
            "overflows");
        add("{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999,), }", "truncated");
        add("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "truncated");
        add("{'descr': '<f4", "malformed");
        add("{'descr': '', 'fortran_order': False, 'shape': (1,), }", "expected");
        add("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "found c8");
        add("{'descr': '<U4', 'fortran_order': False, 'shape': (1,), }", "found U4");
        add("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "found O");
        add("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "structured");
    }
    void saysWhatIsWrong() {
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, word);
        const std::string message = messageOf(npy(header.toStdString(), std::string(4, '\0')));
        QVERIFY2(message.find(word.toStdString()) != std::string::npos, message.c_str());
        QVERIFY2(message.ends_with(": a.npy"), message.c_str());
    }

    void readsWhatNumpyWrites() {
        // Blanks and key order are free.
        const Array array = parseNpy(
            npy("{ 'shape' : ( 2,1 ) ,'fortran_order':True,\n'descr':'|u1'}", "\x05\x06"), "a.npy");
        QCOMPARE(array.shape, (std::vector<std::int64_t>{2, 1}));
        QCOMPARE(array.values, (std::vector<float>{5, 6}));
        QCOMPARE(parseNpy(npy(facts("(0, 7)"), ""), "a.npy").values.size(), std::size_t{0});
    }

    void everyCutIsRefused() {
        const std::string whole = npy(facts("(2, 2)"), std::string(16, '\x01'));
        QCOMPARE(messageOf(whole), "it was read");
        for (std::size_t size = 0; size < whole.size(); ++size) {
            QVERIFY2(
                messageOf(whole.substr(0, size)) != "it was read", QByteArray::number(int(size)));
        }
    }

    void unreadablePaths() {
        QTemporaryDir folder;
        for (const std::string& path :
             {folder.path().toStdString(), folder.filePath("missing.npy").toStdString()}) {
            try {
                readNpy(path);
                QFAIL("it was read");
            } catch (const Error& error) {
                QCOMPARE(error.code(), ErrorCode::Input);
                QVERIFY2(std::string(error.what()).ends_with(path), error.what());
            }
        }
    }
};

QTEST_APPLESS_MAIN(HostileNpyTest)
#include "hostile_npy_test.moc"
