// What is opened, and what gives way to it.

#include <algorithm>

#include "app/desktop/session.h"
#include "widgets/model_colors.h"

namespace vitreous {

void Session::open(const QStringList& arguments) {
    const FileSelection selection = selectFiles(arguments);
    if (!selection.sessions.empty()) {
        Q_EMIT sessionRequested(pathText(selection.sessions.front()));
    }
    if (!selection.models.empty()) {
        removeDemoModels();
    }
    for (const ModelSpec& spec : selection.models) {
        addModel(spec, false);
    }
    if (!selection.inputs.empty()) {
        const std::vector<InputId> ids = addInputs(selection.inputs);
        showOneOf(ids);
        removeDemoInputs(ids);
    }
    for (const QString& problem : selection.problems) {
        problems_.push_back({ErrorCode::Input, problem});
    }
    Q_EMIT opened(arguments);
    if (!selection.problems.isEmpty()) {
        const auto more = selection.problems.size() - 1;
        Q_EMIT noticed(
            more > 0 ? tr("%1 (and %2 more)").arg(selection.problems.front(), QString::number(more))
                     : selection.problems.front(),
            true);
    }
}

void Session::addProblem(const Failure& failure) {
    problems_.push_back(failure);
    Q_EMIT noticed(failure.message, true);
}

void Session::openDemo(
    const std::vector<ModelSpec>& models,
    const std::vector<CaptionedInput>& inputs) {
    const bool is_empty = models_.rowCount() == 0 && inputs_.rowCount() == 0;
    const bool gives_way = demo_gives_way_ && isDemoOnly();
    demo_gives_way_ = is_empty || gives_way;
    if (gives_way && !hasModels(models)) {
        removeDemoModels();
    }
    for (const ModelSpec& spec : models) {
        addModel(spec, true);
    }
    std::vector<std::filesystem::path> paths;
    paths.reserve(inputs.size());
    for (const CaptionedInput& input : inputs) {
        paths.push_back(input.path);
    }
    const std::vector<InputId> ids = addInputs(paths);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        inputs_.update(ids[i], [&](InputItem& item) {
            item.is_demo = demo_gives_way_;
            item.caption = inputs[i].caption;
        });
    }
    showOneOf(ids);
    if (gives_way) {
        removeDemoInputs(ids);
        for (const InputId id : ids) {
            inputs_.update(id, [](InputItem& item) { item.is_demo = true; });
        }
    }
}

bool Session::hasModels(const std::vector<ModelSpec>& models) const {
    return std::all_of(models.begin(), models.end(), [this](const ModelSpec& spec) {
        return std::any_of(
            models_.items().begin(), models_.items().end(),
            [&spec](const ModelItem& item) { return item.spec.path == absolutePath(spec.path); });
    });
}

void Session::exchangeDemoModels(const std::vector<ModelSpec>& models) {
    const auto& items = models_.items();
    const bool are_demo =
        std::all_of(items.begin(), items.end(), [](const ModelItem& item) { return item.is_demo; });
    if (models.empty() || !demo_gives_way_ || !are_demo || hasModels(models)) {
        return;
    }
    removeDemoModels();
    for (const ModelSpec& spec : models) {
        addModel(spec, true);
    }
}

bool Session::isDemoOnly() const {
    const auto& models = models_.items();
    const auto& inputs = inputs_.items();
    const auto is_demo = [](const auto& item) { return item.is_demo; };
    return std::all_of(models.begin(), models.end(), is_demo) &&
           std::all_of(inputs.begin(), inputs.end(), is_demo);
}

bool Session::hasDemoModels() const {
    const auto& items = models_.items();
    return std::any_of(
        items.begin(), items.end(), [](const ModelItem& item) { return item.is_demo; });
}

void Session::removeDemoModels() {
    const std::vector<ModelItem> items = models_.items();
    for (const ModelItem& item : items) {
        if (item.is_demo && demo_gives_way_) {
            removeModel(item.id);
        }
    }
}

void Session::removeDemoInputs(const std::vector<InputId>& opened) {
    std::vector<InputId> demo_inputs;
    for (const InputItem& item : inputs_.items()) {
        if (item.is_demo && demo_gives_way_) {
            demo_inputs.push_back(item.id);
        }
    }
    for (const InputId id : demo_inputs) {
        if (std::find(opened.begin(), opened.end(), id) == opened.end()) {
            removeInput(id);
        } else {
            inputs_.update(id, [](InputItem& item) { item.is_demo = false; });
        }
    }
}

void Session::addModel(ModelSpec spec, bool is_demo) {
    spec.path = absolutePath(spec.path);
    spec.llm = absolutePath(spec.llm);
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
    item.is_demo = is_demo;
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
    for (const QRgb color : model_colors) {
        const auto& items = models_.items();
        if (std::none_of(items.begin(), items.end(), [color](const ModelItem& item) {
                return item.chip.rgb() == color;
            })) {
            return color;
        }
    }
    return model_colors[models_.items().size() % model_colors.size()];
}

std::vector<InputId> Session::addInputs(const std::vector<std::filesystem::path>& paths) {
    std::vector<InputId> ids;
    std::vector<InputItem> fresh;
    std::unordered_map<std::string, InputId> fresh_ids;
    for (const std::filesystem::path& path : paths) {
        InputItem item;
        item.identity = identityOf(path);
        if (const auto known = inputs_.idOf(item.identity)) {
            ids.push_back(*known);
            if (inputs_.find(*known)->failure) {
                requestThumbnail(*known);
            }
            continue;
        }
        const auto [place, is_new] = fresh_ids.try_emplace(item.identity, InputId{next_id_});
        ids.push_back(place->second);
        if (is_new) {
            item.id = InputId{next_id_++};
            item.path = absolutePath(path);
            if (reading_inputs_ == InputReading::All) {
                item.is_reading = true;
                thumbnails_.request(item.id, item.path);
            }
            fresh.push_back(std::move(item));
        }
    }
    inputs_.append(std::move(fresh));
    checkIdle();
    return ids;
}

void Session::showOneOf(const std::vector<InputId>& ids) {
    Opening opening;
    opening.order.assign(ids.begin(), ids.end());
    if (opening_) {
        opening.order.insert(opening.order.end(), opening_->order.begin(), opening_->order.end());
        opening.chosen_before = opening_->chosen_before;
    } else {
        opening.chosen_before = current_;
    }
    show(ids.front());
    opening_ = std::move(opening);
}

} // namespace vitreous
