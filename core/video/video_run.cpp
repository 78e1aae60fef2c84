#include "core/video/video_run.h"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "core/analysis/clip.h"
#include "core/base/bounded_queue.h"
#include "core/base/thread_priority.h"
#include "core/media/frame_stream.h"
#include "core/video/clip_windows.h"

namespace vitreous {
namespace {

constexpr std::size_t decoded_frames = 8;
constexpr std::size_t prepared_parts = 2;

/// The part of a frame that a model sees.
using CutOut = std::shared_ptr<const Image>;

/// A part of the video that is ready for a model.
struct Job {
    std::size_t model = 0;
    std::vector<std::size_t> positions; ///< in the run, of each of the part's frames
    std::vector<PreparedInput> inputs;  ///< one a frame, or one clip
};

/// Where a frame of the run is in the video.
struct Stamp {
    FrameIndex index;
    double time_secs = 0.0;
};

/// The result without what weighs most: the input is one and a half hundred times a map.
std::shared_ptr<const AnalysisResult> lightened(const AnalysisResult& full, bool keeps_picture) {
    auto light = std::make_shared<AnalysisResult>();
    light->model_label = full.model_label;
    light->rows = full.rows;
    light->columns = full.columns;
    light->mean_query = full.mean_query;
    light->taps = full.taps;
    light->blocks = full.blocks;
    light->magnitude = full.magnitude;
    light->frequency = full.frequency;
    light->cls_attention = full.cls_attention;
    light->features = full.features;
    light->logits = full.logits;
    light->forward_ms = full.forward_ms;
    light->maps_ms = full.maps_ms;
    if (keeps_picture) {
        light->picture = full.picture;
    }
    return light;
}

/// What a frame is cut out by: a clip's spec is its frames' but for their number.
PreprocessSpec frameSpec(const Model& model) {
    PreprocessSpec spec = model.summary().preprocess;
    spec.frames = 0;
    return spec;
}

/// Keeps the first failure of any thread and stops all of them.
class Failures {
public:
    explicit Failures(std::stop_source stop) : stop_(std::move(stop)) {}

    template <typename Work>
    void guard(Work work) {
        try {
            work();
        } catch (...) {
            const std::lock_guard lock(mutex_);
            if (first_ == nullptr) {
                first_ = std::current_exception();
            }
            stop_.request_stop();
        }
    }
    void rethrow() const {
        if (first_ != nullptr) {
            std::rethrow_exception(first_);
        }
    }

private:
    std::stop_source stop_;
    std::mutex mutex_;
    std::exception_ptr first_;
};

/// One run: three threads beside the caller's and the decoder's.
class VideoRun {
public:
    VideoRun(
        const VideoRequest& request,
        std::vector<FrameIndex> frames,
        const FrameSink& sink,
        const Task& task)
        : request_(request), sink_(sink), task_(task), expected_(frames.size()),
          stream_(request.path, std::move(frames), decoded_frames, stop_.get_token()),
          jobs_(prepared_parts * request.models.size()), done_(2 * framesAtOnce(request)) {}

    VideoOutcome run() {
        const std::stop_callback on_stop(task_.stop, [this] { stop_.request_stop(); });
        {
            std::jthread preparing;
            std::jthread delivering;
            failures_.guard([&] {
                preparing = std::jthread([this] {
                    yieldToInference();
                    failures_.guard([this] { prepareAll(); });
                    jobs_.close();
                });
                delivering = std::jthread([this] {
                    yieldToInference();
                    failures_.guard([this] { deliverAll(); });
                });
                inferAll();
            });
            done_.close();
        }
        failures_.rethrow();
        task_.checkStop();
        return {
            .info = stream_.info().value_or(VideoInfo{}),
            .frames = delivered_,
            .loss = stream_.loss()};
    }

private:
    static std::size_t framesAtOnce(const VideoRequest& request) {
        std::size_t most = static_cast<std::size_t>(request.sampling.batch);
        for (const VideoModel& one : request.models) {
            most = std::max(most, static_cast<std::size_t>(one.model->summary().frames));
        }
        return most;
    }

