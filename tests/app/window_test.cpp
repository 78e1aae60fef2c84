#include <QAbstractButton>
#include <QComboBox>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include "app/desktop/main_window.h"
#include "tests/app/fake_engine.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

constexpr int patience_ms = 20'000;

void drop(QWidget& target, const QMimeData& data) {
    const QPoint place = target.rect().center();
    QDragEnterEvent enter(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&target, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&target, &event);
    QVERIFY(event.isAccepted());
}

template <typename Widget>
Widget* named(QWidget& window, const QString& accessible_name) {
    for (auto* widget : window.findChildren<Widget*>()) {
        if (widget->accessibleName() == accessible_name) {
            return widget;
        }
    }
    return nullptr;
}

} // namespace

class WindowTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        control_ = std::make_shared<FakeControl>();
        files_ = std::make_unique<Files>();
        session_ = std::make_unique<Session>(fakeEngine(control_));
        window_ = std::make_unique<MainWindow>(*session_, nullptr);
        window_->show();
        window_->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    }
    void cleanup() {
        window_.reset();
        session_.reset();
        files_.reset();
    }

    void filesAreDropped() {
        QMimeData data;
        QList<QUrl> urls;
        for (const QString& path : files_->make({"x.png", "a.pth", "b.pth"})) {
            urls << QUrl::fromLocalFile(path);
        }
        data.setUrls(urls);
        drop(*window_, data);
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QTRY_COMPARE_WITH_TIMEOUT(window_->grid().scene().rows.size(), std::size_t(2), patience_ms);
        QTRY_COMPARE_WITH_TIMEOUT(
            window_->grid().scene().columns.size(), std::size_t(2), patience_ms);
        QVERIFY(window_->grid().notice().isHidden());
    }
    void droppedTextSaysWhatOpens() {
        QMimeData data;
        data.setText("some words");
        drop(*window_, data);
        QVERIFY(!window_->grid().notice().isHidden());
        QVERIFY(window_->grid().notice().text().contains(".safetensors"));
    }
    void droppedUnknownFileSaysWhatOpens() {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(files_->make({"paper.docx"}).front())});
        drop(*window_, data);
        QVERIFY(window_->grid().notice().text().contains(".safetensors"));
    }
    void controlsFollowTheView() {
        openPair();
        ViewState view = session_->view();
        view.map = MapKind::ClsAttention;
        view.head = HeadIndex{1};
        view.opacity = 0.4;
        view.sampling = Sampling::Bilinear;
        view.colormap = Colormap::Magma;
        view.range = RangeMode::PerView;
        session_->setView(view);
        QVERIFY(window_->actions()["view.attention"]->isChecked());
        QVERIFY(window_->actions()["view.bilinear"]->isChecked());
        QCOMPARE(named<QComboBox>(*window_, "Head")->currentText(), QString("2"));
        QVERIFY(named<QComboBox>(*window_, "Head")->isEnabled());
        QCOMPARE(named<QSlider>(*window_, "Opacity")->value(), 40);
        QCOMPARE(named<QComboBox>(*window_, "Colours")->currentText(), QString("magma"));
        QCOMPARE(named<QComboBox>(*window_, "Range")->currentText(), QString("whole view"));
        QTRY_COMPARE_WITH_TIMEOUT(window_->grid().scene().view, view, patience_ms);
    }
    void viewFollowsTheControls() {
        openPair();
        window_->actions()["view.frequency"]->trigger();
        QCOMPARE(session_->view().map, MapKind::Frequency);
        QVERIFY(!named<QComboBox>(*window_, "Head")->isEnabled());
        window_->actions()["view.attention"]->trigger();
        QTest::keyClick(window_.get(), Qt::Key_H);
        QCOMPARE(session_->view().head, std::optional(HeadIndex{0}));
        QTest::keyClick(window_.get(), Qt::Key_H, Qt::ShiftModifier);
        QVERIFY(!session_->view().head);
        QTest::keyClick(window_.get(), Qt::Key_1);
        QCOMPARE(session_->view().map, MapKind::Magnitude);
        QTest::keyClick(window_.get(), Qt::Key_B);
        QCOMPARE(session_->view().sampling, Sampling::Bilinear);
        named<QSlider>(*window_, "Opacity")->setValue(10);
        QCOMPARE(session_->view().opacity, 0.1);
        auto* colours = named<QComboBox>(*window_, "Colours");
        QTest::keyClick(colours, Qt::Key_Down);
        QCOMPARE(session_->view().colormap, allColormaps()[1]);
        auto* range = named<QComboBox>(*window_, "Range");
        QTest::keyClick(range, Qt::Key_Down);
        QCOMPARE(session_->view().range, RangeMode::PerRow);
    }
    void segmentsAreClickable() {
        auto* button = named<QToolButton>(*window_, "Map: Frequency");
        QVERIFY(button != nullptr);
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(session_->view().map, MapKind::Frequency);
    }
    void cancelButtonStops() {
        control_->loading.close();
        session_->open(files_->make({"a.pth", "x.png"}));
        auto* cancel = named<QToolButton>(*window_, "Cancel");
        QTRY_VERIFY_WITH_TIMEOUT(cancel->isVisible(), patience_ms);
        QTest::mouseClick(cancel, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QCOMPARE(session_->models().items()[0].state, ModelItem::State::Failed);
        QVERIFY(!cancel->isVisible());
        control_->loading.open();
    }
    void everyControlHasANameAndTakesFocus() {
        openPair();
        for (auto* control : window_->findChildren<QWidget*>()) {
            const bool is_button = qobject_cast<QAbstractButton*>(control) != nullptr;
            const bool is_control = is_button || qobject_cast<QComboBox*>(control) != nullptr ||
                                    qobject_cast<QSlider*>(control) != nullptr ||
                                    qobject_cast<QListView*>(control) != nullptr;
            if (!is_control || !control->isVisible() || control->objectName().startsWith("qt_")) {
                continue;
            }
            const auto* button = qobject_cast<QAbstractButton*>(control);
            const QString name = control->accessibleName().isEmpty() && button != nullptr
                                     ? button->text()
                                     : control->accessibleName();
            QVERIFY2(!name.isEmpty(), control->metaObject()->className());
            QVERIFY2(control->focusPolicy() & Qt::TabFocus, qPrintable(name));
        }
    }
    void rowsAreDescribedForScreenReaders() {
        openPair();
        const QString text = session_->models().index(0).data(Qt::AccessibleTextRole).toString();
        QVERIFY(text.contains("a") && text.contains("2 blocks"));
    }
    void returnOpensTheOptions() {
        openPair();
        auto* models = named<QListView>(*window_, "Models");
        models->setCurrentIndex(session_->models().index(0));
        models->setFocus();
        bool was_asked = false;
        QTimer answer;
        connect(&answer, &QTimer::timeout, this, [&was_asked, &answer] {
            auto* dialog = QApplication::activeModalWidget();
            // Before that the key would still be the list's.
            if (dialog != nullptr && dialog->isActiveWindow()) {
                answer.stop();
                was_asked = true;
                named<QLineEdit>(*dialog, "Heads")->setText("4");
                QTest::keyClick(dialog, Qt::Key_Return);
            }
        });
        answer.start(10);
        QTest::keyClick(models, Qt::Key_Return);
        QVERIFY(was_asked);
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QCOMPARE(session_->models().items()[0].spec.heads, std::optional(4));
        QCOMPARE(session_->models().items()[0].loaded.summary->heads, 4);
    }
    void keysRemoveItems() {
        openPair();
        auto* models = named<QListView>(*window_, "Models");
        models->setCurrentIndex(session_->models().index(0));
        models->setFocus();
        QTest::keyClick(models, Qt::Key_Delete);
        QCOMPARE(session_->models().rowCount(), 1);
        auto* inputs = named<QListView>(*window_, "Inputs");
        inputs->setFocus();
        QTest::keyClick(inputs, Qt::Key_Delete);
        QCOMPARE(session_->inputs().rowCount(), 0);
        QVERIFY(!session_->currentInput());
    }
    void choosingAnInputShowsIt() {
        openPair();
        session_->open(files_->make({"y.png"}));
        QCOMPARE(session_->currentInput(), session_->inputs().items()[1].id);
        named<QListView>(*window_, "Inputs")->setCurrentIndex(session_->inputs().index(0));
        QCOMPARE(session_->currentInput(), session_->inputs().items()[0].id);
        window_->actions()["input.next"]->trigger();
        QCOMPARE(session_->currentInput(), session_->inputs().items()[1].id);
        QVERIFY(window_->windowTitle().contains("y.png"));
    }
    void viewIsExported() {
        QVERIFY(!window_->actions()["file.export_view"]->isEnabled());
        openPair();
        QVERIFY(window_->actions()["file.export_view"]->isEnabled());
        window_->exportView(files_->path("view.pdf"));
        window_->exportView(files_->path("view.png"));
        QFile pdf(files_->path("view.pdf"));
        QVERIFY(pdf.open(QIODevice::ReadOnly));
        QVERIFY(pdf.read(5) == "%PDF-");
        QVERIFY(QImage(files_->path("view.png")).width() > 1000);
        QVERIFY_EXCEPTION_THROWN(window_->exportView("/nowhere/at/all/view.pdf"), Error);
    }
    void themesDiffer() {
        window_->setTheme(ThemeKind::Light);
        const QColor light = window_->grab().toImage().pixelColor(700, 500);
        window_->setTheme(ThemeKind::Dark);
        QVERIFY(window_->actions()["view.dark"]->isChecked());
        const QColor dark = window_->grab().toImage().pixelColor(700, 500);
        QVERIFY(light.lightness() > 230);
        QVERIFY(dark.lightness() < 60);
        window_->setTheme(ThemeKind::Light);
    }
    void panelsAreRemembered() {
        const QString file = files_->path("settings.ini");
        const auto settings = [&file] {
            return std::make_unique<QSettings>(file, QSettings::IniFormat);
        };
        {
            MainWindow first(*session_, settings());
            first.show();
            first.setTheme(ThemeKind::Dark);
            first.findChild<QDockWidget*>("inputsPanel")->hide();
            first.close();
        }
        MainWindow second(*session_, settings());
        second.show();
        QVERIFY(second.findChild<QDockWidget*>("inputsPanel")->isHidden());
        QVERIFY(!second.findChild<QDockWidget*>("modelsPanel")->isHidden());
        QVERIFY(second.actions()["view.dark"]->isChecked());
        second.setTheme(ThemeKind::Light);
    }
    void shortcutsAreUnique() {
        QStringList shortcuts;
        for (const ActionSpec& spec : actionTable()) {
            const QString keys = QKeySequence(spec.shortcut).toString();
            QVERIFY2(keys.isEmpty() || !shortcuts.contains(keys), qPrintable(keys));
            shortcuts << keys;
        }
    }

private:
    void openPair() {
        session_->open(files_->make({"a.pth", "b.pth", "x.png"}));
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        window_->grid().refresh();
    }

    std::shared_ptr<FakeControl> control_;
    std::unique_ptr<Files> files_;
    std::unique_ptr<Session> session_;
    std::unique_ptr<MainWindow> window_;
};

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    QApplication application(argc, argv);
    WindowTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "window_test.moc"
