#include <QGuiApplication>
#include <QTest>

#include "widgets/cloud/cloud_renderer.h"

using namespace vitreous;

/// On a platform without OpenGL.
class CloudVtkWithoutTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thereIsNoRenderer() {
        QTest::failOnWarning(QRegularExpression(".*"));
        QVERIFY(makeVtkRenderer() == nullptr);
    }
};

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QGuiApplication application(argc, argv);
    CloudVtkWithoutTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "cloud_vtk_without_test.moc"
