#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include <QObject>
#include <QStringList>

#include "app/desktop/engine.h"
#include "app/desktop/failure.h"
#include "app/desktop/ids.h"
#include "widgets/grid_scene.h"

namespace vitreous {

using ResultPointer = std::shared_ptr<const AnalysisResult>;

/// What is to be known of a model that was loaded.
struct LoadedModel {
    std::shared_ptr<const ModelSummary> summary;
    QString device;
    Precision precision = Precision::Float32;
    ModelStamp stamp;
};

/// Maps, and the input's file as it was when they were made from it.
struct Analysis {
    ResultPointer result;
    FileStamp input;
    StageTimes times = {};
    CloudUnder cloud = {};     ///< where the input is one of points
    std::uint64_t reading = 0; ///< as in the request
};

/// One input for some models: the newest request replaces the one before.
struct AnalysisRequest {
    InputId input;
    std::filesystem::path path;
    std::vector<ModelId> models;
    AnalysisOptions options;
    std::uint64_t reading = 0; ///< another number than before: the input is read again
    MeshSampling mesh = MeshSampling::Vertices;
};

/// Frames of a video, in a model's form.
struct FramesRequest {
    std::uint64_t number = 0; ///< to tell requests apart
    ModelId model;
    std::vector<FrameIndex> frames;
    bool is_clip = false; ///< the frames are one input together, else each is one
    std::shared_ptr<const std::vector<PreparedInput>> prepared;
    AnalysisOptions options;
};

/// The maps of each of those frames, without the inputs they were made from.
struct FramesAnalysis {
    std::uint64_t number = 0;
    ModelId model;
    std::vector<FrameIndex> frames;
    std::vector<ResultPointer> results;
    /// Of a clip, where they were to be kept: its tokens run over all its frames.
    std::shared_ptr<const AttentionInputs> clip_attention;
};

/// A result to be written, and the model that made it.
struct WriteRequest {
    ModelId model;
    ResultFile file;
};

/// Files to be made of a video, by models that are loaded.
struct VideoWriteRequest {
    std::vector<ModelId> models;    ///< as in the order
    std::vector<ModelStamp> stamps; ///< of their files when they were loaded
    VideoOrder order;
};

/// How far the work at hand is.
struct JobProgress {
    enum class Kind { Load, Read, Analysis, Write };
    Kind kind = Kind::Load;
    ModelId model;
    double fraction = 0.0;
    QString stage;
};

/// Owns the inference thread, and through it the models. Takes snapshots, gives results as signals
/// on its own (the GUI's) thread. Analyses of models that are ready go before loading others.
class JobRunner final : public QObject {
    Q_OBJECT

public:
    explicit JobRunner(Engine engine, QObject* parent = nullptr);
    ~JobRunner() override;
    JobRunner(const JobRunner&) = delete;
    JobRunner& operator=(const JobRunner&) = delete;

    void load(ModelId id, const ModelSpec& spec, const DeviceSpec& device);
    /// Forgets a model, loading or loaded.
    void unload(ModelId id);
    /// Replaces the analysis that was asked for before; work on what is not wanted any more stops.
    void analyze(AnalysisRequest request);
    void write(std::vector<WriteRequest> requests);
    /// Runs the models over a whole video and writes what is ordered.
    void writeVideo(VideoWriteRequest request);
    [[nodiscard]] bool isWritingVideo();
    /// Stops the videos that are being written; what else is asked for goes on.
    void cancelVideo();
    /// Analyses frames behind all else, in the order they were asked for.
    void analyzeFrames(FramesRequest request);
    /// Forgets all frames, and stops those that are being analysed; they are not answered.
    void dropFrames();
    /// The same of those requests alone.
    void dropFrames(const std::set<std::uint64_t>& numbers);
    /// Forgets the frames that are not begun: the number and model of each request.
    std::vector<std::pair<std::uint64_t, ModelId>> dropWaitingFrames();
    /// Stops everything; what was dropped fails with ErrorCode::Interrupted.
    void cancel();

