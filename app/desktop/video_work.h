#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include <QObject>

#include "app/desktop/frame_source.h"
#include "app/desktop/ids.h"
#include "app/desktop/job_runner.h"
#include "app/desktop/video_results.h"
#include "core/video/video_plan.h"

namespace vitreous {

/// What the tokens of a clip attend to, and the step of time that is looked at.
struct ClipAttention {
    std::shared_ptr<const AttentionInputs> inputs; ///< null: not of a clip, or not known
    std::int64_t step = 0;
};

/// A video, and what is to be computed of it.
struct VideoTarget {
    struct RunModel {
        ModelId id;
        std::shared_ptr<const ModelSummary> summary;

        friend bool operator==(const RunModel&, const RunModel&) = default;
    };
    InputId input;
    std::filesystem::path path;
    std::uint64_t reading = 0; ///< another number than before: the file is read again
    std::int64_t frames = 0;   ///< of the whole video
    std::vector<RunModel> models;
    VideoSampling sampling;
    bool frames_apart = false;    ///< AnalysisOptions::frames_apart
    bool keeps_attention = false; ///< any token's attention is wanted at the current frame
    int film_columns = 0;         ///< frames of the filmstrip; 0: it is not shown

    friend bool operator==(const VideoTarget&, const VideoTarget&) = default;
};

/// Decides which frames of the current video are computed next, has them decoded and run, and keeps
/// their maps. Work goes on from the current frame and those of the filmstrip; where the current
/// one moves, so does the work. Within the bound of memory: of a longer video only what comes next
/// is computed, of the videos that are not looked at what room there is stays.
class VideoWork final : public QObject {
    Q_OBJECT

public:
    explicit VideoWork(JobRunner& runner, QObject* parent = nullptr);

    /// What is wanted from now on, and the frame that is looked at; nothing: the input is no video.
    void setTarget(std::optional<VideoTarget> target, FrameIndex current);
    [[nodiscard]] const std::optional<VideoTarget>& target() const { return target_; }
    void setLimit(std::uint64_t bytes);
    /// The frame after the current one is about to be looked at: its tokens' attention is wanted
    /// too.
    void setLookingAhead(bool looks_ahead);
    /// Stops the work until resume() or another video.
    void cancel();
    void resume();
    void forget(ModelId model);
    void forget(InputId input);

