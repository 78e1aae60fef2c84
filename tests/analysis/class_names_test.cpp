#include <filesystem>
#include <fstream>
#include <memory>

#include <QTemporaryDir>
#include <QTest>

#include "core/analysis/class_names.h"
#include "core/analysis/model.h"
#include "tests/support/weights.h"

#include <sys/stat.h>

using namespace vitreous;

namespace {

namespace fs = std::filesystem;

using Names = std::vector<std::string>;

const Names kFive = {"ant", "bee", "cat", "dog", "emu"};

/// The names, one a line; first takes the first one's place.
std::string textOf(const std::string& first) {
    return first + "\nbee\ncat\ndog\nemu\n";
}

void write(const fs::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

} // namespace

class ClassNamesTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> folder_;

    /// A path in this test's folder.
    [[nodiscard]] fs::path in(const std::string& name) const {
        return fs::path(folder_->path().toStdString()) / name;
    }
    [[nodiscard]] ClassNames found() const { return classNamesBeside(in("vit.b16.pth"), 5); }

private Q_SLOTS:
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }

    void theFirstOfTheRightCountIsTaken() {
        QCOMPARE(found(), ClassNames());
        const Names files = {"labels.txt",  "imagenet_classes.txt", "class_names.txt",
                             "classes.txt", "vit.b16.classes.txt",  "vit.b16.names"};
        for (const std::string& file : files) {
            write(in(file), textOf("ant of " + file));
            QCOMPARE(found().source, file);
            QCOMPARE(found().names.at(0), "ant of " + file);
            QCOMPARE(found().names.size(), std::size_t{5});
        }
        write(in("vit.b16.names"), "one\ntwo\n");
        write(in("vit.b16.classes.txt"), textOf("ant") + "fox\n");
        QCOMPARE(found().source, "classes.txt");
        QCOMPARE(classNamesBeside(in("vit.b16.pth"), 6).source, "vit.b16.classes.txt");
        QCOMPARE(classNamesBeside(in("vit.b16.pth"), 7), ClassNames());
        // Another checkpoint's are not this one's.
        QCOMPARE(classNamesBeside(in("other.pth"), 6), ClassNames());
    }

    void linesAreNames_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("first");
        QTest::newRow("plain") << QByteArray("ant\nbee\ncat\ndog\nemu\n") << QByteArray("ant");
        QTest::newRow("no last line end")
            << QByteArray("ant\nbee\ncat\ndog\nemu") << QByteArray("ant");
        QTest::newRow("CRLF") << QByteArray("ant\r\nbee\r\ncat\r\ndog\r\nemu\r\n")
                              << QByteArray("ant");
        QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf"
                                                       "ant\nbee\ncat\ndog\nemu\n")
                                         << QByteArray("ant");
        QTest::newRow("empty lines")
            << QByteArray("\n \nant\n\nbee\r\n\r\ncat\n\t\ndog \n emu\n\n") << QByteArray("ant");
        QTest::newRow("a list of synonyms stays")
            << QByteArray("ant, emmet, pismire\nbee\ncat\ndog\nemu\n")
            << QByteArray("ant, emmet, pismire");
        QTest::newRow("UTF-8") << QByteArray("\xc3\xa4nt\nbee\ncat\ndog\nemu\n")
                               << QByteArray("\xc3\xa4nt");
    }
    void linesAreNames() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, first);
        write(in("classes.txt"), text.toStdString());
        Names expected = kFive;
        expected[0] = first.toStdString();
        QCOMPARE(found().names, expected);
    }

    void whatCannotBeReadIsPassedOver() {
        write(in("labels.txt"), textOf("ant"));
        write(in("vit.b16.names"), textOf("\xff\xfe"));
        fs::create_directory(in("vit.b16.classes.txt"));
        // Enough names, but more than is read.
        write(in("classes.txt"), textOf(std::string((1U << 20U) - 16U, 'a')));
        // Nobody writes into it: opening it would wait for ever.
        QCOMPARE(mkfifo(in("class_names.txt").c_str(), 0600), 0);
        write(in("imagenet_classes.txt"), "");
        QCOMPARE(found().source, "labels.txt");
        write(in("classes.txt"), textOf(std::string((1U << 20U) - 17U, 'a')));
        QCOMPARE(found().source, "classes.txt");
    }

    void aDirectoryHoldsItsOwn() {
        const fs::path directory = in("model.v1.5");
        fs::create_directory(directory);
        write(in("classes.txt"), textOf("not of this directory"));
        QCOMPARE(classNamesBeside(directory, 5), ClassNames());
        write(directory / "classes.txt", textOf("ant"));
        QCOMPARE(classNamesBeside(directory, 5).source, "classes.txt");
        write(directory / "model.v1.5.names", textOf("ant"));
        QCOMPARE(classNamesBeside(directory, 5).source, "model.v1.5.names");
        QCOMPARE(classNamesBeside(directory / "", 5).source, "model.v1.5.names");
    }

    void aModelHasThemUnlessItsConfigDoes() {
        testing::writeSafetensors(in("model.safetensors").string(), testing::smallVit());
        const ModelSpec spec = parseModelSpec(in("model.safetensors").string() + ",heads=4");
        QVERIFY(inspectModel(spec).class_names.empty());
        QCOMPARE(inspectModel(spec).class_names_source, "");
        QVERIFY(!toJson(inspectModel(spec)).contains("class_names_source"));
        write(in("labels.txt"), textOf("ant"));
        QCOMPARE(inspectModel(spec).class_names, kFive);
        QCOMPARE(inspectModel(spec).class_names_source, "labels.txt");
        QVERIFY(toJson(inspectModel(spec)).at("class_names_source") == "labels.txt");
        QCOMPARE(loadModel(spec, {.device = "cpu"})->summary().class_names, kFive);
        write(in("config.json"), R"({"id2label": {"0":"a","1":"b","2":"c","3":"d","4":"e"}})");
        QCOMPARE(inspectModel(spec).class_names, (Names{"a", "b", "c", "d", "e"}));
        QCOMPARE(inspectModel(spec).class_names_source, "config");
    }

    void aModelWithoutAHeadHasNone() {
        testing::Weights weights = testing::smallVit();
        weights.erase("head.weight");
        weights.erase("head.bias");
        testing::writeSafetensors(in("model.safetensors").string(), weights);
        write(in("labels.txt"), "");
        const ModelSummary summary =
            inspectModel(parseModelSpec(in("model.safetensors").string() + ",heads=4"));
        QCOMPARE(summary.classes, 0);
        QCOMPARE(summary.class_names_source, "");
    }
};

QTEST_APPLESS_MAIN(ClassNamesTest)
#include "class_names_test.moc"
