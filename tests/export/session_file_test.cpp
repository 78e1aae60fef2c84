// The `.vitreous` format: what is written comes back, files are found where they went, and what is
// no session is refused with a sentence.

#include <array>
#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include "core/export/session_file.h"
#include "tests/support/failure.h"

using namespace vitreous;
using testing::failureOf;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// A spec with no field at its default. A field that is added has to be named here, and to come
/// back from a file.
ModelSpec fullSpec(const fs::path& folder) {
    ModelSpec spec{
        .path = folder / "data/model, one.pth",
        .heads = 3,
        .llm_heads = 4,
        .llm = folder / "data/llm.pth",
        .llm_layer = 5,
        .label = "A, \"quoted\" läbel,heads=7",
        .family = "vit",
        .size = 224,
        .frames = 8,
        .groups = 64,
        .group_size = 32,
        .eps = 1e-5,
        .state = "model_ema"};
    const ModelSpec defaults;
    const auto& [path, heads, llm_heads, llm, llm_layer, label, family, size, frames, groups, group_size, eps, state] =
        spec;
    const bool is_full =
        path != defaults.path && heads != defaults.heads && llm_heads != defaults.llm_heads &&
        llm != defaults.llm && llm_layer != defaults.llm_layer && label != defaults.label &&
        family != defaults.family && size != defaults.size && frames != defaults.frames &&
        groups != defaults.groups && group_size != defaults.group_size && eps != defaults.eps &&
        state != defaults.state;
    return is_full ? spec : ModelSpec();
}

void writeText(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

/// Everything about a session, with its files on disk.
SessionFile fullSession(const fs::path& folder) {
    SessionFile session;
    const ModelSpec spec = fullSpec(folder);
    writeText(spec.path, "checkpoint");
    writeText(spec.llm, "llm");
    for (const char* name : {"x.png", "y.png"}) {
        session.inputs.push_back({folder / "pictures" / name, name, {}, 0});
        writeText(session.inputs.back().path, name);
    }
    session.inputs[0].mask = folder / "masks/x.png";
    session.inputs[0].is_demo = true;
    session.inputs[0].frame = 7;
    session.demo_gives_way = true;
    session.mesh_faces = true;
    writeText(session.inputs[0].mask, "mask");
    session.models.push_back({.spec = spec, .chip = 0x00d55e, .is_demo = true});
    session.current = 1;
    session.device = {.device = "cuda:1", .precision = Precision::BFloat16};
    session.view = {{"kind", "scrub"}, {"opacity", 0.1}};
    session.saved_as = folder / "named.vitreous";
    session.is_modified = true;
    for (const fs::path& file : filesOf(session)) {
        session.files[file] = factsOf(file);
        session.files[file].sha256 = std::string(64, 'a');
    }
    return session;
}

} // namespace

class SessionFileTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        folder_ = std::make_unique<QTemporaryDir>();
        root_ = fs::canonical(folder_->path().toStdString());
    }

    void comesBackAsItWas() {
        const SessionFile session = fullSession(root_);
        QCOMPARE(session.files.size(), std::size_t(5));
        writeSession(root_ / "s.vitreous", session);
        const SessionFile read = readSession(root_ / "s.vitreous");
        QCOMPARE(read.models.size(), std::size_t(1));
        QVERIFY(read.models[0].spec == session.models[0].spec);
        QVERIFY(read.models[0] == session.models[0]);
        QVERIFY(read.inputs == session.inputs);
        QVERIFY(read.files == session.files);
        QVERIFY(read == session);
        const auto text = testing::bytesOf(root_ / "s.vitreous");
        QVERIFY(looksLikeSession(std::string_view(text).substr(0, 256)));
    }
    /// A field that is added to a session stops the compiler here. It has to be read and written by
    /// formatSession and parseSession, set by fullSession, and named here.
    void everyFieldIsSet() {
        const SessionFile session = fullSession(root_);
        const SessionFile plain;
        const auto& [models, inputs, current, device, mesh_faces, gives_way, view, files, saved_as, is_modified] =
            session;
        const auto& [spec, chip, is_demo] = models.at(0);
        const auto& [path, caption, mask, frame, is_demo_input] = inputs.at(0);
        const auto& [place, precision] = device;
        QVERIFY(spec != ModelSpec() && chip != 0 && is_demo);
        QVERIFY(!path.empty() && !caption.empty() && !mask.empty() && frame > 0);
        QVERIFY(current && place != plain.device.device && precision != plain.device.precision);
        QVERIFY(is_demo_input && gives_way && mesh_faces);
        QVERIFY(view != plain.view && !files.empty() && !saved_as.empty() && is_modified);
    }
    void anEmptySessionToo() {
        const SessionFile empty;
        QVERIFY(parseSession(formatSession(empty, root_), root_) == empty);
    }

    void filesBesideTheSessionGoBeforeThoseAtTheOldPlace() {
        const SessionFile session = fullSession(root_ / "old");
        fs::create_directories(root_ / "old/sessions");
        writeSession(root_ / "old/sessions/s.vitreous", session);
        fs::copy(root_ / "old", root_ / "copy", fs::copy_options::recursive);
        const SessionFile copied = readSession(root_ / "copy/sessions/s.vitreous");
        QCOMPARE(copied.inputs[0].path, root_ / "copy/pictures/x.png");
        QCOMPARE(copied.inputs[0].mask, root_ / "copy/masks/x.png");
        QCOMPARE(copied.models[0].spec.path, root_ / "copy/data/model, one.pth");
        QCOMPARE(copied.models[0].spec.llm, root_ / "copy/data/llm.pth");
        QCOMPARE(copied.files.at(root_ / "copy/data/llm.pth").sha256, std::string(64, 'a'));
        // What is not there is looked for at the old place, and so is what is another file.
        fs::remove(root_ / "copy/pictures/x.png");
        writeText(root_ / "copy/pictures/y.png", "another picture");
        const SessionFile partly = readSession(root_ / "copy/sessions/s.vitreous");
        QCOMPARE(partly.inputs[0].path, root_ / "old/pictures/x.png");
        QCOMPARE(partly.inputs[1].path, root_ / "old/pictures/y.png");
        // What is nowhere is missing at the place that the user knows.
        fs::remove_all(root_ / "old");
        QCOMPARE(
            readSession(root_ / "copy/sessions/s.vitreous").inputs[0].path,
            root_ / "old/pictures/x.png");
    }
    void aNameThatIsNotUtf8IsRefused() {
        for (const int place : {0, 1, 2, 3}) {
            SessionFile session = fullSession(root_);
            const std::array<fs::path*, 4> paths = {
                &session.inputs[1].path, &session.inputs[0].mask, &session.models[0].spec.llm,
                &session.saved_as};
            *paths.at(std::size_t(place)) = root_ / "caf\xe9.png";
            const auto failure = failureOf([&] { writeSession(root_ / "s.vitreous", session); });
            QVERIFY(failure.code == ErrorCode::Input);
            QVERIFY(failure.message.find("not UTF-8") != std::string::npos);
            QVERIFY(failure.message.ends_with("caf\xe9.png"));
            QVERIFY(!fs::exists(root_ / "s.vitreous"));
        }
    }
    void linksOnTheWayDoNotLeadAstray() {
        const SessionFile session = fullSession(root_ / "real/deep/project");
        fs::create_directories(root_ / "real/deep/sessions");
        fs::create_directory_symlink(root_ / "real/deep/sessions", root_ / "link");
        writeSession(root_ / "link/s.vitreous", session);
        fs::rename(root_ / "real", root_ / "moved");
        QCOMPARE(
            readSession(root_ / "moved/deep/sessions/s.vitreous").inputs[0].path,
            root_ / "moved/deep/project/pictures/x.png");
    }

    void filesAreCheckedWithoutReadingThem() {
        const fs::path file = root_ / "f";
        writeText(file, "12345");
        const FileFacts facts = factsOf(file);
        QCOMPARE(facts.bytes, std::optional<std::uint64_t>(5));
        QVERIFY(checkFile(file, facts) == FileCheck::Same);
        fs::last_write_time(file, fs::last_write_time(file) - std::chrono::hours(1));
        QVERIFY(checkFile(file, facts) == FileCheck::Unsure);
        writeText(file, "123456");
        QVERIFY(checkFile(file, facts) == FileCheck::Changed);
        fs::remove(file);
        QVERIFY(checkFile(file, facts) == FileCheck::Missing);
        writeText(root_ / "dir/a", "12");
        writeText(root_ / "dir/b", "345");
        QCOMPARE(factsOf(root_ / "dir").bytes, std::optional<std::uint64_t>(5));
    }

    void whatIsNoSessionIsRefused_data() {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* pointer, const char* value, const char* message) {
            QTest::newRow(qPrintable(QString(pointer) + u'=' + QString(value).left(20)))
                << QString(pointer) << QString(value) << QString(message);
        };
        row("/format", "\"other\"", "format: expected vitreous-session, found \"other\"");
        row("/version", "2", "it was saved by a newer Vitreous (version 2, expected 1)");
        row("/version", "1.5", "version: expected a whole number from 1");
        row("/version", "0", "version: expected a whole number from 1");
        row("/version", "18446744073709551615", "version: expected a whole number from 1");
        row("/version", "null", "version: expected a whole number from 1");
        row("/device", "\"gpu\"", "device: expected auto, cpu, cuda or cuda:N, found \"gpu\"");
        row("/device", "7", "device: expected a text, found 7");
        row("/precision", "\"int8\"", "precision: expected fp32, bf16 or fp16");
        row("/models", "{}", "models: expected an array, found an object");
        row("/models/0", "7", "models[0]: expected an object, found 7");
        row("/models/0/path", "7", "models[0].path: expected a text, found 7");
        row("/models/0/path", "\"a\"", "models[0].path: expected an absolute path");
        row("/models/0/path", R"("/a\u0000b")", "models[0].path: expected a text without zero");
        row("/models/0/options", "[]", "models[0].options: expected an object");
        row("/models/0/options/heads", "3", "models[0].options.heads: expected a text, found 3");
        row("/models/0/options/heads", "\"0\"", "heads: expected a whole number from 1 to 4096");
        row("/models/0/options/tails", "\"0\"", "there is no such model option: tails");
        row("/models/0/llm/path", "null", "models[0].llm.path: expected a text, found nothing");
        row("/models/0/chip", "\"red\"", "models[0].chip: expected a colour");
        row("/models/0/demo", "1", "models[0].demo: expected true or false, found 1");
        row("/inputs/1/relative", "[]", "inputs[1].relative: expected a text, found an array");
        row("/inputs/1/bytes", "-1", "inputs[1].bytes: expected a whole number from 0");
        row("/inputs/1/time_nsec", "\"x\"", "inputs[1].time_nsec: expected a whole number");
        row("/inputs/1/sha256", "\"abc\"", "inputs[1].sha256: expected 64 lower-case hex digits");
        row("/inputs/0/mask", "\"m.png\"", "inputs[0].mask: expected an object, found \"m.png\"");
        row("/current", "2", "current: expected a whole number from 0 to 1, found 2");
        row("/view", "[]", "view: expected an object, found an array");
        row("/modified", "\"yes\"", "modified: expected true or false");
    }
    void whatIsNoSessionIsRefused() {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        QFETCH(QString, message);
        json session = json::parse(formatSession(fullSession(root_), root_));
        session[json::json_pointer(pointer.toStdString())] = json::parse(value.toStdString());
        writeText(root_ / "s.vitreous", session.dump());
        const auto failure = failureOf([this] { (void)readSession(root_ / "s.vitreous"); });
        const QString found = QString::fromStdString(failure.message);
        QVERIFY(failure.code == ErrorCode::Input);
        QVERIFY2(found.contains(message), qPrintable(found));
        QVERIFY2(found.endsWith("s.vitreous"), qPrintable(found));
    }
    void unknownKeysAreIgnored() {
        const SessionFile session = fullSession(root_);
        json text = json::parse(formatSession(session, root_));
        text["later"] = {1, 2};
        text["models"][0]["later"] = "x";
        QVERIFY(parseSession(text.dump(), root_) == session);
    }
    void everyTruncationIsRefused() {
        const std::string text = formatSession(fullSession(root_), root_);
        QVERIFY(text.size() > 1000);
        for (std::size_t size = 0; size + 2 < text.size(); ++size) {
            const auto failure =
                failureOf([&] { (void)parseSession(text.substr(0, size), root_); });
            QVERIFY2(failure.code == ErrorCode::Input, failure.message.c_str());
        }
    }
    void everyValueOfAWrongTypeIsRefusedOrRead() {
        const json session = json::parse(formatSession(fullSession(root_), root_));
        int refused = 0;
        const json places = session.flatten();
        for (const auto& [pointer, value] : places.items()) {
            for (const json& wrong :
                 {json(nullptr), json(1e300), json(-1), json("x"), json::array({1}),
                  json::object({{"a", 1}}), json(true)}) {
                json damaged = session;
                damaged[json::json_pointer(pointer)] = wrong;
                const std::string text = damaged.dump();
                const auto failure = failureOf([&] { (void)parseSession(text, root_); });
                const bool is_told = failure.code == ErrorCode::Input;
                QVERIFY2(is_told || failure.message.empty(), failure.message.c_str());
                refused += is_told ? 1 : 0;
            }
        }
        QVERIFY(refused > 100);
    }
    void nestingAndHugeFilesAreRefused() {
        std::string deep = formatSession(fullSession(root_), root_);
        deep.insert(
            deep.find("\"view\""),
            "\"deep\":" + std::string(100'000, '[') + std::string(100'000, ']') + ",");
        QVERIFY(failureOf([&] { (void)parseSession(deep, root_); }).code == ErrorCode::Input);
        writeText(root_ / "s.vitreous", "{");
        fs::resize_file(root_ / "s.vitreous", 20'000'000);
        const auto huge = failureOf([this] { (void)readSession(root_ / "s.vitreous"); });
        QVERIFY(huge.message.find("16 MB") != std::string::npos);
        const auto none = failureOf([this] { (void)readSession(root_); });
        QVERIFY(none.message.find("is no file") != std::string::npos);
    }

private:
    std::unique_ptr<QTemporaryDir> folder_;
    fs::path root_;
};

QTEST_GUILESS_MAIN(SessionFileTest)
#include "session_file_test.moc"
