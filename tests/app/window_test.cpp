#include <QAbstractButton>
#include <QComboBox>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include "tests/app/window_fixture.h"
#include "widgets/grid_view.h"

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

class WindowTest final : public QObject, private WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { makeWindow(); }
    void cleanup() { closeWindow(); }

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
        QTRY_VERIFY_WITH_TIMEOUT(named<QComboBox>(*window_, "Head")->isVisible(), patience_ms);
        QCOMPARE(named<QSlider>(*window_, "Opacity")->value(), 40);
        QCOMPARE(named<QComboBox>(*window_, "Colours")->currentText(), QString("magma"));
        QCOMPARE(named<QComboBox>(*window_, "Range")->currentText(), QString("whole view"));
        QTRY_COMPARE_WITH_TIMEOUT(window_->grid().scene().view, view, patience_ms);
    }
    void viewFollowsTheControls() {
        openPair();
        window_->actions()["view.frequency"]->trigger();
        QCOMPARE(session_->view().map, MapKind::Frequency);
        QTRY_VERIFY_WITH_TIMEOUT(!named<QComboBox>(*window_, "Head")->isVisible(), patience_ms);
        window_->actions()["view.attention"]->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(named<QComboBox>(*window_, "Head")->isVisible(), patience_ms);
        QTest::keyClick(window_.get(), Qt::Key_Period);
        QCOMPARE(session_->view().head, std::optional(HeadIndex{0}));
        QTest::keyClick(window_.get(), Qt::Key_Comma);
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
            // Parts of Qt's own widgets, such as a scroll bar's, are reached through these.
            const bool is_inner = control->objectName().startsWith("qt_") &&
                                  control->objectName() != "qt_toolbar_ext_button";
            if (!is_control || !control->isVisible() || is_inner) {
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
    void everyControlIsReachedInANarrowWindow() {
        window_->resize(900, 600);
        auto* more = named<QToolButton>(*window_, "More controls");
        QVERIFY(more != nullptr);
        QTRY_VERIFY_WITH_TIMEOUT(more->isVisible(), patience_ms);
        QVERIFY(more->focusPolicy() & Qt::TabFocus);
        QVERIFY(
            window_->rect().contains(QRect(more->mapTo(window_.get(), QPoint()), more->size())));
        QVERIFY2(more->width() >= 20, qPrintable(QString::number(more->width())));
        // Its icon is there: more than one colour.
        const QImage face = more->grab().toImage();
        int ink = 0;
        for (int y = 4; y < face.height() - 4; ++y) {
            for (int x = 4; x < face.width() - 4; ++x) {
                const int contrast = qGray(face.pixel(x, y)) - qGray(face.pixel(2, 2));
                ink += std::abs(contrast) > 60 ? 1 : 0;
            }
        }
        QVERIFY2(ink > 5, qPrintable(QString::number(ink)));
        auto* colours = named<QComboBox>(*window_, "Colours");
        auto* range = named<QComboBox>(*window_, "Range");
        QVERIFY(!colours->isVisible() && !range->isVisible());
        QTest::mouseClick(more, Qt::LeftButton);
        for (auto* control : {colours, range}) {
            QTRY_VERIFY_WITH_TIMEOUT(control->isVisible(), patience_ms);
            const QRect place(control->mapTo(window_.get(), QPoint()), control->size());
            QTRY_VERIFY_WITH_TIMEOUT(window_->rect().contains(place), patience_ms);
        }
    }
    void coloursAndRangeAreInTheMenu() {
        const auto entry = [this](const QString& text) -> QAction* {
            for (auto* menu : window_->findChildren<QMenu*>()) {
                for (QAction* action : menu->actions()) {
                    if (action->text().remove(u'&') == text) {
                        return action;
                    }
                }
            }
            return nullptr;
        };
        for (const Colormap colormap : allColormaps()) {
            const std::string_view text = name(colormap);
            QAction* action = entry(QString::fromUtf8(text.data(), qsizetype(text.size())));
            QVERIFY(action != nullptr);
            action->trigger();
            QCOMPARE(session_->view().colormap, colormap);
            QVERIFY(action->isChecked());
        }
        entry("Row")->trigger();
        QCOMPARE(session_->view().range, RangeMode::PerRow);
        entry("Whole View")->trigger();
        QCOMPARE(session_->view().range, RangeMode::PerView);
        entry("Each Map")->trigger();
        QCOMPARE(session_->view().range, RangeMode::PerMap);
        ViewState view = session_->view();
        view.colormap = Colormap::Gray;
        view.range = RangeMode::PerRow;
        session_->setView(view);
        QVERIFY(entry("gray")->isChecked() && !entry("viridis")->isChecked());
        QVERIFY(window_->actions()["view.range_row"]->isChecked());
    }
    void rowsAreDescribedForScreenReaders() {
        openPair();
        const auto& models = session_->models();
        for (int row = 0; row < 2; ++row) {
            const QString text = models.index(row).data(Qt::AccessibleTextRole).toString();
            QVERIFY2(text.startsWith(row == 0 ? "a, " : "b, "), qPrintable(text));
            QVERIFY2(text.contains("2 blocks"), qPrintable(text));
        }
    }
    void rowsGrowWithWhatTheySay() {
        // A row has one line while its model loads and several afterwards.
        openPair();
        auto* models = named<QListView>(*window_, "Models");
        const QModelIndex first = session_->models().index(0);
        const int needed = models->sizeHintForIndex(first).height();
        QVERIFY(needed > 2 * models->fontMetrics().height());
        QTRY_VERIFY(
            models->visualRect(session_->models().index(1)).top() -
                models->visualRect(first).top() >=
            needed);
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
    void exportTakesTheSuffixOfTheFormat_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<bool>("is_png");
        QTest::addColumn<QString>("written");
        QTest::newRow("pdf") << "figure" << false << "figure.pdf";
        QTest::newRow("png") << "figure" << true << "figure.png";
        QTest::newRow("default name") << "" << false << "vitreous.pdf";
        QTest::newRow("default name, png") << "" << true << "vitreous.png";
        QTest::newRow("typed suffix") << "figure.png" << false << "figure.png";
        QTest::newRow("dots") << "figure.v2" << true << "figure.v2.png";
    }
    void exportTakesTheSuffixOfTheFormat() {
        QFETCH(QString, typed);
        QFETCH(bool, is_png);
        QFETCH(QString, written);
        openPair();
        const QTemporaryDir folder;
        QTimer answer;
        connect(&answer, &QTimer::timeout, this, [&] {
            if (auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget())) {
                answer.stop();
                dialog->setDirectory(folder.path());
                if (is_png) {
                    QTest::keyClick(dialog->findChild<QComboBox*>("fileTypeCombo"), Qt::Key_Down);
                }
                auto* name = dialog->findChild<QLineEdit*>("fileNameEdit");
                if (!typed.isEmpty()) {
                    name->setText(typed);
                }
                QTest::keyClick(name, Qt::Key_Return);
            }
        });
        answer.start(10);
        window_->actions()["file.export_view"]->trigger();
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList{written});
        QFile file(folder.filePath(written));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.read(5) == "%PDF-", written.endsWith(".pdf"));
    }
    void statusLineFollowsTheMap() {
        openPair();
        auto* canvas = dynamic_cast<GridView*>(named<QWidget>(*window_, "Comparison grid"));
        QVERIFY(canvas != nullptr);
        const CellPlace& place = canvas->gridLayout().cells.front();
        const QPointF point = tokenRect(place.map, 2, 2, TokenIndex{0}).center();
        QMouseEvent move(
            QEvent::MouseMove, point, point, Qt::NoButton, Qt::NoButton, Qt::NoModifier);
        QCoreApplication::sendEvent(canvas->childAt(point.toPoint()), &move);
        auto* line = named<QLabel>(*window_, "Token under the pointer");
        // The fake maps: magnitudes 1 to 4, frequencies 4 to 1.
        QVERIFY2(line->text().contains("rank 4 of 4"), qPrintable(line->text()));
        QTest::keyClick(window_.get(), Qt::Key_2);
        QTRY_VERIFY_WITH_TIMEOUT(line->text().contains("rank 1 of 4"), patience_ms);
        session_->removeInput(session_->inputs().items()[0].id);
        QTRY_VERIFY_WITH_TIMEOUT(!line->text().contains("rank"), patience_ms);
    }
    void themesDiffer() {
        // Of the ground, beside what the empty window says.
        const QPoint place = window_->grid().mapTo(window_.get(), QPoint(20, 20));
        window_->setTheme(ThemeKind::Light);
        const QColor light = window_->grab().toImage().pixelColor(place);
        window_->setTheme(ThemeKind::Dark);
        QVERIFY(window_->actions()["view.dark"]->isChecked());
        const QColor dark = window_->grab().toImage().pixelColor(place);
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
            first.chooseTheme(ThemeKind::Dark);
            first.findChild<QDockWidget*>("inputsPanel")->hide();
            first.close();
        }
        MainWindow second(*session_, settings());
        second.show();
        QVERIFY(second.findChild<QDockWidget*>("inputsPanel")->isHidden());
        QVERIFY(!second.findChild<QDockWidget*>("modelsPanel")->isHidden());
        QVERIFY(second.actions()["view.dark"]->isChecked());
        // What the command line asks for is not remembered.
        second.setTheme(ThemeKind::Light);
        second.close();
        const MainWindow third(*session_, settings());
        QVERIFY(third.actions()["view.dark"]->isChecked());
    }
    void placesThatAreNotThereAreTold() {
        openPair();
        window_->pinToken(2, 3);
        QCOMPARE(session_->view().selection, Selection());
        QVERIFY(window_->grid().notice().text().contains("o token at 2,3"));
        window_->pinToken(2, 2);
        QVERIFY(session_->view().selection.pinned.has_value());
        QCOMPARE(session_->view().selection.pinned->token, TokenIndex{3});
    }
    void shortcutsAreUnique() {
        QStringList shortcuts;
        for (const ActionSpec& spec : actionTable()) {
            const QString keys = QKeySequence(spec.shortcut).toString();
            QVERIFY2(keys.isEmpty() || !shortcuts.contains(keys), qPrintable(keys));
            shortcuts << keys;
        }
    }
};

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    QApplication application(argc, argv);
    WindowTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "window_test.moc"
