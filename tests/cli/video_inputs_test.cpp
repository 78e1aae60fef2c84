#include <csignal>

#include <sys/resource.h>

#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "core/media/video_reader.h"
#include "core/media/video_writer.h"
#include "tests/cli/cli_process.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

QByteArray bytesIn(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void writeBytes(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

QString sampleFile(const char* name) {
    return QStringLiteral(VITREOUS_TEST_DATA "/video/") + name;
}

QByteArray sample(const char* name) {
    return bytesIn(sampleFile(name));
}

QString lossIn(const QString& sidecar) {
    const QJsonObject facts = QJsonDocument::fromJson(bytesIn(sidecar)).object();
    return facts["input"].toObject()["loss"].toString();
}

/// A picture that brightens from left to right, farther with every frame.
void makeClip(const QString& path, int frames) {
    VideoWriter writer(path.toStdString(), 96, 80, 25.0);
    for (int i = 0; i < frames; ++i) {
        Image frame{96, 80, {}};
        for (int at = 0; at < 96 * 80; ++at) {
            const auto value = static_cast<std::uint8_t>((at % 96 * 2 + i * 3) % 256);
            frame.pixels.insert(frame.pixels.end(), {value, std::uint8_t(255 - value), 90});
        }
        writer.add(frame);
    }
    writer.finish();
}

} // namespace

class VideoInputsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { model_ = makeModel(inputs_.path(), "vit"); }
    void init() {
        QDir(outputs_.path()).removeRecursively();
        QDir().mkpath(outputs_.path());
    }

    void aShortFileIsWrittenAsFarAsItGoes();
    void aFilmstripShowsWhatIsLeft();
    void aDamagedMiddleIsSkippedOrSaid();
    void refusesWhatHoldsNoFrame_data();
    void refusesWhatHoldsNoFrame();
    void readsAFileThatGrows();
    void whatWasThereOutlivesAFailure_data();
    void whatWasThereOutlivesAFailure();
    void isWhatAnalyzeSaysOfTheClip_data();
    void isWhatAnalyzeSaysOfTheClip();

private:
    [[nodiscard]] QStringList command(const QString& input, const QStringList& outputs) const {
        return QStringList{"video", "--model", model_, "--input", input, "--output"} + outputs;
    }
    [[nodiscard]] QString out(const char* name) const { return outputs_.filePath(name); }

    QTemporaryDir inputs_;
    QTemporaryDir outputs_;
    QString model_;
};

void VideoInputsTest::aShortFileIsWrittenAsFarAsItGoes() {
    const QByteArray whole = sample("index_first.mp4");
    const QString cut = inputs_.filePath("cut.mp4");
    writeBytes(cut, whole.left(whole.size() * 8 / 10));
    const CliOutcome outcome = runCli(command(cut, {out("maps.npz"), out("maps.mp4")}));
    QCOMPARE(outcome.status, 0);
    QCOMPARE(outcome.err.count(u'\n'), 1);
    QVERIFY2(outcome.err.contains("could not be read"), qPrintable(outcome.err));
    QVERIFY2(outcome.err.trimmed().endsWith(cut), qPrintable(outcome.err));
    QVERIFY(outcome.err.contains(lossIn(out("maps.json"))));
    QVERIFY(!lossIn(out("maps.json")).isEmpty());
    const auto frames = arraysIn(out("maps.npz")).at("frames").values;
    QVERIFY(frames.size() > 5 && frames.size() < 60);
    VideoReader movie(out("maps.mp4").toStdString());
    std::size_t shown = 0;
    while (movie.next()) {
        ++shown;
    }
    QCOMPARE(shown, frames.size());
}

