// The trained digit classifier (three classes: 0, 1, 2) reads digits drawn here.

#include <algorithm>
#include <cmath>
#include <numbers>

#include <QTest>

#include "core/analysis/model.h"
#include "tests/support/shared.h"

using namespace vitreous;

namespace {

struct Point {
    double x;
    double y;
};
using Stroke = std::vector<Point>;

double distanceToSegment(Point p, Point a, Point b) {
    const double dx = b.x - a.x;
    const double dy = b.y - a.y;
    const double length = std::max(dx * dx + dy * dy, 1e-12);
    const double t = std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0);
    return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/// A white pen on black, 28 x 28 pixels.
Image drawn(const Stroke& stroke, double pen) {
    Image image{28, 28, {}};
    for (int y = 0; y < 28; ++y) {
        for (int x = 0; x < 28; ++x) {
            double nearest = 1e9;
            for (std::size_t i = 1; i < stroke.size(); ++i) {
                nearest = std::min(
                    nearest, distanceToSegment({x + 0.5, y + 0.5}, stroke[i - 1], stroke[i]));
            }
            const double ink = std::clamp(pen - nearest + 0.5, 0.0, 1.0);
            image.pixels.insert(
                image.pixels.end(), 3, static_cast<std::uint8_t>(std::lround(255.0 * ink)));
        }
    }
    return image;
}

Stroke arc(Point centre, double rx, double ry, double from_deg, double to_deg) {
    Stroke stroke;
    for (int i = 0; i <= 24; ++i) {
        const double angle = (from_deg + (to_deg - from_deg) * i / 24.0) * std::numbers::pi / 180.0;
        stroke.push_back({centre.x + rx * std::cos(angle), centre.y - ry * std::sin(angle)});
    }
    return stroke;
}

Stroke digit(int which, double slant) {
    Stroke stroke;
    if (which == 0) {
        stroke = arc({14, 14}, 6, 9, 0, 360);
    } else if (which == 1) {
        stroke = {{14, 4.5}, {14, 23.5}};
    } else {
        stroke = arc({14, 9.5}, 5.5, 5, 160, -40);
        stroke.push_back({8, 22.5});
        stroke.push_back({20.5, 22.5});
    }
    for (Point& point : stroke) {
        point.x += slant * (14 - point.y);
    }
    return stroke;
}

} // namespace

class DigitsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsDrawnDigits_data() {
        QTest::addColumn<int>("which");
        QTest::addColumn<double>("slant");
        QTest::addColumn<double>("pen");
        for (int which = 0; which < 3; ++which) {
            for (const double slant : {0.0, 0.15, 0.3}) {
                for (const double pen : {1.1, 1.5}) {
                    QTest::addRow("%d, slant %.2f, pen %.1f", which, slant, pen)
                        << which << slant << pen;
                }
            }
        }
    }
    void readsDrawnDigits() {
        VITREOUS_NEEDS_SHARED();
        QFETCH(int, which);
        QFETCH(double, slant);
        QFETCH(double, pen);
        static const auto model = loadModel(
            parseModelSpec(VITREOUS_SHARED "/data/vit/vit_mnist_3class.pt,heads=4"),
            {.device = "cpu"});
        const PreparedInput input =
            preprocess(drawn(digit(which, slant), pen), model->summary().preprocess);
        const std::vector<float> logits = model->forward({input}, {}).values;
        QCOMPARE(logits.size(), std::size_t{3});
        QCOMPARE(int(std::max_element(logits.begin(), logits.end()) - logits.begin()), which);
    }
};

QTEST_APPLESS_MAIN(DigitsTest)
#include "digits_test.moc"
