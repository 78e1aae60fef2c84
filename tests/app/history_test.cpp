// Undo and redo of view changes, driven through the real window.

#include <QMenuBar>
#include <QSlider>
#include <QTest>

#include "tests/app/full_view.h"
#include "tests/app/window_fixture.h"

using namespace vitreous;
using namespace vitreous::testing;

class HistoryTest final : public QObject, private WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        makeWindow();
        openPair();
    }
    void cleanup() { closeWindow(); }

    void undoToTheStartAndRedoToTheEnd() {
        const ViewState start = session_->view();
        QVERIFY(!window_->actions()["edit.undo"]->isEnabled());
        QVERIFY(!window_->actions()["edit.redo"]->isEnabled());
        std::vector<ViewState> views = {start};
        for (const char* id :
             {"view.attention", "view.next_head", "view.bilinear", "view.range_row",
              "view.previous_head", "view.frequency"}) {
            window_->actions()[id]->trigger();
            QVERIFY2(session_->view() != views.back(), id);
            views.push_back(session_->view());
        }
        menuAction("magma")->trigger();
        views.push_back(session_->view());
        QCOMPARE(session_->view().colormap, Colormap::Magma);

        for (std::size_t i = views.size() - 1; i > 0; --i) {
            QCOMPARE(session_->view(), views[i]);
            QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
        }
        QCOMPARE(session_->view(), start);
        QVERIFY(window_->actions()["view.magnitude"]->isChecked());
        QVERIFY(!window_->actions()["edit.undo"]->isEnabled());
        QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(session_->view(), start);

        for (std::size_t i = 1; i < views.size(); ++i) {
            QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
            QCOMPARE(session_->view(), views[i]);
        }
        QVERIFY(!window_->actions()["edit.redo"]->isEnabled());
        QTRY_COMPARE_WITH_TIMEOUT(window_->grid().scene().view, views.back(), 20'000);
    }

    void theMenuSaysWhatIsUndone() {
        window_->actions()["view.bilinear"]->trigger();
        window_->actions()["view.range_view"]->trigger();
        QCOMPARE(window_->actions()["edit.undo"]->text(), QString("&Undo Range"));
        QVERIFY(window_->actions()["edit.redo"]->text() == "&Redo");
        window_->actions()["edit.undo"]->trigger();
        QCOMPARE(window_->actions()["edit.undo"]->text(), QString("&Undo Sampling"));
        QCOMPARE(window_->actions()["edit.redo"]->text(), QString("&Redo Range"));
        // A new step ends what could be redone.
        window_->actions()["view.attention"]->trigger();
        QVERIFY(!window_->actions()["edit.redo"]->isEnabled());
        QCOMPARE(window_->actions()["edit.undo"]->text(), QString("&Undo Map"));
    }

    void aDragOfTheSliderIsOneStep() {
        auto* slider = window_->findChild<QSlider*>();
        if (slider == nullptr) {
            QFAIL("no slider");
        }
        const auto drag = [slider](std::initializer_list<int> values) {
            slider->setSliderDown(true);
            for (const int value : values) {
                slider->setSliderPosition(value);
            }
            slider->setSliderDown(false);
        };
        drag({70, 60, 50});
        QCOMPARE(session_->view().opacity, 0.5);
        QCOMPARE(session_->history().count(), 1);
        drag({45, 40});
        QCOMPARE(session_->history().count(), 2);
        QTest::keyClick(slider, Qt::Key_Left);
        QCOMPARE(session_->history().count(), 3);
        session_->history().undo();
        QCOMPARE(session_->view().opacity, 0.4);
        session_->history().undo();
        QCOMPARE(session_->view().opacity, 0.5);
        QCOMPARE(slider->value(), 50);
        session_->history().undo();
        QCOMPARE(session_->view().opacity, 0.75);
        QCOMPARE(session_->history().count(), 3);
        // A drag out and back is none, and does not run into the step before it.
        window_->actions()["view.bilinear"]->trigger();
        drag({74, 75, 73});
        session_->history().undo();
        QCOMPARE(session_->view().opacity, 0.75);
        QCOMPARE(session_->view().sampling, Sampling::Bilinear);
    }

    void aHeadThatIsGoneDoesNotComeBack() {
        window_->actions()["view.attention"]->trigger();
        ViewState view = session_->view();
        view.head = HeadIndex{std::size_t(session_->headCount() - 1)};
        session_->setView(view);
        view.head.reset();
        session_->setView(view);
        ViewState far = view;
        far.head = HeadIndex{std::size_t(session_->headCount())};
        session_->setView(far);
        session_->setView(view);
        session_->history().undo();
        QCOMPARE(
            session_->view().head,
            std::optional(HeadIndex{std::size_t(session_->headCount() - 1)}));
    }

    void whatTheProgramStartsWithIsNoStep() {
        ViewState view = session_->view();
        window_->actions()["view.bilinear"]->trigger();
        view.map = MapKind::Frequency;
        session_->startWithView(view);
        QCOMPARE(session_->view(), view);
        QVERIFY(!window_->actions()["edit.undo"]->isEnabled());
    }

    void theCurrentInputIsUndone() {
        session_->open(files_->make({"y.png", "z.png"}));
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), 20'000);
        const std::vector<InputItem> inputs = session_->inputs().items();
        QCOMPARE(session_->currentInput(), std::optional(inputs[1].id));
        QCOMPARE(session_->history().count(), 0);
        QTest::keyClick(window_.get(), Qt::Key_Down, Qt::ControlModifier);
        QCOMPARE(session_->currentInput(), std::optional(inputs[2].id));
        QCOMPARE(window_->actions()["edit.undo"]->text(), QString("&Undo Input"));
        window_->actions()["view.bilinear"]->trigger();
        session_->setCurrentInput(inputs[0].id);
        QCOMPARE(session_->history().count(), 3);

        window_->actions()["edit.undo"]->trigger();
        QCOMPARE(session_->currentInput(), std::optional(inputs[2].id));
        window_->actions()["edit.undo"]->trigger();
        QCOMPARE(session_->view().sampling, Sampling::Nearest);
        QCOMPARE(session_->currentInput(), std::optional(inputs[2].id));
        window_->actions()["edit.undo"]->trigger();
        QCOMPARE(session_->currentInput(), std::optional(inputs[1].id));
        for (int i = 0; i < 3; ++i) {
            window_->actions()["edit.redo"]->trigger();
        }
        QCOMPARE(session_->currentInput(), std::optional(inputs[0].id));
        QCOMPARE(session_->view().sampling, Sampling::Bilinear);
    }
    void stepsToARemovedInputAreSkipped() {
        session_->open(files_->make({"y.png", "z.png"}));
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), 20'000);
        const std::vector<InputItem> inputs = session_->inputs().items();
        window_->actions()["view.bilinear"]->trigger();
        session_->setCurrentInput(inputs[2].id);
        session_->setCurrentInput(inputs[0].id);
        // Removing one that is shown shows another, which is no step.
        session_->removeInput(inputs[0].id);
        QCOMPARE(session_->currentInput(), std::optional(inputs[1].id));
        QCOMPARE(session_->history().count(), 3);
        session_->removeInput(inputs[2].id);
        QCOMPARE(session_->view().sampling, Sampling::Bilinear);
        // From x to z: z is gone. From z to y: y is on. The map's sampling is what is left.
        window_->actions()["edit.undo"]->trigger();
        QCOMPARE(session_->currentInput(), std::optional(inputs[1].id));
        QCOMPARE(session_->view().sampling, Sampling::Nearest);
        QVERIFY(!window_->actions()["edit.undo"]->isEnabled());
    }
    void aChangeOfTheViewDoesNotBringBackTheInputOfItsTime() {
        window_->actions()["view.bilinear"]->trigger();
        session_->open(files_->make({"y.png"}));
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), 20'000);
        const auto opened = session_->currentInput();
        window_->actions()["edit.undo"]->trigger();
        QCOMPARE(session_->view().sampling, Sampling::Nearest);
        QCOMPARE(session_->currentInput(), opened);
    }
    void titles_data() {
        QTest::addColumn<int>("field");
        QTest::addColumn<QString>("title");
        const QStringList titles = {"View",      "Query",     "Layer",     "Overlay",   "Threshold",
                                    "Range",     "Range",     "Zoom",      "Selection", "Range",
                                    "Threshold", "Threshold", "Filmstrip", "Centring"};
        for (int i = 0; i < titles.size(); ++i) {
            QTest::addRow("%d %s", i, qPrintable(titles[i])) << i << titles[i];
        }
    }
    void titles() {
        QFETCH(int, field);
        QFETCH(QString, title);
        const ViewState full = fullView();
        ViewState view = session_->view();
        const std::array<std::function<void()>, 14> changes = {
            [&] { view.kind = full.kind; },
            [&] { view.query = full.query; },
            [&] { view.tap = full.tap; },
            [&] { view.overlay = full.overlay; },
            [&] { view.threshold = full.threshold; },
            [&] { view.percentiles = full.percentiles; },
            [&] { view.fixed = full.fixed; },
            [&] { view.viewport = full.viewport; },
            [&] { view.selection = full.selection; },
            [&] { view.video.joint = full.video.joint; },
            [&] { view.video.low_level = full.video.low_level; },
            [&] { view.video.high_level = full.video.high_level; },
            [&] { view.video.columns = full.video.columns; },
            [&] { view.video.frames_apart = full.video.frames_apart; }};
        changes.at(std::size_t(field))();
        session_->setView(view);
        QCOMPARE(session_->history().undoText(), title);
    }

private:
    [[nodiscard]] QAction* menuAction(const QString& text) const {
        for (QAction* action : window_->findChildren<QAction*>()) {
            if (action->text() == text) {
                return action;
            }
        }
        qFatal("no such menu entry");
    }
};

QTEST_MAIN(HistoryTest)
#include "history_test.moc"
