// The provenance's command makes the same export again.

#include <fstream>

#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "core/export/provenance.h"
#include "tests/support/weights.h"

using namespace vitreous;

class CommandTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

    /// The provenance of one run over that model and input.
    nlohmann::json provenanceOf(
        const QString& file,
        const std::string& settings,
        const QString& input_name,
        const AnalysisOptions& options) {
        const std::string path = folder_.filePath(file).toStdString();
        testing::writeSafetensors(path, testing::smallVit());
        const std::string input_path = folder_.filePath(input_name).toStdString();
        std::ofstream(input_path) << "x";
        const ModelSpec spec = parseModelSpec(path + settings);
        const auto model = loadModel(spec, {.device = "cpu"});
        PreparedInput input;
        input.input = testing::tensor("input", {3, 32, 32});
        return provenance(
            *model, spec, input_path, options, *model->analyze({input}, options, {}).at(0));
    }

    /// The words that a POSIX shell makes of a command.
    static QStringList words(const nlohmann::json& json) {
        QProcess shell;
        shell.start(
            "/bin/sh",
            {"-c", "printf '%s\\0' " + QString::fromStdString(json["command"].get<std::string>())});
        if (!shell.waitForFinished()) {
            return {};
        }
        QStringList list = QString::fromUtf8(shell.readAllStandardOutput()).split(QChar(0));
        list.removeLast();
        return list;
    }

private Q_SLOTS:
    void everyWord() {
        AnalysisOptions options;
        options.taps = {"blocks.?", "norm"};
        options.maps = {MapKind::Frequency};
        options.features = true;
        const nlohmann::json json =
            provenanceOf("plain.safetensors", ",heads=4,eps=1e-5", "photo.npy", options);
        const QString folder = folder_.path();
        QCOMPARE(
            words(json),
            (QStringList{
                "vitreous-cli", "analyze", "--model",
                folder + "/plain.safetensors,heads=4,eps=1e-05", "--input", folder + "/photo.npy",
                "--output", "out", "--device", "cpu", "--precision", "fp32", "--maps", "frequency",
                "--taps", "blocks.?", "norm", "--features"}));
    }

    void awkwardNames_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("input");
        const auto add = [](const char* model, const char* input) {
            QTest::newRow(model) << model << input;
        };
        add("a b.safetensors", "my photo.npy");
        add("it's \"here\".safetensors", "'.npy");
        add("$HOME `id` \\n;&|<>*?[]!#~.safetensors", "$(id) \\ *.npy");
        add("run,1.safetensors", "a,b.npy");
        add("run,heads=2,x.safetensors", "-dash.npy");
        add("line\nbreak.safetensors", "tab\tand\nline.npy");
        add("schön ü 模型.safetensors", "写真.npy");
    }
    void awkwardNames() {
        QFETCH(QString, model);
        QFETCH(QString, input);
        const nlohmann::json json = provenanceOf(model, ",heads=4", input, {});
        const QStringList list = words(json);
        const ModelSpec again = parseModelSpec(list.value(3).toStdString());
        QCOMPARE(QString::fromStdString(again.path.string()), folder_.filePath(model));
        QCOMPARE(again.heads, 4);
        // The same label, and so the same file name.
        QCOMPARE(labelOf(again), json["model"]["label"].get<std::string>());
        QCOMPARE(list.value(5), folder_.filePath(input));
        QCOMPARE(list.mid(list.indexOf("--taps") + 1), QStringList{"*"});
    }

    void everyField() {
        const nlohmann::json json = provenanceOf("m.safetensors", ",heads=4", "x.npy", {});
        QCOMPARE(json["program"].get<std::string>(), "Vitreous");
        QVERIFY(QRegularExpression("^\\d+\\.\\d+\\.\\d+$")
                    .match(QString::fromStdString(json["version"].get<std::string>()))
                    .hasMatch());
        QVERIFY(QRegularExpression("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$")
                    .match(QString::fromStdString(json["date"].get<std::string>()))
                    .hasMatch());
        // "x"
        QCOMPARE(
            json["input"]["sha256"].get<std::string>(),
            "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
        QCOMPARE(
            json["checkpoint"]["path"].get<std::string>(),
            folder_.filePath("m.safetensors").toStdString());
        QCOMPARE(json["maps"].size(), std::size_t{3});
        QCOMPARE(json["precision"].get<std::string>(), "fp32");
        QVERIFY(json["preprocessing"].is_object() && !json["preprocessing"].empty());
        QVERIFY(json["switches"].contains("centring"));
        QVERIFY(json["switches"].contains("llm_sublayers"));
        QVERIFY(json["switches"].contains("llm_output"));
        QVERIFY(!json["model"].empty());
        QVERIFY(json["forward_ms"].get<double>() >= 0.0);
    }
};

QTEST_APPLESS_MAIN(CommandTest)
#include "command_test.moc"
