#include <QTest>

#include "app/desktop/options.h"
#include "core/base/error.h"

using namespace vitreous;

class OptionsTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everythingAtOnce() {
        const LaunchOptions options = parseOptions(
            {"vitreous", "--screenshot", "a.png", "--view", "attention", "--size", "1000x700",
             "--theme", "dark", "--device", "cuda:1", "--precision", "bf16", "--threads", "2",
             "m.pth,heads=3", "x.png"});
        QCOMPARE(options.screenshot, QString("a.png"));
        QVERIFY(options.isBatch());
        QCOMPARE(options.view->map, MapKind::ClsAttention);
        QCOMPARE(options.size, QSize(1000, 700));
        QCOMPARE(options.theme, std::optional(ThemeKind::Dark));
        QCOMPARE(options.device.device, std::string("cuda:1"));
        QCOMPARE(options.device.precision, Precision::BFloat16);
        QCOMPARE(options.threads, 2);
        QCOMPARE(options.files, QStringList({"m.pth,heads=3", "x.png"}));
    }
    void aliases() {
        QCOMPARE(
            parseOptions({"vitreous", "--view", "cls_attention"}).view->map, MapKind::ClsAttention);
        QCOMPARE(parseOptions({"vitreous", "--view=frequency"}).view->map, MapKind::Frequency);
    }
    void theDefaultViewMayBeAskedFor() {
        QVERIFY(!parseOptions({"vitreous"}).view);
        QVERIFY(parseOptions({"vitreous", "--view", "layers"}).view == ViewState());
    }
    void helpAndVersion() {
        for (const char* option : {"--help", "-h"}) {
            const QString text = parseOptions({"vitreous", option}).text;
            QVERIFY(text.contains("--screenshot") && text.contains("--help"));
            QVERIFY2(!text.contains("--help-all"), qPrintable(text));
        }
        for (const char* option : {"--version", "-v"}) {
            QVERIFY(parseOptions({"vitreous", option}).text.startsWith("vitreous "));
        }
    }
    void mistakes_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("view") << QStringList{"--view", "nothing"};
        QTest::newRow("size") << QStringList{"--size", "10x10"};
        QTest::newRow("size form") << QStringList{"--size", "wide"};
        QTest::newRow("theme") << QStringList{"--theme", "pink"};
        QTest::newRow("device") << QStringList{"--device", "abacus"};
        QTest::newRow("precision") << QStringList{"--precision", "fp7"};
        QTest::newRow("threads") << QStringList{"--threads", "-1"};
        QTest::newRow("screenshot") << QStringList{"--screenshot", "a.jpg"};
        QTest::newRow("export") << QStringList{"--export", "a.svg"};
        QTest::newRow("unknown") << QStringList{"--nonsense"};
        QTest::newRow("all of the help") << QStringList{"--help-all"};
        QTest::newRow("no value") << QStringList{"--view"};
    }
    void mistakes() {
        QFETCH(QStringList, arguments);
        try {
            parseOptions(QStringList{"vitreous"} + arguments);
            QFAIL("was accepted");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Usage);
        }
    }
};

QTEST_GUILESS_MAIN(OptionsTest)
#include "options_test.moc"