    /// The frames that some model is run on, in order; without models those that would be.
    [[nodiscard]] const std::vector<FrameIndex>& frames() const { return shown_; }
    /// The last of a model's frames up to that one: what it says of it.
    [[nodiscard]] std::optional<FrameIndex> frameFor(ModelId model, FrameIndex frame) const;
    /// All frames that a model is run on.
    [[nodiscard]] const std::vector<FrameIndex>& framesOf(ModelId model) const;
    /// The frames of the filmstrip, in order.
    [[nodiscard]] const std::vector<FrameIndex>& film() const { return film_; }
    [[nodiscard]] const VideoResults& results() const;
    /// Another number whenever results or frames are others.
    [[nodiscard]] std::uint64_t version() const { return version_; }
    /// Of a clip model, where it was kept for the clip that the frame is in.
    [[nodiscard]] ClipAttention attentionOf(ModelId model, FrameIndex frame) const;
    /// Seconds from the start; nothing until the frame was read.
    [[nodiscard]] std::optional<double> timeOf(FrameIndex frame) const;
    /// Every model has its maps of the frame.
    [[nodiscard]] bool isComputed(FrameIndex frame) const;
    /// All that is wanted of the frame is there or never will be: maps, and where that is wanted
    /// any token's attention.
    [[nodiscard]] bool isShowable(FrameIndex frame) const;
    /// The model has its maps of all frames that it is run on.
    [[nodiscard]] bool hasAllFrames(ModelId model) const;
    /// Why the model's maps of the frame will not come.
    [[nodiscard]] std::optional<Failure> problemOf(ModelId model, FrameIndex frame) const;
    /// Why maps of any video are missing, once for each video and model.
    [[nodiscard]] std::vector<Failure> failures() const;
    [[nodiscard]] bool isBusy() const { return !in_flight_.empty(); }
    [[nodiscard]] bool isStopped() const { return is_stopped_; }
    [[nodiscard]] std::uint64_t bytes() const;
    /// What of the video cannot be read, one line; empty: nothing that is known.
    [[nodiscard]] QString loss() const;
    /// What part of the work there is has been done, 0..1.
    [[nodiscard]] double fraction() const;

Q_SIGNALS:
    /// Maps of frames have come, or the frames are others.
    void changed();
    void busyChanged();
    void
    modelFailed(vitreous::ModelId model, vitreous::InputId input, const vitreous::Failure& failure);
    void inputFailed(vitreous::InputId input, const vitreous::Failure& failure);
    /// Some of a model's maps will not come, told once.
    void framesFailed(
        vitreous::ModelId model,
        vitreous::InputId input,
        const vitreous::Failure& failure);
    /// Something went wrong that costs no maps.
    void noticed(const vitreous::Failure& failure);
    /// Some of the video cannot be read.
    void lost(vitreous::InputId input, const QString& text);
    /// It is now sure how many frames the video has.
    void counted(vitreous::InputId input, qint64 frames);

private:
    /// Models that are run on the same frames.
    struct Group {
        int clip_frames = 0; ///< 0: image models
        std::vector<VideoTarget::RunModel> models;
        VideoPlan plan;
        std::vector<FrameIndex> frames{}; ///< of the plan, in order
        std::vector<FrameIndex> film{};   ///< of these, that the filmstrip shows
        std::set<std::size_t> open{};     ///< parts that may lack maps
    };
    /// Frames on their way.
    struct Chunk {
        InputId input;
        std::vector<FrameIndex> frames{};
        bool is_clip = false;
        bool keeps_attention = false;
        std::vector<VideoTarget::RunModel> models{}; ///< not answered yet
        std::vector<PreprocessSpec> specs{};
        double decode_ms = 0.0; ///< a frame
        double prepare_ms = 0.0;
        bool is_prepared = false;
    };
    /// Frames that went through a model together and whose queries and keys are kept: those of a
    /// frame in its result.
    struct Detail {
        std::vector<FrameIndex> frames;
        bool is_clip = false;
        std::shared_ptr<const AttentionInputs> inputs{}; ///< of a clip; null: they did not come
    };
    /// What is known of a video.
    struct Video {
        std::uint64_t reading = 0;
        VideoResults results;
        std::map<FrameIndex, double> times_secs;
        std::set<FrameIndex> unreadable;
        std::map<ModelId, std::vector<Detail>> details;
        std::map<ModelId, std::map<FrameIndex, Failure>> failed; ///< frames whose maps did not come
        std::set<ModelId> undetailed;  ///< that queries and keys did not come of, which was told
        std::optional<Failure> broken; ///< why no more of it can be read
        VideoSampling sampling;        ///< that clips were chosen with
        std::int64_t frames = 0;       ///< of the whole video, when they were
        std::size_t choice = 0;        ///< counts how often frames were chosen anew
        QString loss;
    };

    // video_answers.cpp
    void onSourceFailed(std::uint64_t number, const Failure& failure);
    void onReady(const FramesReady& frames);
    /// Sends a prepared chunk to its models.
    void run(const Chunk& chunk, const FramesReady& frames);
    void onAnalysed(const FramesAnalysis& analysis);
    void onFailed(std::uint64_t number, ModelId model, const Failure& failure);
    /// Takes note that a chunk's maps will not come.
    void giveUp(const Chunk& chunk, ModelId model, const Failure& failure);

    void plan();
    /// Chooses the frames of the filmstrip.
    void planFilm();
    void advance();
    /// Another frame is looked at.
    void setCurrent(FrameIndex frame);
    /// Lets go of what is known of the video and does not hold for the target.
    void refreshVideo();
    /// Lets go of what clip models said of any video.
    void forgetClips();

