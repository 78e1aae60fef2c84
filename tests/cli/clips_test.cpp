// Videos through `analyze` and `inspect`.

#include <fstream>

#include <QTest>
#include <nlohmann/json.hpp>

#include "core/inputs/clip_input.h"
#include "core/media/video_reader.h"
#include "core/media/video_writer.h"
#include "tests/cli/cli_process.h"
#include "tests/support/failure.h"
#include "tests/support/golden.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

using Shape = std::vector<std::int64_t>;

QString plainModel() {
    return sharedFile("golden/video/videomae.pth") + ",heads=3";
}

nlohmann::json jsonIn(const QString& path) {
    std::ifstream file(path.toStdString());
    return nlohmann::json::parse(file, /*cb=*/nullptr, /*allow_exceptions=*/false);
}

/// An H.264 video of so many frames of 96 x 72 pixels, a bar that moves over a ramp.
QString makeVideo(const QString& path, int frames) {
    VideoWriter writer(path.toStdString(), 96, 72, 25.0);
    for (int t = 0; t < frames; ++t) {
        Image image{96, 72, {}};
        for (int y = 0; y < 72; ++y) {
            for (int x = 0; x < 96; ++x) {
                const bool is_bar = x / 6 == t % 16;
                image.pixels.insert(
                    image.pixels.end(), {static_cast<std::uint8_t>(is_bar ? 250 : 2 * x),
                                         static_cast<std::uint8_t>(3 * y),
                                         static_cast<std::uint8_t>(is_bar ? 10 : 90)});
            }
        }
        writer.add(image);
    }
    writer.finish();
    return path;
}

} // namespace

class ClipsTest : public QObject {
    Q_OBJECT

private:
    /// The maps of a clip of the golden file's, as `analyze` writes them.
    static std::map<std::string, Array> analyzed(
        const QString& model,
        const QString& label,
        const QTemporaryDir& output,
        const QStringList& more = {}) {
        writeNpy(
            output.filePath("clip.npy"),
            arraysIn(sharedFile("golden/video/videomae.golden.npz")).at("input"));
        const CliOutcome outcome = runCli(
            QStringList{
                "analyze", "--model", model, "--input", output.filePath("clip.npy"), "--output",
                output.path()} +
            more);
        return outcome.err.isEmpty() && outcome.status == 0
                   ? arraysIn(output.filePath("clip." + label + ".npz"))
                   : std::map<std::string, Array>{};
    }

private Q_SLOTS:
    void initTestCase() {
        if (sharedFile("golden").isEmpty()) {
            QSKIP("no shared/golden beside this checkout");
        }
    }

