#pragma once

#include <deque>
#include <optional>
#include <set>
#include <vector>

#include <QElapsedTimer>
#include <QObject>
#include <QStringList>

#include "app/desktop/attention_memo.h"
#include "app/desktop/format_registry.h"
#include "app/desktop/input_list.h"
#include "app/desktop/job_runner.h"
#include "app/desktop/mask_reader.h"
#include "app/desktop/model_list.h"
#include "app/desktop/result_cache.h"
#include "app/desktop/session_state.h"
#include "app/desktop/session_writer.h"
#include "app/desktop/thumbnail_loader.h"
#include "app/desktop/video_work.h"
#include "app/desktop/view_history.h"
#include "widgets/grid_scene.h"

namespace vitreous {

/// Which inputs are read beside the current one.
enum class InputReading { All, InView };

/// What is open and how it is shown: the one state that all views read and write. Work goes to the
/// job runner; what comes back arrives as signals here.
class Session final : public QObject {
    Q_OBJECT

public:
    explicit Session(Engine engine, QObject* parent = nullptr);

    [[nodiscard]] ModelList& models() { return models_; }
    [[nodiscard]] const ModelList& models() const { return models_; }
    [[nodiscard]] InputList& inputs() { return inputs_; }
    [[nodiscard]] std::optional<InputId> currentInput() const { return current_; }
    [[nodiscard]] const ViewState& view() const { return view_; }
    [[nodiscard]] const DeviceSpec& device() const { return device_; }
    [[nodiscard]] const ResultCache& results() const { return results_; }

    /// Opens files, folders and model arguments in any order and shows the first input of them
    /// that can be read. What cannot be placed is told by noticed().
    void open(const QStringList& arguments);
    /// Opens the demo comparison and shows the first of its inputs (at least one). Where nothing
    /// else is open and until a demo model is given other options, its models give way to the first
    /// models opened, its inputs to the first inputs; so does another demo.
    void openDemo(const std::vector<ModelSpec>& models, const std::vector<CaptionedInput>& inputs);
    /// Takes these models in the place of the demo's, where those give way and nothing else is
    /// loaded.
    void exchangeDemoModels(const std::vector<ModelSpec>& models);
    void removeModel(ModelId id);
    /// Takes a model one row further up; differences are from the first one.
    void moveModelUp(ModelId id);
    void removeInput(InputId id);
    /// Shows an input, as one step of the history.
    void setCurrentInput(InputId id);
    /// Which inputs are read; all of them until this is called.
    void setReading(InputReading reading);
    /// The inputs that a list shows now, in its order. Those that have come into view are read
    /// first; what has left it and is not begun is not read.
    void setInputsInView(const std::vector<InputId>& ids);
    /// Chooses the mask of the current input; empty: the one beside it again.
    void setMask(const std::filesystem::path& mask);
    /// Changes the view, as one step of the history.
    void setView(const ViewState& view, ViewChange change = ViewChange::Step);
    /// The view that the history begins with.
    void startWithView(const ViewState& view);
    /// To undo and redo what setView did.
    [[nodiscard]] QUndoStack& history() { return history_.steps(); }
    /// One step of the history that shows something else; steps to what was removed are none.
    void undo();
    void redo();
    /// What is open and how it is shown, as a value.
    [[nodiscard]] SessionState state() const;
    /// Puts a state in the place of all that is open; with it the history begins anew. files: what
    /// was known of its files when it was saved; those that are missing or have changed are told.
    void restore(const SessionState& state, const KnownFiles& files);
    /// What was known of the files when the session was saved.
    [[nodiscard]] const KnownFiles& knownFiles() const { return known_files_; }
    /// Writes the session; the answer is saved() or saveFailed() with the number returned.
    std::uint64_t save(const std::filesystem::path& path);
    /// Takes a row's file from another place, and with it all that is missing and lies there in the
    /// same place relative to it.
    void locateModel(ModelId id, const std::filesystem::path& found);
    void locateInput(InputId id, const std::filesystem::path& found);
    /// Takes note of something that could not be opened, and says it.
    void addProblem(const Failure& failure);
    /// Where models run; loads those that are open again.
    void setDevice(const DeviceSpec& device);
    /// Loads a model again with another spec, in the same place.
    void reloadModel(ModelId id, ModelSpec spec);
    /// Which points of a mesh are taken; reads the current input again.
    void setMesh(MeshSampling mesh);
    [[nodiscard]] MeshSampling mesh() const { return mesh_; }
    /// Stops all work.
    void cancel();
    /// Loads what failed, was cancelled or has changed again; reads the current input again and
    /// repeats its analysis.
    void runAgain();
    /// Writes the arrays of all rows that have maps into the directory. Replaces files.
    void exportData(const std::filesystem::path& directory);
    /// How much memory results may take; those above it go at once, the current input's stay.
    void setCacheLimit(std::uint64_t bytes);
    /// What all results take in memory.
    [[nodiscard]] std::uint64_t resultBytes() const;
    /// Begins to write the current video's maps: a video, a folder of pictures or arrays, as the
    /// path says. look: how pages look.
    void exportVideo(const std::filesystem::path& path, const VideoLook& look);
    /// Pages as the scene shows the maps.
    [[nodiscard]] VideoLook videoLook(const GridScene& scene) const;
    /// Frames a second that the video shows of those that are analysed.
    [[nodiscard]] double shownRate() const;
    /// The files that exportVideo would replace; the path itself, which was asked for, is not told.
    [[nodiscard]] std::vector<std::filesystem::path> replacedVideoFiles(
        const std::filesystem::path& path) const;
    /// The files of the directory that exportData would replace.
    [[nodiscard]] std::vector<std::filesystem::path> replacedFiles(
        const std::filesystem::path& directory) const;

