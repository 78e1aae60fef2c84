#include "app/desktop/session.h"

#include <algorithm>
#include <array>

#include <QFile>

namespace vitreous {
namespace {

/// Okabe and Ito's colours: told apart with any colour vision.
constexpr std::array<QRgb, 6> chip_colors = {0xff0072b2, 0xffd55e00, 0xff009e73,
                                             0xffcc79a7, 0xffe69f00, 0xff56b4e9};
constexpr std::size_t kept_results = 256;

bool isSameFile(const std::filesystem::path& a, const std::filesystem::path& b) {
    std::error_code problem;
    return a == b || std::filesystem::equivalent(a, b, problem);
}

} // namespace

Session::Session(Engine engine, QObject* parent)
    : QObject(parent), thumbnails_(engine.read), runner_(std::move(engine)) {
    connect(
        &thumbnails_, &ThumbnailLoader::ready, this,
        [this](InputId id, const QImage& thumbnail, QSize size) {
            inputs_.update(id, [&](InputItem& item) {
                item.thumbnail = thumbnail;
                item.size = size;
            });
            checkIdle();
        });
    connect(&thumbnails_, &ThumbnailLoader::failed, this, &Session::onInputFailed);
    connect(this, &Session::rowsChanged, this, &Session::keepHeadInRange);
    connectRunner();
}

void Session::connectRunner() {
    connect(&runner_, &JobRunner::loaded, this, &Session::onLoaded);
    connect(&runner_, &JobRunner::analysed, this, &Session::onAnalysed);
    connect(&runner_, &JobRunner::inputFailed, this, &Session::onInputFailed);
    connect(&runner_, &JobRunner::progressed, this, &Session::onProgress);
    connect(&runner_, &JobRunner::loadFailed, this, [this](ModelId id, const Failure& failure) {
        models_.update(id, [&](ModelItem& item) {
            item.state = ModelItem::State::Failed;
            item.failure = failure;
        });
        Q_EMIT rowsChanged();
    });
    connect(
        &runner_, &JobRunner::analysisFailed, this,
        [this](ModelId model, InputId input, const Failure& failure) {
            analysis_failures_[{model, input}] = failure;
            Q_EMIT rowsChanged();
        });
    connect(&runner_, &JobRunner::written, this, [this](const QStringList& files) {
        Q_EMIT noticed(
            files.size() == 1
                ? tr("Written: %1").arg(files.front())
                : tr("%1 files written, the last: %2").arg(files.size()).arg(files.back()),
            false);
        Q_EMIT written(files);
    });
    connect(&runner_, &JobRunner::writeFailed, this, [this](const Failure& failure) {
        Q_EMIT noticed(tr("Not written: %1").arg(failure.message), true);
    });
    connect(&runner_, &JobRunner::busyChanged, this, &Session::checkIdle);
}

void Session::open(const QStringList& arguments) {
    const FileSelection selection = selectFiles(arguments);
    for (const ModelSpec& spec : selection.models) {
        addModel(spec);
    }
    std::optional<InputId> first;
    for (const std::filesystem::path& path : selection.inputs) {
        addInput(path);
        if (!first) {
            const auto& items = inputs_.items();
            first = std::find_if(items.begin(), items.end(), [&](const InputItem& item) {
                        return isSameFile(item.path, path);
                    })->id;
        }
    }
    if (first) {
        setCurrentInput(*first);
        is_current_chosen_ = false;
    }
    for (const QString& problem : selection.problems) {
        problems_.push_back({ErrorCode::Input, problem});
    }
    if (!selection.problems.isEmpty()) {
        const auto more = selection.problems.size() - 1;
        Q_EMIT noticed(
            more > 0 ? tr("%1 (and %2 more)").arg(selection.problems.front()).arg(more)
                     : selection.problems.front(),
            true);
    }
}

void Session::addModel(ModelSpec spec) {
    for (const ModelItem& item : models_.items()) {
        ModelSpec named = spec;
        if (named.label.empty()) {
            named.label = item.spec.label;
        }
        if (named == item.spec && item.state != ModelItem::State::Failed) {
            return;
        }
    }
    ModelItem item;
    item.id = ModelId{next_id_++};
    spec.label = distinctLabel(spec, std::nullopt);
    item.spec = std::move(spec);
    item.chip = nextChip();
    models_.append(item);
    runner_.load(item.id, item.spec, device_);
    Q_EMIT rowsChanged();
}

std::string Session::distinctLabel(const ModelSpec& spec, std::optional<ModelId> own) {
    const auto is_taken = [&](const std::string& label) {
        return std::any_of(
            models_.items().begin(), models_.items().end(),
            [&](const ModelItem& item) { return item.id != own && item.spec.label == label; });
    };
    std::string label = labelOf(spec);
    std::replace(label.begin(), label.end(), '/', '_');
    if (is_taken(label) && spec.label.empty() && spec.path.has_parent_path()) {
        const std::string folder = spec.path.parent_path().filename().string();
        if (!folder.empty()) {
            label += " (" + folder + ")";
        }
    }
    std::string distinct = label;
    for (int number = 2; is_taken(distinct); ++number) {
        distinct = label + " " + std::to_string(number);
    }
    return distinct;
}

QColor Session::nextChip() const {
    for (const QRgb color : chip_colors) {
        const auto& items = models_.items();
        if (std::none_of(items.begin(), items.end(), [color](const ModelItem& item) {
                return item.chip.rgb() == color;
            })) {
            return color;
        }
    }
    return chip_colors[models_.items().size() % chip_colors.size()];
}

void Session::addInput(const std::filesystem::path& path) {
    for (const InputItem& item : inputs_.items()) {
        if (isSameFile(item.path, path)) {
            return;
        }
    }
    InputItem item;
    item.id = InputId{next_id_++};
    item.path = path;
    inputs_.append(item);
    thumbnails_.request(item.id, path);
    if (!current_) {
        setCurrentInput(item.id);
        is_current_chosen_ = false;
    }
}

void Session::forget(ModelId id) {
    std::erase_if(results_, [id](const auto& entry) { return entry.first.first == id; });
    std::erase_if(recent_, [id](const ResultKey& key) { return key.first == id; });
    std::erase_if(analysis_failures_, [id](const auto& entry) { return entry.first.first == id; });
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

void Session::removeInput(InputId id) {
    const int row = inputs_.rowOf(id);
    if (row < 0) {
        return;
    }
    inputs_.remove(id);
    std::erase_if(results_, [id](const auto& entry) { return entry.first.second == id; });
    std::erase_if(recent_, [id](const ResultKey& key) { return key.second == id; });
    if (current_ != id) {
        return;
    }
    current_.reset();
    const int next = std::min(row, inputs_.rowCount() - 1);
    if (next >= 0) {
        setCurrentInput(inputs_.items()[std::size_t(next)].id);
        return;
    }
    requestAnalysis();
    Q_EMIT currentInputChanged();
    Q_EMIT rowsChanged();
}

void Session::setCurrentInput(InputId id) {
    if (current_ == id || inputs_.rowOf(id) < 0) {
        return;
    }
    current_ = id;
    is_current_chosen_ = true;
    updatePredictions();
    Q_EMIT currentInputChanged();
    requestAnalysis();
    Q_EMIT rowsChanged();
}

void Session::setView(const ViewState& view) {
    if (view != view_) {
        view_ = view;
        Q_EMIT viewChanged();
    }
}

void Session::keepHeadInRange() {
    // While a model loads it is not known how many heads there will be.
    const bool is_loading =
        std::any_of(models_.items().begin(), models_.items().end(), [](const ModelItem& item) {
            return item.state == ModelItem::State::Loading;
        });
    const int heads = headCount();
    if (view_.head && !is_loading && heads > 0 && view_.head->value >= std::size_t(heads)) {
        ViewState view = view_;
        view.head = HeadIndex{std::size_t(heads - 1)};
        setView(view);
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

void Session::reloadModel(ModelId id, ModelSpec spec) {
    if (models_.rowOf(id) < 0) {
        return;
    }
    forget(id);
    spec.label = distinctLabel(spec, id);
    const ModelId fresh{next_id_++};
    models_.update(id, [&](ModelItem& item) {
        ModelItem renewed;
        renewed.id = fresh;
        renewed.spec = spec;
        renewed.chip = item.chip;
        item = std::move(renewed);
    });
    runner_.load(fresh, spec, device_);
    Q_EMIT rowsChanged();
}

void Session::cancel() {
    runner_.cancel();
}

void Session::runAgain() {
    const std::vector<ModelItem> items = models_.items();
    for (const ModelItem& item : items) {
        if (item.state == ModelItem::State::Failed) {
            reloadModel(item.id, item.spec);
        }
    }
    if (current_) {
        const InputItem* input = inputs_.find(*current_);
        if (input != nullptr && input->failure) {
            inputs_.update(*current_, [](InputItem& item) { item.failure.reset(); });
            thumbnails_.request(*current_, input->path);
        }
        for (const ModelItem& item : models_.items()) {
            results_.erase({item.id, *current_});
            std::erase(recent_, ResultKey{item.id, *current_});
            analysis_failures_.erase({item.id, *current_});
        }
    }
    updatePredictions();
    requestAnalysis();
    Q_EMIT rowsChanged();
}

void Session::requestAnalysis() {
    AnalysisRequest request;
    const InputItem* input = current_ ? inputs_.find(*current_) : nullptr;
    if (input != nullptr && !input->failure) {
        request.input = input->id;
        request.path = input->path;
        for (const ModelItem& item : models_.items()) {
            const ResultKey key{item.id, input->id};
            if (item.state == ModelItem::State::Ready && !results_.contains(key) &&
                !analysis_failures_.contains(key)) {
                request.models.push_back(item.id);
            }
        }
    }
    runner_.analyze(std::move(request));
}

void Session::onLoaded(ModelId id, const LoadedModel& loaded) {
    models_.update(id, [&](ModelItem& item) {
        item.state = ModelItem::State::Ready;
        item.loaded = loaded;
    });
    requestAnalysis();
    Q_EMIT rowsChanged();
}

void Session::onAnalysed(ModelId model, InputId input, const ResultPointer& result) {
    if (models_.rowOf(model) < 0 || inputs_.rowOf(input) < 0) {
        return;
    }
    const ResultKey key{model, input};
    results_[key] = result;
    std::erase(recent_, key);
    recent_.push_back(key);
    if (recent_.size() > kept_results) {
        results_.erase(recent_.front());
        recent_.erase(recent_.begin());
    }
    if (current_ == input) {
        updatePredictions();
        Q_EMIT rowsChanged();
    }
}

void Session::onInputFailed(InputId input, const Failure& failure) {
    inputs_.update(input, [&](InputItem& item) { item.failure = failure; });
    if (current_ == input) {
        showReadableInput();
        requestAnalysis();
        Q_EMIT rowsChanged();
    }
    checkIdle();
}

void Session::showReadableInput() {
    const auto& items = inputs_.items();
    const auto readable = std::find_if(
        items.begin(), items.end(), [](const InputItem& item) { return !item.failure; });
    if (!is_current_chosen_ && readable != items.end()) {
        setCurrentInput(readable->id);
        is_current_chosen_ = false;
    }
}

void Session::onProgress(const JobProgress& progress) {
    const ModelItem* item = models_.find(progress.model);
    const QString label = item != nullptr ? QString::fromStdString(item->spec.label) : QString();
    QString text;
    switch (progress.kind) {
    case JobProgress::Kind::Load:
        models_.update(
            progress.model, [&](ModelItem& model) { model.fraction = progress.fraction; });
        text = tr("Loading %1").arg(label);
        break;
    case JobProgress::Kind::Analysis:
        text = tr("Computing the maps of %1").arg(label);
        break;
    case JobProgress::Kind::Write:
        text = tr("Writing");
        break;
    }
    Q_EMIT progressChanged(text, progress.fraction);
}

void Session::checkIdle() {
    if (isIdle()) {
        Q_EMIT progressChanged({}, 0.0);
        Q_EMIT becameIdle();
    }
}

bool Session::isIdle() const {
    return !runner_.isBusy() && thumbnails_.pending() == 0;
}

void Session::exportData(const std::filesystem::path& directory) {
    const InputItem* input = current_ ? inputs_.find(*current_) : nullptr;
    std::vector<WriteRequest> requests;
    for (const ModelItem& item : models_.items()) {
        const auto found = input != nullptr ? results_.find({item.id, input->id}) : results_.end();
        if (found != results_.end()) {
            requests.push_back({item.id, {directory, input->path, item.spec, {}, found->second}});
        }
    }
    if (requests.empty()) {
        Q_EMIT noticed(tr("There are no maps to export yet."), true);
        return;
    }
    runner_.write(std::move(requests));
}

bool Session::hasMaps() const {
    return current_ &&
           std::any_of(
               models_.items().begin(), models_.items().end(), [this](const ModelItem& item) {
                   return results_.contains({item.id, *current_});
               });
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

GridRow Session::rowOf(const ModelItem& item) const {
    GridRow row;
    row.label = QString::fromStdString(item.spec.label);
    row.chip = item.chip;
    const InputItem* input = current_ ? inputs_.find(*current_) : nullptr;
    if (item.state == ModelItem::State::Failed) {
        row.message = asSentence(item.failure.message);
    } else if (item.state == ModelItem::State::Loading) {
        row.message = tr("Loading…");
    } else if (input == nullptr) {
        row.message = tr("No input is open.");
    } else if (const auto result = results_.find({item.id, input->id}); result != results_.end()) {
        row.result = result->second;
    } else if (input->failure) {
        row.message = tr("The input cannot be read.");
    } else if (const auto failure = analysis_failures_.find({item.id, input->id});
               failure != analysis_failures_.end()) {
        row.message = failure->second.code == ErrorCode::Interrupted
                          ? tr("Cancelled. F5 runs it again.")
                          : asSentence(failure->second.message);
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
        const auto found = current_ ? results_.find({item.id, *current_}) : results_.end();
        if (found != results_.end() && !found->second->logits.values.empty()) {
            const std::vector<float>& logits = found->second->logits.values;
            const auto top = std::max_element(logits.begin(), logits.end());
            const auto index = std::size_t(top - logits.begin());
            const auto& names = item.loaded.summary->class_names;
            const QString name = index < names.size() ? QString::fromStdString(names[index])
                                                      : tr("class %1").arg(index);
            prediction = tr("Predicts %1, logit %2").arg(name).arg(double(*top), 0, 'f', 2);
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
    for (const auto& [key, failure] : analysis_failures_) {
        failures.push_back(failure);
    }
    return failures;
}

} // namespace vitreous
