// Many inputs: only what can be seen is read.

#include <QDockWidget>
#include <QListView>
#include <QScrollBar>
#include <QTest>

#include "app/desktop/visible_rows.h"
#include "tests/app/window_fixture.h"

using namespace vitreous;
using namespace vitreous::testing;

class ReadingTest final : public QObject, private WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { makeWindow(); }
    void cleanup() {
        control_->reading.open();
        closeWindow();
    }

    void onlyWhatIsSeenIsRead() {
        openMany(500);
        waitUntilRead();
        const int read = readCount();
        QVERIFY2(read >= visibleRows() && read < 60, qPrintable(QString::number(read)));
        QVERIFY(item(0).isRead());
        QCOMPARE(describe(item(499)), QString("Not read"));
        // One that cannot be read and was never seen is no failure.
        QVERIFY(session_->failures().empty());
    }
    void scrollingAsksForOthers() {
        openMany(500);
        waitUntilRead();
        const int before = readCount();
        list().scrollToBottom();
        QTRY_VERIFY_WITH_TIMEOUT(item(499).failure.has_value(), 20'000);
        waitUntilRead();
        QVERIFY(item(498).isRead());
        QVERIFY(!item(250).isRead() && !item(250).is_reading);
        QVERIFY(readCount() < before + 60);
        QCOMPARE(session_->failures().size(), std::size_t(1));
    }
    void whatScrolledAwayIsDropped() {
        control_->reading.close();
        openMany(500, "");
        QTRY_COMPARE_WITH_TIMEOUT(control_->reads.load(), 1, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(item(2).is_reading, 20'000);
        list().scrollToBottom();
        QTRY_VERIFY_WITH_TIMEOUT(item(498).is_reading, 20'000);
        QVERIFY(!item(2).is_reading);
        control_->reading.open();
        waitUntilRead();
        QVERIFY(item(0).isRead());
        QVERIFY(!item(2).isRead());
        list().scrollToTop();
        QTRY_VERIFY_WITH_TIMEOUT(item(2).isRead(), 20'000);
    }
    void whatCameIntoViewIsReadFirst() {
        // Without a list that says by itself, some time later, what it shows.
        window_.reset();
        session_->setReading(InputReading::InView);
        control_->reading.close();
        openMany(40, "");
        QTRY_COMPARE_WITH_TIMEOUT(control_->reads.load(), 1, 20'000);
        // The first one is being read.
        std::vector<int> order;
        connect(
            &session_->inputs(), &QAbstractItemModel::dataChanged, this, [&](QModelIndex index) {
                if (item(index.row()).isRead()) {
                    order.push_back(index.row());
                }
            });
        QVERIFY(!item(3).is_reading);
        session_->setInputsInView({idOf(3), idOf(4)});
        session_->setInputsInView({idOf(3), idOf(4), idOf(20), idOf(21)});
        // The one that is chosen goes before all.
        session_->setCurrentInput(idOf(10));
        session_->setInputsInView({idOf(3), idOf(4), idOf(20), idOf(21), idOf(22)});
        control_->reading.open();
        waitUntilRead();
        QCOMPARE(order, (std::vector<int>{0, 10, 22, 20, 21, 3, 4}));
    }
    void aHiddenListAsksForNothing() {
        window_->findChild<QDockWidget*>("inputsPanel")->hide();
        openMany(20);
        waitUntilRead();
        QCOMPARE(readCount(), 1);
        QVERIFY(item(0).isRead());
        window_->findChild<QDockWidget*>("inputsPanel")->show();
        QTRY_VERIFY_WITH_TIMEOUT(item(3).isRead(), 20'000);
    }
    void theChosenInputIsAlwaysRead() {
        window_->findChild<QDockWidget*>("inputsPanel")->hide();
        openMany(100);
        session_->setCurrentInput(idOf(70));
        session_->setInputsInView({idOf(1)});
        waitUntilRead();
        QVERIFY(item(70).isRead());
        QVERIFY(session_->rows()[0].result);
    }
    void cancelledOnesStayUnread() {
        control_->reading.close();
        openMany(500);
        QTRY_VERIFY_WITH_TIMEOUT(item(2).is_reading, 20'000);
        session_->cancel();
        control_->reading.open();
        waitUntilRead();
        QVERIFY(!item(2).isRead());
        // F5 reads what is in view, not the rest.
        session_->runAgain();
        waitUntilRead();
        QVERIFY(item(2).isRead());
        QVERIFY(!item(300).isRead());
    }
    void allAreReadWhereAllAreWanted() {
        openMany(500);
        session_->setReading(InputReading::All);
        waitUntilRead();
        QCOMPARE(readCount(), 499);
        QCOMPARE(session_->failures().size(), std::size_t(1));
        // Scrolling drops none of those that wait.
        session_->setInputsInView({idOf(5)});
        QVERIFY(session_->isIdle());
    }
    void removedRowsBringOthersIntoView() {
        openMany(60);
        waitUntilRead();
        QVERIFY(!item(50).isRead());
        const InputId id = idOf(50);
        for (int i = 0; i < 48; ++i) {
            session_->removeInput(idOf(0));
        }
        QTRY_VERIFY_WITH_TIMEOUT(session_->inputs().find(id)->isRead(), 20'000);
    }

private:
    /// A model and so many pictures, the last of which cannot be read. Without a model the list
    /// alone reads: a model's run reads its picture too.
    void openMany(int count, const QString& model = "a.pth") {
        QStringList names;
        if (!model.isEmpty()) {
            names << model;
        }
        for (int i = 0; i + 1 < count; ++i) {
            names << QStringLiteral("%1.png").arg(i, 4, 10, QChar(u'0'));
        }
        session_->open(files_->make(names + QStringList{"broken.png"}));
        QCOMPARE(session_->inputs().rowCount(), count);
    }
    /// Idle, and nothing on its way that will ask for more.
    void waitUntilRead() {
        const auto is_done = [this] {
            QCoreApplication::processEvents();
            return session_->isIdle();
        };
        QTRY_VERIFY_WITH_TIMEOUT(is_done() && is_done() && is_done(), 20'000);
    }
    [[nodiscard]] const InputItem& item(int row) const {
        return session_->inputs().items()[std::size_t(row)];
    }
    [[nodiscard]] InputId idOf(int row) const { return item(row).id; }
    [[nodiscard]] int readCount() const {
        int count = 0;
        for (const InputItem& one : session_->inputs().items()) {
            count += one.isRead() ? 1 : 0;
        }
        return count;
    }
    [[nodiscard]] QListView& list() const {
        return *window_->findChild<QDockWidget*>("inputsPanel")->findChild<QListView*>();
    }
    [[nodiscard]] int visibleRows() const {
        const int height = list().visualRect(session_->inputs().index(0)).height();
        return list().viewport()->height() / height;
    }
};

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    QApplication application(argc, argv);
    ReadingTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "reading_test.moc"
