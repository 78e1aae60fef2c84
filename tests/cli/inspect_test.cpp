#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "app/cli/inspect.h"
#include "tests/cli/cli_process.h"

using namespace vitreous;
using namespace vitreous::testing;

class InspectTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void describesEveryFact();
    void describesTheTrainedModel();
    void printsJson();
    void saysWhereClassNamesAreFrom();
    void goldenHeadsAreGuessedUnlessGiven();
    void refusesAnUnknownFamily();
    void namesEveryModelThatFails();
};

void InspectTest::describesEveryFact() {
    ModelSummary summary;
    summary.label = "vit_llama";
    summary.path = "/models/vit_llama.pth";
    summary.family = "ViT-LLaMA (LM4VisualEncoding)";
    summary.container = "PyTorch zip";
    summary.state_key = "model";
    summary.state_keys = {"model", "model_ema"};
    summary.file_bytes = 1'234'567'890;
    summary.parameters = 22'050'664;
    summary.depth = 12;
    summary.width = 384;
    summary.heads = 6;
    summary.patch = 16;
    summary.input_width = summary.input_height = 224;
    summary.rows = summary.columns = 14;
    summary.classes = 1000;
    summary.llm_block = "llama";
    summary.llm_after = 12;
    summary.llm_layers = 1;
    summary.llm_width = 4096;
    summary.llm_heads = 32;
    summary.layer_norm_eps = 1e-6;
    summary.guessed = {"heads = 6 (head size 64)"};
    for (int block = 0; block < 12; ++block) {
        summary.taps.push_back({"blocks." + std::to_string(block), std::to_string(block + 1)});
    }
    summary.blocks = summary.taps;
    summary.taps.push_back({"norm", "norm"});
    const QString text = QString::fromStdString(cli::describe(summary));
    for (const char* line :
         {"vit_llama\n", "  container    PyTorch zip, 1.2 GB\n",
          "  state        model (also there: model_ema)\n", "  parameters   22.1 M\n",
          "  input        3 x 224 x 224, patch 16, grid 14 x 14, CLS token\n",
          "  blocks       12, 384 wide, 6 heads (guessed)\n",
          "  LLM layers   1, 4096 wide, 32 heads\n", "  norm eps     1e-06\n",
          "  classes      1000\n", "  guessed      heads = 6 (head size 64)\n",
          "  taps         blocks.0 .. blocks.11, norm\n",
          "  attention    blocks.0 .. blocks.11\n"}) {
        QVERIFY2(text.contains(line), qPrintable(QString(line) + text));
    }
    summary.classes = 6;
    summary.class_names = {"ant", "bee", "cat", "dog", "emu", "fox"};
    summary.class_names_source = "labels.txt";
    QVERIFY(
        QString::fromStdString(cli::describe(summary))
            .contains("  classes      6: ant, bee, cat, dog, emu, ... (names from labels.txt)\n"));
    // What stands in the LLM's place, and where, as the ablations put it.
    summary.llm_block = "mlp";
    summary.llm_after = 6;
    QVERIFY(QString::fromStdString(cli::describe(summary))
                .contains("  LLM layers   1 (an MLP in their place), 4096 wide, behind block 6\n"));
    summary.llm_block = "identity";
    summary.llm_layers = 0;
    summary.llm_after = 0;
    QVERIFY(
        QString::fromStdString(cli::describe(summary))
            .contains("  LLM layers   0 (the mappers alone), 4096 wide, before the first block\n"));
}

void InspectTest::describesTheTrainedModel() {
    const QString file = sharedFile("data/vit/vit_mnist_3class.pt");
    if (file.isEmpty()) {
        QSKIP("no shared/data beside this checkout");
    }
    const CliOutcome outcome = runCli({"inspect", file});
    QCOMPARE(outcome.err, "");
    QCOMPARE(outcome.status, 0);
    for (const char* part :
         {"vit_mnist_3class\n", "patch 7", "grid 4 x 4", "4, 64 wide", "classes      3",
          "vit-pytorch", "blocks.0 .. blocks.3"}) {
        QVERIFY2(outcome.out.contains(part), qPrintable(QString(part) + "\n" + outcome.out));
    }
}

