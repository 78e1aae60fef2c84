#pragma once

#include <QObject>

#include "app/desktop/main_window.h"
#include "app/desktop/options.h"

namespace vitreous {

/// Waits until all work is done, writes the screenshot and the figure that were asked for, and ends
/// the program with the exit status of cli.md.
class BatchRun final : public QObject {
    Q_OBJECT

public:
    BatchRun(MainWindow& window, Session& session, LaunchOptions options);

private:
    void finishWhenIdle();
    [[nodiscard]] int finish();
    void writeScreenshot();

    MainWindow& window_;
    Session& session_;
    LaunchOptions options_;
    bool is_finished_ = false;
};

/// `vitreous: error: <message>` on stderr, one line.
void printError(const QString& message);

} // namespace vitreous
