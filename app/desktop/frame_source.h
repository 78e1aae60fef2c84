#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <QObject>

#include "app/desktop/failure.h"
#include "app/desktop/kept_video.h"
#include "core/base/index.h"
#include "core/nn/preprocess.h"

namespace vitreous {

/// Frames of a video to be brought into some models' form.
struct FramesWanted {
    std::uint64_t number = 0;
    std::filesystem::path path;
    std::uint64_t reading = 0; ///< another number than before: the file is opened again
    std::vector<FrameIndex> frames;
    bool is_clip = false; ///< the frames are one input together, else each is one
    std::vector<PreprocessSpec> specs;
};

/// The frames that could be read, in the form of each spec.
struct FramesReady {
    std::uint64_t number = 0;
    std::vector<FrameIndex> frames;
    std::vector<double> times_secs;
    /// One list a spec: an input a frame, or one input for all; empty where a clip lacks a frame.
    std::vector<std::shared_ptr<const std::vector<PreparedInput>>> prepared;
    double decode_ms = 0.0; ///< of all frames together
    double prepare_ms = 0.0;
    std::string loss; ///< what is known by now that cannot be read; empty: nothing
    /// How many frames the video has, once that is sure; -1 before.
    std::int64_t counted = -1;
};

/// Decodes and prepares frames on a thread of its own, ahead of inference. Keeps one decoder open,
/// and no frame longer than until it was handed over.
class FrameSource final : public QObject {
    Q_OBJECT

public:
    explicit FrameSource(QObject* parent = nullptr);
    ~FrameSource() override;
    FrameSource(const FrameSource&) = delete;
    FrameSource& operator=(const FrameSource&) = delete;

    void want(FramesWanted wanted);
    /// Forgets those that are not begun, and stops the one that is; they are not answered. Where
    /// its video is being opened, that goes on: others of it will be wanted.
    void drop();
    /// The same, and ends the opening.
    void leave();

Q_SIGNALS:
    void ready(const vitreous::FramesReady& frames);
    void failed(std::uint64_t number, const vitreous::Failure& failure);

private:
    void run(const std::stop_token& stop);
    [[nodiscard]] static FramesReady
    carryOut(const FramesWanted& wanted, VideoReader& reader, const std::stop_token& stop);

    std::mutex mutex_; ///< guards what follows, down to the blank line
    std::condition_variable_any wake_;
    std::deque<FramesWanted> wanted_;
    std::stop_source running_;
    std::stop_source opening_;

    std::jthread thread_; ///< last: it uses all of the above
};

} // namespace vitreous
