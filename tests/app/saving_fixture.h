#pragma once

#include <functional>
#include <memory>

#include <QElapsedTimer>
#include <QFileDialog>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include "app/desktop/main_window.h"
#include "tests/app/bench.h"

namespace vitreous::testing {

/// Waits in the event loops of dialogs and menus for a widget and acts on it until it is gone.
template <typename Widget>
class Answer final {
public:
    Answer(std::function<Widget*()> find, std::function<void(Widget&)> act) {
        QObject::connect(&timer_, &QTimer::timeout, &timer_, [this, find, act] {
            if (Widget* widget = find()) {
                // Where it was not taken, it is given again.
                timer_.setInterval(250);
                is_given_ = true;
                act(*widget);
            } else if (since_.elapsed() > patience_ms) {
                closeWhatBlocks();
            }
        });
        since_.start();
        timer_.start(10);
    }
    [[nodiscard]] bool isGiven() const { return is_given_; }

private:
    static constexpr qint64 patience_ms = 30'000;

    /// A test that waits for something else fails, rather than waiting for ever.
    static void closeWhatBlocks() {
        for (QWidget* widget :
             {QApplication::activePopupWidget(), QApplication::activeModalWidget()}) {
            if (widget != nullptr) {
                widget->close();
            }
        }
    }

    QTimer timer_;
    QElapsedTimer since_;
    bool is_given_ = false;
};

inline QFileDialog* fileDialog() {
    return qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
}

/// A window over a bench, with settings of its own, in which sessions are saved.
class SavingFixture {
protected:
    void begin() {
        bench_ = std::make_unique<Bench>();
        bench_->control->needs_files = true;
        openWindow(settings());
    }
    void end() {
        window_.reset();
        bench_.reset();
    }
    [[nodiscard]] std::unique_ptr<QSettings> settings() const {
        return std::make_unique<QSettings>(path("settings.ini"), QSettings::IniFormat);
    }
    void openWindow(std::unique_ptr<QSettings> settings) {
        window_ = std::make_unique<MainWindow>(bench_->session, std::move(settings));
        window_->show();
        window_->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    }
    void openPair() {
        bench_->open({"a.pth", "b.pth", "x.png"});
        QVERIFY(bench_->becomesIdle());
    }
    void save(const QString& name) {
        const QSignalSpy saved(&bench_->session, &Session::saved);
        window_->saving().saveTo(path(name));
        QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, Bench::patience_ms);
        QVERIFY(bench_->becomesIdle());
    }
    [[nodiscard]] QString path(const QString& name) const { return bench_->files.path(name); }
    [[nodiscard]] QString notice() { return window_->grid().notice().text(); }
    std::unique_ptr<Bench> bench_;
    std::unique_ptr<MainWindow> window_;
};

} // namespace vitreous::testing
