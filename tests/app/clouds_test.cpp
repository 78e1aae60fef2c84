// Point clouds in the real window.

#include <cmath>

#include <QTemporaryDir>
#include <QWheelEvent>

#include "app/desktop/cloud_actions.h"
#include "tests/app/window_fixture.h"
#include "widgets/grid_view.h"

using namespace vitreous;

namespace {

constexpr int patience_ms = 20'000;

} // namespace

class CloudsTest : public QObject, private vitreous::testing::WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        makeWindow();
        open({"square.ply", "points_a.pth", "points_b.pth"});
        QCOMPARE(scene().rows.size(), std::size_t(2));
        QCOMPARE(scene().columns.size(), std::size_t(2));
    }
    void cleanup() { closeWindow(); }

    void aCloudIsAnInputWithItsPoints() {
        const InputItem& item = session_->inputs().items().front();
        QCOMPARE(item.points, std::size_t(4));
        QCOMPARE(describe(item), QString("4 points, 1 dropped"));
        QVERIFY(!item.thumbnail.isNull());
        QVERIFY(hasClouds(scene()));
        // Both models group it the same way: the weights are made once.
        QCOMPARE(scene().clouds[0], scene().clouds[1]);
        QVERIFY(session_->failures().empty());
    }

    void otherModelsSayWhatTheyTake() {
        open({"plain.pth", "x.png"});
        const auto messageOf = [this](std::size_t row) { return session_->rows()[row].message; };
        QCOMPARE(messageOf(0), QString("Takes point clouds; this input is a picture."));
        QVERIFY(messageOf(2).isEmpty());
        session_->setCurrentInput(session_->inputs().items()[0].id);
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QVERIFY(messageOf(0).isEmpty());
        QCOMPARE(messageOf(2), QString("Takes pictures; this input is a point cloud."));
        // That is no failure of anything.
        QVERIFY(session_->failures().empty());
    }

    void pointingFindsTheGroupEverywhere() {
        lookFromTheFront();
        move(placeOf(0, 2), Qt::NoButton);
        const QString text = window_->statusLine().text();
        QVERIFY2(text.contains("group 3"), qPrintable(text));
        QVERIFY2(text.contains("rank 2 of 4"), qPrintable(text));
        const QImage hovered = surface()->grab().toImage();
        move(QPoint(1, 1), Qt::NoButton);
        const QImage left = surface()->grab().toImage();
        // The ring is white inside, in every cell.
        for (std::size_t cell = 0; cell < 4; ++cell) {
            const QRect around(placeOf(cell, 2) - QPoint(16, 16), QSize(33, 33));
            QVERIFY(hovered.copy(around) != left.copy(around));
        }
        QVERIFY(!window_->statusLine().text().contains("group"));
    }

    void aClickPinsAGroup() {
        lookFromTheFront();
        QTest::mouseClick(surface(), Qt::LeftButton, {}, placeOf(1, 3));
        const TokenPlace pinned{TokenIndex{3}, 1, 4, true};
        QCOMPARE(session_->view().selection.pinned, pinned);
        window_->grid().refresh();
        const auto labels = window_->inspector().findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->text().contains("<b>Group 4</b>");
        }));
        // Keys go through the groups.
        QTest::keyClick(view(), Qt::Key_Left);
        QCOMPARE(session_->view().selection.pinned->token, TokenIndex{2});
        QTest::mouseClick(surface(), Qt::LeftButton, {}, cellAt(0).center().toPoint());
        QVERIFY(!session_->view().selection.pinned);
    }

    void aGroupsAttentionIsAskedFor() {
        lookFromTheFront();
        QTest::mouseDClick(surface(), Qt::LeftButton, {}, placeOf(0, 1));
        QCOMPARE(session_->view().map, MapKind::ClsAttention);
        window_->grid().refresh();
        QVERIFY2(
            scene().quantity.startsWith("Attention from group 2"), qPrintable(scene().quantity));
        QVERIFY(scene().cells[0][0].present);
        QVERIFY(scene().cells[0][0].is_cloud);
    }

    void aDragTurnsAllCells() {
        lookFromTheFront();
        const CloudCamera before = session_->view().cloud.camera;
        const QPoint from = cellAt(0).center().toPoint();
        const double side = cellAt(0).width();
        QTest::mousePress(surface(), Qt::LeftButton, {}, from);
        move(from + QPoint(int(side / 4), 0), Qt::LeftButton);
        move(from + QPoint(int(side / 2), 0), Qt::LeftButton);
        QTest::mouseRelease(surface(), Qt::LeftButton, {}, from + QPoint(int(side / 2), 0));
        const CloudCamera after = session_->view().cloud.camera;
        QVERIFY(std::abs(after.azimuth - (before.azimuth - 90.0)) < 1.0);
        QCOMPARE(after.elevation, before.elevation);
        QVERIFY(!session_->view().selection.pinned);
        QVERIFY(!session_->view().selection.region);
        // One drag is one step.
        QCOMPARE(session_->history().undoText(), QString("Camera"));
        session_->undo();
        QCOMPARE(session_->view().cloud.camera, before);
    }

    void wheelAndButtonsMoveTheCamera() {
        const double distance = scene().camera.distance;
        QWheelEvent wheel(
            cellAt(0).center(), surface()->mapToGlobal(cellAt(0).center()), {}, {0, 120},
            Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(surface(), &wheel);
        QVERIFY(session_->view().cloud.camera.distance < distance);
        QVERIFY(!session_->view().cloud.camera.is_fitted);
        const QPoint from = cellAt(0).center().toPoint();
        QTest::mousePress(surface(), Qt::RightButton, {}, from);
        move(from + QPoint(30, 0), Qt::RightButton);
        QTest::mouseRelease(surface(), Qt::RightButton, {}, from + QPoint(30, 0));
        QVERIFY(session_->view().cloud.camera.focus != CloudCamera().focus);
        window_->actions()["cloud.fit"]->trigger();
        window_->grid().refresh();
        QCOMPARE(scene().camera.distance, distance);
    }

    void commandsChooseViewsAndLooks() {
        const auto& actions = window_->actions();
        actions["cloud.top"]->trigger();
        QCOMPARE(session_->view().cloud.camera.elevation, 90.0);
        actions["cloud.side"]->trigger();
        QCOMPARE(session_->view().cloud.camera.azimuth, 90.0);
        actions["cloud.orthographic"]->trigger();
        QCOMPARE(session_->view().cloud.camera.projection, Projection::Orthographic);
        QVERIFY(!actions["cloud.perspective"]->isChecked());
        actions["cloud.raw"]->trigger();
        QCOMPARE(session_->view().cloud.values, GroupValues::Raw);
        actions["cloud.centers"]->trigger();
        QVERIFY(session_->view().cloud.shows_centers);
        actions["cloud.larger"]->trigger();
        QVERIFY(session_->view().cloud.point_size > 1.0);
        actions["cloud.eye_dome"]->trigger();
        QCOMPARE(session_->view().cloud.shading, CloudShading::None);
        actions["cloud.ground_black"]->trigger();
        window_->grid().refresh();
        const QImage shot = surface()->grab().toImage();
        QCOMPARE(shot.pixel((cellAt(1).topRight() + QPointF(-3, 3)).toPoint()), qRgb(0, 0, 0));
        QVERIFY(!actions["view.contour"]->isEnabled());
        open({"y.png"});
        QVERIFY(!actions["cloud.top"]->isEnabled());
        QVERIFY(actions["view.contour"]->isEnabled());
    }

    void meshesAreReadAnew() {
        window_->actions()["cloud.faces"]->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        window_->grid().refresh();
        QCOMPARE(scene().clouds[0].shape->cloud->size(), std::size_t(8));
        QVERIFY(session_->state().mesh_faces);
        const SessionState state = session_->state();
        window_->actions()["cloud.faces"]->trigger();
        QVERIFY(!session_->state().mesh_faces);
        session_->restore(state, {});
        QVERIFY(window_->actions()["cloud.faces"]->isChecked());
    }

    void dataNamesTheFilesOfACloud() {
        const QTemporaryDir folder;
        QCOMPARE(session_->replacedFiles(folder.path().toStdString()).size(), std::size_t(0));
        for (const char* name : {"square.points_a.ply", "square.points_a.csv", "other.ply"}) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        QCOMPARE(session_->replacedFiles(folder.path().toStdString()).size(), std::size_t(2));
    }

    void aTurntableIsWrittenAsideAndWhole() {
        const QTemporaryDir folder;
        const QString path = folder.filePath("turn.mp4");
        TurntableOptions options;
        options.frames = 3;
        options.width = 320;
        window_->exportTurntable(path, options);
        QVERIFY(window_->actions()["run.cancel"]->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo::exists(path), patience_ms);
        QCOMPARE(everythingIn(folder.path()), QStringList{"turn.mp4"});
        QTRY_VERIFY(!window_->actions()["run.cancel"]->isEnabled());
        options.frames = 30'000;
        window_->exportTurntable(folder.filePath("long.mp4"), options);
        QTest::qWait(300);
        window_->actions()["run.cancel"]->trigger();
        QVERIFY(!window_->actions()["run.cancel"]->isEnabled());
        QTRY_COMPARE_WITH_TIMEOUT(
            everythingIn(folder.path()), QStringList{"turn.mp4"}, patience_ms);
    }

private:
    void open(const QStringList& names) {
        session_->open(files_->make(names));
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        window_->grid().refresh();
    }
    static QStringList everythingIn(const QString& folder) {
        return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    }
    [[nodiscard]] const GridScene& scene() { return window_->grid().scene(); }
    [[nodiscard]] GridView* view() { return window_->findChild<GridView*>(); }
    [[nodiscard]] QWidget* surface() { return view()->childAt(view()->rect().center()); }
    void lookFromTheFront() {
        window_->actions()["cloud.front"]->trigger();
        window_->grid().refresh();
    }
    [[nodiscard]] QRectF cellAt(std::size_t cell) { return view()->gridLayout().cells[cell].map; }
    /// Where the point of a corner of the square is drawn.
    [[nodiscard]] QPoint placeOf(std::size_t cell, std::size_t corner) {
        const QRectF rect = cellAt(cell);
        const CloudProjection projection(scene().camera, rect.size());
        const auto place = projection.place(pointAt(*scene().clouds[0].shape, corner));
        return (rect.topLeft() + place->pixel).toPoint();
    }
    void move(QPoint point, Qt::MouseButton button) {
        QMouseEvent event(
            QEvent::MouseMove, point, surface()->mapToGlobal(point), Qt::NoButton, button,
            Qt::NoModifier);
        QCoreApplication::sendEvent(surface(), &event);
    }
};

QTEST_MAIN(CloudsTest)
#include "clouds_test.moc"
