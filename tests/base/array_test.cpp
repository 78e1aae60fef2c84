#include <QTest>

#include "core/base/array.h"

using namespace vitreous;

class ArrayTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void shapesAreTuples() {
        QCOMPARE(shapeText({}), "()");
        QCOMPARE(shapeText({7}), "(7,)");
        QCOMPARE(shapeText({384, 64}), "(384, 64)");
        QCOMPARE(shapeText({0, -1, 3}), "(0, -1, 3)");
    }

    void shapesHaveElements() {
        QCOMPARE(elementCount({}), std::int64_t{1});
        QCOMPARE(elementCount({2, 3, 4}), std::int64_t{24});
        QCOMPARE(elementCount({2, 0}), std::int64_t{0});
    }
};

QTEST_APPLESS_MAIN(ArrayTest)
#include "array_test.moc"
