#include <sys/stat.h>

#include <QTest>

#include "app/desktop/format_registry.h"
#include "tests/app/fake_engine.h"

using namespace vitreous;
using vitreous::testing::Files;

namespace {

void write(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

} // namespace

class FormatRegistryTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void extensionsDecide() {
        Files files;
        const FileSelection selection = selectFiles(
            files.make({"a.PNG", "b.pth", "c.safetensors", "d.npy", "e.jpg", "f.ckpt", "g.pt"}));
        QCOMPARE(selection.models.size(), std::size_t(4));
        QCOMPARE(selection.inputs.size(), std::size_t(3));
        QVERIFY(selection.problems.isEmpty());
    }
    void contentOverrulesTheExtension() {
        Files files;
        files.make({"picture.pth", "weights.png", "nameless"});
        write(files.path("picture.pth"), "\x89PNG\r\n\x1a\n");
        write(files.path("weights.png"), QByteArray("\x40\0\0\0\0\0\0\0{\"a\"", 12));
        write(files.path("nameless"), QByteArray("PK\x03\x04", 4) + "....archive/data.pkl");
        const FileSelection selection = selectFiles(
            {files.path("picture.pth"), files.path("weights.png"), files.path("nameless")});
        QCOMPARE(selection.inputs.size(), std::size_t(1));
        QCOMPARE(selection.inputs[0].filename().string(), std::string("picture.pth"));
        QCOMPARE(selection.models.size(), std::size_t(2));
    }
    void foldersStandForTheirFiles() {
        Files files;
        files.make({"all/b.png", "all/a.jpg", "all/note.txt", "all/m.pth", "all/hf/config.json"});
        const FileSelection selection = selectFiles({files.path("all")});
        QCOMPARE(selection.inputs.size(), std::size_t(2));
        QCOMPARE(selection.inputs[0].filename().string(), std::string("a.jpg"));
        QCOMPARE(selection.models.size(), std::size_t(2));
        QVERIFY(selection.problems.isEmpty());
    }
    void huggingFaceFolderIsAModel() {
        Files files;
        files.make({"hf/config.json", "hf/picture.png"});
        const FileSelection selection = selectFiles({files.path("hf")});
        QCOMPARE(selection.models.size(), std::size_t(1));
        QVERIFY(selection.inputs.empty());
    }
    void modelOptions() {
        Files files;
        files.make({"m.pth", "with,comma.pth"});
        const FileSelection selection = selectFiles(
            {files.path("m.pth") + ",heads=3,llm_heads=4", files.path("with,comma.pth")});
        QCOMPARE(selection.models.size(), std::size_t(2));
        QCOMPARE(selection.models[0].heads, std::optional(3));
        QCOMPARE(selection.models[0].llm_heads, std::optional(4));
        QCOMPARE(selection.models[1].path.filename().string(), std::string("with,comma.pth"));
        QCOMPARE(selectFiles({files.path("m.pth") + ",heads=x"}).problems.size(), 1);
    }
    void othersSayWhatOpens() {
        Files files;
        files.make({"text.md", "empty/note.txt"});
        for (const char* name : {"text.md", "empty", "missing.png"}) {
            const FileSelection selection = selectFiles({files.path(name)});
            QCOMPARE(selection.problems.size(), 1);
            QVERIFY(selection.problems[0].endsWith(files.path(name)));
            QVERIFY(selection.models.empty() && selection.inputs.empty());
        }
        QVERIFY(selectFiles({files.path("text.md")}).problems[0].contains(".safetensors"));
    }
    void sessionsTakeThePlaceOfWhatIsOpen() {
        Files files;
        files.make({"a.vitreous", "b.vitreous", "renamed.json", "mixed/c.vitreous", "mixed/x.png"});
        files.make({"alone/d.vitreous"});
        files.write("renamed.json", "{\n  \"format\": \"vitreous-session\",\n");
        FileSelection selection = selectFiles({files.path("a.vitreous"), files.path("b.vitreous")});
        QCOMPARE(selection.sessions.size(), std::size_t(1));
        QCOMPARE(selection.sessions[0].filename().string(), std::string("a.vitreous"));
        QCOMPARE(selection.problems.size(), 1);
        QVERIFY(selection.problems[0].endsWith("b.vitreous"));
        QCOMPARE(selectFiles({files.path("renamed.json")}).sessions.size(), std::size_t(1));
        // A folder stands for what can be looked at, and for a session where that is all.
        selection = selectFiles({files.path("mixed")});
        QVERIFY(selection.sessions.empty() && selection.problems.isEmpty());
        QCOMPARE(selection.inputs.size(), std::size_t(1));
        QCOMPARE(selectFiles({files.path("alone")}).sessions.size(), std::size_t(1));
    }
    void pipesAndDevicesDoNotOpen() {
        Files files;
        files.make({"all/a.png"});
        for (const char* name : {"pipe.png", "pipe", "all/pipe.pth"}) {
            QCOMPARE(mkfifo(QFile::encodeName(files.path(name)).constData(), 0600), 0);
        }
        QVERIFY(QFile::link(files.path("pipe"), files.path("all/link.png")));
        for (const QString& path :
             {files.path("pipe.png"), files.path("pipe"), files.path("all/link.png"),
              QStringLiteral("/dev/null")}) {
            const FileSelection selection = selectFiles({path});
            QVERIFY(selection.models.empty() && selection.inputs.empty());
            QCOMPARE(selection.problems.size(), 1);
            QVERIFY2(selection.problems[0].contains("pipe"), qPrintable(selection.problems[0]));
            QVERIFY(selection.problems[0].endsWith(path));
        }
        const FileSelection folder = selectFiles({files.path("all")});
        QCOMPARE(folder.inputs.size(), std::size_t(1));
        QVERIFY(folder.models.empty());
    }
    void dialogKnowsEveryExtension() {
        for (const FileFormat& format : fileFormats()) {
            for (const QString& extension : format.extensions) {
                QVERIFY2(openFilter().contains(u'*' + extension), qPrintable(extension));
            }
        }
    }
};

QTEST_GUILESS_MAIN(FormatRegistryTest)
#include "format_registry_test.moc"
