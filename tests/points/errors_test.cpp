#include <algorithm>
#include <stop_token>

#include <QtTest>

#include "tests/points/cloud_files.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

const std::string axes = "property float x\nproperty float y\nproperty float z\n";

std::string ply(const std::string& count, const std::string& rest) {
    return "ply\nformat ascii 1.0\nelement vertex " + count + "\n" + axes + "end_header\n" + rest;
}

std::string pcd(const std::string& points, const std::string& rest) {
    return "FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nPOINTS " + points + "\nDATA " + rest;
}

std::string mesh(const std::string& faces) {
    return "OFF 3 1 0\n0 0 0\n1 0 0\n0 1 0\n" + faces;
}

void add(const char* row, const char* name, const std::string& bytes, const char* expected) {
    QTest::newRow(row) << QString(name) << QByteArray::fromStdString(bytes) << QString(expected);
}

void addPly() {
    add("empty", "a.ply", "", "is no PLY file");
    add("no end", "a.ply", "ply\nformat ascii 1.0\n", "without end_header");
    add("no format", "a.ply", "ply\nelement vertex 1\n" + axes + "end_header\n1 2 3\n",
        "lacks its format");
    add("format", "a.ply", "ply\nformat utf8 1.0\n", "line 2: the PLY format is \"utf8\"");
    add("type", "a.ply", "ply\nelement vertex 1\nproperty quad x\n", "has type \"quad\"");
    add("count", "a.ply", ply("many", ""), "name and count");
    add("orphan", "a.ply", "ply\n" + axes, "expected an element before");
    add("keyword", "a.ply", "ply\nelephant\n", "has \"elephant\"");
    add("no vertex", "a.ply", "ply\nformat ascii 1.0\nelement face 0\nend_header\n",
        "has 0 elements vertex");
    add("no z", "a.ply",
        "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\n"
        "end_header\n1 2\n",
        "lack x, y or z");
    add("none", "a.ply", ply("0", ""), "no points");
    add("a billion", "a.ply", ply("1000000000", "1 2 3\n"), "promises 1000000000 points");
    add("more than 64 bits", "a.ply", ply("99999999999999999999", "1 2 3\n"), "count");
    add("truncated", "a.ply", ply("2", "1.25 2.25 3.25\n"), "ends after 1 of 2 points");
    add("word", "a.ply", ply("2", "1 2 3\n1 two 3\n"), "line 9: \"two\" is no number");
    add("short row", "a.ply", ply("2", "1.00 2.00 3.00\n1 2\n"), "line 9: too few numbers");
    add("all dropped", "a.ply", ply("2", "nan 2 3\n1 inf 3\n"), "all 2 points");
}

void addOthers() {
    add("unknown", "a.abc", "x", "expected one of .ply, .pcd");
    add("pcd without data", "a.pcd", "FIELDS x y z\n", "without DATA");
    add("pcd keyword", "a.pcd", "hello\n", "has \"hello\"");
    add("pcd data", "a.pcd", pcd("1", "zip\n"), "the PCD data is \"zip\"");
    add("pcd fields", "a.pcd", "FIELDS x y\nDATA ascii\n1 2\n", "lack x, y or z");
    add("pcd none", "a.pcd", pcd("0", "ascii\n"), "no points");
    add("pcd a billion", "a.pcd", pcd("1000000000", "binary\nabc"), "promises 1000000000");
    add("pcd a billion packed", "a.pcd", pcd("1000000000", "binary_compressed\nabcdefghi"),
        "promises 1000000000");
    add("pcd impossible", "a.pcd",
        pcd("100000000", "binary_compressed\n") + bytesOfNumbers<std::uint32_t>({4, 1200000000}) +
            "abcd",
        "cannot become as many");
    add("pcd truncated", "a.pcd", pcd("2", "ascii\n1.25 2.25 3.25\n"), "after 1 of 2 points");
    add("pcd word", "a.pcd", pcd("1", "ascii\n1 a 3\n"), "line 6: \"a\" is no number");
    add("rows empty", "a.xyz", "", "no points");
    add("rows header alone", "a.csv", "x,y,z\n", "no points");
    add("rows word", "a.xyz", "1 2 3\n4 five 6\n", "line 2: \"five\" is no number");
    add("rows gap", "a.csv", "1,2,3\n4,,6\n", "line 2: \"\" is no number");
    add("rows short", "a.txt", "1 2 3\n4 5\n", "line 2: 2 numbers, expected 3");
    add("rows promised", "a.xyz", "1000000000\n1 2 3\n", "promises 1000000000 points");
    add("rows missing", "a.xyz", "2\n1.5 2.5 3.5\n", "ends after 1 of 2 points");
    add("rows dropped", "a.xyz", "nan nan nan\n", "all 1 points");
    add("rows endless", "a.xyz", std::string(3 << 20, '1'), "goes on for over");
    add("npy", "a.npy", "hello, hello", "is no .npy array");
    add("off", "a.off", "hello\n", "is no OFF file");
    add("off counts", "a.off", "OFF\n1 two\n", "line 2: malformed OFF header");
    add("off none", "a.off", "OFF\n0 0 0\n", "no points");
    add("off a billion", "a.off", "OFF\n1000000000 0 0\n1 2 3\n", "promises 1000000000");
    add("off truncated", "a.off", "OFF\n2 0 0\n1.25 2.25 3.25\n", "after 1 of 2 points");
}

} // namespace

