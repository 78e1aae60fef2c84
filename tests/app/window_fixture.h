#pragma once

#include <memory>

#include <QTest>

#include "app/desktop/main_window.h"
#include "tests/app/fake_engine.h"

namespace vitreous::testing {

/// The real window over an engine without weights.
class WindowFixture {
protected:
    void makeWindow() {
        control_ = std::make_shared<FakeControl>();
        files_ = std::make_unique<Files>();
        session_ = std::make_unique<Session>(fakeEngine(control_));
        window_ = std::make_unique<MainWindow>(*session_, nullptr);
        window_->show();
        window_->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    }
    void closeWindow() {
        window_.reset();
        session_.reset();
        files_.reset();
    }
    /// Two models, a.pth and b.pth, and a picture; returns once all maps are on screen.
    void openPair() {
        session_->open(files_->make({"x.png", "a.pth", "b.pth"}));
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), 20'000);
        window_->grid().refresh();
        QCOMPARE(window_->grid().scene().rows.size(), std::size_t(2));
        QCOMPARE(window_->grid().scene().columns.size(), std::size_t(2));
    }

    std::shared_ptr<FakeControl> control_;
    std::unique_ptr<Files> files_;
    std::unique_ptr<Session> session_;
    std::unique_ptr<MainWindow> window_;
};

} // namespace vitreous::testing
