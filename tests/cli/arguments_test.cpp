#include <sstream>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "app/cli/arguments.h"
#include "app/cli/bench.h"
#include "app/cli/console.h"
#include "app/cli/inputs.h"
#include "app/cli/outputs.h"

using namespace vitreous;
using namespace vitreous::cli;
namespace fs = std::filesystem;

namespace {

Arguments parse(std::vector<const char*> words) {
    words.insert(words.begin(), "vitreous-cli");
    return parseArguments(int(words.size()), words.data());
}

/// The message of the usage error that work ends in; empty where it ends in none.
template <typename Work>
std::string usageError(Work work) {
    try {
        work();
    } catch (const Error& error) {
        return error.code() == ErrorCode::Usage ? error.what() : std::string();
    }
    return {};
}

std::string parseError(const std::vector<const char*>& words) {
    return usageError([&] { parse(words); });
}

ModelSpec specOf(const std::string& argument) {
    return parseModelSpec(argument);
}

} // namespace

class ArgumentsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAnalyze();
    void hasDefaults();
    void refusesWhatIsWrong_data();
    void refusesWhatIsWrong();
    void helpNamesEveryCommandAndNoOther();
    void expandsDirectories();
    void outputsStayDistinct();
    void tapsHaveToMatch();
    void errorsAreOneLine();
    void progressKeepsToItsStyle();
    void medianIsTheMiddle();
};

void ArgumentsTest::readsAnalyze() {
    const Arguments parsed =
        parse({"analyze",        "--model",    "a.pth,heads=3", "b.pth",
               "--model",        "c.pth",      "--input",       "x.png",
               "y.npy",          "--output",   "out",           "--taps",
               "blocks.*",       "norm",       "--maps",        "magnitude,cls_attention",
               "--device",       "cpu",        "--precision",   "bf16",
               "--threads",      "3",          "--batch",       "4",
               "--resume",       "--features", "--progress",    "--mesh",
               "faces",          "--csv",      "--ply",         "--color-by",
               "frequency/norm", "--values",   "raw",           "--centring",
               "frame"});
    const auto& analyze = std::get<AnalyzeArguments>(parsed);
    QCOMPARE(analyze.models.size(), std::size_t(3));
    QCOMPARE(analyze.models[0].heads, std::optional<int>(3));
    QCOMPARE(analyze.inputs, (std::vector<fs::path>{"x.png", "y.npy"}));
    QCOMPARE(analyze.output, fs::path("out"));
    QCOMPARE(analyze.options.taps, (std::vector<std::string>{"blocks.*", "norm"}));
    QCOMPARE(analyze.options.maps, (std::set{MapKind::Magnitude, MapKind::ClsAttention}));
    QVERIFY(analyze.options.features && analyze.resume && analyze.progress);
    QVERIFY(analyze.options.frames_apart);
    QCOMPARE(analyze.device, (DeviceSpec{"cpu", Precision::BFloat16}));
    QCOMPARE(analyze.clouds.sampling, MeshSampling::Faces);
    QVERIFY(analyze.point_files.csv && analyze.point_files.ply);
    QCOMPARE(analyze.point_files.color_by, "frequency/norm");
    QCOMPARE(analyze.point_files.values, GroupValues::Raw);
    QCOMPARE(analyze.threads, 3);
    QCOMPARE(analyze.batch, 4);
}

void ArgumentsTest::hasDefaults() {
    const Arguments parsed =
        parse({"analyze", "--model", "a.pth", "--input", "x.png", "--output", "out"});
    const auto& analyze = std::get<AnalyzeArguments>(parsed);
    QCOMPARE(analyze.options, AnalysisOptions());
    QCOMPARE(analyze.device, DeviceSpec());
    QVERIFY(!analyze.resume && !analyze.progress && !analyze.point_files.any());
    QCOMPARE(analyze.point_files.values, GroupValues::Weighted);
    QCOMPARE(analyze.batch, 1);
    QVERIFY(std::get<BenchArguments>(parse({"bench"})).models.empty());
    const Arguments inspect = parse({"inspect", "a.pth", "b,c.pth,label=d", "--json"});
    QCOMPARE(std::get<InspectArguments>(inspect).models[1].path, fs::path("b,c.pth"));
    QVERIFY(std::get<InspectArguments>(inspect).json);
}