    void equalsReference_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("options");
        QTest::newRow("plain") << "videomae"
                               << ",heads=3";
        QTest::newRow("llama") << "videomae_llama"
                               << ",heads=3,llm_heads=4";
    }
    void equalsReference() {
        QFETCH(QString, name);
        QFETCH(QString, options);
        const QTemporaryDir output;
        const auto reference = arraysIn(sharedFile("golden/video/" + name + ".golden.npz"));
        writeNpy(output.filePath("clip.npy"), reference.at("input"));
        const CliOutcome outcome = runCli(
            {"analyze", "--model", sharedFile("golden/video/" + name + ".pth") + options, "--input",
             output.filePath("clip.npy"), "--output", output.path()});
        QCOMPARE(outcome.err, "");
        QCOMPARE(outcome.status, 0);
        const auto ours = arraysIn(output.filePath("clip." + name + ".npz"));
        for (const auto& [key, expected] : reference) {
            QVERIFY2(ours.contains(key), key.c_str());
            const double error = golden::relativeError(ours.at(key).values, expected.values);
            const QByteArray text = QByteArray(key.c_str()) + ": " + QByteArray::number(error);
            QVERIFY2(error <= golden::tolerance(key), text.constData());
        }
        for (const auto& [key, array] : ours) {
            // Attention is what the reference has not written down.
            QVERIFY2(reference.contains(key) || key.starts_with("cls_attention/"), key.c_str());
        }
        QCOMPARE(ours.at("magnitude/blocks.1").shape, (Shape{4, 4, 4}));
        QCOMPARE(ours.at("frequency/blocks.0").shape, (Shape{4, 4, 4}));
        QCOMPARE(ours.at("cls_attention/blocks.1").shape, (Shape{3, 4, 4, 4}));
        QCOMPARE(ours.at("input").shape, (Shape{3, 8, 64, 64}));
        QCOMPARE(ours.at("logits").shape, (Shape{7}));
    }

    void centringIsASwitch() {
        const QTemporaryDir output;
        const auto joint = analyzed(plainModel(), "videomae", output);
        QVERIFY(!joint.empty());
        const QString json = output.filePath("clip.videomae.json");
        QCOMPARE(jsonIn(json)["switches"]["centring"].get<std::string>(), "all frames jointly");
        QCOMPARE(jsonIn(json)["switches"]["query"].get<std::string>(), "mean query");
        const auto again = analyzed(plainModel(), "videomae", output, {"--resume"});
        QCOMPARE(again, joint);
        // What was asked for is told apart: these are computed anew.
        const QStringList frame = {"--centring", "frame", "--resume"};
        const auto apart = analyzed(plainModel(), "videomae", output, frame);
        QVERIFY(apart.at("magnitude/blocks.1") != joint.at("magnitude/blocks.1"));
        QCOMPARE(apart.at("logits"), joint.at("logits"));
        const nlohmann::json facts = jsonIn(json);
        QCOMPARE(facts["switches"]["centring"].get<std::string>(), "each time step");
        const std::string command = facts["command"].get<std::string>();
        QVERIFY2(command.find(" --centring frame") != std::string::npos, command.c_str());
        QCOMPARE(analyzed(plainModel(), "videomae", output, {"--centring", "both"}).size(), 0U);
    }

    void featuresAreOfAllTokens() {
        const QTemporaryDir output;
        const auto ours = analyzed(plainModel(), "videomae", output, {"--features"});
        QCOMPARE(ours.at("features/blocks.0").shape, (Shape{64, 48}));
    }

    void videosAreSampledEvenly() {
        const QTemporaryDir output;
        const QString video = makeVideo(output.filePath("bar.mp4"), 30);
        const CliOutcome outcome = runCli(
            {"analyze", "--model", plainModel(), "--input", video, "--output", output.path()});
        QCOMPARE(outcome.err, "");
        QCOMPARE(outcome.status, 0);
        const nlohmann::json input = jsonIn(output.filePath("bar.videomae.json"))["input"];
        QCOMPARE(input["frames"].dump(), "[1,5,9,13,16,20,24,28]");
        QCOMPARE(input["codec"].get<std::string>(), "h264");
        QCOMPARE(input["size"].dump(), "[96,72]");
        const auto ours = arraysIn(output.filePath("bar.videomae.npz"));
        // The same frames, read one after the other.
        PreprocessSpec spec;
        spec.frames = 8;
        spec.crop_width = spec.crop_height = spec.resize_short = 64;
        spec.filter = Filter::Bilinear;
        std::vector<Image> frames;
        VideoReader reader(video.toStdString());
        for (std::size_t i = 0; i < 30; ++i) {
            const auto frame = reader.next();
            QVERIFY(frame.has_value());
            for (const auto& wanted : input["frames"]) {
                if (wanted.get<std::size_t>() == i) {
                    frames.push_back(frame->picture);
                }
            }
        }
        QCOMPARE(ours.at("input"), preprocessClip(frames, spec).input);
        QCOMPARE(ours.at("magnitude/blocks.0").shape, (Shape{4, 4, 4}));
    }

    void shortVideosRepeatFrames() {
        const QTemporaryDir output;
        const QString video = makeVideo(output.filePath("short.mp4"), 3);
        PreprocessSpec spec;
        spec.frames = 8;
        const PreparedInput clip = readClip(video.toStdString(), spec);
        QCOMPARE(clip.frames.size(), std::size_t{8});
        QCOMPARE(clip.frames.front(), FrameIndex{0});
        QCOMPARE(clip.frames.back(), FrameIndex{2});
        QVERIFY(clip.pictures[0] == clip.pictures[1]);
        QVERIFY(clip.pictures[0] != clip.pictures[7]);
        QCOMPARE(clip.loss, "");
    }

    void realVideo() {
        const QString bike = sharedFile("data/video/bike.mp4");
        if (bike.isEmpty()) {
            QSKIP("no shared/data beside this checkout");
        }
        const QTemporaryDir output;
        const CliOutcome outcome = runCli(
            {"analyze", "--model", plainModel(), "--input", bike, "--output", output.path()});
        QCOMPARE(outcome.err, "");
        QCOMPARE(outcome.status, 0);
        QCOMPARE(arraysIn(output.filePath("bike.videomae.npz")).at("input").shape[1], 8);
    }

    void directoriesHoldVideosToo() {
        const QTemporaryDir output;
        const QTemporaryDir folder;
        makeVideo(folder.filePath("a.mp4"), 8);
        makePicture(folder.path(), "b.png", 1);
        const CliOutcome outcome = runCli(
            {"analyze", "--model", plainModel(), "--model",
             sharedFile("golden/image/vit.pth") + ",heads=3", "--input", folder.path(), "--output",
             output.path()});
        QCOMPARE(outcome.status, 0);
        QVERIFY2(
            outcome.err.contains("videomae on 1 video, vit on 1 picture"), qPrintable(outcome.err));
        QCOMPARE(
            filesIn(output.path()),
            QStringList({"a.videomae.json", "a.videomae.npz", "b.vit.json", "b.vit.npz"}));
    }

    void inspectTellsTheClip() {
        const CliOutcome outcome = runCli({"inspect", sharedFile("golden/video/videomae.pth")});
        QCOMPARE(outcome.status, 0);
        for (const char* part :
             {"VideoMAE", "3 x 8 x 64 x 64", "clips of 8 frames, 2 frames a token",
              "grid 4 x 4 x 4 tokens (time, rows, columns)", "no CLS token", "short side to 64",
              "bilinear"}) {
            QVERIFY2(outcome.out.contains(part), qPrintable(outcome.out));
        }
        const CliOutcome llama =
            runCli({"inspect", "--json", sharedFile("golden/video/videomae_llama.pth")});
        const auto facts = nlohmann::json::parse(llama.out.toStdString()).at(0);
        QCOMPARE(facts["family"].get<std::string>(), "VideoMAE-LLaMA (LM4VisualEncoding)");
        QCOMPARE(facts["grid"].dump(), "[4,4,4]");
        QCOMPARE(facts["frames"].dump(), "8");
        QCOMPARE(facts["tubelet"].dump(), "2");
        // A key overrides what the training arguments say.
        const CliOutcome longer = runCli(
            {"inspect", "--json", sharedFile("golden/video/videomae.pth") + ",frames=16,size=32"});
        QCOMPARE(nlohmann::json::parse(longer.out.toStdString()).at(0)["grid"].dump(), "[8,2,2]");
    }

    void refused_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("input");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("message");
        const QString scene = sharedFile("golden/image/scene.png");
        const QString vit = sharedFile("golden/image/vit.pth") + ",heads=3";
        QTest::newRow("picture") << plainModel() << scene << 4 << "a picture, expected a video";
        QTest::newRow("cloud") << plainModel() << sharedFile("golden/point/torus.ply") << 4
                               << "a point cloud, expected a video";
        QTest::newRow("video") << vit << "bar.mp4" << 4
                               << "a video, expected a picture (vitreous-cli video";
        QTest::newRow("tensor") << plainModel() << "picture.npy" << 4
                                << "(3, 8, 64, 64), found (3, 64, 64)";
        QTest::newRow("clip") << vit << "clip.npy" << 4 << "(3, 64, 64), found (3, 8, 64, 64)";
        QTest::newRow("no video") << plainModel() << "text.mp4" << 4 << "text.mp4";
        QTest::newRow("frames") << plainModel() + ",frames=3"
                                << "bar.mp4" << 3 << "multiple of 2";
        QTest::newRow("groups") << plainModel() + ",groups=3"
                                << "bar.mp4" << 2 << "video model";
    }
    void refused() {
        QFETCH(QString, model);
        QFETCH(QString, input);
        QFETCH(int, status);
        QFETCH(QString, message);
        const QTemporaryDir output;
        makeVideo(output.filePath("bar.mp4"), 8);
        writeNpy(output.filePath("picture.npy"), {{3, 64, 64}, std::vector<float>(3 * 4096)});
        writeNpy(output.filePath("clip.npy"), {{3, 8, 64, 64}, std::vector<float>(24 * 4096)});
        std::ofstream(output.filePath("text.mp4").toStdString()) << "no video at all";
        const QString path = input.startsWith('/') ? input : output.filePath(input);
        const CliOutcome outcome = runCli(
            {"analyze", "--model", model, "--input", path, "--output", output.filePath("out")});
        QVERIFY2(outcome.err.contains(message), qPrintable(outcome.err));
        QCOMPARE(outcome.err.count('\n'), 1);
        QCOMPARE(outcome.status, status);
        QVERIFY(filesIn(output.filePath("out")).isEmpty());
    }

    void picturesOnlyElsewhere() {
        const CliOutcome bench = runCli({"bench", "--model", plainModel(), "--json"});
        QVERIFY2(
            bench.err.contains("model of videos, expected one of images"), qPrintable(bench.err));
        QCOMPARE(bench.status, 3);
        const QTemporaryDir folder;
        makePicture(folder.path(), "a.png", 1);
        const CliOutcome evaluate = runCli(
            {"evaluate", "--model", plainModel(), "--images", folder.path(), "--masks",
             folder.path(), "--output", folder.filePath("out")});
        QVERIFY2(
            evaluate.err.contains("model of videos, expected one of images"),
            qPrintable(evaluate.err));
        QCOMPARE(evaluate.status, 3);
        const CliOutcome points = runCli(
            {"analyze", "--model", plainModel(), "--input", folder.path(), "--output",
             folder.filePath("out"), "--csv"});
        QVERIFY2(points.err.contains("is a model of videos"), qPrintable(points.err));
        QCOMPARE(points.status, 2);
    }
};

QTEST_GUILESS_MAIN(ClipsTest)
#include "clips_test.moc"
