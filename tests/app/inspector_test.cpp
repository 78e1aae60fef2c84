// Pinning a token in the real window, and what the inspector says of it.

#include <cmath>

#include <QLabel>
#include <QTest>

#include "tests/app/window_fixture.h"
#include "widgets/grid_view.h"

using namespace vitreous;
using namespace vitreous::testing;

class InspectorTest final : public QObject, private WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { makeWindow(); }
    void cleanup() { closeWindow(); }

    void aClickPinsAndTheInspectorFollows() {
        openPair();
        QVERIFY(!plot().isVisible());
        QVERIFY2(text().contains("Click a token"), qPrintable(text()));
        click(0, 0, 3);
        QCOMPARE(session_->view().selection.pinned, std::optional(TokenPlace{TokenIndex{3}, 2, 2}));
        QTRY_VERIFY(plot().isVisible());
        QVERIFY2(text().contains("Token at row 2, column 2"), qPrintable(text()));
        QVERIFY2(text().contains("rank 1 of 4"), qPrintable(text()));
        QCOMPARE(plot().series().size(), std::size_t(2));
        const GridScene& scene = window_->grid().scene();
        for (std::size_t row = 0; row < 2; ++row) {
            const TapSeries& series = plot().series()[row];
            QCOMPARE(series.label, scene.rows[row].label);
            QCOMPARE(series.color, scene.rows[row].chip);
            QCOMPARE(series.values.size(), scene.columns.size());
            for (std::size_t i = 0; i < series.values.size(); ++i) {
                QCOMPARE(series.values[i], double(scene.cells[row][i].values[3]));
            }
        }
        // Another map, other values.
        window_->actions()["view.frequency"]->trigger();
        window_->grid().refresh();
        QCOMPARE(
            plot().series()[0].values[0], double(window_->grid().scene().cells[0][0].values[3]));
        QCOMPARE(window_->grid().scene().view.map, MapKind::Frequency);
        QVERIFY2(text().contains("rank 4 of 4"), qPrintable(text()));
        // Beside the maps lets it go.
        QTest::mouseClick(surface(), Qt::LeftButton, {}, {2, 2});
        QVERIFY(!session_->view().selection.pinned);
        QTRY_VERIFY(!plot().isVisible());
    }

    void pinningIsUndone() {
        openPair();
        click(1, 1, 0);
        click(0, 0, 2);
        QCOMPARE(window_->actions()["edit.undo"]->text(), QString("&Undo Selection"));
        window_->actions()["edit.undo"]->trigger();
        QCOMPARE(session_->view().selection.pinned->token, TokenIndex{0});
        window_->actions()["edit.undo"]->trigger();
        QVERIFY(!session_->view().selection.pinned);
        window_->actions()["edit.redo"]->trigger();
        QCOMPARE(session_->view().selection.pinned->token, TokenIndex{0});
    }

    void keysPinMoveAndLetGo() {
        openPair();
        view()->setFocus();
        QTest::keyClick(view(), Qt::Key_Space);
        QCOMPARE(session_->view().selection.pinned, std::optional(TokenPlace{TokenIndex{3}, 2, 2}));
        const auto press = [this](Qt::Key key) {
            QTest::keyClick(view(), key);
            return session_->view().selection.pinned->token.value;
        };
        QCOMPARE(press(Qt::Key_Left), std::size_t(2));
        QCOMPARE(press(Qt::Key_Left), std::size_t(2)); // the edge
        QCOMPARE(press(Qt::Key_Up), std::size_t(0));
        QCOMPARE(press(Qt::Key_Right), std::size_t(1));
        QCOMPARE(press(Qt::Key_Down), std::size_t(3));
        QTest::keyClick(view(), Qt::Key_Escape);
        QVERIFY(!session_->view().selection.pinned);
    }

    void aPressThatSlidesIsNoClick() {
        openPair();
        QTest::mousePress(surface(), Qt::LeftButton, {}, placeOf(0, 0, 0));
        QTest::mouseRelease(surface(), Qt::LeftButton, {}, placeOf(0, 0, 3));
        QVERIFY(!session_->view().selection.pinned);
        QTest::mouseClick(surface(), Qt::RightButton, {}, placeOf(0, 0, 0));
        QVERIFY(!session_->view().selection.pinned);
    }

    void theRingIsInEveryCell() {
        openPair();
        const QImage before = view()->grab().toImage();
        click(0, 1, 1);
        QTest::mouseMove(window_.get(), {1, 1});
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(surface(), &leave);
        const QImage after = view()->grab().toImage();
        int cells = 0;
        for (const CellPlace& place : view()->gridLayout().cells) {
            const QRect token =
                tokenRect(place.map, 2, 2, TokenIndex{1}).adjusted(-2, -2, 2, 2).toAlignedRect();
            QVERIFY(before.copy(token) != after.copy(token));
            ++cells;
        }
        QCOMPARE(cells, 4);
    }

    void aLabelIsTakenAsItIs() {
        const QString path = files_->make({"m.pth"}).front();
        session_->open({path + ",label=%4 <b>", files_->make({"y.png"}).front()});
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle() && session_->hasMaps(), 20'000);
        window_->grid().refresh();
        click(0, 0, 3);
        QVERIFY2(text().contains("%4 &lt;b&gt;</b><br>"), qPrintable(text()));
        QVERIFY2(text().contains("rank 1 of 4"), qPrintable(text()));
    }

    void predictionsAreThereWithoutAPin() {
        openPair();
        QVERIFY2(text().contains("Largest logits"), qPrintable(text()));
        const qsizetype first = text().indexOf("class 1");
        QVERIFY(first >= 0 && text().indexOf("class 2", first) > first);
        QVERIFY(text().indexOf("class 0", first) > text().indexOf("class 2", first));
        QVERIFY(text().contains("2.50"));
        const std::vector<ModelItem> items = session_->models().items();
        for (const ModelItem& item : items) {
            session_->removeModel(item.id);
        }
        QTRY_VERIFY(!text().contains("Largest logits"));
    }

private:
    [[nodiscard]] GridView* view() const { return window_->findChild<GridView*>(); }
    [[nodiscard]] QWidget* surface() const { return view()->childAt(placeOf(0, 0, 0)); }
    [[nodiscard]] QPoint placeOf(std::size_t row, std::size_t column, std::size_t token) const {
        for (const CellPlace& place : view()->gridLayout().cells) {
            if (place.row == row && place.column == column) {
                return tokenRect(place.map, 2, 2, TokenIndex{token}).center().toPoint();
            }
        }
        qFatal("no such cell");
    }
    void click(std::size_t row, std::size_t column, std::size_t token) const {
        QTest::mouseClick(surface(), Qt::LeftButton, {}, placeOf(row, column, token));
    }
    [[nodiscard]] const TapPlot& plot() const { return window_->inspector().plot(); }
    /// All that the inspector says.
    [[nodiscard]] QString text() const {
        QString all;
        for (const QLabel* label : window_->inspector().findChildren<QLabel*>()) {
            all += label->isHidden() ? QString() : label->text() + u'\n';
        }
        return all;
    }
};

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    QApplication application(argc, argv);
    InspectorTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "inspector_test.moc"