void ArgumentsTest::refusesWhatIsWrong_data() {
    using Words = std::vector<const char*>;
    QTest::addColumn<Words>("words");
    QTest::addColumn<QString>("part");
    const auto row = [](const char* name, const Words& words, const char* part) {
        QTest::newRow(name) << words << QString(part);
    };
    row("nothing", {}, "expected inspect, analyze, ");
    row("unknown command", {"evaluat"}, "'evaluat'");
    row("later command", {"figure", "--preset", "fig3"}, "'figure'");
    row("no model", {"inspect"}, "MODEL");
    row("no input", {"analyze", "--model", "a", "--output", "o"}, "--input");
    row("no output", {"analyze", "--model", "a", "--input", "i"}, "--output");
    row("unknown option", {"inspect", "a", "--jsn"}, "--jsn");
    const Words analyze = {"analyze", "--model", "a", "--input", "i", "--output", "o"};
    const auto with = [&analyze](const Words& more) {
        Words words = analyze;
        words.insert(words.end(), more.begin(), more.end());
        return words;
    };
    row("precision", with({"--precision", "fp8"}), "fp8");
    row("map", with({"--maps", "magnitude,phase"}), "'phase'");
    row("colours of nothing", with({"--color-by", "magnitude/norm"}), "--ply");
    row("values of nothing", with({"--csv", "--values", "raw"}), "--ply");
    row("values", with({"--ply", "--values", "mean"}), "mean");
    row("threads", with({"--threads", "none"}), "none");
    row("batch", with({"--batch", "0"}), "0");
    row("heads", {"inspect", "a.pth,heads=many"}, "'many'");
    row("runs", {"bench", "--runs", "0"}, "0");
}

void ArgumentsTest::refusesWhatIsWrong() {
    QFETCH(std::vector<const char*>, words);
    QFETCH(QString, part);
    const QString message = QString::fromStdString(parseError(words));
    QVERIFY2(message.contains(part), qPrintable(message));
    QVERIFY2(!message.contains(u'\n'), qPrintable(message));
}

void ArgumentsTest::helpNamesEveryCommandAndNoOther() {
    const auto help = QString::fromStdString(std::get<HelpText>(parse({"--help"})).text);
    for (const char* command :
         {"inspect", "analyze", "bench", "evaluate", "scenes", "shapes", "train", "train-lm",
          "video"}) {
        QVERIFY2(help.contains(QString("\n  ") + command), command);
    }
    for (const char* later : {"figure", "open"}) {
        QVERIFY2(!help.contains(QString("\n  ") + later), later);
    }
    QVERIFY(
        std::get<HelpText>(parse({"analyze", "--help"})).text.find("--resume") !=
        std::string::npos);
    QVERIFY(std::get<HelpText>(parse({"--version"})).text.starts_with("vitreous-cli "));
}