    /// True until everything asked for was answered by a signal.
    [[nodiscard]] bool isBusy() const { return busy_; }

Q_SIGNALS:
    void busyChanged(bool busy);
    void progressed(const vitreous::JobProgress& progress);
    void loaded(vitreous::ModelId id, const vitreous::LoadedModel& model);
    void loadFailed(vitreous::ModelId id, const vitreous::Failure& failure);
    void
    analysed(vitreous::ModelId model, vitreous::InputId input, const vitreous::Analysis& analysis);
    void analysisFailed(
        vitreous::ModelId model,
        vitreous::InputId input,
        const vitreous::Failure& failure);
    /// loss: what of the video could not be read, one line; empty: nothing.
    void videoWritten(const QStringList& files, const QString& loss);
    void framesAnalysed(const vitreous::FramesAnalysis& analysis);
    void
    framesFailed(std::uint64_t number, vitreous::ModelId model, const vitreous::Failure& failure);
    /// The input itself cannot be read.
    void inputFailed(vitreous::InputId input, const vitreous::Failure& failure);
    void written(const QStringList& files);
    void writeFailed(const vitreous::Failure& failure);

private:
    struct LoadJob {
        ModelId id;
        ModelSpec spec;
        DeviceSpec device;
    };
    struct UnloadJob {
        ModelId id;
    };
    struct AnalysisJob {
        ModelId model;
        InputId input;
        std::filesystem::path path;
        AnalysisOptions options;
        std::uint64_t reading = 0;
        MeshSampling mesh = MeshSampling::Vertices;
    };
    /// An input as it was read last.
    struct Decoded {
        InputId id;
        std::uint64_t reading = 0;
        FileStamp stamp;
        InputData data;
        double decode_ms = 0.0;
        std::shared_ptr<const CloudShape> shape{}; ///< of a cloud that a model was run on
        /// One for each way to group it that was met.
        std::vector<std::shared_ptr<const GroupWeights>> weights{};
    };
    using WriteJob = std::vector<WriteRequest>;
    using Job = std::variant<
        std::monostate,
        UnloadJob,
        WriteJob,
        AnalysisJob,
        LoadJob,
        FramesRequest,
        VideoWriteRequest>;

    void run(const std::stop_token& stop);
    Job take();
    /// The next analysis, model to load or frames.
    Job takeUrgent();
    void carryOut(const UnloadJob& job);
    void carryOut(const WriteJob& job);
    void carryOut(const AnalysisJob& job);
    void carryOut(const LoadJob& job);
    void carryOut(const FramesRequest& job);
    void carryOut(const VideoWriteRequest& job);
    void carryOut(std::monostate) {}
    /// Does what was asked for in the window while a long job is running.
    void carryOutUrgent();
    /// There is something to be done.
    [[nodiscard]] bool hasWork() const;
    [[nodiscard]] Decoded* readInput(const AnalysisJob& job);
    /// How the result's groups reach the points of its input.
    static CloudUnder cloudUnder(Decoded& decoded, const AnalysisResult& result, const Task& task);
    [[nodiscard]] Task task(JobProgress progress);
    /// True where an interrupted job is to be told about.
    bool wasCancelled();
    /// Has the GUI thread call a function.
    template <typename Function>
    void post(Function function) {
        QMetaObject::invokeMethod(this, std::move(function), Qt::QueuedConnection);
    }
    void notify();
    /// Takes note that the answers of so many jobs have arrived.
    void settle(std::uint64_t answered);
    void updateBusy();

    Engine engine_;
    bool busy_ = false;          ///< GUI thread only
    std::uint64_t answered_ = 0; ///< jobs whose answers the GUI thread has seen; its own

    std::mutex mutex_; ///< guards what follows, down to the blank line
    std::condition_variable_any wake_;
    std::deque<LoadJob> loads_;
    std::deque<UnloadJob> unloads_;
    std::deque<WriteJob> writes_;
    std::deque<FramesRequest> frames_;
    std::deque<VideoWriteRequest> video_writes_;
    AnalysisRequest wanted_;
    Job running_;
    std::stop_source running_stop_;
    std::stop_source video_stop_; ///< of a video that is being written
    bool is_writing_video_ = false;
    bool cancelled_ = false;
    std::uint64_t finished_ = 0; ///< jobs that the inference thread is done with

    // The inference thread's own.
    std::map<ModelId, std::shared_ptr<Model>> models_;
    std::optional<Decoded> decoded_;

    std::jthread thread_; ///< last: it uses all of the above
};

} // namespace vitreous