    // --- On the preparing thread.

    void prepareAll() {
        for (const VideoModel& one : request_.models) {
            windows_.emplace_back(one.model->summary().frames, request_.sampling.batch);
            specs_.push_back(frameSpec(*one.model));
        }
        std::size_t position = 0;
        while (auto frame = stream_.next()) {
            if (stop_.stop_requested()) {
                return;
            }
            {
                const std::lock_guard lock(stamps_mutex_);
                stamps_.push_back({frame->index, frame->time_secs});
            }
            const std::vector<CutOut> cut_outs = cutOutsOf(frame->picture);
            for (std::size_t model = 0; model < request_.models.size(); ++model) {
                if (auto part = windows_[model].add(position, cut_outs[model])) {
                    submit(model, *part);
                }
            }
            ++position;
        }
        for (std::size_t model = 0; model < request_.models.size(); ++model) {
            if (auto part = windows_[model].finish()) {
                submit(model, *part);
            }
        }
    }

    /// The frame for each model: the same one where the preprocessing is the same.
    [[nodiscard]] std::vector<CutOut> cutOutsOf(const Image& picture) const {
        std::vector<CutOut> made;
        for (const PreprocessSpec& spec : specs_) {
            const auto place = static_cast<std::size_t>(
                std::find(specs_.begin(), specs_.end(), spec) - specs_.begin());
            made.push_back(
                place < made.size() ? made[place]
                                    : std::make_shared<const Image>(cutOut(picture, spec)));
        }
        return made;
    }

    void submit(std::size_t model, const FramePart<CutOut>& part) {
        Job job{.model = model, .positions = part.positions, .inputs = {}};
        if (const ModelSummary& summary = request_.models[model].model->summary();
            summary.frames > 0) {
            std::vector<Image> pictures;
            for (const CutOut& frame : part.frames) {
                pictures.push_back(*frame);
            }
            job.inputs.push_back(clipOf(std::move(pictures), summary.preprocess));
        } else {
            for (const CutOut& frame : part.frames) {
                job.inputs.push_back(inputOf(*frame, summary.preprocess));
            }
        }
        jobs_.push(std::move(job), stop_.get_token());
    }

    // --- On the caller's thread.

    /// A frame on which some models have not spoken yet.
    struct Waiting {
        std::vector<std::shared_ptr<const AnalysisResult>> results;
        std::vector<std::size_t> parts;
        std::size_t missing = 0;
    };

    void inferAll() {
        std::vector<std::size_t> parts(request_.models.size(), 0);
        while (auto job = jobs_.pop(stop_.get_token())) {
            const VideoModel& one = request_.models[job->model];
            const auto results =
                one.model->analyze(job->inputs, one.options, {.stop = task_.stop, .progress = {}});
            const bool is_clip = one.model->summary().frames > 0;
            const std::size_t part = parts[job->model]++;
            for (std::size_t i = 0; i < job->positions.size(); ++i) {
                if (job->positions[i] < next_ || isSaid(job->model, job->positions[i])) {
                    continue;
                }
                const auto result =
                    is_clip ? lightened(frameOfClip(*results.front(), i), request_.keep_pictures)
                            : lightened(*results[i], request_.keep_pictures);
                say(job->model, job->positions[i], result, part);
            }
            handOver();
        }
    }

    [[nodiscard]] bool isSaid(std::size_t model, std::size_t position) const {
        const auto found = waiting_.find(position);
        return found != waiting_.end() && found->second.results[model] != nullptr;
    }

    void say(
        std::size_t model,
        std::size_t position,
        std::shared_ptr<const AnalysisResult> result,
        std::size_t part) {
        Waiting& frame = waiting_[position];
        if (frame.results.empty()) {
            frame.missing = request_.models.size();
            frame.results.resize(frame.missing);
            frame.parts.resize(frame.missing);
        }
        frame.results[model] = std::move(result);
        frame.parts[model] = part;
        --frame.missing;
    }