void VideoInputsTest::aFilmstripShowsWhatIsLeft() {
    // As a download is that was broken off: the index tells of all frames, most bytes are 0.
    const QByteArray whole = sample("index_first.mp4");
    const QString cut = inputs_.filePath("zeros.mp4");
    const qsizetype there = whole.size() * 7 / 10;
    writeBytes(cut, whole.left(there) + QByteArray(whole.size() - there, '\0'));
    const CliOutcome outcome =
        runCli(command(cut, {out("film.png")}) + QStringList{"--columns", "4"});
    QCOMPARE(outcome.status, 0);
    QVERIFY2(outcome.err.contains("could not be read"), qPrintable(outcome.err));
    // Four columns of what is there.
    QCOMPARE(
        runCli(
            command(sampleFile("index_first.mp4"), {out("whole.png")}) +
            QStringList{"--columns", "4"})
            .status,
        0);
    QCOMPARE(QImage(out("film.png")).size(), QImage(out("whole.png")).size());
    QVERIFY(QImage(out("film.png")) != QImage(out("whole.png")));
}

void VideoInputsTest::aDamagedMiddleIsSkippedOrSaid() {
    QByteArray bytes = sample("vp8.webm");
    for (qsizetype i = bytes.size() / 2; i < bytes.size() / 2 + 400; ++i) {
        bytes[i] = static_cast<char>(i * 37);
    }
    const QString damaged = inputs_.filePath("damaged.webm");
    writeBytes(damaged, bytes);
    const CliOutcome outcome = runCli(command(damaged, {out("maps.npz")}));
    QCOMPARE(outcome.status, 0);
    QVERIFY2(outcome.err.count(u'\n') == 1, qPrintable(outcome.err));
    QVERIFY(!lossIn(out("maps.json")).isEmpty());
    const auto arrays = arraysIn(out("maps.npz"));
    const std::size_t frames = arrays.at("frames").values.size();
    QVERIFY2(frames >= 20 && frames < 120, qPrintable(QString::number(frames)));
    QCOMPARE(arrays.at("magnitude/norm").shape.front(), std::int64_t(frames));
}

void VideoInputsTest::refusesWhatHoldsNoFrame_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("sound alone") << sample("sound.mp4");
    QTest::newRow("sound with a cover") << sample("cover.m4a");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("a picture") << bytesIn(makePicture(inputs_.path(), "photo.png", 1));
    QTest::newRow("cut before the index") << sample("corner.mp4").left(900);
}

void VideoInputsTest::refusesWhatHoldsNoFrame() {
    QFETCH(QByteArray, bytes);
    const QString input = inputs_.filePath("bad.mp4");
    writeBytes(input, bytes);
    const CliOutcome outcome = runCli(command(input, {out("maps.mp4"), out("maps.npz")}));
    QCOMPARE(outcome.status, 4);
    QVERIFY2(outcome.onlyError().endsWith(input), qPrintable(outcome.err));
    QVERIFY(filesIn(outputs_.path()).isEmpty());
}