void ArgumentsTest::expandsDirectories() {
    const QTemporaryDir directory;
    for (const char* name :
         {"b.PNG", "a.jpg", "notes.txt", ".hidden.png", "c.npy", "d.PLY", "e.off", "f.pcd", "g.xyz",
          "table.csv", ".hidden.ply", "h.MP4"}) {
        QFile file(directory.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    QVERIFY(QDir(directory.path()).mkdir("folder.png"));
    QVERIFY(QDir(directory.path()).mkdir("folder.ply"));
    const fs::path root = directory.path().toStdString();
    const InputList list = expandInputs(
        {root, root / "c.npy", root / "a.jpg", root / "notes.txt", "missing.png", "named.Off"});
    const auto found = [&root](const char* name, InputKind kind) {
        return InputFile{root / name, kind, false};
    };
    const std::vector<InputFile> expected = {
        found("a.jpg", InputKind::Picture),      found("b.PNG", InputKind::Picture),
        found("d.PLY", InputKind::Points),       found("e.off", InputKind::Points),
        found("f.pcd", InputKind::Points),       found("g.xyz", InputKind::Points),
        found("h.MP4", InputKind::Video),        {root / "c.npy", InputKind::Tensor},
        {root / "notes.txt", InputKind::Points}, {"missing.png", InputKind::Picture},
        {"named.Off", InputKind::Points}};
    QVERIFY(list.files == expected);
    QVERIFY(list.failures.empty());
    QCOMPARE(picturesIn(root), (std::vector<fs::path>{root / "a.jpg", root / "b.PNG"}));
    const InputList empty = expandInputs({root / "folder.png"});
    QVERIFY(empty.files.empty());
    QCOMPARE(
        empty.failures, (std::vector{
                            "no picture, no point cloud and no video in the directory: " +
                            (root / "folder.png").string()}));
}

void ArgumentsTest::outputsStayDistinct() {
    const auto error = [](const std::vector<ModelSpec>& models,
                          const std::vector<fs::path>& inputs) {
        return QString::fromStdString(usageError(
            [&] { requireDistinctOutputs(models, std::vector(models.size(), inputs)); }));
    };
    QCOMPARE(error({specOf("a/vit.pth"), specOf("b/llama.pth")}, {"x.png", "y.png"}), "");
    QVERIFY(error({specOf("a/vit.pth"), specOf("b/vit.pth")}, {"x.png"}).contains("label="));
    QCOMPARE(error({specOf("a/vit.pth"), specOf("b/vit.pth,label=two")}, {"x.png"}), "");
    const QString inputs = error({specOf("vit.pth")}, {"a/x.png", "b/x.jpg"});
    QVERIFY2(inputs.contains("a/x.png") && inputs.contains("b/x.jpg"), qPrintable(inputs));
    // "x.a" + "b" and "x" + "a.b" meet in one name.
    QVERIFY(!error({specOf("p,label=b"), specOf("p,label=a.b")}, {"x.a.png", "x.png"}).isEmpty());
    QVERIFY(error({specOf("vit.pth,label=../vit")}, {"x.png"}).contains("'/'"));
}

void ArgumentsTest::tapsHaveToMatch() {
    ModelSummary vit;
    vit.label = "vit";
    vit.taps = {{"blocks.0", "1"}, {"norm", "norm"}};
    ModelSummary llama = vit;
    llama.label = "llama";
    llama.taps.push_back({"llama.layers.0", "LLM"});
    const auto error = [&](const std::vector<std::string>& globs) {
        AnalysisOptions options;
        options.taps = globs;
        return QString::fromStdString(usageError([&] {
            requireMatchingTaps({vit, llama}, options);
        }));
    };
    QCOMPARE(error({"*"}), "");
    QCOMPARE(error({"blocks.*", "llama.*"}), "");
    QVERIFY(error({"blocks.7"}).contains("blocks.0, norm"));
    QVERIFY(error({"blocks.*", "layers"}).contains("'layers'"));
    QVERIFY(error({"llama.*"}).contains("vit, it has blocks.0, norm"));
}

void ArgumentsTest::errorsAreOneLine() {
    std::ostringstream out;
    std::ostringstream err;
    Console console(out, err, ProgressStyle::None);
    console.progress("step", "detail");
    console.error("first\nsecond\tthird\n");
    QCOMPARE(err.str(), std::string("vitreous-cli: error: first second third\n"));
    QVERIFY(out.str().empty());
}

void ArgumentsTest::progressKeepsToItsStyle() {
    std::ostringstream out;
    std::ostringstream err;
    Console lines(out, err, ProgressStyle::Lines);
    lines.progress("one", "layer 1");
    lines.progress("one", "layer 2");
    lines.progress("two", "layer 1");
    QCOMPARE(err.str(), std::string("one\ntwo\n"));
    err.str("");
    Console overwrite(out, err, ProgressStyle::Overwrite);
    overwrite.progress("one", "layer 1");
    overwrite.print("result");
    QCOMPARE(err.str(), std::string("\r\033[Kone, layer 1\r\033[K"));
    QCOMPARE(out.str(), std::string("result\n"));
}

void ArgumentsTest::medianIsTheMiddle() {
    QCOMPARE(median({3.0, 1.0, 2.0}), 2.0);
    QCOMPARE(median({4.0, 1.0, 2.0, 3.0}), 2.5);
    QCOMPARE(median({7.0}), 7.0);
}

QTEST_APPLESS_MAIN(ArgumentsTest)
#include "arguments_test.moc"
