// What a video's files are made from while they wait.

#include <algorithm>

#include <sys/resource.h>

#include <QTemporaryDir>
#include <QTest>

#include "app/video/film_frames.h"
#include "app/video/kept_frames.h"
#include "core/base/error.h"
#include "tests/video/fake_model.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

std::vector<std::size_t> placesOf(const FilmFrames& film, std::size_t delivered) {
    std::vector<std::size_t> places;
    for (const PageFrame& page : film.strip(delivered)) {
        places.push_back(page.frame.value);
    }
    return places;
}

FilmFrames filmOf(std::size_t planned, std::size_t columns, std::size_t delivered) {
    FilmFrames film(planned, columns);
    for (std::size_t i = 0; i < delivered; ++i) {
        if (film.wants(i)) {
            film.add(i, {FrameIndex{i}, 0.04 * double(i), {}});
        }
    }
    return film;
}

std::shared_ptr<AnalysisResult> attentionOf(std::int64_t heads, std::int64_t tokens, float value) {
    auto result = std::make_shared<AnalysisResult>();
    result->rows = 1;
    result->columns = tokens;
    Array& map = result->cls_attention["blocks.0"];
    map.shape = {heads, 1, tokens};
    for (std::int64_t i = 0; i < heads * tokens; ++i) {
        map.values.push_back(value + float(i));
    }
    return result;
}

VideoLook attentionLook(std::optional<HeadIndex> head) {
    VideoLook look;
    look.map = MapKind::ClsAttention;
    look.head = head;
    return look;
}

long peakMemory() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

} // namespace

class JobPartsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFilmstripHasTheMiddlesOfEqualShares() {
        using Places = std::vector<std::size_t>;
        QCOMPARE(placesOf(filmOf(100, 4, 100), 100), (Places{12, 37, 62, 87}));
        QCOMPARE(placesOf(filmOf(3, 8, 3), 3), (Places{0, 1, 2}));
        QCOMPARE(placesOf(filmOf(15000, 1, 15000), 15000), (Places{7500}));
    }
    void aFilmstripOfFewerFramesIsSpreadOverThem_data() {
        QTest::addColumn<int>("planned");
        QTest::addColumn<int>("delivered");
        QTest::addColumn<int>("columns");
        QTest::newRow("a tail that is lost") << 250 << 73 << 8;
        QTest::newRow("before the first column") << 250 << 15 << 8;
        QTest::newRow("one column") << 250 << 73 << 1;
        QTest::newRow("fewer than columns") << 250 << 5 << 8;
        QTest::newRow("one frame") << 250 << 1 << 8;
        QTest::newRow("long") << 100000 << 60001 << 64;
    }
    void aFilmstripOfFewerFramesIsSpreadOverThem() {
        QFETCH(int, planned);
        QFETCH(int, delivered);
        QFETCH(int, columns);
        const FilmFrames film =
            filmOf(std::size_t(planned), std::size_t(columns), std::size_t(delivered));
        const std::vector<std::size_t> places = placesOf(film, std::size_t(delivered));
        const auto wanted = std::size_t(std::min(columns, delivered));
        QCOMPARE(places.size(), wanted);
        QVERIFY(std::is_sorted(places.begin(), places.end()));
        const double share = double(delivered) / double(wanted);
        for (std::size_t i = 0; i < wanted; ++i) {
            const double middle = (double(i) + 0.5) * share;
            QVERIFY2(
                std::abs(double(places[i]) - middle) <= std::max(1.0, share / 2),
                qPrintable(QString("%1: %2 for %3").arg(i).arg(places[i]).arg(middle)));
        }
    }

    void keptFramesShowWhatWasShown_data() {
        QTest::addColumn<int>("head");
        QTest::newRow("mean") << -1;
        QTest::newRow("third head") << 2;
    }
    void keptFramesShowWhatWasShown() {
        QFETCH(int, head);
        const std::optional<HeadIndex> chosen =
            head < 0 ? std::nullopt : std::optional(HeadIndex{std::size_t(head)});
        const QTemporaryDir folder;
        KeptFrames kept(
            "nowhere.mp4", folder.filePath("maps.mp4").toStdString(), {{}, {}},
            attentionLook(chosen), true);
        for (std::size_t i = 0; i < 10; ++i) {
            auto first = attentionOf(4, 3, float(i));
            first->picture = {1, 1, {std::uint8_t(i), 2, 3}};
            kept.add({FrameIndex{5 * i}, 0.1 * double(i), {first, attentionOf(6, 2, -float(i))}});
        }
        std::size_t at = 0;
        kept.forEach(
            [&](const PageFrame& page) {
                const auto i = float(at);
                QCOMPARE(page.frame, FrameIndex{5 * at});
                QCOMPARE(page.time_secs, 0.1 * double(at));
                QCOMPARE(page.results.size(), std::size_t(2));
                QCOMPARE(page.results[0]->picture.pixels.at(0), std::uint8_t(at));
                // Token j of head h is value + h * tokens + j.
                const Array& a = page.results[0]->cls_attention.at("blocks.0");
                const Array& b = page.results[1]->cls_attention.at("blocks.0");
                const std::size_t heads = head < 0 ? 1 : std::size_t(head) + 1;
                QCOMPARE(a.shape, (std::vector<std::int64_t>{std::int64_t(heads), 1, 3}));
                QCOMPARE(a.values.at((heads - 1) * 3 + 1), i + (head < 0 ? 1.5F * 3 : 2 * 3) + 1);
                QCOMPARE(b.values.at((heads - 1) * 2), -i + (head < 0 ? 2.5F * 2 : 2 * 2));
                ++at;
            },
            {});
        QCOMPARE(at, std::size_t(10));
    }
    void keptMapsAreNotInMemory() {
        const QTemporaryDir folder;
        const std::string beside = folder.filePath("maps.mp4").toStdString();
        const auto attention = attentionOf(16, 1369, 0.5F);
        const long before = peakMemory();
        {
            KeptFrames kept("nowhere.mp4", beside, {{}}, attentionLook(std::nullopt), false);
            for (std::size_t i = 0; i < 15000; ++i) {
                kept.add({FrameIndex{i}, 0.04 * double(i), {attention}});
            }
            std::size_t count = 0;
            kept.forEach([&count](const PageFrame&) { ++count; }, {});
            QCOMPARE(count, std::size_t(15000));
        }
        // 82 MB of means, 1.3 GB with all heads.
        const long grown = peakMemory() - before;
        QVERIFY2(grown < 8 * 1024, qPrintable(QString("%1 KiB").arg(grown)));
        QVERIFY(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).isEmpty());
    }
    void mapsOfOtherSizesAreRefused() {
        const QTemporaryDir folder;
        KeptFrames kept(
            "film.mp4", folder.filePath("maps.mp4").toStdString(), {{}}, attentionLook({}), false);
        kept.add({FrameIndex{0}, 0.0, {attentionOf(2, 3, 0.0F)}});
        QVERIFY_EXCEPTION_THROWN(kept.add({FrameIndex{1}, 0.1, {attentionOf(2, 4, 0.0F)}}), Error);
    }
    void picturesThatWereNotKeptAreDecodedAgain() {
        const QTemporaryDir folder;
        const std::filesystem::path film = folder.filePath("film.mp4").toStdString();
        grayVideo(film, 6);
        const PreprocessSpec spec = FakeModel().summary().preprocess;
        KeptFrames kept(
            film, folder.filePath("maps.mp4").toStdString(), {spec}, attentionLook({}), true);
        // As large as the bound is none of them.
        Image huge{1, 1, std::vector<std::uint8_t>((std::size_t{512} << 20) + 1)};
        for (const std::size_t frame : {1, 4}) {
            auto result = attentionOf(1, 1, 0.0F);
            result->picture = frame == 1 ? std::move(huge) : Image{1, 1, {9, 9, 9}};
            kept.add({FrameIndex{frame}, 0.04 * double(frame), {result}});
        }
        std::vector<int> levels;
        kept.forEach(
            [&levels](const PageFrame& page) {
                levels.push_back(page.results[0]->picture.pixels.at(0));
            },
            {});
        QCOMPARE(levels.size(), std::size_t(2));
        QVERIFY(std::abs(levels[0] - levelOf(1)) <= 4);
        QCOMPARE(levels[1], 9);
    }
};

QTEST_APPLESS_MAIN(JobPartsTest)
#include "job_parts_test.moc"
