#include <QTest>

#include "tests/cli/cli_process.h"
#include "tests/support/golden.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

/// Compares everything in a `.npz` of ours with the reference's, array by array.
void compareWithGolden(const QString& ours_path, const QString& golden_path) {
    auto ours = arraysIn(ours_path);
    const auto reference = arraysIn(golden_path);
    QVERIFY(reference.size() > 10);
    for (const auto& [name, expected] : reference) {
        QVERIFY2(ours.contains(name), name.c_str());
        const Array& found = ours[name];
        // The reference is flat over tokens, ours is (rows, columns).
        const bool is_map = name.find('/') != std::string::npos;
        QCOMPARE(found.shape.size(), expected.shape.size() + (is_map ? 1 : 0));
        const double error = golden::relativeError(found.values, expected.values);
        const QByteArray text = QByteArray(name.c_str()) + ": " + QByteArray::number(error);
        QVERIFY2(error <= golden::tolerance(name), text.constData());
    }
    for (const auto& [name, array] : ours) {
        QVERIFY2(reference.contains(name), name.c_str());
    }
}

} // namespace

class GoldenTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void sceneThroughBothModels_data();
    void sceneThroughBothModels();
    void torchvisionFromTensor();
};

void GoldenTest::initTestCase() {
    if (sharedFile("golden").isEmpty()) {
        QSKIP("no shared/golden beside this checkout");
    }
}

void GoldenTest::sceneThroughBothModels_data() {
    QTest::addColumn<QStringList>("more");
    QTest::newRow("plain") << QStringList();
    QTest::newRow("threads") << QStringList{"--threads", "2", "--device", "cpu"};
}

void GoldenTest::sceneThroughBothModels() {
    QFETCH(QStringList, more);
    const QTemporaryDir output;
    const CliOutcome outcome = runCli(
        QStringList{
            "analyze", "--model", sharedFile("golden/image/vit.pth") + ",heads=3", "--model",
            sharedFile("golden/image/vit_llama.pth") + ",heads=3,llm_heads=4", "--input",
            sharedFile("golden/image/scene.png"), "--output", output.path()} +
        more);
    QCOMPARE(outcome.err, "");
    QCOMPARE(outcome.status, 0);
    QCOMPARE(
        filesIn(output.path()),
        QStringList(
            {"scene.vit.json", "scene.vit.npz", "scene.vit_llama.json", "scene.vit_llama.npz"}));
    QCOMPARE(
        outcome.out,
        output.filePath("scene.vit.npz") + "\n" + output.filePath("scene.vit_llama.npz") + "\n");
    for (const QString name : {"vit", "vit_llama"}) {
        compareWithGolden(
            output.filePath("scene." + name + ".npz"),
            sharedFile("golden/image/" + name + ".golden.npz"));
    }
}

void GoldenTest::torchvisionFromTensor() {
    const QTemporaryDir output;
    const QString golden = sharedFile("golden/torchvision/torchvision_vit.golden.npz");
    writeNpy(output.filePath("tensor.npy"), arraysIn(golden).at("input"));
    const CliOutcome outcome = runCli(
        {"analyze", "--model", sharedFile("golden/torchvision/torchvision_vit.pth") + ",heads=4",
         "--input", output.filePath("tensor.npy"), "--output", output.path()});
    QCOMPARE(outcome.err, "");
    QCOMPARE(outcome.status, 0);
    compareWithGolden(output.filePath("tensor.torchvision_vit.npz"), golden);
}

QTEST_GUILESS_MAIN(GoldenTest)
#include "golden_test.moc"
