#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include "app/desktop/engine.h"

namespace vitreous::testing {

/// Holds work back until it is opened, or stopped.
class Gate {
public:
    void close();
    void open();
    /// Throws Error{Interrupted} once the task is stopped.
    void pass(const Task& task);

private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    bool open_ = true;
};

/// What a test sees of the fake engine and holds in its hand.
struct FakeControl {
    Gate loading;
    Gate running;
    Gate reading; ///< cannot be stopped: to be opened before the session ends
    Gate masking; ///< as reading
    Gate writing;
    std::atomic<bool> needs_files = false; ///< what is not there can be neither loaded nor read
    std::atomic<int> loads = 0;            ///< begun
    std::atomic<int> analyses = 0;         ///< begun
    std::atomic<int> finished = 0;         ///< analyses that were not stopped
    std::atomic<int> fails_at = 0;         ///< the analysis of that number fails; 0: none does
    std::atomic<int> reads = 0;            ///< begun
    std::atomic<int> masks = 0;            ///< read, begun
    std::atomic<int> writes = 0;           ///< begun
    std::atomic<int> alive = 0;            ///< models in memory
    std::atomic<int> frames_before_writing_ended = 0; ///< analyses while a video was being written
    std::vector<VideoOrder> orders; ///< of videos to be written; once writing is over
};

/// An engine without weights. Checkpoints named `bad*` are no models, `big*` do not fit; pictures
/// named `broken*` cannot be read; models named `picky*` refuse every input, the magnitudes of
/// `spiky*` have two outliers. Models named `points*` take point clouds, of four groups; `*.ply` is
/// the corners of a square. Models named `clip*` take clips of four frames, two to a step of time.
/// `*.mp4` is read as the program does; the magnitudes of its frames rise with their brightness.
Engine fakeEngine(const std::shared_ptr<FakeControl>& control);

/// A video of so many frames of 64 x 48 pixels, 10 a second, each 4 brighter than the one before.
void writeVideo(const QString& path, int frames);

/// Small files to be opened, by the ending of their names.
class Files {
public:
    /// Makes empty files and returns their paths.
    QStringList make(const QStringList& names);
    /// Replaces a file's bytes by others of the same number or not.
    void write(const QString& name, const QByteArray& bytes) const;
    [[nodiscard]] QString path(const QString& name) const { return folder_.filePath(name); }

private:
    QTemporaryDir folder_;
};

} // namespace vitreous::testing