    void handOver() {
        while (!waiting_.empty() && waiting_.begin()->first == next_ &&
               waiting_.begin()->second.missing == 0) {
            Waiting frame = std::move(waiting_.begin()->second);
            waiting_.erase(waiting_.begin());
            const Stamp stamp = [this] {
                const std::lock_guard lock(stamps_mutex_);
                return stamps_[next_];
            }();
            ++next_;
            done_.push(
                {stamp.index, stamp.time_secs, std::move(frame.results), std::move(frame.parts)},
                stop_.get_token());
            task_.report(
                static_cast<double>(next_) / static_cast<double>(std::max(expected_, next_)),
                "frame " + std::to_string(next_) + " of " + std::to_string(expected_));
        }
    }

    // --- On the delivering thread.

    void deliverAll() {
        while (auto frame = done_.pop(stop_.get_token())) {
            sink_(std::move(*frame));
            ++delivered_;
        }
    }

    const VideoRequest& request_;
    const FrameSink& sink_;
    const Task& task_;
    std::size_t expected_;
    std::stop_source stop_;
    Failures failures_{stop_};
    FrameStream stream_;
    BoundedQueue<Job> jobs_;
    BoundedQueue<FrameResults> done_;
    std::vector<PartWindow<CutOut>> windows_;
    std::vector<PreprocessSpec> specs_; ///< of each model
    std::mutex stamps_mutex_;
    std::vector<Stamp> stamps_; ///< of the frames that were decoded
    std::map<std::size_t, Waiting> waiting_;
    std::size_t next_ = 0; ///< position of the frame that is handed over next
    std::size_t delivered_ = 0;
};

std::vector<int> clipsOf(const VideoRequest& request) {
    std::vector<int> clips;
    for (const VideoModel& one : request.models) {
        clips.push_back(one.model->summary().frames);
    }
    return clips;
}

} // namespace

VideoFrames framesOf(
    const std::filesystem::path& path,
    const std::vector<int>& frames_of_clips,
    const VideoSampling& sampling,
    const Task& task) {
    VideoReader reader(path, task);
    const bool takes_all =
        !sampling.windows &&
        std::any_of(frames_of_clips.begin(), frames_of_clips.end(), [](int n) { return n > 0; });
    if (reader.info().frames <= 0) {
        task.report(0.0, "counting the frames");
        while (reader.skip()) {
            task.checkStop();
        }
    }
    // What the container promises is enough for frames one after another, which end where they end.
    std::vector<FrameIndex> frames = framesFor(reader.info().frames, frames_of_clips, sampling);
    while (takes_all && !frames.empty() && !reader.info().is_exact) {
        const std::int64_t promised = reader.info().frames;
        task.report(0.0, "looking for the end");
        reader.seek(frames.back(), task.stop);
        task.checkStop();
        if (reader.skip()) {
            break;
        }
        if (reader.info().frames >= promised) {
            break; // of a file that changes meanwhile
        }
        frames = framesFor(reader.info().frames, frames_of_clips, sampling);
    }
    if (frames.empty()) {
        throw Error(ErrorCode::Input, "a video without a frame: " + path.string());
    }
    return {std::move(frames), reader.info()};
}

VideoOutcome runVideo(const VideoRequest& request, const FrameSink& sink, const Task& task) {
    std::vector<FrameIndex> frames = request.frames;
    if (frames.empty()) {
        frames = framesOf(request.path, clipsOf(request), request.sampling, task).frames;
    }
    const VideoOutcome outcome = VideoRun(request, std::move(frames), sink, task).run();
    if (outcome.frames == 0) {
        throw Error(ErrorCode::Input, "no frame can be decoded: " + request.path.string());
    }
    return outcome;
}

} // namespace vitreous
