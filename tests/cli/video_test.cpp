#include <cmath>

#include <QDir>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "core/media/video_reader.h"
#include "core/media/video_writer.h"
#include "tests/cli/cli_process.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

constexpr int clipFrames = 20;

void makeClip(const QString& path) {
    VideoWriter writer(path.toStdString(), 64, 48, 10.0);
    for (int i = 0; i < clipFrames; ++i) {
        Image frame{64, 48, {}};
        for (int y = 0; y < 48; ++y) {
            for (int x = 0; x < 64; ++x) {
                const bool is_disc = std::hypot(x - 10 - 2 * i, y - 24) < 9.0;
                for (int channel = 0; channel < 3; ++channel) {
                    frame.pixels.push_back(
                        static_cast<std::uint8_t>(is_disc ? 220 : 40 + 30 * channel));
                }
            }
        }
        writer.add(frame);
    }
    writer.finish();
}

QJsonObject jsonIn(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object()
                                          : QJsonObject();
}

} // namespace

class VideoTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        model_ = makeModel(inputs_.path(), "vit");
        other_ = makeModel(inputs_.path(), "vit_llama", {"--llm-layers", "1", "--llm-width", "64"});
        clip_ = inputs_.filePath("clip.mp4");
        makeClip(clip_);
    }
    void init() {
        QDir(outputs_.path()).removeRecursively();
        QDir().mkpath(outputs_.path());
    }

    void writesAMovie_data();
    void writesAMovie();
    void pagesHaveTheirRange_data();
    void pagesHaveTheirRange();
    void writesPictures();
    void writesArrays();
    void arraysHoldWhatWasNamed();
    void writesTheFilmstrip();
    void theFilmstripSaysItsTap();
    void theFilmstripHasAllModels();
    void provenanceMakesItAgain();
    void provenanceReplacesNothingElse();
    void modelsAreNotReplaced();
    void saysWhatHasNoEffect();
    void refusesWhatIsNoVideo();
    void refusesWrongUse_data();
    void refusesWrongUse();
    void leavesNothingWhenItFails();
    void leavesNothingWhenInterrupted();

private:
    [[nodiscard]] QStringList command(const QStringList& more) const {
        return QStringList{"video", "--model", model_, "--input", clip_, "--batch", "4"} + more;
    }
    [[nodiscard]] QString out(const char* name) const { return outputs_.filePath(name); }

    QTemporaryDir inputs_;
    QTemporaryDir outputs_;
    QString model_;
    QString other_;
    QString clip_;
};

void VideoTest::writesAMovie_data() {
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<int>("frames");
    QTest::addColumn<double>("rate");
    QTest::newRow("all frames") << QStringList{} << 20 << 10.0;
    QTest::newRow("every third") << QStringList{"--every", "3"} << 7 << 10.0 / 3.0;
    QTest::newRow("each frame's range")
        << QStringList{"--range", "frame", "--layout", "map"} << 20 << 10.0;
    QTest::newRow("fixed range, own rate")
        << QStringList{"--range", "0:5", "--layout", "side", "--fps", "5"} << 20 << 5.0;
}

void VideoTest::writesAMovie() {
    QFETCH(QStringList, options);
    QFETCH(int, frames);
    QFETCH(double, rate);
    const CliOutcome outcome =
        runCli(command(QStringList{"--output", out("maps.mp4"), "--width", "240"} + options));
    QCOMPARE(outcome.err, QString());
    QCOMPARE(outcome.status, 0);
    QCOMPARE(outcome.out.trimmed(), out("maps.mp4"));
    VideoReader reader(out("maps.mp4").toStdString());
    int count = 0;
    while (reader.next()) {
        ++count;
    }
    QCOMPARE(count, frames);
    QCOMPARE(reader.info().width, 240);
    QVERIFY(std::abs(reader.info().frames_per_second - rate) < 0.05);
    // As long as the clip, however few of its frames are shown.
    const double duration = options.contains("--fps") ? 4.0 : 2.0;
    QVERIFY(std::abs(reader.info().duration_secs - duration) < 0.2);
    QCOMPARE(filesIn(outputs_.path()), (QStringList{"maps.json", "maps.mp4"}));
}