void InspectTest::printsJson() {
    const QString file = sharedFile("data/vit/vit_mnist_3class.pt");
    if (file.isEmpty()) {
        QSKIP("no shared/data beside this checkout");
    }
    const CliOutcome outcome = runCli({"inspect", file + ",heads=4,label=digits", "--json"});
    QCOMPARE(outcome.status, 0);
    const QJsonDocument document = QJsonDocument::fromJson(outcome.out.toUtf8());
    QVERIFY(document.isArray());
    QCOMPARE(document.array().size(), 1);
    const QJsonObject model = document.array().first().toObject();
    QCOMPARE(model["label"].toString(), "digits");
    QCOMPARE(model["depth"].toInt(), 4);
    QCOMPARE(model["width"].toInt(), 64);
    QCOMPARE(model["heads"].toInt(), 4);
    QCOMPARE(model["patch"].toInt(), 7);
    QCOMPARE(model["classes"].toInt(), 3);
}

void InspectTest::saysWhereClassNamesAreFrom() {
    const QTemporaryDir directory;
    const QString model = makeModel(directory.path(), "vit");
    QFile names(directory.filePath("vit.names"));
    QVERIFY(names.open(QIODevice::WriteOnly));
    names.write("ant\nbee\ncat\ndog\nemu\n");
    names.close();
    const CliOutcome text = runCli({"inspect", model});
    QVERIFY2(
        text.out.contains("classes      5: ant, bee, cat, dog, emu (names from vit.names)\n"),
        qPrintable(text.out));
    const CliOutcome outcome = runCli({"inspect", model, "--json"});
    const QJsonObject json =
        QJsonDocument::fromJson(outcome.out.toUtf8()).array().first().toObject();
    QCOMPARE(json["class_names"].toArray().size(), 5);
    QCOMPARE(json["class_names_source"].toString(), "vit.names");
}

void InspectTest::goldenHeadsAreGuessedUnlessGiven() {
    const QString file = sharedFile("golden/image/vit.pth");
    if (file.isEmpty()) {
        QSKIP("no shared/golden beside this checkout");
    }
    const CliOutcome given = runCli({"inspect", file + ",heads=3"});
    QVERIFY2(given.out.contains("3 heads\n"), qPrintable(given.out));
    const CliOutcome guessed = runCli({"inspect", file});
    QVERIFY2(guessed.out.contains("(guessed)"), qPrintable(guessed.out));
}

void InspectTest::refusesAnUnknownFamily() {
    const QString file = sharedFile("data/vit/mnist_gap_postnorm.pth");
    if (file.isEmpty()) {
        QSKIP("no shared/data beside this checkout");
    }
    const CliOutcome outcome = runCli({"inspect", file});
    QCOMPARE(outcome.status, 3);
    QCOMPARE(outcome.out, "");
    QVERIFY2(outcome.onlyError().endsWith(file), qPrintable(outcome.err));
}

void InspectTest::namesEveryModelThatFails() {
    const QString file = sharedFile("golden/image/vit.pth");
    if (file.isEmpty()) {
        QSKIP("no shared/golden beside this checkout");
    }
    const CliOutcome outcome = runCli({"inspect", "/missing/one.pth", file, "/missing/two.pth"});
    QCOMPARE(outcome.status, 3);
    QCOMPARE(outcome.err.count("vitreous-cli: error: "), 2);
    QCOMPARE(outcome.err.count(u'\n'), 2);
    QVERIFY(outcome.err.contains("/missing/one.pth\n"));
    QVERIFY(outcome.err.contains("/missing/two.pth\n"));
    QVERIFY(outcome.out.startsWith("vit\n"));
}

QTEST_GUILESS_MAIN(InspectTest)
#include "inspect_test.moc"
