#include <QTest>

#include "core/base/numeric_environment.h"

using namespace vitreous;

class NumericEnvironmentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anUnknownProcessorIsTakenByWhatItHas_data() {
        QTest::addColumn<QString>("chosen");
        QTest::addColumn<bool>("has_avx2");
        QTest::addColumn<bool>("has_avx512");
        QTest::addColumn<QString>("better");
        QTest::newRow("new, unknown") << "Prescott" << true << true << "SkylakeX";
        QTest::newRow("without AVX-512") << "Prescott" << true << false << "Haswell";
        QTest::newRow("really old") << "Prescott" << false << false << "";
        QTest::newRow("known") << "SkylakeX" << true << true << "";
        QTest::newRow("known, of another make") << "Zen" << true << true << "";
        QTest::newRow("no OpenBLAS") << "" << true << true << "";
    }
    void anUnknownProcessorIsTakenByWhatItHas() {
        QFETCH(QString, chosen);
        QFETCH(bool, has_avx2);
        QFETCH(bool, has_avx512);
        QFETCH(QString, better);
        const std::string_view found =
            betterOpenBlasCore(chosen.toStdString(), {has_avx2, has_avx512});
        QCOMPARE(QString::fromUtf8(found.data(), qsizetype(found.size())), better);
    }
};

QTEST_APPLESS_MAIN(NumericEnvironmentTest)
#include "numeric_environment_test.moc"
