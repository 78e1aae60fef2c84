// Whoever uses no pointer or no screen: every control has a name and is reached by Tab.

#include <set>

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAccessible>
#include <QComboBox>
#include <QLineEdit>

#include "tests/app/window_fixture.h"
#include "widgets/grid_view.h"

using namespace vitreous;

namespace {

bool isInteractive(const QWidget* widget) {
    if (qobject_cast<const QAbstractButton*>(widget) != nullptr ||
        qobject_cast<const QComboBox*>(widget) != nullptr ||
        qobject_cast<const QAbstractItemView*>(widget) != nullptr ||
        qobject_cast<const QLineEdit*>(widget) != nullptr ||
        qobject_cast<const GridView*>(widget) != nullptr) {
        return true;
    }
    // Scroll bars belong to what they scroll, which has keys for that.
    return qobject_cast<const QAbstractSlider*>(widget) != nullptr &&
           !widget->inherits("QScrollBar");
}

/// Part of a control that is in the list itself, such as a combo box's field.
bool isPart(const QWidget* widget) {
    for (const QWidget* parent = widget->parentWidget(); parent != nullptr;
         parent = parent->parentWidget()) {
        if (isInteractive(parent)) {
            return true;
        }
    }
    return widget->objectName().startsWith("qt_") &&
           widget->objectName() != "qt_toolbar_ext_button";
}

QString nameOf(QWidget* widget) {
    const QAccessibleInterface* interface = QAccessible::queryAccessibleInterface(widget);
    return interface == nullptr ? QString() : interface->text(QAccessible::Name);
}

QString describe(QWidget* widget) {
    return QString("%1 '%2' '%3'")
        .arg(widget->metaObject()->className(), widget->objectName(), nameOf(widget));
}

} // namespace

class AccessibilityTest : public QObject, private vitreous::testing::WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        makeWindow();
        openPair();
        window_->resize(1800, 900);
        window_->pinToken(1, 2);
        window_->grid().refresh();
        QCoreApplication::processEvents();
    }
    void cleanup() { closeWindow(); }

    void everyControlHasAName() {
        for (QWidget* widget : controls()) {
            QVERIFY2(!nameOf(widget).isEmpty(), qPrintable(describe(widget)));
        }
    }

    void namesTellControlsApart() {
        std::set<QString> names;
        for (QWidget* widget : controls()) {
            QVERIFY2(names.insert(nameOf(widget)).second, qPrintable(describe(widget)));
        }
    }

    void tabReachesEveryControl() {
        std::set<QWidget*> unseen;
        for (QWidget* widget : controls()) {
            unseen.insert(widget);
        }
        QVERIFY(unseen.size() > 12);
        window_->findChild<GridView*>()->setFocus();
        for (int step = 0; step < 200 && !unseen.empty(); ++step) {
            QWidget* focus = QApplication::focusWidget();
            if (focus == nullptr) {
                QFAIL("Tab left the window without focus");
            }
            unseen.erase(focus);
            QTest::keyClick(focus, Qt::Key_Tab);
        }
        QStringList left;
        for (QWidget* widget : unseen) {
            left << describe(widget);
        }
        QVERIFY2(left.isEmpty(), qPrintable(left.join("; ")));
    }

    void everyActionHasATextAndNoTwoShareAKey() {
        std::map<QString, QString> keys;
        for (const ActionSpec& spec : actionTable()) {
            const QAction* action = window_->actions()[spec.id];
            QVERIFY2(!action->text().isEmpty(), spec.id.data());
            const QString key = action->shortcut().toString();
            if (!key.isEmpty()) {
                const auto [known, is_new] = keys.emplace(key, action->text());
                QVERIFY2(is_new, qPrintable(key + ": " + known->second + ", " + action->text()));
            }
        }
    }

    void theGridSaysWhatItShows() {
        const QAccessibleInterface* grid =
            QAccessible::queryAccessibleInterface(window_->findChild<GridView*>());
        if (grid == nullptr) {
            QFAIL("the grid is unknown to screen readers");
        }
        const QString text = grid->text(QAccessible::Description);
        QVERIFY2(text.contains("Magnitude"), qPrintable(text));
        QVERIFY2(text.contains("row 1, column 2"), qPrintable(text));
        window_->actions()["view.controls"]->trigger();
        window_->actions()["view.controls"]->trigger();
        QCOMPARE(grid->text(QAccessible::Description), text);
    }

private:
    std::vector<QWidget*> controls() {
        std::vector<QWidget*> controls;
        for (QWidget* widget : window_->findChildren<QWidget*>()) {
            if (widget->isVisible() && widget->isEnabled() && isInteractive(widget) &&
                !isPart(widget) && widget->window() == window_.get()) {
                controls.push_back(widget);
            }
        }
        return controls;
    }
};

QTEST_MAIN(AccessibilityTest)
#include "accessibility_test.moc"