    // video_memory.cpp
    /// Lets go of the queries and keys of a frame.
    static void lighten(Video& video, ModelId model, FrameIndex frame);
    /// Lets go of queries and keys that are not wanted any more.
    void tidyDetails();
    static void dropDetails(Video& video);
    [[nodiscard]] std::uint64_t clipBytes() const;
    /// True where maps had to go.
    bool makeRoom();
    bool makeRoomOfOthers();

    // video_planning.cpp
    [[nodiscard]] std::optional<Chunk> nextChunk();
    [[nodiscard]] std::optional<Chunk> detailChunk() const;
    /// A part of a group's frames that some models lack, and when its first missing frame has its
    /// turn.
    struct Need {
        std::size_t turn = 0;
        std::size_t part = 0;
        std::vector<VideoTarget::RunModel> models;
    };
    /// What a group lacks that is not on its way and whose turn is before `most`; of that, what has
    /// its turn first. Closes the parts that are found to lack nothing.
    [[nodiscard]] std::optional<Need> nextNeed(Group& group, std::size_t most) const;
    [[nodiscard]] std::optional<Need> needOf(const Group& group, std::size_t part, std::size_t most)
        const;
    /// A model of the group lacks maps of the part.
    [[nodiscard]] bool isLacking(const Group& group, std::size_t part) const;
    [[nodiscard]] bool lacks(ModelId model, FrameIndex frame) const;
    [[nodiscard]] bool isFailed(ModelId model, FrameIndex frame) const;
    /// When a group's frame has its turn: 0 for the one that is shown now.
    [[nodiscard]] std::size_t turnFor(const Group& group, FrameIndex frame) const;
    /// The group's last frame up to that one.
    [[nodiscard]] static std::optional<FrameIndex> ownFrame(const Group& group, FrameIndex frame);
    /// The first part that a frame of the group is in.
    [[nodiscard]] static std::optional<std::size_t> partWith(const Group& group, FrameIndex frame);
    /// The frames that go through the model together with the one that is shown now.
    [[nodiscard]] std::vector<FrameIndex> currentPart(const Group& group) const;
    [[nodiscard]] bool isOnTheWay(ModelId model, const std::vector<FrameIndex>& frames) const;
    /// The frames at which any token's attention is wanted, in order of their turn.
    [[nodiscard]] std::vector<FrameIndex> detailedFrames() const;
    [[nodiscard]] const Detail* detailOf(ModelId model, FrameIndex frame) const;
    /// What is wanted of the current frame is there, on its way or will not come.
    [[nodiscard]] bool isComing() const;
    [[nodiscard]] bool isDetailComing(ModelId model, FrameIndex frame) const;
    void start(Chunk chunk);
    /// The chunk brings maps of these frames to the model.
    [[nodiscard]] static bool
    brings(const Chunk& chunk, ModelId model, const std::vector<FrameIndex>& frames);
    /// Takes back what has not begun.
    void dropWaiting();
    void dropAll();
    void settle(std::uint64_t number, ModelId model);
    /// How many of the frames that are shown the bound of memory holds with all models' maps.
    [[nodiscard]] std::size_t capacity() const;
    [[nodiscard]] Video& video() { return videos_[target_->input]; }
    [[nodiscard]] const Video* known() const;
    [[nodiscard]] const Group* groupOf(ModelId model) const;
    [[nodiscard]] bool isUnreadable(FrameIndex frame) const;
    /// How many of a model's frames have maps.
    [[nodiscard]] std::size_t countOf(ModelId model) const;

    JobRunner& runner_;
    FrameSource source_;
    std::optional<VideoTarget> target_;
    FrameIndex current_;
    std::vector<Group> groups_;
    std::vector<FrameIndex> shown_;
    std::vector<FrameIndex> film_;
    std::set<ModelId> clip_models_; ///< of all that were run
    std::map<InputId, Video> videos_;
    std::map<std::uint64_t, Chunk> in_flight_;
    std::uint64_t next_number_ = 1;
    std::uint64_t version_ = 0;
    std::uint64_t limit_ = 0;
    bool frames_apart_ = false; ///< how all that is known of clips was computed
    bool looks_ahead_ = false;
    bool is_stopped_ = false;
};

} // namespace vitreous
