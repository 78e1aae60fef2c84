#include <filesystem>
#include <fstream>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "core/export/provenance.h"
#include "tests/support/weights.h"

using namespace vitreous;

class ProvenanceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sufficesToRepeat() {
        QTemporaryDir folder;
        const std::string model_path = folder.filePath("it's a, model.safetensors").toStdString();
        const std::string input_path = folder.filePath("a photo.npy").toStdString();
        testing::writeSafetensors(model_path, testing::smallVit());
        std::ofstream(input_path) << "x";
        const ModelSpec spec = parseModelSpec(model_path + ",heads=4,label=A b");
        const auto model = loadModel(spec, {.device = "cpu"});
        AnalysisOptions options;
        options.taps = {"blocks.*", "norm"};
        options.maps = {MapKind::Magnitude, MapKind::Frequency};
        PreparedInput input;
        input.input = testing::tensor("input", {3, 32, 32});
        const auto result = model->analyze({input}, options, {}).at(0);
        const nlohmann::json json = provenance(*model, spec, input_path, options, *result);
        for (const char* key :
             {"program", "version", "date", "checkpoint", "input", "model", "taps", "maps",
              "switches", "preprocessing", "device", "precision", "command"}) {
            QVERIFY2(json.contains(key), key);
        }
        QCOMPARE(json["checkpoint"]["sha256"].get<std::string>().size(), std::size_t{64});
        QCOMPARE(json["input"]["sha256"].get<std::string>().size(), std::size_t{64});
        QVERIFY(json["taps"] == nlohmann::json({"blocks.0", "blocks.1", "norm"}));
        QVERIFY(json["maps"] == nlohmann::json({"magnitude", "frequency"}));
        QVERIFY(json["device"] == "cpu");

        QProcess shell;
        const std::string command = json["command"].get<std::string>();
        shell.start("/bin/sh", {"-c", "printf '%s\\n' " + QString::fromStdString(command)});
        QVERIFY(shell.waitForFinished());
        const QStringList words =
            QString::fromUtf8(shell.readAllStandardOutput()).split('\n', Qt::SkipEmptyParts);
        QCOMPARE(words.mid(0, 3), (QStringList{"vitreous-cli", "analyze", "--model"}));
        ModelSpec again = parseModelSpec(words.at(3).toStdString());
        QVERIFY(again == spec);
        QCOMPARE(words.at(5).toStdString(), input_path);
        QVERIFY(words.contains("blocks.*"));
        QVERIFY(words.contains("magnitude,frequency"));
    }
};

QTEST_APPLESS_MAIN(ProvenanceTest)
#include "provenance_test.moc"
