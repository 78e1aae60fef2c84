// The grid's views and what the pointer and keys do in it, in the real window.

#include <cmath>

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QWheelEvent>

#include "app/desktop/range_dialog.h"
#include "tests/app/window_fixture.h"
#include "widgets/grid_view.h"

using namespace vitreous;

namespace {

constexpr int patience_ms = 20'000;

} // namespace

class ViewsTest : public QObject, private vitreous::testing::WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        makeWindow();
        openPair();
    }
    void cleanup() { closeWindow(); }

    void everyKindHasAKey() {
        const std::array kinds = {
            GridKind::Layers, GridKind::Heads, GridKind::Figure3, GridKind::Scrub,
            GridKind::Difference};
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            QTest::keyClick(window_.get(), Qt::Key(Qt::Key_1 + int(i)), Qt::AltModifier);
            QCOMPARE(session_->view().kind, kinds[i]);
            window_->grid().refresh();
            QVERIFY(!window_->grid().scene().cells.empty());
        }
    }

    void aDragSelectsARegion() {
        const QPoint from = centreOf(0, 0);
        const QPoint to = centreOf(0, 3);
        QTest::mousePress(surface(), Qt::LeftButton, {}, from);
        move(to, Qt::LeftButton);
        QCOMPARE(session_->view().selection.region, (TokenRegion{0, 0, 1, 1, 2, 2}));
        // Beyond the map it stays inside the map.
        move(centreOf(0, 1) + QPoint(2000, -2000), Qt::LeftButton);
        QCOMPARE(session_->view().selection.region, (TokenRegion{0, 0, 0, 1, 2, 2}));
        QTest::mouseRelease(surface(), Qt::LeftButton, {}, to);
        QVERIFY(session_->view().selection.region.has_value());
        // One drag is one step.
        session_->history().undo();
        QVERIFY(!session_->view().selection.region);
        session_->history().redo();
        QCOMPARE(session_->view().selection.region, (TokenRegion{0, 0, 0, 1, 2, 2}));
        window_->grid().refresh();
        QTest::mouseClick(surface(), Qt::LeftButton, {}, centreOf(0, 2));
        QVERIFY(!session_->view().selection.region);
        QCOMPARE(session_->view().selection.pinned->token, TokenIndex{2});
    }

    void keysExtendARegion() {
        QTest::mouseClick(surface(), Qt::LeftButton, {}, centreOf(0, 3));
        QTest::keyClick(view(), Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(session_->view().selection.region, (TokenRegion{1, 0, 1, 1, 2, 2}));
        QTest::keyClick(view(), Qt::Key_Up, Qt::ShiftModifier);
        QCOMPARE(session_->view().selection.region, (TokenRegion{0, 0, 1, 1, 2, 2}));
        QTest::keyClick(view(), Qt::Key_Escape);
        QCOMPARE(session_->view().selection, Selection{});
    }

    void keysExtendADraggedRegion() {
        QTest::mouseClick(surface(), Qt::LeftButton, {}, centreOf(0, 3));
        ViewState view = session_->view();
        view.selection.region = TokenRegion{0, 0, 0, 1, 2, 2};
        session_->setView(view);
        window_->grid().refresh();
        QTest::keyClick(this->view(), Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(session_->view().selection.region, (TokenRegion{0, 0, 1, 1, 2, 2}));
    }

    void fixedNumbersFollowTheQuantity() {
        window_->actions()["view.range_fixed"]->trigger();
        const ValueRange magnitude = session_->view().fixed;
        window_->actions()["view.attention"]->trigger();
        QCOMPARE(session_->view().range, RangeMode::Fixed);
        // The mean over the fake model's two heads.
        QCOMPARE(session_->view().fixed, (ValueRange{3.0, 6.0}));
        session_->history().undo();
        QCOMPARE(session_->view().fixed, magnitude);
        window_->actions()["kind.difference"]->trigger();
        QCOMPARE(session_->view().fixed.low, -session_->view().fixed.high);
    }

    void headsAreOfAttention() {
        window_->actions()["kind.heads"]->trigger();
        QVERIFY(window_->actions()["view.attention"]->isChecked());
        QVERIFY(!window_->actions()["view.magnitude"]->isEnabled());
        window_->actions()["kind.layers"]->trigger();
        QVERIFY(window_->actions()["view.magnitude"]->isChecked());
        QVERIFY(window_->actions()["view.magnitude"]->isEnabled());
    }

    void aModelMovesUp() {
        session_->moveModelUp(session_->models().items()[1].id);
        window_->grid().refresh();
        QCOMPARE(window_->grid().scene().rows[0].label, QString("b"));
        session_->moveModelUp(session_->models().items()[0].id);
        window_->grid().refresh();
        QCOMPARE(window_->grid().scene().rows[0].label, QString("b"));
    }

    void aDoubleClickAsksForATokensAttention() {
        const int analyses = control_->analyses;
        QTest::mouseDClick(surface(), Qt::LeftButton, {}, centreOf(0, 1));
        QCOMPARE(session_->view().map, MapKind::ClsAttention);
        QCOMPARE(session_->view().query, AttentionQuery::PinnedToken);
        // Visual token 1 is token 2 of all: a softmax over exp(2 * j), j from 0 to 4.
        double sum = 0.0;
        for (int j = 0; j < 5; ++j) {
            sum += std::exp(2.0 * j);
        }
        const GridCell& cell = window_->grid().scene().cells[1][1];
        QVERIFY(cell.present);
        for (int token = 0; token < 4; ++token) {
            const double expected = std::exp(2.0 * (token + 1)) / sum;
            QVERIFY(std::abs(double(cell.values[std::size_t(token)]) - expected) < 1e-6);
        }
        QCOMPARE(control_->analyses.load(), analyses);
        QTest::keyClick(window_.get(), Qt::Key_Q, Qt::ShiftModifier);
        window_->grid().refresh();
        QCOMPARE(window_->grid().scene().cells[1][1].values[0], 3.0F);
    }

    void theWheelGoesThroughTheLayers() {
        window_->actions()["kind.scrub"]->trigger();
        window_->grid().refresh();
        QCOMPARE(window_->grid().scene().choice, std::optional<std::size_t>{1});
        wheel(centreOf(0, 0), 120, {});
        QCOMPARE(session_->view().tap, std::string("blocks.0"));
        wheel(centreOf(0, 0), 120, {});
        QCOMPARE(session_->view().tap, std::string("blocks.0"));
        wheel(centreOf(0, 0), -120, {});
        QCOMPARE(session_->view().tap, std::string("blocks.1"));
        QTest::keyClick(window_.get(), Qt::Key_BracketLeft);
        QCOMPARE(session_->view().tap, std::string("blocks.0"));
    }

    void aFineWheelGoesOneLayerAStep() {
        window_->actions()["kind.scrub"]->trigger();
        window_->grid().refresh();
        for (int part = 0; part < 7; ++part) {
            wheel(centreOf(0, 0), 15, {});
            QVERIFY(session_->view().tap.empty());
        }
        wheel(centreOf(0, 0), 15, {});
        QCOMPARE(session_->view().tap, std::string("blocks.0"));
        // The other way counts anew.
        wheel(centreOf(0, 0), 60, {});
        wheel(centreOf(0, 0), -120, {});
        QCOMPARE(session_->view().tap, std::string("blocks.1"));
    }

    void whatChangesNothingIsNoBeginning() {
        window_->actions()["view.zoom_in"]->trigger();
        window_->actions()["view.zoom_reset"]->trigger();
        window_->grid().refresh();
        wheel(centreOf(0, 0), -120, Qt::ControlModifier);
        wheel(centreOf(0, 0), 120, Qt::ControlModifier);
        QVERIFY(session_->view().viewport.zoom > 1.0);
        session_->history().undo();
        QCOMPARE(session_->view().viewport, Viewport{});
    }

    void theRangeDialogSetsNumbersAndThreshold() {
        ViewState view = session_->view();
        RangeDialog dialog(view, {1.0, 8.0}, window_.get());
        dialog.apply(view);
        QCOMPARE(view, session_->view());
        const auto type = [&dialog](const char* name, const char* text) {
            for (auto* field : dialog.findChildren<QLineEdit*>()) {
                if (field->accessibleName().startsWith(name)) {
                    field->selectAll();
                    QTest::keyClicks(field, text);
                }
            }
        };
        const auto* ok = dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok);
        type("Threshold", "0.25");
        QVERIFY(ok->isEnabled());
        dialog.apply(view);
        QCOMPARE(view.threshold, 0.25);
        QCOMPARE(view.range, RangeMode::PerMap);
        for (const char* high : {"0.5", "1e39", "nan", "x"}) {
            type("High", high);
            QVERIFY2(!ok->isEnabled(), high);
        }
        type("High", "4");
        QVERIFY(ok->isEnabled());
        dialog.apply(view);
        QCOMPARE(view.range, RangeMode::Fixed);
        QCOMPARE(view.fixed, (ValueRange{1.0, 4.0}));
        type("Threshold", "1.5");
        QVERIFY(!ok->isEnabled());
    }

    void theWheelZoomsWithCtrl() {
        const QPoint at = centreOf(0, 0);
        wheel(at, 360, Qt::ControlModifier);
        const Viewport& near = session_->view().viewport;
        QVERIFY(near.zoom > 1.9 && near.zoom < 2.0);
        QVERIFY(near.center_x < 0.5 && near.center_y < 0.5);
        // The token under the pointer is the same one.
        QTest::mouseClick(surface(), Qt::LeftButton, {}, at);
        QCOMPARE(session_->view().selection.pinned->token, TokenIndex{0});
        const double before = near.center_x;
        QTest::mousePress(surface(), Qt::MiddleButton, {}, at);
        move(at - QPoint(20, 0), Qt::MiddleButton);
        QTest::mouseRelease(surface(), Qt::MiddleButton, {}, at - QPoint(20, 0));
        QVERIFY(session_->view().viewport.center_x > before);
        QTest::keyClick(window_.get(), Qt::Key_0, Qt::ControlModifier);
        QCOMPARE(session_->view().viewport, Viewport{});
    }

    void fixedNumbersBeginWithWhatIsShown() {
        window_->actions()["view.range_fixed"]->trigger();
        QCOMPARE(session_->view().range, RangeMode::Fixed);
        const ValueRange fixed = session_->view().fixed;
        // Values of the fake model count up from the length of its label, 1.
        QCOMPARE(fixed, (ValueRange{1.0, 8.0}));
        // Chosen again it keeps its numbers.
        ViewState view = session_->view();
        view.fixed = {0.0, 2.0};
        session_->setView(view);
        window_->grid().refresh();
        window_->actions()["view.range_fixed"]->trigger();
        QCOMPARE(session_->view().fixed, (ValueRange{0.0, 2.0}));
    }

    void theFigureGoesToTheClipboard() {
        window_->actions()["edit.copy_figure"]->trigger();
        const QImage figure = QGuiApplication::clipboard()->image();
        QCOMPARE(figure.width(), 2025);
        QVERIFY(figure.height() > 300);
    }

    void undoGoesToTheStartAndRedoToTheEnd() {
        std::vector<ViewState> views = {session_->view()};
        const auto note = [&] { views.push_back(session_->view()); };
        for (const char* id :
             {"view.frequency", "kind.difference", "view.contour", "view.bilinear",
              "view.range_column", "view.zoom_in", "kind.heads", "view.query", "view.next_layer",
              "view.previous_layer", "kind.layers", "view.next_head", "view.beside"}) {
            window_->grid().refresh();
            window_->actions()[id]->trigger();
            if (session_->view() != views.back()) {
                note();
            }
        }
        QTest::mouseClick(surface(), Qt::LeftButton, {}, centreOf(0, 3));
        note();
        QVERIFY(views.size() > 12);
        for (auto view = views.rbegin(); view != views.rend(); ++view) {
            QCOMPARE(session_->view(), *view);
            session_->history().undo();
        }
        QVERIFY(!session_->history().canUndo());
        for (const ViewState& view : views) {
            QCOMPARE(session_->view(), view);
            session_->history().redo();
        }
        QVERIFY(!session_->history().canRedo());
    }

private:
    GridView* view() { return window_->findChild<GridView*>(); }
    QWidget* surface() { return view()->childAt(view()->rect().center()); }
    QPoint centreOf(std::size_t cell, std::size_t token) {
        window_->grid().refresh();
        const CellPlace& place = view()->gridLayout().cells.at(cell);
        return tokenRect(place.whole, 2, 2, TokenIndex{token}).center().toPoint();
    }
    void move(QPoint to, Qt::MouseButton button) {
        QMouseEvent event(
            QEvent::MouseMove, to, surface()->mapToGlobal(to), Qt::NoButton, button,
            Qt::NoModifier);
        QCoreApplication::sendEvent(surface(), &event);
    }
    void wheel(QPoint at, int angle, Qt::KeyboardModifiers modifiers) {
        QWheelEvent event(
            at, surface()->mapToGlobal(at), QPoint(), QPoint(0, angle), Qt::NoButton, modifiers,
            Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(surface(), &event);
    }
};

QTEST_MAIN(ViewsTest)
#include "views_test.moc"