void VideoTest::pagesHaveTheirRange_data() {
    QTest::addColumn<QStringList>("options");
    QTest::newRow("all models together") << QStringList{"--shared"};
    QTest::newRow("all models of a frame") << QStringList{"--range", "frame", "--shared"};
    QTest::newRow("percentiles") << QStringList{"--range", "10%:90%"};
    QTest::newRow("bilinear") << QStringList{"--sampling", "bilinear"};
    QTest::newRow("threshold") << QStringList{"--threshold", "0.6"};
}

void VideoTest::pagesHaveTheirRange() {
    QFETCH(QStringList, options);
    const QStringList plain = {"video",   "--model", model_,    other_, "--input",  clip_,
                               "--every", "10",      "--width", "480",  "--layout", "overlay"};
    QCOMPARE(runCli(plain + QStringList{"--output", out("plain")}).status, 0);
    const CliOutcome outcome =
        runCli(plain + options + QStringList{"--output", out("other"), out("film.png")});
    QCOMPARE(outcome.err, QString());
    const QString page = "/frame_00010.png";
    QVERIFY(!QImage(out("other") + page).isNull());
    QVERIFY(QImage(out("other") + page) != QImage(out("plain") + page));
    // The command in the sidecar makes the same again.
    QString command = jsonIn(out("other.json"))["command"].toString();
    for (const QString& word : options) {
        QVERIFY2(command.contains(word), qPrintable(command));
    }
}

void VideoTest::writesPictures() {
    QDir().mkpath(out("empty"));
    const CliOutcome outcome = runCli(command({"--every", "10", "--output", out("empty")}));
    QCOMPARE(outcome.err, QString());
    QCOMPARE(filesIn(out("empty")), (QStringList{"frame_00000.png", "frame_00010.png"}));
    const QImage page(out("empty/frame_00010.png"));
    QCOMPARE(page.width(), 480);
    QVERIFY(page.height() > 480);
    QCOMPARE(page.pixel(1, 1), qRgb(255, 255, 255));
    QVERIFY(QImage(out("empty/frame_00000.png")) != page);
    const CliOutcome again = runCli(command({"--every", "10", "--output", out("empty")}));
    QCOMPARE(again.status, 2);
    QVERIFY(again.onlyError().endsWith(out("empty")));
}

void VideoTest::writesArrays() {
    const CliOutcome outcome =
        runCli({"video", "--model", model_, other_, "--input", clip_, "--output", out("maps.npz")});
    QCOMPARE(outcome.err, QString());
    QCOMPARE(
        filesIn(outputs_.path()),
        (QStringList{
            "maps.vit.json", "maps.vit.npz", "maps.vit_llama.json", "maps.vit_llama.npz"}));
    const auto arrays = arraysIn(out("maps.vit.npz"));
    using Shape = std::vector<std::int64_t>;
    QVERIFY((arrays.at("magnitude/blocks.1").shape == Shape{20, 2, 2}));
    QVERIFY((arrays.at("frequency/norm").shape == Shape{20, 2, 2}));
    QCOMPARE(arrays.at("cls_attention/blocks.0").shape.size(), std::size_t{4});
    QCOMPARE(arrays.at("cls_attention/blocks.0").shape[1], std::int64_t{20});
    QVERIFY((arrays.at("logits").shape == Shape{20, 5}));
    QVERIFY((arrays.at("frames").shape == Shape{20}));
    QCOMPARE(arrays.at("frames").values[7], 7.0F);
    QVERIFY(std::abs(arrays.at("times").values[7] - 0.7F) < 1e-3F);
    QVERIFY(arraysIn(out("maps.vit_llama.npz")).contains("magnitude/llama.layers.0"));
}

void VideoTest::arraysHoldWhatWasNamed() {
    const CliOutcome outcome = runCli(command(
        {"--output", out("maps.npz"), "--tap", "blocks.0", "--map", "frequency", "--every", "5"}));
    QCOMPARE(outcome.status, 0);
    const auto arrays = arraysIn(out("maps.npz"));
    QCOMPARE(arrays.size(), std::size_t{4}); // with logits, frames and times
    QVERIFY((arrays.at("frequency/blocks.0").shape == std::vector<std::int64_t>{4, 2, 2}));
}

void VideoTest::writesTheFilmstrip() {
    const CliOutcome outcome = runCli(command(
        {"--output", out("film.png"), out("film.pdf"), "--columns", "4", "--levels", "0.3,0.6"}));
    QCOMPARE(outcome.err, QString());
    QCOMPARE(outcome.status, 0);
    QCOMPARE(filesIn(outputs_.path()), (QStringList{"film.json", "film.pdf", "film.png"}));
    QVERIFY(QImage(out("film.png")).width() > 1000);
    QFile pdf(out("film.pdf"));
    QVERIFY(pdf.open(QIODevice::ReadOnly));
    QVERIFY(pdf.readAll().startsWith("%PDF"));
}

