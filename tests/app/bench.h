#pragma once

#include <memory>

#include <QAbstractItemModelTester>
#include <QTest>

#include "app/desktop/session.h"
#include "tests/app/fake_engine.h"

namespace vitreous::testing {

/// A session over the fake engine with its models under watch, and files for it.
struct Bench {
    static constexpr int patience_ms = 20'000;

    /// The items' ids, in the order of the panel.
    [[nodiscard]] std::vector<InputId> inputIds() {
        std::vector<InputId> ids;
        for (const InputItem& item : session.inputs().items()) {
            ids.push_back(item.id);
        }
        return ids;
    }
    /// The name of the file that is shown; empty: none.
    [[nodiscard]] QString shown() {
        const auto current = session.currentInput();
        const InputItem* item = current ? session.inputs().find(*current) : nullptr;
        return item != nullptr ? pathText(item->path.filename()) : QString();
    }
    void open(const QStringList& names) { session.open(files.make(names)); }
    [[nodiscard]] bool becomesIdle() {
        return QTest::qWaitFor([this] { return session.isIdle(); }, patience_ms);
    }

    std::shared_ptr<FakeControl> control = std::make_shared<FakeControl>();
    Files files;
    Session session{fakeEngine(control)};
    QAbstractItemModelTester models_tester{
        &session.models(), QAbstractItemModelTester::FailureReportingMode::QtTest};
    QAbstractItemModelTester inputs_tester{
        &session.inputs(), QAbstractItemModelTester::FailureReportingMode::QtTest};
};

} // namespace vitreous::testing
