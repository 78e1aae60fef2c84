#include "app/desktop/cloud_actions.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vitreous {
namespace {

constexpr double size_step = 1.25;

constexpr std::array camera_ids = {"cloud.front", "cloud.side",        "cloud.top",
                                   "cloud.fit",   "cloud.perspective", "cloud.orthographic",
                                   "cloud.up_y",  "cloud.up_z"};
constexpr std::array look_ids = {"cloud.weighted",     "cloud.raw",          "cloud.centers",
                                 "cloud.larger",       "cloud.smaller",      "cloud.eye_dome",
                                 "cloud.ground_theme", "cloud.ground_white", "cloud.ground_black"};

} // namespace

CloudActions::CloudActions(Session& session, const Actions& actions, QObject* parent)
    : QObject(parent), session_(session), actions_(actions) {
    const auto turn = [this](const char* id, CameraView view) {
        move(id, [view](CloudView& cloud) { cloud.camera = turnedTo(cloud.camera, view); });
    };
    turn("cloud.front", CameraView::Front);
    turn("cloud.side", CameraView::Side);
    turn("cloud.top", CameraView::Top);
    move("cloud.fit", [](CloudView& cloud) { cloud.camera.is_fitted = true; });
    choose("cloud.perspective", &CloudCamera::projection, Projection::Perspective);
    choose("cloud.orthographic", &CloudCamera::projection, Projection::Orthographic);
    choose("cloud.up_y", &CloudCamera::up, UpAxis::Y);
    choose("cloud.up_z", &CloudCamera::up, UpAxis::Z);
    choose("cloud.weighted", &CloudView::values, GroupValues::Weighted);
    choose("cloud.raw", &CloudView::values, GroupValues::Raw);
    choose("cloud.ground_theme", &CloudView::ground, CloudGround::Theme);
    choose("cloud.ground_white", &CloudView::ground, CloudGround::White);
    choose("cloud.ground_black", &CloudView::ground, CloudGround::Black);
    toggle(
        "cloud.centers", [](const CloudView& cloud) { return cloud.shows_centers; },
        [](CloudView& cloud, bool is_on) { cloud.shows_centers = is_on; });
    toggle(
        "cloud.eye_dome",
        [](const CloudView& cloud) { return cloud.shading == CloudShading::EyeDome; },
        [](CloudView& cloud, bool is_on) {
            cloud.shading = is_on ? CloudShading::EyeDome : CloudShading::None;
        });
    const auto resize = [this](const char* id, double factor) {
        move(id, [factor](CloudView& cloud) {
            cloud.point_size =
                std::clamp(cloud.point_size * factor, least_point_size, most_point_size);
        });
    };
    resize("cloud.larger", size_step);
    resize("cloud.smaller", 1.0 / size_step);
    QAction* faces = actions_["cloud.faces"];
    connect(faces, &QAction::triggered, this, [this](bool is_on) {
        session_.setMesh(is_on ? MeshSampling::Faces : MeshSampling::Vertices);
    });
    connect(&session_, &Session::viewChanged, this, &CloudActions::readState);
    connect(&session_, &Session::meshChanged, this, &CloudActions::readState);
    readState();
    setScene({});
}

void CloudActions::edit(const std::function<void(CloudView&)>& change) {
    ViewState view = session_.view();
    change(view.cloud);
    session_.setView(view);
}

void CloudActions::move(const char* id, std::function<void(CloudView&)> change) {
    connect(actions_[id], &QAction::triggered, this, [this, change = std::move(change)] {
        edit(change);
    });
}

template <typename Value>
void CloudActions::choose(const char* id, Value CloudView::*member, Value value) {
    choices_.push_back(
        {id, [member, value](const CloudView& cloud) { return cloud.*member == value; }});
    move(id, [member, value](CloudView& cloud) { cloud.*member = value; });
}

template <typename Value>
void CloudActions::choose(const char* id, Value CloudCamera::*member, Value value) {
    choices_.push_back(
        {id, [member, value](const CloudView& cloud) { return cloud.camera.*member == value; }});
    move(id, [member, value](CloudView& cloud) { cloud.camera.*member = value; });
}

void CloudActions::toggle(
    const char* id,
    std::function<bool(const CloudView&)> is_on,
    std::function<void(CloudView&, bool)> set) {
    choices_.push_back({id, std::move(is_on)});
    connect(actions_[id], &QAction::triggered, this, [this, set = std::move(set)](bool checked) {
        edit([&set, checked](CloudView& cloud) { set(cloud, checked); });
    });
}

void CloudActions::readState() {
    for (const Choice& choice : choices_) {
        actions_[choice.id]->setChecked(choice.is_chosen(session_.view().cloud));
    }
    actions_["cloud.faces"]->setChecked(session_.mesh() == MeshSampling::Faces);
}

void CloudActions::setScene(const GridScene& scene) {
    const bool has_clouds = hasClouds(scene);
    for (const char* id : camera_ids) {
        actions_[id]->setEnabled(has_clouds);
    }
    for (const char* id : look_ids) {
        actions_[id]->setEnabled(has_clouds);
    }
    // Points have no lines of equal value between them.
    actions_["view.contour"]->setEnabled(!has_clouds);
    // Nor are there tokens side by side.
    actions_["view.nearest"]->setEnabled(!has_clouds);
    actions_["view.bilinear"]->setEnabled(!has_clouds);
}

void CloudActions::fill(QMenu* menu) const {
    const auto add = [this](QMenu* to, std::initializer_list<const char*> ids) {
        for (const char* id : ids) {
            if (*id == '\0') {
                to->addSeparator();
            } else {
                to->addAction(actions_[id]);
            }
        }
    };
    add(menu,
        {"cloud.front", "cloud.side", "cloud.top", "cloud.fit", "", "cloud.perspective",
         "cloud.orthographic", "", "cloud.up_y", "cloud.up_z", "", "cloud.weighted", "cloud.raw",
         "cloud.centers", "", "cloud.larger", "cloud.smaller", "cloud.eye_dome"});
    add(menu->addMenu(tr("&Ground")),
        {"cloud.ground_theme", "cloud.ground_white", "cloud.ground_black"});
    add(menu, {"", "cloud.faces"});
}

} // namespace vitreous
