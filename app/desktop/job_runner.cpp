#include "app/desktop/job_runner.h"

#include <algorithm>
#include <chrono>

#include <QFile>

namespace vitreous {
namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// A part of a piece of work: its progress counts from `begin` for `share` of the whole.
Task partOf(const Task& whole, double begin, double share) {
    return {.stop = whole.stop, .progress = [whole, begin, share](const Progress& progress) {
                whole.report(begin + share * progress.fraction, progress.stage);
            }};
}

} // namespace

JobRunner::JobRunner(Engine engine, QObject* parent)
    : QObject(parent), engine_(std::move(engine)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

JobRunner::~JobRunner() {
    {
        const std::lock_guard lock(mutex_);
        thread_.request_stop();
        running_stop_.request_stop();
        video_stop_.request_stop();
    }
    wake_.notify_all();
    thread_.join();
}

void JobRunner::notify() {
    wake_.notify_all();
    updateBusy();
}

void JobRunner::settle(std::uint64_t answered) {
    answered_ = answered;
    updateBusy();
}

void JobRunner::updateBusy() {
    bool busy = true;
    {
        const std::lock_guard lock(mutex_);
        // Jobs that are done count until their answers have arrived.
        busy = !std::holds_alternative<std::monostate>(running_) || hasWork() ||
               answered_ != finished_;
    }
    if (busy != busy_) {
        busy_ = busy;
        Q_EMIT busyChanged(busy);
    }
}

bool JobRunner::hasWork() const {
    return !unloads_.empty() || !writes_.empty() || !wanted_.models.empty() || !loads_.empty() ||
           !frames_.empty() || !video_writes_.empty();
}

void JobRunner::load(ModelId id, const ModelSpec& spec, const DeviceSpec& device) {
    {
        const std::lock_guard lock(mutex_);
        loads_.push_back({id, spec, device});
    }
    notify();
}

void JobRunner::unload(ModelId id) {
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(loads_, [id](const LoadJob& job) { return job.id == id; });
        std::erase(wanted_.models, id);
        const auto* load = std::get_if<LoadJob>(&running_);
        const auto* analysis = std::get_if<AnalysisJob>(&running_);
        const auto* frames = std::get_if<FramesRequest>(&running_);
        std::erase_if(frames_, [id](const FramesRequest& job) { return job.model == id; });
        if ((load != nullptr && load->id == id) || (analysis != nullptr && analysis->model == id) ||
            (frames != nullptr && frames->model == id)) {
            running_stop_.request_stop();
        }
        unloads_.push_back({id});
    }
    notify();
}

void JobRunner::analyze(AnalysisRequest request) {
    {
        const std::lock_guard lock(mutex_);
        if (const auto* now = std::get_if<AnalysisJob>(&running_)) {
            const auto same = std::find(request.models.begin(), request.models.end(), now->model);
            const bool wanted = now->input == request.input && now->options == request.options &&
                                now->reading == request.reading && same != request.models.end() &&
                                !running_stop_.stop_requested();
            if (wanted) {
                request.models.erase(same);
            } else {
                running_stop_.request_stop();
            }
        }
        wanted_ = std::move(request);
    }
    notify();
}

void JobRunner::write(std::vector<WriteRequest> requests) {
    {
        const std::lock_guard lock(mutex_);
        writes_.push_back(std::move(requests));
    }
    notify();
}

void JobRunner::cancel() {
    const Failure failure{ErrorCode::Interrupted, tr("Cancelled")};
    std::deque<LoadJob> loads;
    AnalysisRequest wanted;
    std::deque<WriteJob> writes;
    std::deque<VideoWriteRequest> video_writes;
    {
        const std::lock_guard lock(mutex_);
        loads.swap(loads_);
        frames_.clear();
        video_writes.swap(video_writes_);
        std::swap(wanted, wanted_);
        writes.swap(writes_);
        cancelled_ = !std::holds_alternative<std::monostate>(running_);
        running_stop_.request_stop();
        video_stop_.request_stop();
    }
    for (const LoadJob& job : loads) {
        Q_EMIT loadFailed(job.id, failure);
    }
    for (const ModelId model : wanted.models) {
        Q_EMIT analysisFailed(model, wanted.input, failure);
    }
    if (!writes.empty() || !video_writes.empty()) {
        Q_EMIT writeFailed(failure);
    }
    updateBusy();
}