    /// The rows of the grid for the current input.
    [[nodiscard]] std::vector<GridRow> rows() const;
    [[nodiscard]] bool hasMaps() const;
    /// The result that is shown of a model: of a video, that of the frame that is looked at; null
    /// while there is none.
    [[nodiscard]] ResultPointer shownResult(ModelId id) const;

    /// The current input where it is a video that could be opened; else nullptr.
    [[nodiscard]] const InputItem* video() const;
    /// What is computed of it.
    [[nodiscard]] const VideoWork& videoWork() const { return video_; }
    /// The frame that is looked at, and when it is shown.
    [[nodiscard]] FrameIndex frame() const { return FrameIndex{view_.video.frame}; }
    [[nodiscard]] double timeOf(FrameIndex frame) const;
    /// The last of the frames that are analysed up to the one that is looked at.
    [[nodiscard]] FrameIndex shownFrame() const;
    /// The same of frames in order: never decreasing.
    [[nodiscard]] std::vector<double> timesOf(const std::vector<FrameIndex>& frames) const;
    /// The frame that is shown at a time.
    [[nodiscard]] FrameIndex frameAt(double time_secs) const;
    /// Looks at a frame, as a step of the history or the step before going on.
    void setFrame(FrameIndex frame, ViewChange change);
    /// Looks at a frame because its time has come: no step of the history.
    void playFrame(FrameIndex frame);
    [[nodiscard]] bool isPlaying() const { return is_playing_; }
    /// Nothing plays where there is no video.
    void setPlaying(bool is_playing);

    /// The current input's mask, on the tokens of the models that have maps of it.
    [[nodiscard]] const TokenMasks& masks() const { return masks_; }
    /// The most heads that an attention layer of the open models has; 0 without models.
    [[nodiscard]] int headCount() const;
    /// Some model is one of the demo comparison.
    [[nodiscard]] bool hasDemoModels() const;
    /// Nothing is loading, running, being read or written.
    [[nodiscard]] bool isIdle() const;
    /// Everything that could not be opened or used so far, of what is still there.
    [[nodiscard]] std::vector<Failure> failures() const;

Q_SIGNALS:
    void rowsChanged();
    void viewChanged();
    void currentInputChanged();
    void deviceChanged();
    void meshChanged();
    /// text: what is being done; empty when nothing is.
    void progressChanged(const QString& text, double fraction);
    void becameIdle();
    /// Something that is to be said in the window.
    void noticed(const QString& text, bool is_error);
    void written(const QStringList& files);
    /// The results take another amount of memory, or may.
    void cacheChanged();
    void masksChanged();
    /// Other frames of the current video are there, or it is another video.
    void videoChanged();
    void playingChanged();
    /// A session file is to be opened in the place of what is open.
    void sessionRequested(const QString& path);
    /// Files, folders and arguments were opened.
    void opened(const QStringList& arguments);
    void saved(const QString& path, std::uint64_t number);
    void saveFailed(std::uint64_t number);

private:
    /// How the current input came to be shown where nobody chose it.
    struct Opening {
        std::deque<InputId> order; ///< the ones to be shown, each where those before fail
        std::optional<InputId> chosen_before; ///< by the user: where all of them fail
    };

    // session_opening.cpp
    void addModel(ModelSpec spec, bool is_demo);
    std::vector<InputId> addInputs(const std::vector<std::filesystem::path>& paths);
    /// Lets one of these be shown, the first that can be read.
    void showOneOf(const std::vector<InputId>& ids);
    void removeDemoModels();
    /// All of these files are open.
    [[nodiscard]] bool hasModels(const std::vector<ModelSpec>& models) const;
    void removeDemoInputs(const std::vector<InputId>& opened);
    [[nodiscard]] bool isDemoOnly() const;
    [[nodiscard]] std::string distinctLabel(const ModelSpec& spec, std::optional<ModelId> own);
    [[nodiscard]] QColor nextChip() const;

