// `evaluate`: maps against masks and logits against labels, from files to files.

#include <csignal>
#include <fstream>

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <sys/resource.h>

#include "core/analysis/evaluation.h"
#include "core/media/image_file.h"
#include "tests/cli/cli_process.h"
#include "tests/support/weights.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

/// The picture's left half, or all of it, or nothing.
Mask maskOf(int width, int height, int columns) {
    Mask mask{width, height, std::vector<std::uint8_t>(std::size_t(width) * std::size_t(height))};
    for (std::size_t i = 0; i < mask.values.size(); ++i) {
        mask.values[i] = int(i) % width < columns ? 255 : 0;
    }
    return mask;
}

bool near(double a, double b) {
    return std::abs(a - b) < 2e-6; // the CSV's digits
}

} // namespace

class EvaluateTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> directory_;
    QString model_; // 32 pixels as they are, 4 x 4 tokens, five named classes

    [[nodiscard]] QString path(const QString& name) const { return directory_->filePath(name); }
    void write(const QString& name, const QByteArray& text) const {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    [[nodiscard]] QByteArray read(const QString& name) const {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void picture(const QString& name, int seed) const {
        Image image{.width = 32, .height = 32, .pixels = {}};
        for (int i = 0; i < 32 * 32 * 3; ++i) {
            image.pixels.push_back(
                static_cast<std::uint8_t>((i * (seed + 3) + i * i / (seed + 40)) % 256));
        }
        writePng(path("images/" + name).toStdString(), image);
    }
    void mask(const QString& name, const Mask& mask) const {
        writeMask(path("masks/" + name).toStdString(), mask);
    }
    [[nodiscard]] CliOutcome evaluate(const QStringList& more) const {
        return runCli(
            QStringList{
                "evaluate", "--model", model_, "--images", path("images"), "--output",
                path("out")} +
            more);
    }
    [[nodiscard]] QStringList masks() const { return {"--masks", path("masks")}; }
    [[nodiscard]] QStringList labels(const QByteArray& text) const {
        write("labels.csv", text);
        return {"--labels", path("labels.csv")};
    }
    /// The fields of the CSV row of a map, by column.
    [[nodiscard]] std::map<QString, QString>
    row(const QString& model, const QString& map, const QString& tap) const {
        const QStringList lines = QString::fromUtf8(read("out/evaluation.csv")).split(u'\n');
        const QStringList head = lines.front().split(u',');
        std::map<QString, QString> fields;
        for (const QString& line : lines) {
            const QStringList parts = line.split(u',');
            if (line.startsWith(model + "," + map + "," + tap + ",")) {
                for (qsizetype i = 0; i < head.size(); ++i) {
                    fields[head[i]] = parts.value(i, "missing");
                }
            }
        }
        return fields;
    }
    [[nodiscard]] QJsonObject json() const {
        return QJsonDocument::fromJson(read("out/evaluation.json")).object();
    }
    void refused(const CliOutcome& outcome, int status, const QString& part) const {
        QCOMPARE(outcome.status, status);
        QVERIFY2(outcome.onlyError().contains(part), qPrintable(outcome.err));
        QVERIFY(!QFile::exists(path("out/evaluation.json")));
        QVERIFY(!QFile::exists(path("out/evaluation.csv")));
    }

private Q_SLOTS:
    void init() {
        directory_ = std::make_unique<QTemporaryDir>();
        for (const char* folder : {"images", "masks", "vit"}) {
            QDir(directory_->path()).mkdir(folder);
        }
        model_ = path("vit");
        writeSafetensors(path("vit/model.safetensors").toStdString(), smallVit());
        write(
            "vit/config.json",
            R"({"model_type": "vit", "num_attention_heads": 4, "image_size": 32,
                "id2label": {"0": "bag", "1": "boot", "2": "coat, long", "3": "4", "4": "top"},
                "pretrained_cfg": {"input_size": [3, 32, 32], "crop_pct": 1.0}})");
        for (int i = 0; i < 3; ++i) {
            const QString name = QString("p%1.png").arg(i);
            picture(name, i);
            mask(name, maskOf(32, 32, 8 + 8 * i));
        }
    }

    void scoresAreThoseOfTheMaps() {
        const CliOutcome outcome = evaluate(masks() + QStringList{"--batch", "2"});
        QVERIFY2(outcome.status == 0 && outcome.err.isEmpty(), qPrintable(outcome.err));
        QCOMPARE(filesIn(path("out")), QStringList({"evaluation.csv", "evaluation.json"}));
        // The same from what analyze writes.
        QCOMPARE(
            runCli(
                {"analyze", "--model", model_, "--input", path("images"), "--output", path("maps")})
                .status,
            0);
        std::map<QString, MapScoreSum> sums;
        for (int i = 0; i < 3; ++i) {
            TokenMask truth;
            for (int token = 0; token < 16; ++token) {
                truth.push_back(token % 4 < i + 1 ? 1 : 0);
            }
            const auto arrays = arraysIn(path(QString("maps/p%1.vit.npz").arg(i)));
            for (const char* name : {"magnitude/blocks.1", "frequency/norm"}) {
                sums[name].add(arrays.at(name).values, truth);
            }
            const Array& attention = arrays.at("cls_attention/blocks.0");
            QCOMPARE(attention.shape[0], 4);
            sums["cls_attention/blocks.0"].add(sumOfHeads(attention), truth);
            sums["baseline/uniform_random"].add(
                uniformRandomMap({4, 4}, 0, std::uint64_t(i)), truth);
            sums["baseline/centred_gaussian"].add(centredGaussianMap({4, 4}), truth);
        }
        for (const auto& [name, sum] : sums) {
            const QStringList parts = name.split(u'/');
            auto fields = row("vit", parts[0], parts[1]);
            const MapScore score = sum.score();
            QCOMPARE(fields["images"], "3");
            QVERIFY2(
                near(fields["iou_best_per_image"].toDouble(), score.iou_best_per_image),
                qPrintable(name));
            QVERIFY(near(fields["iou_one_threshold"].toDouble(), score.iou_one_threshold));
            QCOMPARE(fields["threshold"].toDouble(), score.threshold);
            QVERIFY(near(fields["average_precision"].toDouble(), score.average_precision));
            for (std::size_t i = 0; i < iouThresholds.size(); ++i) {
                const QString column = QString("iou_at_0.%1").arg(i + 1);
                QVERIFY(near(fields[column].toDouble(), score.iou_at[i]));
            }
            QCOMPARE(fields["accuracy"], "");
        }
        // A quarter, a half, three quarters.
        QVERIFY(near(row("vit", "baseline", "all_ones")["iou_best_per_image"].toDouble(), 0.5));
        // Three taps and two maps each, two blocks, three baselines, the head.
        QCOMPARE(read("out/evaluation.csv").count('\n'), 3 * 2 + 2 + 3 + 1);
    }

    void reportSaysWhatWasDone() {
        QCOMPARE(
            evaluate(masks() + labels("file,class\np0.png,bag\np1.png,bag\np2.png,bag\n")).status,
            0);
        const QJsonObject report = json();
        QCOMPARE(report["images"].toObject()["count"].toInt(), 3);
        QCOMPARE(report["images"].toObject()["sha256"].toString().size(), 64);
        QCOMPARE(report["masks"].toObject()["path"].toString(), path("masks"));
        QCOMPARE(report["labels"].toObject()["sha256"].toString().size(), 64);
        QCOMPARE(report["failed"].toArray().size(), 0);
        QCOMPARE(report["rules"].toObject()["thresholds"].toArray().size(), 9);
        const QJsonObject model = report["models"].toArray()[0].toObject();
        QCOMPARE(model["label"].toString(), "vit");
        QCOMPARE(model["checkpoint"].toObject()["sha256"].toString().size(), 64);
        QCOMPARE(model["precision"].toString(), "fp32");
        QCOMPARE(model["baselines"].toArray().size(), 3);
        QCOMPARE(model["images_without_object"].toInt(), 0);
        const QJsonObject first = model["maps"].toArray()[0].toObject();
        QCOMPARE(first["tap"].toString(), "blocks.0");
        QVERIFY(near(
            first["iou_best_per_image"].toDouble(),
            row("vit", "magnitude", "blocks.0")["iou_best_per_image"].toDouble()));
        // The command makes the same numbers again.
        QStringList words = report["command"].toString().split(u' ');
        QCOMPARE(words.takeFirst(), "vitreous-cli");
        words[words.indexOf("out")] = path("again");
        words[words.indexOf("'*'")] = "*";
        const QByteArray csv = read("out/evaluation.csv");
        QCOMPARE(runCli(words).status, 0);
        QCOMPARE(read("again/evaluation.csv"), csv);
    }

    void batchesAndImagesWithoutObjects() {
        mask("p1.png", maskOf(32, 32, 0));
        QCOMPARE(evaluate(masks()).status, 0);
        const QByteArray csv = read("out/evaluation.csv");
        auto alone = row("vit", "magnitude", "norm");
        QCOMPARE(alone["images"], "2");
        // A quarter and three quarters.
        QVERIFY(near(row("vit", "baseline", "all_ones")["average_precision"].toDouble(), 0.5));
        const QJsonObject model = json()["models"].toArray()[0].toObject();
        QCOMPARE(model["images"].toInt(), 3);
        QCOMPARE(model["images_without_object"].toInt(), 1);
        const CliOutcome batched = evaluate(masks() + QStringList{"--batch", "5"});
        QVERIFY2(
            batched.out.contains("3 images, 1 of them without a foreground token"),
            qPrintable(batched.out));
        for (const QByteArray& line : csv.split('\n')) {
            if (line.contains(",baseline,")) {
                QVERIFY2(read("out/evaluation.csv").contains(line + "\n"), line);
            }
        }
        QVERIFY(near(
            row("vit", "magnitude", "norm")["iou_at_0.5"].toDouble(),
            alone["iou_at_0.5"].toDouble()));
    }

    void accuracyCountsWhatIsRight() {
        // What the model says, from its logits.
        QCOMPARE(
            runCli({"analyze", "--model", model_, "--input", path("images"), "--output",
                    path("maps"), "--maps", "magnitude"})
                .status,
            0);
        const QByteArrayList names = {"bag", "boot", "\"coat, long\"", "4", "top"};
        QByteArray by_name = "file,class\r\n\n";
        QByteArray by_number;
        for (int i = 0; i < 3; ++i) {
            const auto logits =
                arraysIn(path(QString("maps/p%1.vit.npz").arg(i))).at("logits").values;
            auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
            if (i == 2) {
                best = (best + 1) % 5; // wrong
            }
            const QByteArray file = "p" + QByteArray::number(i) + ".png,";
            by_name += "some/where/" + file + names[best] + "\r\n";
            // Class 4 would be the one that is called so.
            by_number +=
                file + (best == 4 ? QByteArray("top") : QByteArray::number(qlonglong(best))) + "\n";
        }
        for (const QByteArray& text : {by_name, by_number}) {
            const CliOutcome outcome = evaluate(labels(text + "other.png,top\n"));
            QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
            QVERIFY2(outcome.out.contains("66.67 % (2 of 3)"), qPrintable(outcome.out));
            auto fields = row("vit", "", "");
            QCOMPARE(fields["right"], "2");
            QCOMPARE(fields["total"], "3");
            QVERIFY(near(fields["accuracy"].toDouble(), 2.0 / 3.0));
            QCOMPARE(fields["average_precision"], "");
        }
        QVERIFY(!json()["models"].toArray()[0].toObject().contains("maps"));
    }

    void tableShowsTheLastLayers() {
        Weights weights = smallVit();
        addMappers(weights, 128);
        addLlmLayer(weights, 0, 128, 96);
        weights["llama.norm.weight"] = tensor("llama.norm", {128}, 1.0f);
        writeSafetensors(path("llm.safetensors").toStdString(), weights);
        const CliOutcome outcome =
            evaluate(masks() + QStringList{"--model", path("llm.safetensors") + ",llm_heads=2"});
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QStringList starts;
        for (const QString& line : outcome.out.split(u'\n', Qt::SkipEmptyParts)) {
            starts += line.trimmed().section("  ", 0, 0);
            QVERIFY2(line.size() <= 110, qPrintable(line));
        }
        const QStringList baselines = {"uniform random", "centred gaussian", "all ones"};
        const QStringList head = {"magnitude", "best"};
        QStringList expected = QStringList{"vit: 3 images"} + head +
                               QStringList{"blocks.1", "norm"} + baselines +
                               QStringList{"llm: 3 images"} + head +
                               QStringList{
                                   "blocks.1",
                                   "llama_dim_mapper1",
                                   "llama.layers.0.attention",
                                   "llama.layers.0.attention+residual",
                                   "llama.layers.0.feed_forward",
                                   "llama.layers.0",
                                   "llama.norm",
                                   "llama_dim_mapper2",
                                   "norm"} +
                               baselines;
        QCOMPARE(starts.mid(0, expected.size()), expected);
        QCOMPARE(
            starts.mid(starts.size() - 2),
            QStringList({path("out/evaluation.json"), path("out/evaluation.csv")}));
        QVERIFY(!row("llm", "cls_attention", "llama.layers.0").empty());
        // Taps that were asked for are all shown.
        const CliOutcome some = evaluate(masks() + QStringList{"--taps", "norm", "blocks.0"});
        QVERIFY2(some.out.contains("\n  norm "), qPrintable(some.out));
        QVERIFY2(some.out.contains("\n  blocks.0 "), qPrintable(some.out));
        QVERIFY(row("vit", "magnitude", "blocks.1").empty());
        QVERIFY(!row("vit", "magnitude", "norm").empty());
    }

    void masksFollowTheirPictures() {
        // A model that crops: short side to 36, the middle 32 of it. 72 x 36 pixels become the
        // middle 32 x 32; the object is left of it.
        model_ = path("cropping.safetensors");
        writeSafetensors(model_.toStdString(), smallVit());
        QDir(path("images")).removeRecursively();
        QDir(directory_->path()).mkdir("images");
        for (const int columns : {20, 36}) {
            const QString name = QString("c%1.png").arg(columns);
            writePng(
                path("images/" + name).toStdString(),
                {72, 36, std::vector<std::uint8_t>(std::size_t{72} * 36 * 3, 90)});
            mask(name, maskOf(72, 36, columns));
        }
        const CliOutcome outcome = evaluate(masks());
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QCOMPARE(row("cropping", "baseline", "all_ones")["images"], "1");
        QCOMPARE(row("cropping", "baseline", "all_ones")["average_precision"], "0.500000");
    }

    void failuresAreNamedAndTheOthersDone() {
        picture("alone.png", 7);
        picture("large.png", 8);
        mask("large.png", maskOf(33, 32, 9));
        picture("twice.png", 9);
        mask("twice.png", maskOf(32, 32, 9));
        QFile::copy(path("masks/twice.png"), path("masks/twice.bmp"));
        write("images/broken.png", "no picture");
        mask("broken.png", maskOf(32, 32, 9));
        picture("unread.png", 10);
        write("masks/unread.png", "no mask");
        // Two models name a picture once.
        const CliOutcome outcome = evaluate(masks() + QStringList{"--model", model_ + ",label=b"});
        QCOMPARE(outcome.status, 1);
        const QStringList errors = outcome.err.split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(errors.size(), 5);
        QVERIFY2(
            errors[0].contains("no mask") && errors[0].endsWith("alone.png"),
            qPrintable(errors[0]));
        QVERIFY(errors[1].endsWith("images/broken.png"));
        QVERIFY2(
            errors[2].contains("33 x 32") && errors[2].contains("32 x 32") &&
                errors[2].endsWith("masks/large.png"),
            qPrintable(errors[2]));
        QVERIFY(errors[3].contains("more than one mask"));
        QVERIFY(errors[4].endsWith("masks/unread.png"));
        QCOMPARE(row("b", "baseline", "all_ones")["images"], "3");
        QCOMPARE(json()["failed"].toArray().size(), 5);
        QCOMPARE(json()["images"].toObject()["count"].toInt(), 8);
        // A picture without a label is in no number either.
        const CliOutcome unlabelled =
            evaluate(labels("p0.png,bag\np1.png,bag\nalone.png,bag\nbroken.png,bag\n"));
        QCOMPARE(unlabelled.status, 1);
        QVERIFY(unlabelled.err.contains("no label"));
        QCOMPARE(row("vit", "", "")["total"], "3");
    }

    void nothingLeftIsStatusFour() {
        for (int i = 0; i < 3; ++i) {
            QFile::remove(path(QString("masks/p%1.png").arg(i)));
        }
        mask("other.png", maskOf(32, 32, 9));
        const CliOutcome outcome = evaluate(masks());
        QCOMPARE(outcome.status, 4);
        QCOMPARE(outcome.err.count("no mask"), 3);
        QCOMPARE(outcome.out, "");
        QCOMPARE(filesIn(path("out")), QStringList());
    }

    void emptyMasksAreSaid() {
        for (int i = 0; i < 3; ++i) {
            mask(QString("p%1.png").arg(i), maskOf(32, 32, i)); // never half of a token
        }
        refused(evaluate(masks()), 4, path("masks"));
        QVERIFY(evaluate(masks()).err.contains("no mask has an object"));
    }

    void directoriesHaveToBeThere() {
        refused(evaluate({"--masks", path("none")}), 4, path("none"));
        QDir(directory_->path()).mkdir("empty");
        refused(evaluate({"--masks", path("empty")}), 4, path("empty"));
        const QStringList command = {"evaluate", "--model", model_, "--output", path("out")};
        for (const char* folder : {"none", "empty"}) {
            refused(
                runCli(command + masks() + QStringList{"--images", path(folder)}), 4, path(folder));
        }
    }

    void wrongUsageIsSaid() {
        refused(evaluate({}), 2, "--masks");
        refused(evaluate(masks() + QStringList{"--taps", "nothing"}), 2, "'nothing'");
        refused(evaluate(masks() + QStringList{"--model", model_}), 2, "distinct labels");
        refused(evaluate(masks() + QStringList{"--model", path("none")}), 3, path("none"));
    }

    void badLabelsAreSaid_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("part");
        const QByteArray good = "file,class\np0.png,bag\n";
        QTest::newRow("unknown name") << good + "p1.png,cat\n"
                                      << "line 3: 'cat' is no class of vit";
        QTest::newRow("number too large") << good + "p1.png,5\n"
                                          << "from 0 to 4";
        QTest::newRow("negative") << good + "p1.png,-1\n"
                                  << "'-1'";
        QTest::newRow("one field") << good + "p1.png\n"
                                   << "line 3: expected file,class";
        QTest::newRow("three fields") << good + "p1.png,coat, long\n"
                                      << "line 3: expected";
        QTest::newRow("open quotation") << good + "p1.png,\"bag\n"
                                        << "line 3: expected";
        QTest::newRow("no class") << good + "p1.png,\n"
                                  << "line 3: expected";
        QTest::newRow("no file") << good + ",bag\n"
                                 << "line 3: expected the name";
        QTest::newRow("twice") << good + "p0.png,top\n"
                               << "already, in line 2";
        QTest::newRow("nothing") << QByteArray("file,class\n") << "no labels";
        QTest::newRow("empty") << QByteArray() << "no labels";
    }
    void badLabelsAreSaid() {
        QFETCH(QByteArray, text);
        QFETCH(QString, part);
        const CliOutcome outcome = evaluate(labels(text));
        refused(outcome, 4, part);
        QVERIFY2(outcome.onlyError().endsWith("labels.csv"), qPrintable(outcome.err));
    }

    void missingLabelsAreSaid() {
        refused(evaluate({"--labels", path("none.csv")}), 4, path("none.csv"));
        refused(evaluate({"--labels", directory_->path()}), 4, directory_->path());
    }

    void labelsNeedAClassifier() {
        Weights weights = smallVit();
        weights.erase("head.weight");
        weights.erase("head.bias");
        writeSafetensors(path("headless.safetensors").toStdString(), weights);
        model_ = path("headless.safetensors");
        refused(evaluate(labels("p0.png,0\n")), 2, "no head");
        // Masks do not.
        QCOMPARE(evaluate(masks()).status, 0);
    }

    void fullDiskLeavesNothingHalf() {
        const CliOutcome outcome = runCli(
            QStringList{
                "evaluate", "--model", model_, "--images", path("images"), "--output",
                path("out")} +
                masks(),
            [] {
                const rlimit limit{.rlim_cur = 256, .rlim_max = 256};
                ::setrlimit(RLIMIT_FSIZE, &limit);
                ::signal(SIGXFSZ, SIG_IGN);
            });
        QCOMPARE(outcome.status, 5);
        QVERIFY2(outcome.onlyError().contains(path("out")), qPrintable(outcome.err));
        QCOMPARE(filesIn(path("out")), QStringList());
    }

    void interruptWritesNothing() {
        for (int i = 0; i < 4000; ++i) {
            const QString name = QString("many%1.png").arg(i);
            QVERIFY(QFile::link(path("images/p0.png"), path("images/" + name)));
            QVERIFY(QFile::link(path("masks/p0.png"), path("masks/" + name)));
        }
        const CliOutcome stopped = interruptCli(
            QStringList{
                "evaluate", "--model", model_, "--images", path("images"), "--output", path("out"),
                "--progress"} +
                masks(),
            "[3/");
        QCOMPARE(stopped.status, 130);
        QVERIFY2(
            stopped.err.contains("of 4003 passes, nothing is written"), qPrintable(stopped.err));
        QCOMPARE(filesIn(path("out")), QStringList());
    }
};

QTEST_GUILESS_MAIN(EvaluateTest)
#include "evaluate_test.moc"
