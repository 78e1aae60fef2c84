// The real program's window against pictures of it: both themes, at one and two device pixels to a
// logical one, and the kinds of grid.

#include <cmath>

#include <QDir>
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {

constexpr int block = 16;              ///< side of what is compared at once, in pixels
constexpr double most_difference = 12; ///< mean over a block's channels, of 255
constexpr double most_blocks = 0.004;  ///< share of blocks that may differ by more

QImage shoot(const QStringList& arguments, const QString& scale) {
    const QTemporaryDir folder;
    const QString file = folder.filePath("shot.png");
    QProcess process;
    auto variables = QProcessEnvironment::systemEnvironment();
    variables.insert("QT_SCALE_FACTOR", scale);
    variables.insert("LC_ALL", "C.UTF-8");
    process.setProcessEnvironment(variables);
    process.start(
        VITREOUS_PROGRAM,
        QStringList{"--screenshot", file, "--size", "1280x800", "--device", "cpu"} + arguments);
    process.waitForFinished(240'000);
    return QImage(file).convertToFormat(QImage::Format_RGB32);
}

double blockDifference(const QImage& a, const QImage& b, int left, int top) {
    double sum = 0.0;
    int count = 0;
    for (int y = top; y < std::min(top + block, a.height()); ++y) {
        for (int x = left; x < std::min(left + block, a.width()); ++x) {
            const QRgb one = a.pixel(x, y);
            const QRgb other = b.pixel(x, y);
            sum += std::abs(qRed(one) - qRed(other)) + std::abs(qGreen(one) - qGreen(other)) +
                   std::abs(qBlue(one) - qBlue(other));
            count += 3;
        }
    }
    return sum / count;
}

/// The share of blocks that differ clearly.
double differingBlocks(const QImage& a, const QImage& b) {
    int differing = 0;
    int all = 0;
    for (int top = 0; top < a.height(); top += block) {
        for (int left = 0; left < a.width(); left += block) {
            ++all;
            differing += blockDifference(a, b, left, top) > most_difference ? 1 : 0;
        }
    }
    return double(differing) / all;
}

} // namespace

class BaselineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        // Other versions draw text and controls a little differently.
        if (QT_VERSION_CHECK(6, 4, 0) > QT_VERSION || QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)) {
            QSKIP("the baselines are of Qt 6.4");
        }
    }

    void theWindowLooksAsItDid_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("scale");
        const auto row = [](const char* name, const QStringList& arguments, const char* scale) {
            QTest::newRow(name) << arguments << QString(scale);
        };
        row("light", {"--theme", "light"}, "1");
        row("dark", {"--theme", "dark"}, "1");
        row("light-2x", {"--theme", "light"}, "2");
        row("dark-2x", {"--theme", "dark", "--view", "attention"}, "2");
        row("heads", {"--view", "heads,token_attention", "--pin", "10,9"}, "1");
        row("figure3", {"--view", "figure3"}, "1");
        row("scrub", {"--view", "scrub,contour"}, "1");
        row("difference", {"--view", "difference,side_by_side"}, "1");
        const QString demo = QStringLiteral(VITREOUS_DEMO "/");
        const QStringList points = {
            demo + "point.safetensors", demo + "point_llama.safetensors",
            demo + "shapes/00003.ply"};
        row("points", QStringList{"--pin", "1,12"} + points, "1");
        row("points-scrub",
            QStringList{"--view", "scrub,attention,centers,raw_groups", "--theme", "dark"} + points,
            "1");
        row("points-beside", QStringList{"--view", "figure3,side_by_side,side"} + points, "2");
    }
    void theWindowLooksAsItDid() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, scale);
        const QImage shot = shoot(arguments, scale);
        QCOMPARE(shot.size(), QSize(1280, 800) * scale.toInt());
        const QString name = QString("%1.png").arg(QTest::currentDataTag());
        const QDir seen(QDir(VITREOUS_SEEN_DIR).absolutePath());
        QVERIFY(seen.mkpath("."));
        QVERIFY(shot.save(seen.filePath(name)));
        const QImage expected = QImage(QDir(VITREOUS_BASELINE_DIR).filePath(name))
                                    .convertToFormat(QImage::Format_RGB32);
        QVERIFY2(
            !expected.isNull(),
            qPrintable(
                "no baseline; look at the picture and copy it there if it is right: " +
                seen.filePath(name)));
        QCOMPARE(shot.size(), expected.size());
        const double share = differingBlocks(shot, expected);
        QVERIFY2(
            share <= most_blocks, qPrintable(QString("%1 % of the window differ: %2")
                                                 .arg(100.0 * share, 0, 'f', 2)
                                                 .arg(seen.filePath(name))));
    }
};

QTEST_GUILESS_MAIN(BaselineTest)
#include "baseline_test.moc"
