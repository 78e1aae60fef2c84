#include "app/desktop/session.h"

#include <algorithm>
#include <utility>

#include <QScopedValueRollback>

#include "app/desktop/view_change.h"
#include "widgets/cell_values.h"

namespace vitreous {

Session::Session(Engine engine, QObject* parent)
    : QObject(parent),
      history_([this](const Shown& from, const Shown& to) { applyStep(from, to); }),
      results_([this] { Q_EMIT cacheChanged(); }), mask_reader_(engine.read_mask),
      thumbnails_([read = engine.read](const std::filesystem::path& path, const Task& task) {
          // How a mesh is sampled does not show at that size.
          return read(path, MeshSampling::Vertices, task);
      }),
      runner_(std::move(engine)), video_(runner_) {
    connect(this, &Session::rowsChanged, this, &Session::keepHeadInRange);
    connectWork();
}

const InputItem* Session::current() const {
    return current_ ? inputs_.find(*current_) : nullptr;
}

void Session::forget(ModelId id) {
    results_.forget(id);
    video_.forget(id);
    runner_.unload(id);
}

void Session::removeModel(ModelId id) {
    if (models_.rowOf(id) < 0) {
        return;
    }
    forget(id);
    models_.remove(id);
    requestAnalysis();
    Q_EMIT rowsChanged();
}

void Session::moveModelUp(ModelId id) {
    models_.moveUp(id);
    Q_EMIT rowsChanged();
}

void Session::removeInput(InputId id) {
    const int row = inputs_.rowOf(id);
    if (row < 0) {
        return;
    }
    {
        // The list's view chooses another row at once.
        const QScopedValueRollback guard(is_replacing_, true);
        inputs_.remove(id);
    }
    results_.forget(id);
    video_.forget(id);
    thumbnails_.remove(id);
    if (current_ != id) {
        checkIdle();
        return;
    }
    setCurrent(std::nullopt);
    const int next = std::min(row, inputs_.rowCount() - 1);
    if (next >= 0) {
        opening_.reset();
        show(inputs_.items()[std::size_t(next)].id);
        return;
    }
    requestAnalysis();
    Q_EMIT currentInputChanged();
    Q_EMIT rowsChanged();
}

void Session::setCurrentInput(InputId id) {
    if (is_replacing_ || current_ == id || inputs_.rowOf(id) < 0) {
        return;
    }
    opening_.reset();
    const Shown before{view_, current_};
    show(id);
    if (before.input) {
        history_.add(before, {view_, current_}, ViewChange::Step);
    }
}

void Session::setCurrent(std::optional<InputId> id) {
    current_ = id;
    results_.setCurrent(id);
}

void Session::show(InputId id, std::optional<std::size_t> frame) {
    const InputItem* input = inputs_.find(id);
    if (current_ == id || input == nullptr) {
        return;
    }
    if (current_ && video() != nullptr) {
        inputs_.update(*current_, [this](InputItem& item) { item.frame = view_.video.frame; });
    }
    setCurrent(id);
    view_.video.frame = frame.value_or(inputs_.find(id)->frame);
    setPlaying(false);
    updateVideo();
    readCurrent();
    updatePredictions();
    Q_EMIT currentInputChanged();
    requestAnalysis();
    Q_EMIT rowsChanged();
}

void Session::applyView(const ViewState& view) {
    if (view != view_) {
        view_ = view;
        updateVideo();
        Q_EMIT viewChanged();
    }
}

void Session::setView(const ViewState& view, ViewChange change) {
    if (view != view_) {
        const ViewState before = std::exchange(view_, withRangeOfQuantity(view_, view, rows()));
        history_.add({before, current_}, {view_, current_}, change);
        updateVideo();
        Q_EMIT viewChanged();
    }
}

void Session::startWithView(const ViewState& view) {
    applyView(view);
    history_.steps().clear();
}

void Session::keepHeadInRange() {
    // Of a model that loads, or whose file is still to be found, it is not known how many there
    // will be.
    const bool are_known =
        std::all_of(models_.items().begin(), models_.items().end(), [](const ModelItem& item) {
            return item.state == ModelItem::State::Ready;
        });
    const int heads = headCount();
    if (view_.head && are_known && heads > 0 && view_.head->value >= std::size_t(heads)) {
        ViewState view = view_;
        view.head = HeadIndex{std::size_t(heads - 1)};
        applyView(view);
    }
}

void Session::setDevice(const DeviceSpec& device) {
    if (device == device_) {
        return;
    }
    device_ = device;
    Q_EMIT deviceChanged();
    const std::vector<ModelItem> items = models_.items();
    for (const ModelItem& item : items) {
        reloadModel(item.id, item.spec);
    }
}

void Session::setMesh(MeshSampling mesh) {
    if (mesh == mesh_) {
        return;
    }
    mesh_ = mesh;
    Q_EMIT meshChanged();
    // Other points make other maps.
    for (const InputItem& item : inputs_.items()) {
        if (kindOfInput(item.path) == InputKind::Points) {
            results_.forget(item.id);
        }
    }
    ++reading_;
    requestAnalysis();
    Q_EMIT rowsChanged();
}

void Session::reloadModel(ModelId id, ModelSpec spec) {
    if (models_.rowOf(id) < 0) {
        return;
    }
    forget(id);
    spec.path = absolutePath(spec.path);
    spec.llm = absolutePath(spec.llm);
    spec.label = distinctLabel(spec, id);
    if (models_.find(id)->spec != spec) {
        demo_gives_way_ = false;
    }
    const ModelId fresh{next_id_++};
    models_.update(id, [&](ModelItem& item) {
        ModelItem renewed;
        renewed.id = fresh;
        renewed.spec = spec;
        renewed.chip = item.chip;
        renewed.is_demo = item.is_demo;
        item = std::move(renewed);
    });
    runner_.load(fresh, spec, device_);
    Q_EMIT rowsChanged();
}

void Session::cancel() {
    if (runner_.isWritingVideo()) {
        // The maps go on.
        runner_.cancelVideo();
        return;
    }
    video_.cancel();
    setPlaying(false);
    runner_.cancel();
    thumbnails_.cancel();
    writer_.cancel();
    inputs_.updateAll([](InputItem& item) { item.is_reading = false; });
    checkIdle();
}

void Session::runAgain() {
    const std::vector<ModelItem> items = models_.items();
    for (const ModelItem& item : items) {
        const bool has_changed =
            item.state == ModelItem::State::Ready && stampOf(item.spec) != item.loaded.stamp;
        if (item.state == ModelItem::State::Failed || has_changed) {
            reloadModel(item.id, item.spec);
        }
    }
    std::vector<InputId> unread;
    for (const InputItem& item : inputs_.items()) {
        if (item.failure || (item.isUnread() && isToBeRead(item)) || item.id == current_) {
            unread.push_back(item.id);
        }
    }
    std::for_each(unread.begin(), unread.end(), [this](InputId id) { requestThumbnail(id); });
    if (current_) {
        results_.forget(*current_);
        ++reading_;
        video_.resume();
    }
    updatePredictions();
    requestAnalysis();
    Q_EMIT rowsChanged();
}

void Session::requestAnalysis() {
    AnalysisRequest request;
    const InputItem* input = current();
    updateVideo();
    if (input != nullptr && !input->failure && !isVideo(*input)) {
        request.input = input->id;
        request.path = input->path;
        request.reading = reading_;
        request.mesh = mesh_;
        // Any token's attention is then at hand without another pass.
        request.options.keep_attention = true;
        for (const ModelItem& item : models_.items()) {
            if (item.state == ModelItem::State::Ready && misfitOf(item, *input).isEmpty() &&
                results_.find(item.id, input->id) == nullptr &&
                results_.failure(item.id, input->id) == nullptr) {
                request.models.push_back(item.id);
            }
        }
    }
    runner_.analyze(std::move(request));
}

bool Session::isIdle() const {
    return !runner_.isBusy() && !writer_.isBusy() && thumbnails_.pending() == 0 &&
           !mask_reader_.isBusy() && !video_.isBusy();
}

bool Session::hasMaps() const {
    return current_ &&
           std::any_of(
               models_.items().begin(), models_.items().end(),
               [this](const ModelItem& item) { return shownResult(item.id) != nullptr; });
}

int Session::headCount() const {
    int heads = 0;
    for (const ModelItem& item : models_.items()) {
        if (item.state == ModelItem::State::Ready) {
            heads = std::max({heads, item.loaded.summary->heads, item.loaded.summary->llm_heads});
        }
    }
    return heads;
}

std::shared_ptr<const AttentionMaps> Session::attentionOf(
    const ResultPointer& result,
    const ClipAttention& clip) const {
    const bool is_shown = view_.map == MapKind::ClsAttention || view_.kind == GridKind::Heads;
    if (!is_shown || !hasTokenQuery(view_)) {
        return nullptr;
    }
    const TokenPlace& place = *view_.selection.pinned;
    const bool fits = result->rows == place.rows && result->columns == place.columns &&
                      place.is_group == !result->centers.values.empty();
    if (!fits) {
        return nullptr;
    }
    return clip.inputs ? attention_.of(clip.inputs, place.token, clip.step)
                       : attention_.of(result->attention_inputs, place.token);
}

QString Session::misfitOf(const ModelItem& model, const InputItem& input) {
    const bool takes_points = model.loaded.summary->grouping.has_value();
    InputKind kind = kindOfInput(input.path);
    if (input.isRead()) {
        // What a tensor is, its shape has told.
        kind = input.points > 0 ? InputKind::Points : InputKind::Picture;
    }
    if (input.video || kindOfInput(input.path) == InputKind::Video) {
        return takes_points ? tr("Takes point clouds; this input is a video.") : QString();
    }
    if (model.loaded.summary->frames > 0) {
        return kind == InputKind::Points ? tr("Takes videos; this input is a point cloud.")
                                         : tr("Takes videos; this input is a picture.");
    }
    if (kind == InputKind::Points && !takes_points) {
        return tr("Takes pictures; this input is a point cloud.");
    }
    return kind == InputKind::Picture && takes_points
               ? tr("Takes point clouds; this input is a picture.")
               : QString();
}

GridRow Session::rowOf(const ModelItem& item) const {
    GridRow row;
    row.label = QString::fromStdString(item.spec.label);
    row.chip = item.chip;
    const InputItem* input = current();
    if (item.state == ModelItem::State::Failed) {
        row.message = asSentence(item.failure.message);
    } else if (item.state == ModelItem::State::Loading) {
        row.message = tr("Loading…");
    } else if (input == nullptr) {
        row.message = tr("No input is open.");
    } else if (isVideo(*input) && setFrameOf(row, item)) {
        // There it is.
    } else if (const Analysis* analysis = results_.find(item.id, input->id)) {
        row.result = analysis->result;
        row.attention = attentionOf(analysis->result);
        row.times = analysis->times;
        row.cloud = analysis->cloud;
    } else if (input->failure) {
        row.message = tr("The input cannot be read.");
    } else if (const QString misfit = misfitOf(item, *input); !misfit.isEmpty()) {
        row.message = misfit;
    } else if (const Failure* failure = results_.failure(item.id, input->id)) {
        row.message = failure->code == ErrorCode::Interrupted ? tr("Cancelled. F5 runs it again.")
                                                              : asSentence(failure->message);
    } else if (const auto problem = video_.problemOf(item.id, frame())) {
        row.message = asSentence(problem->message);
    } else if (isVideo(*input) && (video_.isStopped() || input->isUnread())) {
        row.message = tr("Cancelled. F5 runs it again.");
    } else {
        row.message = tr("Computing…");
    }
    return row;
}

std::vector<GridRow> Session::rows() const {
    std::vector<GridRow> rows;
    rows.reserve(models_.items().size());
    for (const ModelItem& item : models_.items()) {
        rows.push_back(rowOf(item));
    }
    return rows;
}

void Session::updatePredictions() {
    const std::vector<ModelItem> items = models_.items();
    for (const ModelItem& item : items) {
        QString prediction;
        const ResultPointer found = shownResult(item.id);
        if (found && !found->logits.values.empty()) {
            const std::vector<float>& logits = found->logits.values;
            const auto top = std::max_element(logits.begin(), logits.end());
            const auto index = std::size_t(top - logits.begin());
            const QString name = className(*item.loaded.summary, index);
            prediction =
                tr("Predicts %1, logit %2").arg(name, QString::number(double(*top), 'f', 2));
        }
        if (prediction != item.prediction) {
            models_.update(item.id, [&](ModelItem& model) { model.prediction = prediction; });
        }
    }
}

std::vector<Failure> Session::failures() const {
    std::vector<Failure> failures = problems_;
    for (const ModelItem& item : models_.items()) {
        if (item.state == ModelItem::State::Failed) {
            failures.push_back(item.failure);
        }
    }
    for (const InputItem& item : inputs_.items()) {
        if (item.failure) {
            failures.push_back(*item.failure);
        }
    }
    for (const std::vector<Failure>& more : {results_.failures(), video_.failures()}) {
        failures.insert(failures.end(), more.begin(), more.end());
    }
    return failures;
}

} // namespace vitreous