void VideoTest::theFilmstripSaysItsTap() {
    const QStringList both = {"video", "--model",  model_,       other_, "--input",
                              clip_,   "--output", out("f.png"), "--tap"};
    for (const QString tap : {"llama.layers.0", "blocks.0"}) {
        const CliOutcome outcome = runCli(both + QStringList{tap, "--every", "5"});
        QCOMPARE(outcome.err, QString());
        const QString caption = QImage(out("f.png")).text("Description");
        QVERIFY2(caption.contains("at " + tap + ";"), qPrintable(caption));
    }
}

void VideoTest::theFilmstripHasAllModels() {
    // The last block of one model is none of the other's, whose own last one stands in.
    const CliOutcome outcome = runCli(
        {"video", "--model", model_, other_, "--input", clip_, "--output", out("f.png"), "--map",
         "cls_attention", "--every", "5", "--columns", "2"});
    QCOMPARE(outcome.err, QString());
    const QImage strip(out("f.png"));
    int white = 0;
    for (int y = 0; y < strip.height(); ++y) {
        white += strip.pixel(strip.width() / 2, y) == qRgb(255, 255, 255) ? 1 : 0;
    }
    QVERIFY2(white < strip.height() / 4, qPrintable(QString::number(white)));
}

void VideoTest::provenanceMakesItAgain() {
    QCOMPARE(
        runCli(command({"--output", out("maps.npz"), "--every", "4", "--map", "magnitude"})).status,
        0);
    const QJsonObject facts = jsonIn(out("maps.json"));
    QCOMPARE(facts["sampling"].toObject()["frames"].toInt(), 5);
    QCOMPARE(facts["input"].toObject()["sha256"].toString().size(), 64);
    QCOMPARE(facts["models"].toArray().size(), 1);
    QVERIFY(!facts["version"].toString().isEmpty());
    const auto first = arraysIn(out("maps.npz"));
    QStringList words = facts["command"].toString().split(u' ');
    QCOMPARE(words.takeFirst(), "vitreous-cli");
    words[words.indexOf("maps.npz")] = out("again.npz");
    const CliOutcome again = runCli(words);
    QCOMPARE(again.err, QString());
    QVERIFY(arraysIn(out("again.npz")) == first);
}

void VideoTest::provenanceReplacesNothingElse() {
    const QString notes = out("maps.json");
    QFile file(notes);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"frames\": [1, 2]}");
    file.close();
    const CliOutcome outcome = runCli(command({"--output", out("maps.npz")}));
    QCOMPARE(outcome.status, 2);
    QVERIFY2(outcome.onlyError().endsWith(notes), qPrintable(outcome.err));
    QCOMPARE(filesIn(outputs_.path()), QStringList{"maps.json"});
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "{\"frames\": [1, 2]}");
    // Its own it does, and folders have whole names.
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(runCli(command({"--every", "9", "--output", out("own.npz")})).status, 0);
    }
    const QStringList folders = {out("run.1/"), out("run.2/")};
    QCOMPARE(runCli(command(QStringList{"--every", "9", "--output"} + folders)).status, 0);
    QCOMPARE(
        filesIn(outputs_.path()),
        (QStringList{
            "maps.json", "own.json", "own.npz", "run.1", "run.1.json", "run.2", "run.2.json"}));
}

void VideoTest::modelsAreNotReplaced() {
    const QString model = out("model.npz");
    QVERIFY(QFile::copy(model_, model));
    const CliOutcome outcome =
        runCli({"video", "--model", model, "--input", clip_, "--output", model});
    QCOMPARE(outcome.status, 2);
    QVERIFY2(outcome.onlyError().contains("a model that is read"), qPrintable(outcome.err));
    QCOMPARE(QFileInfo(model).size(), QFileInfo(model_).size());
}