    // session_answers.cpp
    void connectWork();
    void onLoaded(ModelId id, const LoadedModel& loaded);
    void onLoadFailed(ModelId id, const Failure& failure);
    void onAnalysed(ModelId model, InputId input, const Analysis& analysis);
    void onAnalysisFailed(ModelId model, InputId input, const Failure& failure);
    void onThumbnail(InputId id, const Thumbnail& thumbnail);
    void onInputFailed(InputId input, const Failure& failure);
    void onMasks(const TokenMasks& masks);
    void onWritten(const QStringList& files);
    void onProgress(const JobProgress& progress);
    /// A head that no open model has gives way to the last one that there is.
    void keepHeadInRange();
    /// Where the current input fails and nobody chose it, another takes its place.
    void showReadableInput();
    void checkIdle();

    // session_video.cpp
    void connectVideo();
    [[nodiscard]] static bool isVideo(const InputItem& input);
    /// Tells the video's work what is wanted now.
    void updateVideo();
    /// Parts the bound of memory between the maps of pictures and of videos.
    void shareMemory();
    /// Fills the row with a model's maps of the frame that is looked at; false where there are
    /// none.
    bool setFrameOf(GridRow& row, const ModelItem& item) const;
    [[nodiscard]] std::vector<FilmFrame> filmOf(ModelId id) const;

    // session_masks.cpp
    /// Asks for the mask where what is wanted has changed.
    void updateMask();

    // session_state.cpp
    void clear();
    void applyStep(const Shown& from, const Shown& to);
    void moveInHistory(void (QUndoStack::*move)(), bool (QUndoStack::*can_move)() const);

    // session_files.cpp
    void checkKnownFiles(const std::vector<std::filesystem::path>& paths);
    void locate(const std::filesystem::path& missing, const std::filesystem::path& found);
    void moveInput(InputId id, const std::filesystem::path& place);
    [[nodiscard]] static QString changedText(const std::vector<std::filesystem::path>& paths);
    /// The failure, or that its file is missing.
    [[nodiscard]] static Failure failureOfFile(
        const std::optional<std::filesystem::path>& missing,
        const Failure& failure);

    // session_export.cpp
    /// What exportVideo asks for, of the models that run on the video; none where there is no
    /// video.
    [[nodiscard]] VideoWriteRequest videoRequest(
        const std::filesystem::path& path,
        const VideoLook& look) const;
    /// What exportData writes of a video.
    [[nodiscard]] std::filesystem::path videoArrays(const std::filesystem::path& directory) const;
    [[nodiscard]] std::vector<WriteRequest> writeRequests(
        const std::filesystem::path& directory) const;

    [[nodiscard]] const InputItem* current() const;
    void applyView(const ViewState& view);
    void setCurrent(std::optional<InputId> id);
    /// frame: of a video, that is looked at first; else the one that was looked at last.
    void show(InputId id, std::optional<std::size_t> frame = {});

    // session_reading.cpp
    void requestThumbnail(InputId id, ThumbnailLoader::Turn turn = ThumbnailLoader::Turn::Last);
    void readCurrent();
    [[nodiscard]] bool isToBeRead(const InputItem& item) const;

    void requestAnalysis();
    void updatePredictions();
    [[nodiscard]] GridRow rowOf(const ModelItem& item) const;
    /// Why a model is not run on an input: it takes the other kind. Empty where it may be.
    [[nodiscard]] static QString misfitOf(const ModelItem& model, const InputItem& input);
    /// The pinned token's, where the view shows it.
    [[nodiscard]] std::shared_ptr<const AttentionMaps> attentionOf(
        const ResultPointer& result,
        const ClipAttention& clip = {}) const;
    void forget(ModelId id);

    ModelList models_;
    InputList inputs_;
    ViewState view_;
    ViewHistory history_;
    DeviceSpec device_;
    MeshSampling mesh_ = MeshSampling::Vertices;
    std::optional<InputId> current_;
    InputReading reading_inputs_ = InputReading::All;
    std::vector<InputId> in_view_;   ///< where those in view are read
    std::optional<Opening> opening_; ///< nothing: the user chose the current input
    ResultCache results_;
    mutable AttentionMemo attention_;
    std::vector<Failure> problems_; ///< of files that could not be placed
    std::size_t next_id_ = 0;
    std::uint64_t reading_ = 0;   ///< counts how often inputs are to be read again
    int thumbnails_wanted_ = 0;   ///< since the last pause
    QElapsedTimer reading_shown_; ///< since progress in reading inputs was last told
    bool demo_gives_way_ = false;
    MaskRequest mask_request_;
    TokenMasks masks_;
    MaskReader mask_reader_;
    bool is_replacing_ = false; ///< inputs are being removed
    KnownFiles known_files_;
    std::set<std::uint64_t> checks_; ///< of the session's files, as the writer numbers them
    SessionWriter writer_;
    ThumbnailLoader thumbnails_;
    JobRunner runner_;
    VideoWork video_;
    bool is_playing_ = false;
};

/// The file of a spec that is not there: its checkpoint, else its LLM.
std::optional<std::filesystem::path> missingFile(const ModelSpec& spec);
/// The file of an input that is not there: itself, else the mask that was chosen for it.
std::optional<std::filesystem::path> missingFile(const InputItem& input);

} // namespace vitreous
