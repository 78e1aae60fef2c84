// Values over a video's frames, in the inspector.

#include <cmath>
#include <limits>

#include <QSignalSpy>
#include <QTest>

#include "app/desktop/trace_section.h"
#include "tests/app/window_fixture.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

std::vector<Trace> traces() {
    const std::vector<double> times = {0.0, 0.5, 1.0, 1.5, 2.0};
    return {
        {"A", QColor(0xff, 0x00, 0x00), times, {1.0, 1.0, none, none, 1.0}},
        {"B", QColor(0x00, 0x00, 0xff), times, {none, none, none, none, none}}};
}

bool hasColor(const QImage& image, const QRect& part, const QColor& color) {
    for (int y = part.top(); y <= part.bottom(); ++y) {
        for (int x = part.left(); x <= part.right(); ++x) {
            if (image.pixelColor(x, y) == color) {
                return true;
            }
        }
    }
    return false;
}

} // namespace

class TraceTest final : public QObject, private WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void aTraceIsOfTheFrameThatIsOn() {
        const Trace trace = traces()[0];
        QCOMPARE(trace.at(0.7), 1.0);
        QVERIFY(std::isnan(trace.at(1.2)));
        QVERIFY(trace.isSameAs(traces()[0]));
        QVERIFY(!trace.isSameAs(traces()[1]));
    }
    void linesBreakWhereFramesAreNotComputed() {
        TracePlot plot;
        plot.resize(400, 200);
        plot.setTraces(traces(), 2.0);
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        const QImage image = plot.grab().toImage();
        const auto across = [&](double from, double to) {
            const int left = int(plot.xOf(from));
            return hasColor(
                image, QRect(left, 0, int(plot.xOf(to)) - left, image.height()), Qt::red);
        };
        QVERIFY(across(0.1, 0.4));
        QVERIFY(!across(0.6, 1.9));
        // A frame on its own is a dot.
        QVERIFY(across(1.97, 2.02));
    }
    void clicksAskForTimes() {
        TracePlot plot;
        plot.resize(400, 200);
        plot.setTraces(traces(), 0.0);
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        plot.grab();
        QSignalSpy asked(&plot, &TracePlot::timeRequested);
        QTest::mouseClick(&plot, Qt::LeftButton, {}, QPoint(int(plot.xOf(1.0)), 80));
        QVERIFY(std::abs(asked.first().first().toDouble() - 1.0) < 0.05);
        QTest::mouseClick(&plot, Qt::LeftButton, {}, QPoint(399, 80));
        QCOMPARE(asked.last().first().toDouble(), 2.0);
    }
    void theInspectorShowsThemOfAVideoOnly() {
        makeWindow();
        openPair();
        InspectorPanel& inspector = window_->inspector();
        QVERIFY(!inspector.traces().isVisible());
        inspector.setTraces(traces(), 0.5, "Magnitude, at blocks.1");
        QTRY_VERIFY(inspector.traces().isVisible());
        const auto labels = inspector.traces().findChildren<QLabel*>();
        QString text;
        for (const QLabel* label : labels) {
            text += label->text();
        }
        QVERIFY2(text.contains("Over time") && text.contains("At 0.50 s"), qPrintable(text));
        QVERIFY2(text.contains("</b>: 1") && text.contains("not computed yet"), qPrintable(text));
        const TracePlot& plot = inspector.traces().plot();
        QVERIFY(plot.accessibleDescription().contains("A: 1, B: not computed yet"));
        inspector.setTraces({}, 0.0, {});
        QVERIFY(!inspector.traces().isVisible());
        closeWindow();
    }
};

QTEST_MAIN(TraceTest)
#include "trace_test.moc"