void VideoInputsTest::readsAFileThatGrows() {
    const QByteArray whole = sample("even.ts");
    const QString input = inputs_.filePath("grows.ts");
    writeBytes(input, whole.left(whole.size() / 2));
    QProcess process;
    setUp(process, command(input, {out("maps.npz")}));
    process.start();
    QFile file(input);
    QVERIFY(file.open(QIODevice::Append));
    for (qsizetype at = whole.size() / 2; at < whole.size(); at += 188) {
        file.write(whole.mid(at, 188));
        file.flush();
        QTest::qWait(20);
    }
    QVERIFY(process.state() == QProcess::NotRunning || process.waitForFinished(120'000));
    const QByteArray said = process.readAllStandardError();
    QVERIFY2(process.exitCode() == 0, said.constData());
    QVERIFY2(said.count('\n') <= 1, said.constData());
    const auto arrays = arraysIn(out("maps.npz"));
    const std::size_t frames = arrays.at("frames").values.size();
    QVERIFY2(frames >= 15 && frames <= 60, qPrintable(QString::number(frames)));
    QCOMPARE(arrays.at("magnitude/norm").shape.front(), std::int64_t(frames));
}

void VideoInputsTest::whatWasThereOutlivesAFailure_data() {
    QTest::addColumn<int>("most_bytes");
    QTest::newRow("no frame's maps can be kept") << 16;
    QTest::newRow("nor all of them") << 1000;
    QTest::newRow("nor the video") << 4000;
}

void VideoInputsTest::whatWasThereOutlivesAFailure() {
    const QString clip = inputs_.filePath("clip.mp4");
    makeClip(clip, 6);
    writeBytes(out("maps.mp4"), "mine");
    writeBytes(out("maps.json"), R"({"program": "Vitreous"})");
    QFETCH(int, most_bytes);
    // As on a disk that is full by then.
    const CliOutcome outcome =
        runCli(command(clip, {out("maps.mp4"), out("arrays.npz")}), [most_bytes] {
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{rlim_t(most_bytes), rlim_t(most_bytes)};
            setrlimit(RLIMIT_FSIZE, &limit);
        });
    QCOMPARE(outcome.status, 5);
    QVERIFY2(!outcome.onlyError().contains(".part"), qPrintable(outcome.err));
    QCOMPARE(bytesIn(out("maps.mp4")), QByteArray("mine"));
    QCOMPARE(bytesIn(out("maps.json")), QByteArray(R"({"program": "Vitreous"})"));
    QCOMPARE(filesIn(outputs_.path()), (QStringList{"maps.json", "maps.mp4"}));
}

void VideoInputsTest::isWhatAnalyzeSaysOfTheClip_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("options");
    QTest::newRow("videomae") << "videomae"
                              << ",heads=3";
    QTest::newRow("videomae with LLaMA") << "videomae_llama"
                                         << ",heads=3,llm_heads=4";
}

void VideoInputsTest::isWhatAnalyzeSaysOfTheClip() {
    QFETCH(QString, name);
    QFETCH(QString, options);
    const QString file = sharedFile("golden/video/" + name + ".pth");
    if (file.isEmpty()) {
        QSKIP("no shared data in this checkout");
    }
    const QString clip = inputs_.filePath("moving.mp4");
    makeClip(clip, 40);
    const QString model = file + options;
    QCOMPARE(
        runCli({"analyze", "--model", model, "--input", clip, "--output", out("clip")}).status, 0);
    const CliOutcome outcome =
        runCli({"video", "--model", model, "--input", clip, "--output", out("maps.npz")});
    QCOMPARE(outcome.err, QString());
    const auto clip_maps = arraysIn(out("clip/moving." + name.toUtf8() + ".npz"));
    const auto maps = arraysIn(out("maps.npz"));
    const std::int64_t frames = maps.at("frames").shape.front();
    std::size_t compared = 0;
    for (const auto& [key, of_clip] : clip_maps) {
        if (key == "input") {
            continue;
        }
        const Array& of_frames = maps.at(key);
        ++compared;
        if (key == "logits") {
            QVERIFY(of_frames == of_clip);
            continue;
        }
        // (heads, time, rows, columns) or (time, rows, columns): a step of time is some frames.
        const std::size_t axis = of_clip.shape.size() - 3;
        const std::int64_t times = of_clip.shape[axis];
        const std::int64_t plane = of_clip.shape[axis + 1] * of_clip.shape[axis + 2];
        const std::int64_t heads = axis == 0 ? 1 : of_clip.shape[0];
        QCOMPARE(of_frames.shape[axis], frames);
        for (std::int64_t i = 0; i < heads * frames; ++i) {
            const std::int64_t step = i / frames * times + i % frames * times / frames;
            QVERIFY2(
                std::equal(
                    &of_frames.values[std::size_t(i * plane)],
                    &of_frames.values[std::size_t(i * plane)] + plane,
                    &of_clip.values[std::size_t(step * plane)]),
                key.c_str());
        }
    }
    QCOMPARE(compared, maps.size() - 2); // without the frames and their times
}

QTEST_GUILESS_MAIN(VideoInputsTest)
#include "video_inputs_test.moc"
