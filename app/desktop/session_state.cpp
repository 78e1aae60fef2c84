// What a session is as a value: taken, and put in the place of what is open.

#include "app/desktop/session_state.h"

#include <QScopedValueRollback>

#include "app/desktop/session.h"
#include "app/desktop/view_json.h"

namespace vitreous {

SessionFile sessionFile(const SessionState& state, KnownFiles files) {
    SessionFile file;
    file.models = state.models;
    file.inputs = state.inputs;
    file.current = state.current;
    file.device = state.device;
    file.mesh_faces = state.mesh_faces;
    file.demo_gives_way = state.demo_gives_way;
    file.view = toJson(state.view);
    file.files = std::move(files);
    return file;
}

SessionState sessionState(const SessionFile& file) {
    SessionState state;
    state.models = file.models;
    state.inputs = file.inputs;
    state.current = file.current;
    state.device = file.device;
    state.mesh_faces = file.mesh_faces;
    state.demo_gives_way = file.demo_gives_way;
    state.view = viewFromJson(file.view);
    return state;
}

SessionState Session::state() const {
    SessionState state;
    for (const ModelItem& item : models_.items()) {
        state.models.push_back({item.spec, item.chip.rgb() & 0xffffffU, item.is_demo});
    }
    for (const InputItem& item : inputs_.items()) {
        const std::size_t frame = item.id == current_ ? view_.video.frame : item.frame;
        state.inputs.push_back(
            {item.path, item.caption.toStdString(), item.mask, std::int64_t(frame), item.is_demo});
    }
    if (current_) {
        state.current = std::size_t(inputs_.rowOf(*current_));
    }
    state.view = view_;
    state.device = device_;
    state.mesh_faces = mesh_ == MeshSampling::Faces;
    state.demo_gives_way = demo_gives_way_;
    return state;
}

void Session::clear() {
    // The list's view chooses another row for each that goes.
    const QScopedValueRollback guard(is_replacing_, true);
    const std::vector<ModelItem> models = models_.items();
    for (const ModelItem& item : models) {
        forget(item.id);
        models_.remove(item.id);
    }
    for (const InputItem& item : inputs_.items()) {
        thumbnails_.remove(item.id);
        results_.forget(item.id);
        video_.forget(item.id);
    }
    setCurrent(std::nullopt);
    inputs_.clear();
    opening_.reset();
    problems_.clear();
    known_files_.clear();
    demo_gives_way_ = false;
    checks_.clear();
    writer_.stopVerifying();
}

void Session::restore(const SessionState& state, const KnownFiles& files) {
    clear();
    known_files_ = files;
    if (device_ != state.device) {
        device_ = state.device;
        Q_EMIT deviceChanged();
    }
    const MeshSampling mesh = state.mesh_faces ? MeshSampling::Faces : MeshSampling::Vertices;
    if (mesh_ != mesh) {
        mesh_ = mesh;
        Q_EMIT meshChanged();
    }
    for (const SessionFile::Model& model : state.models) {
        ModelItem item;
        item.id = ModelId{next_id_++};
        item.spec = model.spec;
        item.spec.label = distinctLabel(model.spec, std::nullopt);
        item.chip = QColor::fromRgb(model.chip);
        item.is_demo = model.is_demo;
        models_.append(item);
        runner_.load(item.id, item.spec, device_);
    }
    std::vector<std::filesystem::path> paths;
    for (const SessionFile::Input& input : state.inputs) {
        paths.push_back(input.path);
    }
    const std::vector<InputId> ids = addInputs(paths);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        inputs_.update(ids[i], [&](InputItem& item) {
            item.caption = QString::fromStdString(state.inputs[i].caption);
            item.mask = state.inputs[i].mask;
            item.frame = std::size_t(state.inputs[i].frame);
            item.is_demo = state.inputs[i].is_demo;
            std::error_code problem;
            if (!std::filesystem::exists(item.path, problem)) {
                // Those that are not in view are not read.
                item.failure = failureOfFile(item.path, {ErrorCode::Input, {}});
            }
        });
    }
    demo_gives_way_ = state.demo_gives_way;
    startWithView(state.view);
    if (state.current) {
        show(ids.at(*state.current), state.view.video.frame);
    } else {
        requestAnalysis();
        Q_EMIT currentInputChanged();
    }
    history_.steps().clear();
    Q_EMIT rowsChanged();
    checkKnownFiles(filesOf(sessionFile(state, {})));
}

void Session::undo() {
    moveInHistory(&QUndoStack::undo, &QUndoStack::canUndo);
}

void Session::redo() {
    moveInHistory(&QUndoStack::redo, &QUndoStack::canRedo);
}

void Session::moveInHistory(void (QUndoStack::*move)(), bool (QUndoStack::*can_move)() const) {
    const Shown before{view_, current_};
    // A step to an input that was removed since shows nothing else.
    do {
        (history_.steps().*move)();
    } while (Shown{view_, current_} == before && (history_.steps().*can_move)());
}

void Session::applyStep(const Shown& from, const Shown& to) {
    if (from.input != to.input && to.input && inputs_.rowOf(*to.input) >= 0) {
        opening_.reset();
        show(*to.input, to.view.video.frame);
    }
    if (from.view != to.view) {
        ViewState view = to.view;
        if (from.view.video.frame == to.view.video.frame) {
            // What was changed is not where in the video it was.
            view.video.frame = view_.video.frame;
        }
        applyView(view);
        keepHeadInRange();
    }
}

std::uint64_t Session::save(const std::filesystem::path& path) {
    return writer_.save(sessionFile(state(), known_files_), path);
}

} // namespace vitreous
