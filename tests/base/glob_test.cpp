#include <QTest>

#include "core/base/glob.h"

using vitreous::matchesGlob;

class GlobTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void matchesWholeText() {
        QVERIFY(matchesGlob("blocks.*", "blocks.11"));
        QVERIFY(matchesGlob("llama.layers.?.attention", "llama.layers.0.attention"));
        QVERIFY(matchesGlob("*", ""));
        QVERIFY(matchesGlob("*.attention*residual", "llama.layers.0.attention+residual"));
    }

    void refusesPartsOfText() {
        QVERIFY(!matchesGlob("blocks", "blocks.1"));
        QVERIFY(!matchesGlob("blocks.?", "blocks.11"));
        QVERIFY(!matchesGlob("", "norm"));
        QVERIFY(!matchesGlob("*norm", "norm.weight"));
    }
};

QTEST_APPLESS_MAIN(GlobTest)
#include "glob_test.moc"
