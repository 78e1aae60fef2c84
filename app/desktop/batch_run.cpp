#include "app/desktop/batch_run.h"

#include <iostream>

#include <QApplication>
#include <QSaveFile>
#include <QTimer>

namespace vitreous {
namespace {

constexpr int some_failed = 1;

} // namespace

void printError(const QString& message) {
    std::cerr << "vitreous: error: " << message.simplified().toStdString() << '\n' << std::flush;
}

BatchRun::BatchRun(MainWindow& window, Session& session, LaunchOptions options)
    : QObject(&window), window_(window), session_(session), options_(std::move(options)) {
    // The exit status tells of every input that was named.
    session_.setReading(InputReading::All);
    connect(&session_, &Session::becameIdle, this, &BatchRun::finishWhenIdle);
    finishWhenIdle();
}

void BatchRun::finishWhenIdle() {
    // What becomes idle now may be asked for more by the signals that are still on their way.
    QTimer::singleShot(50, this, [this] {
        if (!session_.isIdle() || is_finished_) {
            return;
        }
        if (!window_.isSettled()) {
            finishWhenIdle();
            return;
        }
        is_finished_ = true;
        QApplication::exit(finish());
    });
}

int BatchRun::finish() {
    const std::vector<Failure> failures = session_.failures();
    for (const Failure& failure : failures) {
        printError(failure.message);
    }
    bool is_any_open = false;
    for (const ModelItem& item : session_.models().items()) {
        is_any_open = is_any_open || item.state == ModelItem::State::Ready;
    }
    for (const InputItem& item : session_.inputs().items()) {
        is_any_open = is_any_open || !item.failure;
    }
    if (!is_any_open && !failures.empty()) {
        return int(failures.front().code);
    }
    try {
        if (!options_.screenshot.isEmpty()) {
            writeScreenshot();
        }
        if (!options_.export_file.isEmpty()) {
            window_.exportView(options_.export_file);
        }
    } catch (const Error& error) {
        printError(QString::fromStdString(error.what()));
        return int(error.code());
    }
    return failures.empty() ? 0 : some_failed;
}

void BatchRun::writeScreenshot() {
    window_.statusLine().hideTimes();
    window_.grid().refresh();
    QApplication::processEvents();
    const QPixmap picture = window_.grab();
    QSaveFile file(options_.screenshot);
    if (!file.open(QIODevice::WriteOnly) || !picture.save(&file, "PNG") || !file.commit()) {
        throw Error(
            ErrorCode::Resource, "cannot write the screenshot (" +
                                     file.errorString().toStdString() +
                                     "): " + options_.screenshot.toStdString());
    }
}

} // namespace vitreous
