// The job runner's part that analyses frames of videos.

#include "app/desktop/job_runner.h"

#include <functional>
#include <utility>

#include <QFile>

#include "core/analysis/clip.h"

namespace vitreous {
namespace {

/// One frame's result without its input, of which there would be one for every frame, and with its
/// share of the time.
ResultPointer lightened(AnalysisResult result, std::size_t frames) {
    result.input = {};
    result.forward_ms /= double(frames);
    result.maps_ms /= double(frames);
    return std::make_shared<const AnalysisResult>(std::move(result));
}

/// One result a frame.
std::vector<ResultPointer> ofFrames(
    const std::vector<std::shared_ptr<const AnalysisResult>>& results,
    const FramesRequest& job) {
    std::vector<ResultPointer> frames;
    frames.reserve(job.frames.size());
    for (std::size_t i = 0; i < job.frames.size(); ++i) {
        frames.push_back(lightened(
            job.is_clip ? frameOfClip(*results.at(0), i) : *results.at(i), job.frames.size()));
    }
    return frames;
}

} // namespace

void JobRunner::analyzeFrames(FramesRequest request) {
    {
        const std::lock_guard lock(mutex_);
        frames_.push_back(std::move(request));
    }
    notify();
}

namespace {

/// A model that lets what was asked for meanwhile go first, before each of its own passes.
class PatientModel final : public Model {
public:
    PatientModel(std::shared_ptr<Model> model, std::function<void()> let_others)
        : model_(std::move(model)), let_others_(std::move(let_others)) {}

    [[nodiscard]] const ModelSummary& summary() const override { return model_->summary(); }
    [[nodiscard]] std::string device() const override { return model_->device(); }
    [[nodiscard]] Precision precision() const override { return model_->precision(); }
    void requireMemory(std::size_t batch, const AnalysisOptions& options) const override {
        model_->requireMemory(batch, options);
    }
    std::vector<std::shared_ptr<const AnalysisResult>> analyze(
        const std::vector<PreparedInput>& inputs,
        const AnalysisOptions& options,
        const Task& task) override {
        let_others_();
        return model_->analyze(inputs, options, task);
    }
    Array forward(const std::vector<PreparedInput>& inputs, const Task& task) override {
        return model_->forward(inputs, task);
    }

private:
    std::shared_ptr<Model> model_;
    std::function<void()> let_others_;
};

void requireUnchangedModel(const ModelSpec& spec, const ModelStamp& stamp) {
    if (stampOf(spec) != stamp) {
        throw Error(
            ErrorCode::Input,
            "changed since it was loaded, press F5 to load it again: " + spec.path.string());
    }
}

} // namespace

void JobRunner::carryOutUrgent() {
    while (true) {
        Job job;
        Job before;
        std::stop_source stop_before;
        {
            const std::lock_guard lock(mutex_);
            if (video_stop_.stop_requested() ||
                (wanted_.models.empty() && loads_.empty() && frames_.empty())) {
                return;
            }
            job = takeUrgent();
            before = std::exchange(running_, job);
            stop_before = std::exchange(running_stop_, std::stop_source());
        }
        std::visit([this](const auto& work) { carryOut(work); }, job);
        const std::lock_guard lock(mutex_);
        running_ = std::move(before);
        running_stop_ = std::move(stop_before);
    }
}

void JobRunner::writeVideo(VideoWriteRequest request) {
    {
        const std::lock_guard lock(mutex_);
        video_writes_.push_back(std::move(request));
    }
    notify();
}

bool JobRunner::isWritingVideo() {
    const std::lock_guard lock(mutex_);
    return is_writing_video_ || !video_writes_.empty();
}

void JobRunner::cancelVideo() {
    std::deque<VideoWriteRequest> dropped;
    {
        const std::lock_guard lock(mutex_);
        dropped.swap(video_writes_);
        video_stop_.request_stop();
    }
    if (!dropped.empty()) {
        Q_EMIT writeFailed({ErrorCode::Interrupted, tr("Cancelled")});
    }
    updateBusy();
}

void JobRunner::carryOut(const VideoWriteRequest& job) {
    try {
        Task work = task({.kind = JobProgress::Kind::Write, .model = {}, .stage = {}});
        {
            const std::lock_guard lock(mutex_);
            video_stop_ = running_stop_;
            is_writing_video_ = true;
            work.stop = video_stop_.get_token();
        }
        std::vector<std::shared_ptr<Model>> models;
        for (const ModelId id : job.models) {
            const auto model = models_.find(id);
            if (model == models_.end()) {
                throw Error(
                    ErrorCode::Usage, "a model was removed before the video was written: " +
                                          job.order.input.string());
            }
            models.push_back(
                std::make_shared<PatientModel>(model->second, [this] { carryOutUrgent(); }));
        }
        for (std::size_t i = 0; i < job.stamps.size(); ++i) {
            requireUnchangedModel(job.order.models[i], job.stamps[i]);
        }
        const VideoFiles files = engine_.write_video(job.order, models, work);
        QStringList names;
        for (const std::filesystem::path& file : files.written) {
            names << QFile::decodeName(file.c_str());
        }
        const QString loss = QString::fromStdString(files.loss);
        post([this, names, loss] { Q_EMIT videoWritten(names, loss); });
    } catch (...) {
        const Failure failure = failureOf(std::current_exception());
        post([this, failure] { Q_EMIT writeFailed(failure); });
    }
    const std::lock_guard lock(mutex_);
    is_writing_video_ = false;
}

void JobRunner::dropFrames() {
    {
        const std::lock_guard lock(mutex_);
        frames_.clear();
        if (std::holds_alternative<FramesRequest>(running_)) {
            running_stop_.request_stop();
        }
    }
    updateBusy();
}

void JobRunner::dropFrames(const std::set<std::uint64_t>& numbers) {
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(
            frames_, [&numbers](const FramesRequest& job) { return numbers.contains(job.number); });
        const auto* running = std::get_if<FramesRequest>(&running_);
        if (running != nullptr && numbers.contains(running->number)) {
            running_stop_.request_stop();
        }
    }
    updateBusy();
}

std::vector<std::pair<std::uint64_t, ModelId>> JobRunner::dropWaitingFrames() {
    std::vector<std::pair<std::uint64_t, ModelId>> dropped;
    {
        const std::lock_guard lock(mutex_);
        for (const FramesRequest& job : frames_) {
            dropped.emplace_back(job.number, job.model);
        }
        frames_.clear();
    }
    updateBusy();
    return dropped;
}

void JobRunner::carryOut(const FramesRequest& job) {
    const auto model = models_.find(job.model);
    if (model == models_.end()) {
        return;
    }
    try {
        // Progress in a few frames says nothing of the video.
        Task work = task({.kind = JobProgress::Kind::Analysis, .model = job.model, .stage = {}});
        work.progress = {};
        const auto results = model->second->analyze(*job.prepared, job.options, work);
        const FramesAnalysis analysis{
            job.number, job.model, job.frames, ofFrames(results, job),
            job.is_clip ? results.at(0)->attention_inputs : nullptr};
        post([this, analysis] { Q_EMIT framesAnalysed(analysis); });
    } catch (...) {
        const Failure failure = failureOf(std::current_exception());
        if (failure.code != ErrorCode::Interrupted || wasCancelled()) {
            post([this, number = job.number, id = job.model, failure] {
                Q_EMIT framesFailed(number, id, failure);
            });
        }
    }
}

} // namespace vitreous
