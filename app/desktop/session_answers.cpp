// What comes back from the work that was asked for.

#include <algorithm>

#include "app/desktop/session.h"

namespace vitreous {

void Session::connectWork() {
    connect(&thumbnails_, &ThumbnailLoader::ready, this, &Session::onThumbnail);
    connect(&thumbnails_, &ThumbnailLoader::failed, this, &Session::onInputFailed);
    connect(&mask_reader_, &MaskReader::ready, this, &Session::onMasks);
    connect(this, &Session::rowsChanged, this, &Session::updateMask);
    connect(&runner_, &JobRunner::loaded, this, &Session::onLoaded);
    connect(&runner_, &JobRunner::loadFailed, this, &Session::onLoadFailed);
    connect(&runner_, &JobRunner::analysed, this, &Session::onAnalysed);
    connect(&runner_, &JobRunner::analysisFailed, this, &Session::onAnalysisFailed);
    connect(&runner_, &JobRunner::inputFailed, this, &Session::onInputFailed);
    connect(&runner_, &JobRunner::progressed, this, &Session::onProgress);
    connect(&runner_, &JobRunner::written, this, &Session::onWritten);
    connect(
        &runner_, &JobRunner::videoWritten, this,
        [this](const QStringList& files, const QString& loss) {
            onWritten(files);
            if (!loss.isEmpty()) {
                Q_EMIT noticed(
                    tr("Written without what cannot be read (%1): %2").arg(loss, files.front()),
                    true);
            }
        });
    connect(&runner_, &JobRunner::writeFailed, this, [this](const Failure& failure) {
        Q_EMIT noticed(tr("Not written: %1").arg(failure.message), true);
    });
    connect(&runner_, &JobRunner::busyChanged, this, &Session::checkIdle);
    connectVideo();
    connect(&writer_, &SessionWriter::busyChanged, this, &Session::checkIdle);
    connect(&writer_, &SessionWriter::progressed, this, &Session::progressChanged);
    connect(
        &writer_, &SessionWriter::saved, this,
        [this](std::uint64_t number, const QString& path, const KnownFiles& files) {
            known_files_ = files;
            Q_EMIT saved(path, number);
        });
    connect(
        &writer_, &SessionWriter::saveFailed, this,
        [this](std::uint64_t number, const Failure& failure) {
            Q_EMIT noticed(tr("The session is not saved: %1").arg(failure.message), true);
            Q_EMIT saveFailed(number);
        });
    connect(
        &writer_, &SessionWriter::foundChanged, this,
        [this](std::uint64_t number, const std::vector<std::filesystem::path>& files) {
            // Another session's files may have been on their way.
            if (checks_.contains(number)) {
                Q_EMIT noticed(changedText(files), false);
            }
        });
}

void Session::onLoaded(ModelId id, const LoadedModel& loaded) {
    models_.update(id, [&](ModelItem& item) {
        item.state = ModelItem::State::Ready;
        item.loaded = loaded;
    });
    requestAnalysis();
    Q_EMIT rowsChanged();
}

void Session::onLoadFailed(ModelId id, const Failure& failure) {
    models_.update(id, [&](ModelItem& item) {
        item.state = ModelItem::State::Failed;
        item.failure = failureOfFile(missingFile(item.spec), failure);
    });
    Q_EMIT rowsChanged();
}

void Session::onAnalysed(ModelId model, InputId input, const Analysis& analysis) {
    const bool is_outdated = analysis.reading != reading_;
    if (models_.rowOf(model) < 0 || inputs_.rowOf(input) < 0 || is_outdated) {
        return;
    }
    const bool has_changed = results_.add(model, input, analysis);
    shareMemory();
    if (current_ == input) {
        if (has_changed) {
            // All rows are of the same picture.
            requestAnalysis();
        }
        updatePredictions();
        Q_EMIT rowsChanged();
    }
}

void Session::onAnalysisFailed(ModelId model, InputId input, const Failure& failure) {
    if (models_.rowOf(model) < 0 || inputs_.rowOf(input) < 0) {
        return;
    }
    results_.addFailure(model, input, failure);
    Q_EMIT rowsChanged();
}

void Session::onThumbnail(InputId id, const Thumbnail& thumbnail) {
    inputs_.update(id, [&](InputItem& item) {
        item.thumbnail = thumbnail.image;
        item.size = thumbnail.size;
        item.points = thumbnail.points;
        item.dropped = thumbnail.dropped;
        item.video = thumbnail.video;
        item.times_secs = thumbnail.times_secs;
        item.is_reading = false;
    });
    if (current_ == id) {
        updateMask();
        if (thumbnail.video) {
            requestAnalysis();
            Q_EMIT rowsChanged();
        }
    }
    checkIdle();
}

void Session::onInputFailed(InputId input, const Failure& failure) {
    inputs_.update(input, [&](InputItem& item) {
        std::error_code problem;
        const bool is_there = std::filesystem::exists(item.path, problem);
        item.failure = failureOfFile(is_there ? std::nullopt : std::optional(item.path), failure);
        item.is_reading = false;
    });
    if (current_ == input) {
        showReadableInput();
        requestAnalysis();
        Q_EMIT rowsChanged();
    }
    checkIdle();
}

void Session::showReadableInput() {
    if (!opening_) {
        return;
    }
    const auto is_readable = [this](InputId id) {
        const InputItem* item = inputs_.find(id);
        return item != nullptr && !item->failure;
    };
    std::deque<InputId>& order = opening_->order;
    while (!order.empty() && !is_readable(order.front())) {
        order.pop_front();
    }
    if (!order.empty()) {
        show(order.front());
        return;
    }
    if (const auto before = opening_->chosen_before; before && inputs_.rowOf(*before) >= 0) {
        opening_.reset();
        show(*before);
        return;
    }
    const auto& items = inputs_.items();
    const auto readable = std::find_if(
        items.begin(), items.end(), [](const InputItem& item) { return !item.failure; });
    if (readable != items.end()) {
        show(readable->id);
    }
}

void Session::onWritten(const QStringList& files) {
    Q_EMIT noticed(
        files.size() == 1 ? tr("Written: %1").arg(files.front())
                          : tr("%1 results written with their provenance, the last: %2")
                                .arg(QString::number(files.size()), files.back()),
        false);
    Q_EMIT written(files);
}

void Session::onProgress(const JobProgress& progress) {
    const ModelItem* item = models_.find(progress.model);
    const QString label = item != nullptr ? QString::fromStdString(item->spec.label) : QString();
    QString text;
    switch (progress.kind) {
    case JobProgress::Kind::Load:
        models_.update(
            progress.model, [&](ModelItem& model) { model.fraction = progress.fraction; });
        text = tr("Loading %1").arg(label);
        break;
    case JobProgress::Kind::Read:
        text = tr("Reading the input");
        break;
    case JobProgress::Kind::Analysis:
        text = tr("Computing the maps of %1").arg(label);
        break;
    case JobProgress::Kind::Write:
        text = progress.stage.isEmpty() ? tr("Writing") : tr("Writing: %1").arg(progress.stage);
        break;
    }
    Q_EMIT progressChanged(text, progress.fraction);
}

void Session::checkIdle() {
    const int pending = thumbnails_.pending();
    thumbnails_wanted_ = pending == 0 ? 0 : std::max(thumbnails_wanted_, pending);
    if (isIdle()) {
        reading_shown_.invalidate();
        Q_EMIT progressChanged({}, 0.0);
        Q_EMIT becameIdle();
    } else if (
        pending > 0 && !runner_.isBusy() &&
        (!reading_shown_.isValid() || reading_shown_.hasExpired(30))) {
        // More often than the screen shows it would only paint the window.
        reading_shown_.start();
        Q_EMIT progressChanged(
            tr("Reading the inputs"), 1.0 - double(pending) / double(thumbnails_wanted_));
    }
}

} // namespace vitreous