class ErrorsTest : public QObject {
    Q_OBJECT

private:
    CloudFiles files_;

private Q_SLOTS:
    void refuses_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("expected");
        addPly();
        addOthers();
    }

    void refuses() {
        QFETCH(QString, name);
        QFETCH(QByteArray, bytes);
        QFETCH(QString, expected);
        const std::string message = files_.messageOf(name.toStdString(), bytes.toStdString());
        QVERIFY2(QString::fromStdString(message).contains(expected), message.c_str());
    }

    void refusesFacesThatAreNone() {
        const CloudOptions options{MeshSampling::Faces, 10};
        const auto says = [&](const char* name, const std::string& bytes, const char* expected) {
            return files_.messageOf(name, bytes, options).find(expected) != std::string::npos;
        };
        QVERIFY(says("a.xyz", "1 2 3\n", "no faces"));
        QVERIFY(says("a.ply", ply("1", "1 2 3\n"), "no faces"));
        QVERIFY(says("a.off", mesh("3 0 1 3\n"), "has vertex 3, expected one of 3"));
        QVERIFY(says("a.off", mesh("3 0 1 -1\n"), "cannot be the number of a vertex"));
        QVERIFY(says("a.off", mesh("3 0 1 1\n"), "no area"));
        QVERIFY(says("a.off", mesh("\n"), "ends after 0 of 1 faces"));
        QVERIFY(says("a.off", "OFF 1 1000000000 0\n1 2 3\n", "promises 1000000000 faces"));
    }

    void refusesWhatIsNoFile() {
        const auto message = [](const std::string& path) {
            const Failure failure = failureOf([&] { readPointCloud(path); });
            return failure.code == ErrorCode::Input && failure.message.ends_with(path)
                       ? failure.message
                       : "?";
        };
        QVERIFY(message(files_.path("none.ply")).starts_with("cannot be read"));
        QVERIFY(message(files_.path(".")).starts_with("is a directory"));
    }

    void stopsInTheMiddle() {
        std::string rows;
        for (int i = 0; i < 100000; ++i) {
            rows += "1.5 2.5 3.5\n";
        }
        const std::string path = files_.write("a.xyz", rows);
        std::stop_source stop;
        double fraction = 0.0;
        const Task task{stop.get_token(), [&](const Progress& progress) {
                            fraction = progress.fraction;
                            stop.request_stop();
                        }};
        QCOMPARE(failureOf([&] { readPointCloud(path, {}, task); }).code, ErrorCode::Interrupted);
        QVERIFY(fraction > 0.0 && fraction < 1.0);
    }

    void tellsHowFarItIs() {
        const std::string path = files_.write("a.xyz", "1 2 3\n");
        std::vector<double> fractions;
        const Task task{
            {}, [&](const Progress& progress) { fractions.push_back(progress.fraction); }};
        QCOMPARE(readPointCloud(path, {}, task).size(), std::size_t{1});
        QVERIFY(std::is_sorted(fractions.begin(), fractions.end()));
        QCOMPARE(fractions.back(), 1.0);
    }
};

QTEST_APPLESS_MAIN(ErrorsTest)
#include "errors_test.moc"
