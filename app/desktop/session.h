#pragma once

#include <map>
#include <optional>
#include <vector>

#include <QObject>
#include <QStringList>

#include "app/desktop/format_registry.h"
#include "app/desktop/input_list.h"
#include "app/desktop/job_runner.h"
#include "app/desktop/model_list.h"
#include "app/desktop/thumbnail_loader.h"
#include "widgets/grid_scene.h"

namespace vitreous {

/// What is open and how it is shown: the one state that all views read and write. Work goes to the
/// job runner; what comes back arrives as signals here.
class Session final : public QObject {
    Q_OBJECT

public:
    explicit Session(Engine engine, QObject* parent = nullptr);

    [[nodiscard]] ModelList& models() { return models_; }
    [[nodiscard]] InputList& inputs() { return inputs_; }
    [[nodiscard]] std::optional<InputId> currentInput() const { return current_; }
    [[nodiscard]] const ViewState& view() const { return view_; }
    [[nodiscard]] const DeviceSpec& device() const { return device_; }

    /// Opens files, folders and model arguments in any order. What cannot be placed is told by
    /// noticed().
    void open(const QStringList& arguments);
    void addModel(ModelSpec spec);
    void addInput(const std::filesystem::path& path);
    void removeModel(ModelId id);
    void removeInput(InputId id);
    void setCurrentInput(InputId id);
    void setView(const ViewState& view);
    /// Where models run; loads those that are open again.
    void setDevice(const DeviceSpec& device);
    /// Loads a model again with another spec, in the same place.
    void reloadModel(ModelId id, ModelSpec spec);
    /// Stops all work.
    void cancel();
    /// Loads what failed or was cancelled again and repeats the analysis of the current input.
    void runAgain();
    /// Writes the arrays of all rows that have maps into the directory.
    void exportData(const std::filesystem::path& directory);

    /// The rows of the grid for the current input.
    [[nodiscard]] std::vector<GridRow> rows() const;
    [[nodiscard]] bool hasMaps() const;
    /// The most heads that an attention layer of the open models has; 0 without models.
    [[nodiscard]] int headCount() const;
    /// Nothing is loading, running, being read or written.
    [[nodiscard]] bool isIdle() const;
    /// Everything that could not be opened or used so far, of what is still there.
    [[nodiscard]] std::vector<Failure> failures() const;

Q_SIGNALS:
    void rowsChanged();
    void viewChanged();
    void currentInputChanged();
    void deviceChanged();
    /// text: what is being done; empty when nothing is.
    void progressChanged(const QString& text, double fraction);
    void becameIdle();
    /// Something that is to be said in the window.
    void noticed(const QString& text, bool is_error);
    void written(const QStringList& files);

private:
    using ResultKey = std::pair<ModelId, InputId>;

    void connectRunner();
    void onLoaded(ModelId id, const LoadedModel& loaded);
    void onAnalysed(ModelId model, InputId input, const ResultPointer& result);
    void onInputFailed(InputId input, const Failure& failure);
    void onProgress(const JobProgress& progress);
    /// A head that no open model has gives way to the last one that there is.
    void keepHeadInRange();
    /// Where the current input fails and nobody chose it, another takes its place.
    void showReadableInput();
    void checkIdle();
    void requestAnalysis();
    void updatePredictions();
    [[nodiscard]] std::string distinctLabel(const ModelSpec& spec, std::optional<ModelId> own);
    [[nodiscard]] QColor nextChip() const;
    [[nodiscard]] GridRow rowOf(const ModelItem& item) const;
    void forget(ModelId id);

    ModelList models_;
    InputList inputs_;
    ViewState view_;
    DeviceSpec device_;
    std::optional<InputId> current_;
    bool is_current_chosen_ = false; ///< by the user; else by the order of files
    std::map<ResultKey, ResultPointer> results_;
    std::map<ResultKey, Failure> analysis_failures_;
    std::vector<ResultKey> recent_; ///< of results_, the oldest first
    std::vector<Failure> problems_; ///< of files that could not be placed
    std::size_t next_id_ = 0;
    ThumbnailLoader thumbnails_;
    JobRunner runner_;
};

} // namespace vitreous