void VideoTest::saysWhatHasNoEffect() {
    const CliOutcome pictures =
        runCli(command({"--every", "9", "--windows", "--output", out("maps.npz")}));
    QCOMPARE(pictures.status, 0);
    QVERIFY2(pictures.err.contains("--windows is not used"), qPrintable(pictures.err));
    const CliOutcome clips = runCli(
        {"video", "--model", sharedFile("golden/video/videomae.pth") + ",heads=3", "--input", clip_,
         "--every", "9", "--output", out("maps.mp4")});
    QCOMPARE(clips.status, 0);
    QVERIFY2(clips.err.contains("--every is not used"), qPrintable(clips.err));
    QCOMPARE(clips.err.count(u'\n'), 1);
}

void VideoTest::refusesWhatIsNoVideo() {
    const QString picture = makePicture(inputs_.path(), "photo.png", 1);
    const QString broken = inputs_.filePath("broken.mp4");
    QFile file(broken);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("no video");
    file.close();
    const QList<std::pair<QString, QString>> cases = {
        {picture, "a picture, expected a video (analyze takes pictures)"},
        {inputs_.filePath("t.npy"), "a tensor, expected a video"},
        {inputs_.filePath("t.ply"), "a point cloud, expected a video"},
        {inputs_.path(), "a directory, expected one video"},
        {broken, ""},
        {inputs_.filePath("missing.mp4"), ""}};
    for (const auto& [input, message] : cases) {
        const CliOutcome outcome =
            runCli({"video", "--model", model_, "--input", input, "--output", out("maps.mp4")});
        QCOMPARE(outcome.status, 4);
        QVERIFY2(outcome.onlyError().startsWith(message), qPrintable(outcome.err));
        QVERIFY2(outcome.onlyError().endsWith(input), qPrintable(outcome.err));
    }
    QVERIFY(filesIn(outputs_.path()).isEmpty());
}

void VideoTest::refusesWrongUse_data() {
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("message");
    QTest::newRow("extension") << QStringList{"--output", "maps.gif"} << "--output: expected .mp4";
    QTest::newRow("no vector page")
        << QStringList{"--output", "maps.svg"} << "--output: expected .mp4";
    QTest::newRow("twice") << QStringList{"--output", "a.npz", "a.npz"} << "two results";
    QTest::newRow("range") << QStringList{"--output", "a.mp4", "--range", "5:1"} << "--range";
    QTest::newRow("percentiles") << QStringList{"--output", "a.mp4", "--range", "5%:101%"}
                                 << "--range";
    QTest::newRow("one label twice")
        << QStringList{"--output", "a.mp4", "--model", model_} << "two models are called vit";
    QTest::newRow("a shared fixed range")
        << QStringList{"--output", "a.mp4", "--range", "0:5", "--shared"} << "--shared";
    QTest::newRow("levels") << QStringList{"--output", "a.png", "--levels", "0.9"} << "--levels";
    QTest::newRow("head") << QStringList{"--output", "a.mp4", "--head", "1"} << "--head";
    QTest::newRow("no such head") << QStringList{"--output",      "a.mp4",  "--map",
                                                 "cls_attention", "--head", "99"}
                                  << "--head";
    QTest::newRow("tap") << QStringList{"--output", "a.mp4", "--tap", "blocks.9"} << "--tap";
}

void VideoTest::refusesWrongUse() {
    QFETCH(QStringList, options);
    QFETCH(QString, message);
    const CliOutcome outcome = runCli(command(options));
    QCOMPARE(outcome.status, 2);
    QVERIFY2(outcome.onlyError().startsWith(message), qPrintable(outcome.err));
}

void VideoTest::leavesNothingWhenItFails() {
    const CliOutcome outcome =
        runCli(command({"--output", out("maps.mp4"), outputs_.filePath("none/maps.npz")}));
    QCOMPARE(outcome.status, 5);
    QVERIFY(!outcome.onlyError().isEmpty());
    QVERIFY(filesIn(outputs_.path()).isEmpty());
}

void VideoTest::leavesNothingWhenInterrupted() {
    const QString heavy =
        makeModel(inputs_.path(), "heavy", {"--width", "768", "--depth", "12", "--size", "224"});
    const CliOutcome outcome = interruptCli(
        {"video", "--model", heavy, "--input", clip_, "--batch", "1", "--progress", "--output",
         out("maps.mp4"), out("maps.npz"), out("pictures"), "--range", "frame"},
        "clip.mp4");
    QCOMPARE(outcome.status, 130);
    QVERIFY2(filesIn(outputs_.path()).isEmpty(), qPrintable(filesIn(outputs_.path()).join(u' ')));
}

QTEST_GUILESS_MAIN(VideoTest)
#include "video_test.moc"
