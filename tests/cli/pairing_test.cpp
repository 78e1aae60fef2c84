// Which inputs each model is run on.

#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include "app/cli/pairing.h"
#include "app/cli/point_output.h"
#include "app/cli/resume.h"
#include "tests/cli/cli_process.h"
#include "tests/support/failure.h"

using namespace vitreous;
using namespace vitreous::cli;
using namespace vitreous::testing;
namespace fs = std::filesystem;

namespace {

using Paths = std::vector<fs::path>;

ModelSummary modelOf(const char* label, InputKind kind) {
    ModelSummary summary;
    summary.label = label;
    summary.path = std::string(label) + ".pth";
    summary.taps = {{"blocks.0", "1"}, {"norm", "norm"}};
    summary.blocks = {{"blocks.0", "1"}};
    if (kind == InputKind::Points) {
        summary.grouping = PointGrouping();
    } else if (kind == InputKind::Video) {
        summary.frames = 16;
    }
    return summary;
}

const ModelSummary vit = modelOf("vit", InputKind::Picture);
const ModelSummary pb = modelOf("pb", InputKind::Points);
const ModelSummary mae = modelOf("mae", InputKind::Video);

InputFile named(const char* path, InputKind kind) {
    return {path, kind, true};
}
InputFile found(const char* path, InputKind kind) {
    return {path, kind, false};
}

} // namespace

class PairingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void modelsOfOneKindTakeAll() {
        const Pairing pairing = pairInputs(
            {pb, pb}, {named("a.ply", InputKind::Points), named("t.npy", InputKind::Tensor)});
        QCOMPARE(pairing.inputs, (std::vector<Paths>{{"a.ply", "t.npy"}, {"a.ply", "t.npy"}}));
        QCOMPARE(pairing.count(), std::size_t{4});
        QVERIFY(pairing.failures.empty());
        QCOMPARE(pairing.remark, "");
    }

    void whatDirectoriesHoldIsLeftOut() {
        const Pairing pairing = pairInputs(
            {vit}, {found("d/a.png", InputKind::Picture), found("d/b.ply", InputKind::Points),
                    found("d/c.off", InputKind::Points)});
        QCOMPARE(pairing.inputs, std::vector<Paths>{{"d/a.png"}});
        QVERIFY(pairing.failures.empty());
        QCOMPARE(
            pairing.remark,
            "left out 2 point clouds found in directories, which no model here takes");
    }

    void whatIsNamedFails() {
        const Pairing pairing = pairInputs(
            {pb, pb}, {found("a.ply", InputKind::Points), named("b.png", InputKind::Picture)});
        QCOMPARE(
            pairing.failures, std::vector<std::string>{"a picture, expected a point cloud: b.png"});
        QCOMPARE(pairing.remark, "");
        QCOMPARE(pairing.count(), std::size_t{2});
    }

    void nothingLeftIsAnError() {
        const Failure failure =
            failureOf([] { pairInputs({vit}, {found("d/b.ply", InputKind::Points)}); });
        QCOMPARE(failure.code, ErrorCode::Input);
        QCOMPARE(failure.message, "no picture, only 1 point cloud: d");
    }

    void modelsOfBothKindsShareTheInputs() {
        const Pairing pairing = pairInputs(
            {vit, pb, vit}, {named("a.ply", InputKind::Points), found("b.png", InputKind::Picture),
                             named("c.png", InputKind::Picture)});
        QCOMPARE(
            pairing.inputs,
            (std::vector<Paths>{{"b.png", "c.png"}, {"a.ply"}, {"b.png", "c.png"}}));
        QVERIFY(pairing.failures.empty());
        QCOMPARE(
            pairing.remark,
            "each model runs on the inputs of its kind: vit on 2 pictures, pb on 1 point cloud, "
            "vit on 2 pictures");
    }

    void videosAreForModelsOfVideos() {
        const Pairing pairing = pairInputs(
            {vit, mae, pb},
            {named("a.mp4", InputKind::Video), found("d/b.png", InputKind::Picture),
             found("d/c.avi", InputKind::Video), found("d/e.ply", InputKind::Points)});
        QCOMPARE(
            pairing.inputs, (std::vector<Paths>{{"d/b.png"}, {"a.mp4", "d/c.avi"}, {"d/e.ply"}}));
        QCOMPARE(
            pairing.remark, "each model runs on the inputs of its kind: vit on 1 picture, mae on 2 "
                            "videos, pb on 1 point cloud");
        QCOMPARE(
            pairInputs({mae}, {named("b.png", InputKind::Picture)}).failures,
            std::vector<std::string>{"a picture, expected a video: b.png"});
        QCOMPARE(
            pairInputs({vit}, {named("a.mp4", InputKind::Video)}).failures,
            std::vector<std::string>{"a video, expected a picture (vitreous-cli video runs models "
                                     "of pictures on every frame): a.mp4"});
        QCOMPARE(
            failureOf([] { pairInputs({pb}, {found("d/c.avi", InputKind::Video)}); }).message,
            "no point cloud, only 1 video: d");
    }

    void tensorsAreToldByTheirShape() {
        const QTemporaryDir folder;
        writeNpy(folder.filePath("points.npy"), {{2, 3}, std::vector<float>(6)});
        writeNpy(folder.filePath("picture.npy"), {{3, 1, 2}, std::vector<float>(6)});
        writeNpy(folder.filePath("clip.npy"), {{3, 2, 1, 1}, std::vector<float>(6)});
        const auto path = [&folder](const char* name) {
            return fs::path(folder.filePath(name).toStdString());
        };
        const Pairing pairing = pairInputs(
            {vit, pb, mae}, {{path("points.npy"), InputKind::Tensor},
                             {path("picture.npy"), InputKind::Tensor},
                             {path("clip.npy"), InputKind::Tensor},
                             {path("missing.npy"), InputKind::Tensor}});
        // What cannot be read is named where it is used.
        QCOMPARE(
            pairing.inputs, (std::vector<Paths>{
                                {path("picture.npy"), path("missing.npy")},
                                {path("points.npy"), path("missing.npy")},
                                {path("clip.npy"), path("missing.npy")}}));
    }

    void pointFilesAreOfPointClouds() {
        const auto messageOf = [](const ModelSummary& model, const AnalysisOptions& options,
                                  const PointFileOptions& asked) {
            const Failure failure = failureOf([&] {
                requirePointFiles({pb, model}, options, asked);
            });
            return failure.code == ErrorCode::Usage ? failure.message : "";
        };
        QCOMPARE(messageOf(pb, {}, {.csv = true, .ply = true}), "");
        QCOMPARE(messageOf(vit, {}, {}), "");
        const std::string csv = messageOf(vit, {}, {.csv = true});
        QVERIFY(csv.starts_with("--csv: vit is a model of pictures") && csv.ends_with(": vit.pth"));
        QVERIFY(messageOf(vit, {}, {.ply = true}).starts_with("--ply: "));
        QCOMPARE(messageOf(pb, {}, {.ply = true, .color_by = "cls_attention/blocks.0"}), "");
        const std::string unknown =
            messageOf(pb, {.taps = {"norm"}}, {.ply = true, .color_by = "magnitude/blocks.0"});
        QVERIFY(unknown.find("one of magnitude/norm, frequency/norm: pb.pth") != std::string::npos);
        const AnalysisOptions none{.taps = {"norm"}, .maps = {MapKind::ClsAttention}};
        QVERIFY(messageOf(pb, none, {.ply = true}).starts_with("--ply: no map of pb"));
        QCOMPARE(messageOf(pb, none, {.csv = true}), "");
    }

    void earlierFilesAreWrittenWhereAskedFor() {
        const QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        const auto write = [&root](const char* name, const std::string& text) {
            std::ofstream(root / name) << text;
        };
        const auto request = [](const PointFileOptions& asked) {
            nlohmann::json one = {{"version", "1"}};
            addPointFiles(one, asked);
            return one;
        };
        const PointFileOptions both{.csv = true, .ply = true};
        write("a.m.npz", "");
        write("a.m.csv", "");
        write("a.m.json", nlohmann::json{{"request", request(both)}}.dump());
        const auto is_written = [&](const PointFileOptions& asked) {
            return isWritten(root, "a.m", request(asked));
        };
        QVERIFY(is_written({}));
        QVERIFY(is_written({.csv = true}));
        QVERIFY(!is_written(both));
        write("a.m.ply", "");
        QVERIFY(is_written(both));
        QVERIFY(!is_written({.ply = true, .values = GroupValues::Raw}));
        QVERIFY(!is_written({.ply = true, .color_by = "magnitude/norm"}));
        QVERIFY(!isWritten(root, "a.m", {{"version", "2"}}));
        // A table of another run is no table of this one.
        write("a.m.json", nlohmann::json{{"request", request({})}}.dump());
        QVERIFY(is_written({}));
        QVERIFY(!is_written({.csv = true}));
        write("a.m.json", "[1]");
        QVERIFY(!is_written({}));
    }
};

QTEST_GUILESS_MAIN(PairingTest)
#include "pairing_test.moc"
