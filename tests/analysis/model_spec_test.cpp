#include <QTest>

#include "core/analysis/model.h"

using namespace vitreous;

class ModelSpecTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEveryKey() {
        const ModelSpec spec =
            parseModelSpec("a/b.pth,heads=3,llm_heads=4,llm=c,llm_layer=31,label=A "
                           "b,family=timm,size=64,frames=8,groups=32,"
                           "group_size=16,eps=1e-5,state=model_ema");
        QCOMPARE(spec.path, std::filesystem::path("a/b.pth"));
        QCOMPARE(spec.heads, 3);
        QCOMPARE(spec.llm_heads, 4);
        QCOMPARE(spec.llm, std::filesystem::path("c"));
        QCOMPARE(spec.llm_layer, 31);
        QCOMPARE(spec.label, "A b");
        QCOMPARE(spec.family, "timm");
        QCOMPARE(spec.size, 64);
        QCOMPARE(spec.frames, 8);
        QCOMPARE(spec.groups, 32);
        QCOMPARE(spec.group_size, 16);
        QCOMPARE(spec.eps, 1e-5);
        QCOMPARE(spec.state, "model_ema");
        QVERIFY(parseModelSpec(formatModelSpec(spec)) == spec);
    }

    void keepsCommasOfPaths() {
        QCOMPARE(
            parseModelSpec("run,1,lr=3/vit.pth").path, std::filesystem::path("run,1,lr=3/vit.pth"));
        const ModelSpec spec = parseModelSpec("run,heads=2,b.pth,heads=3");
        QCOMPARE(spec.path, std::filesystem::path("run,heads=2,b.pth"));
        QCOMPARE(spec.heads, 3);
    }

    void labelsByStem() {
        QCOMPARE(labelOf(parseModelSpec("/x/vit.small.pth")), "vit.small");
        QCOMPARE(labelOf(parseModelSpec("/x/deit-base/")), "deit-base");
        QCOMPARE(labelOf(parseModelSpec("/x/vit.pth,label=mine")), "mine");
    }

    void refusesBadValues_data() {
        QTest::addColumn<QString>("argument");
        for (const char* argument :
             {"", ",heads=3", "a.pth,heads=0", "a.pth,heads=x", "a.pth,heads=3x", "a.pth,eps=0",
              "a.pth,eps=nan", "a.pth,size=99999999999"}) {
            QTest::newRow(argument) << argument;
        }
    }
    void refusesBadValues() {
        QFETCH(QString, argument);
        try {
            parseModelSpec(argument.toStdString());
            QFAIL("accepted");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Usage);
        }
    }
};

QTEST_APPLESS_MAIN(ModelSpecTest)
#include "model_spec_test.moc"