bool JobRunner::wasCancelled() {
    const std::lock_guard lock(mutex_);
    return cancelled_;
}

void JobRunner::run(const std::stop_token& stop) {
    if (engine_.start) {
        engine_.start();
    }
    while (true) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, stop, [this] { return hasWork(); });
            if (stop.stop_requested()) {
                break;
            }
            job = take();
            running_ = job;
            running_stop_ = std::stop_source();
            cancelled_ = false;
        }
        std::visit([this](const auto& work) { carryOut(work); }, job);
        std::uint64_t finished = 0;
        {
            const std::lock_guard lock(mutex_);
            running_ = std::monostate();
            finished = ++finished_;
        }
        post([this, finished] { settle(finished); });
    }
    models_.clear();
}

namespace {

template <typename Item>
Item firstOf(std::deque<Item>& queue) {
    Item item = std::move(queue.front());
    queue.pop_front();
    return item;
}

} // namespace

JobRunner::Job JobRunner::take() {
    if (!unloads_.empty()) {
        return firstOf(unloads_);
    }
    if (!writes_.empty()) {
        return firstOf(writes_);
    }
    if (wanted_.models.empty() && loads_.empty() && !video_writes_.empty()) {
        return firstOf(video_writes_);
    }
    return takeUrgent();
}

JobRunner::Job JobRunner::takeUrgent() {
    if (!wanted_.models.empty()) {
        const ModelId model = wanted_.models.front();
        wanted_.models.erase(wanted_.models.begin());
        return AnalysisJob{model,           wanted_.input,   wanted_.path,
                           wanted_.options, wanted_.reading, wanted_.mesh};
    }
    if (!loads_.empty()) {
        return firstOf(loads_);
    }
    return firstOf(frames_);
}

Task JobRunner::task(JobProgress progress) {
    std::stop_token stop;
    {
        const std::lock_guard lock(mutex_);
        stop = running_stop_.get_token();
    }
    return {
        .stop = stop,
        .progress = [this, progress, shown = Clock::time_point()](const Progress& now) mutable {
            // More often than the screen shows it would only fill the event queue.
            if (Clock::now() - shown < std::chrono::milliseconds(30)) {
                return;
            }
            shown = Clock::now();
            progress.fraction = now.fraction;
            progress.stage = QString::fromStdString(now.stage);
            post([this, progress] { Q_EMIT progressed(progress); });
        }};
}

void JobRunner::carryOut(const UnloadJob& job) {
    models_.erase(job.id);
}

void JobRunner::carryOut(const LoadJob& job) {
    try {
        const Task work = task({.kind = JobProgress::Kind::Load, .model = job.id, .stage = {}});
        work.report(0.0, {});
        // Taken first: what changes while it is read is noticed later.
        const ModelStamp stamp = stampOf(job.spec);
        const std::shared_ptr<Model> model = engine_.load(job.spec, job.device, work);
        work.checkStop();
        models_[job.id] = model;
        LoadedModel loaded_model;
        loaded_model.summary = std::make_shared<const ModelSummary>(model->summary());
        loaded_model.device = QString::fromStdString(model->device());
        loaded_model.precision = model->precision();
        loaded_model.stamp = stamp;
        post([this, id = job.id, loaded_model] { Q_EMIT loaded(id, loaded_model); });
    } catch (...) {
        const Failure failure = failureOf(std::current_exception());
        if (failure.code != ErrorCode::Interrupted || wasCancelled()) {
            post([this, id = job.id, failure] { Q_EMIT loadFailed(id, failure); });
        }
    }
}

