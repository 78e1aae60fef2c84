#include <QTest>

#include "core/analysis/model.h"
#include "core/export/npz.h"
#include "core/media/image_file.h"
#include "tests/support/golden.h"
#include "tests/support/shared.h"

using namespace vitreous;

namespace {

const std::string kGolden = VITREOUS_SHARED "/golden/";

golden::Arrays reference(const std::string& file) {
    golden::Arrays arrays;
    for (auto& [name, array] : readNpz(kGolden + file)) {
        arrays[name] = std::move(array);
    }
    return arrays;
}

/// Of pictures without the batch's dimension, which the reference has kept of them alone.
Array unbatched(const Array& array) {
    const std::ptrdiff_t batch = array.shape.size() == 4 && array.shape[0] == 1 ? 1 : 0;
    return {{array.shape.begin() + batch, array.shape.end()}, array.values};
}

/// What the reference has written down: of videos no attention.
AnalysisOptions measured(const QString& golden) {
    AnalysisOptions options;
    if (golden.startsWith("video/")) {
        options.maps = {MapKind::Magnitude, MapKind::Frequency};
    }
    return options;
}

} // namespace

class GoldenTest : public QObject {
    Q_OBJECT

private:
    static void compare(const AnalysisResult& result, const golden::Arrays& expected) {
        const golden::Arrays found = golden::arraysOf(result);
        std::size_t compared = 0;
        for (const auto& [name, array] : expected) {
            const auto it = found.find(name);
            QVERIFY2(it != found.end(), name.c_str());
            const double error = golden::relativeError(it->second.values, array.values);
            const std::string report = name + ": " + std::to_string(error);
            QVERIFY2(error <= golden::tolerance(name), report.c_str());
            ++compared;
        }
        QCOMPARE(compared, found.size());
    }

private Q_SLOTS:
    void initTestCase() { setThreadCount(0); }

    void equalsReference_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("golden");
        QTest::newRow("vit") << "image/vit.pth,heads=3"
                             << "image/vit.golden.npz";
        QTest::newRow("vit_llama") << "image/vit_llama.pth,heads=3,llm_heads=4"
                                   << "image/vit_llama.golden.npz";
        QTest::newRow("torchvision") << "torchvision/torchvision_vit.pth,heads=4"
                                     << "torchvision/torchvision_vit.golden.npz";
        QTest::newRow("videomae") << "video/videomae.pth,heads=3"
                                  << "video/videomae.golden.npz";
        QTest::newRow("videomae_llama") << "video/videomae_llama.pth,heads=3,llm_heads=4"
                                        << "video/videomae_llama.golden.npz";
    }
    void equalsReference() {
        VITREOUS_NEEDS_SHARED();
        QFETCH(QString, model);
        QFETCH(QString, golden);
        const golden::Arrays expected = reference(golden.toStdString());
        const auto loaded =
            loadModel(parseModelSpec(kGolden + model.toStdString()), {.device = "cpu"});
        const PreparedInput input =
            fromTensor(unbatched(expected.at("input")), loaded->summary().preprocess);
        compare(*loaded->analyze({input}, measured(golden), {}).at(0), expected);
    }

    void equalsReferenceFromPicture_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("golden");
        QTest::newRow("vit") << "image/vit.pth,heads=3"
                             << "image/vit.golden.npz";
        QTest::newRow("vit_llama") << "image/vit_llama.pth,heads=3,llm_heads=4"
                                   << "image/vit_llama.golden.npz";
    }
    void equalsReferenceFromPicture() {
        VITREOUS_NEEDS_SHARED();
        QFETCH(QString, model);
        QFETCH(QString, golden);
        const auto loaded =
            loadModel(parseModelSpec(kGolden + model.toStdString()), {.device = "cpu"});
        const PreparedInput input =
            preprocess(readImage(kGolden + "image/scene.png"), loaded->summary().preprocess);
        compare(*loaded->analyze({input}, {}, {}).at(0), reference(golden.toStdString()));
    }

    void equalsReferenceOnCuda_data() { equalsReference_data(); }
    void equalsReferenceOnCuda() {
        VITREOUS_NEEDS_SHARED();
        QFETCH(QString, model);
        QFETCH(QString, golden);
        std::shared_ptr<Model> loaded;
        try {
            loaded = loadModel(parseModelSpec(kGolden + model.toStdString()), {.device = "cuda"});
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Resource);
            QSKIP("no CUDA device here");
        }
        const golden::Arrays expected = reference(golden.toStdString());
        const PreparedInput input =
            fromTensor(unbatched(expected.at("input")), loaded->summary().preprocess);
        compare(*loaded->analyze({input}, measured(golden), {}).at(0), expected);
    }

    void batchEqualsSingle() {
        VITREOUS_NEEDS_SHARED();
        const auto loaded = loadModel(
            parseModelSpec(kGolden + "image/vit_llama.pth,heads=3,llm_heads=4"), {.device = "cpu"});
        const golden::Arrays expected = reference("image/vit_llama.golden.npz");
        const PreparedInput first =
            fromTensor(unbatched(expected.at("input")), loaded->summary().preprocess);
        PreparedInput second = first;
        std::reverse(second.input.values.begin(), second.input.values.end());
        const auto results = loaded->analyze({second, first}, {}, {});
        QCOMPARE(results.size(), std::size_t{2});
        compare(*results[1], expected);
        QVERIFY(results[0]->magnitude != results[1]->magnitude);
    }
};

QTEST_APPLESS_MAIN(GoldenTest)
#include "golden_test.moc"