JobRunner::Decoded* JobRunner::readInput(const AnalysisJob& job) {
    if (decoded_ && decoded_->id == job.input && decoded_->reading == job.reading) {
        return &*decoded_;
    }
    try {
        decoded_.reset();
        const FileStamp stamp = stampOf(job.path);
        const auto start = Clock::now();
        const Task work = task({.kind = JobProgress::Kind::Read, .model = job.model, .stage = {}});
        InputData data = engine_.read(job.path, job.mesh, work);
        decoded_ = {job.input, job.reading, stamp, std::move(data), millisecondsSince(start)};
        return &*decoded_;
    } catch (...) {
        const Failure failure = failureOf(std::current_exception());
        if (failure.code == ErrorCode::Interrupted) {
            if (wasCancelled()) {
                post([this, id = job.model, input = job.input, failure] {
                    Q_EMIT analysisFailed(id, input, failure);
                });
            }
            return nullptr;
        }
        {
            const std::lock_guard lock(mutex_);
            if (wanted_.input == job.input) {
                wanted_.models.clear();
            }
        }
        post([this, input = job.input, failure] { Q_EMIT inputFailed(input, failure); });
        return nullptr;
    }
}

void JobRunner::carryOut(const AnalysisJob& job) {
    const auto model = models_.find(job.model);
    Decoded* decoded = model == models_.end() ? nullptr : readInput(job);
    if (decoded == nullptr) {
        return;
    }
    try {
        const Task work =
            task({.kind = JobProgress::Kind::Analysis, .model = job.model, .stage = {}});
        work.report(0.0, {});
        const auto start = Clock::now();
        const PreparedInput image = engine_.prepare(decoded->data, model->second->summary(), work);
        const StageTimes times{decoded->decode_ms, millisecondsSince(start)};
        const auto results = model->second->analyze({image}, job.options, work);
        const Analysis analysis{
            results.at(0), decoded->stamp, times, cloudUnder(*decoded, *results[0], work),
            job.reading};
        post([this, id = job.model, input = job.input, analysis] {
            Q_EMIT analysed(id, input, analysis);
        });
    } catch (...) {
        const Failure failure = failureOf(std::current_exception());
        if (failure.code != ErrorCode::Interrupted || wasCancelled()) {
            post([this, id = job.model, input = job.input, failure] {
                Q_EMIT analysisFailed(id, input, failure);
            });
        }
    }
}

CloudUnder JobRunner::cloudUnder(Decoded& decoded, const AnalysisResult& result, const Task& task) {
    if (result.centers.values.empty()) {
        return {};
    }
    if (!decoded.shape) {
        const std::shared_ptr<const PointCloud> cloud = cloudIn(decoded.data);
        // A tensor's points are in the unit sphere already.
        const bool is_tensor = std::holds_alternative<Array>(decoded.data);
        decoded.shape = std::make_shared<const CloudShape>(
            shapeOf(cloud, is_tensor ? UnitSphere{} : unitSphereOf(cloud->positions)));
    }
    for (const auto& known : decoded.weights) {
        if (known->centers == result.centers) {
            return {decoded.shape, known};
        }
    }
    decoded.weights.push_back(std::make_shared<const GroupWeights>(
        weighGroups(*decoded.shape->cloud, decoded.shape->sphere, result.centers, task)));
    return {decoded.shape, decoded.weights.back()};
}

void JobRunner::carryOut(const WriteJob& job) {
    QStringList files;
    try {
        const Task work = task({.kind = JobProgress::Kind::Write, .model = {}, .stage = {}});
        for (const WriteRequest& request : job) {
            const auto model = models_.find(request.model);
            if (model == models_.end()) {
                throw Error(
                    ErrorCode::Usage, "the model was removed before its maps were written: " +
                                          request.file.spec.path.string());
            }
            requireUnchanged(request.file);
            const double share = 1.0 / double(job.size());
            const Task part = partOf(work, double(files.size()) * share, share);
            part.checkStop();
            const auto file = engine_.write(*model->second, request.file, part);
            files << QFile::decodeName(file.c_str());
        }
        post([this, files] { Q_EMIT written(files); });
    } catch (...) {
        Failure failure = failureOf(std::current_exception());
        if (!files.isEmpty()) {
            failure.message += tr(" (%1 of %2 are written)").arg(files.size()).arg(job.size());
        }
        post([this, failure] { Q_EMIT writeFailed(failure); });
    }
}

} // namespace vitreous
