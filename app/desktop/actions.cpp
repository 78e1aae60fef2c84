#include "app/desktop/actions.h"

#include <array>

#include <QActionGroup>
#include <QWidget>

#include "app/desktop/icons.h"

namespace vitreous {
namespace {

constexpr std::array table = {
    ActionSpec{"file.open", QT_TRANSLATE_NOOP("Actions", "&Open…"), "Ctrl+O", "open"},
    ActionSpec{
        "file.open_folder", QT_TRANSLATE_NOOP("Actions", "Open &Folder…"), "Ctrl+Shift+O", ""},
    ActionSpec{
        "file.reopen", QT_TRANSLATE_NOOP("Actions", "R&eopen Last Session"), "Ctrl+Shift+T", ""},
    ActionSpec{"file.load_mask", QT_TRANSLATE_NOOP("Actions", "Load &Mask…"), "", ""},
    ActionSpec{
        "file.point_demo", QT_TRANSLATE_NOOP("Actions", "Open the Demo of &Point Clouds"), "", ""},
    ActionSpec{"file.video_demo", QT_TRANSLATE_NOOP("Actions", "Open the Demo of &Videos"), "", ""},
    ActionSpec{"file.save", QT_TRANSLATE_NOOP("Actions", "&Save Session"), "Ctrl+S", ""},
    ActionSpec{
        "file.save_as", QT_TRANSLATE_NOOP("Actions", "Save Session &As…"), "Ctrl+Shift+S", ""},
    ActionSpec{"file.demo", QT_TRANSLATE_NOOP("Actions", "Open the &Demo"), "", ""},
    ActionSpec{
        "file.export_view", QT_TRANSLATE_NOOP("Actions", "Export &View as PNG or PDF…"), "Ctrl+E",
        "export"},
    ActionSpec{
        "file.export_data", QT_TRANSLATE_NOOP("Actions", "Export &Data (npz, csv, ply)…"),
        "Ctrl+Shift+E", "data"},
    ActionSpec{
        "file.export_video", QT_TRANSLATE_NOOP("Actions", "Export Vi&deo…"), "Ctrl+Alt+E", ""},
    ActionSpec{"file.turntable", QT_TRANSLATE_NOOP("Actions", "Export &Turntable…"), "", ""},
    ActionSpec{"file.quit", QT_TRANSLATE_NOOP("Actions", "&Quit"), "Ctrl+Q", ""},

    ActionSpec{"edit.undo", QT_TRANSLATE_NOOP("Actions", "&Undo"), "Ctrl+Z", ""},
    ActionSpec{"edit.redo", QT_TRANSLATE_NOOP("Actions", "&Redo"), "Ctrl+Shift+Z", ""},
    ActionSpec{"edit.copy_figure", QT_TRANSLATE_NOOP("Actions", "&Copy Figure"), "Ctrl+C", ""},

    ActionSpec{"kind.layers", QT_TRANSLATE_NOOP("Actions", "&Layers"), "Alt+1", "", true, "kind"},
    ActionSpec{"kind.heads", QT_TRANSLATE_NOOP("Actions", "&Heads"), "Alt+2", "", true, "kind"},
    ActionSpec{
        "kind.figure3", QT_TRANSLATE_NOOP("Actions", "&Figure 3"), "Alt+3", "", true, "kind"},
    ActionSpec{"kind.scrub", QT_TRANSLATE_NOOP("Actions", "&Scrub"), "Alt+4", "", true, "kind"},
    ActionSpec{
        "kind.difference", QT_TRANSLATE_NOOP("Actions", "&Difference"), "Alt+5", "", true, "kind"},
    ActionSpec{
        "kind.filmstrip", QT_TRANSLATE_NOOP("Actions", "F&ilmstrip"), "Alt+6", "", true, "kind"},

    ActionSpec{"view.magnitude", QT_TRANSLATE_NOOP("Actions", "&Magnitude"), "1", "", true, "map"},
    ActionSpec{"view.frequency", QT_TRANSLATE_NOOP("Actions", "&Frequency"), "2", "", true, "map"},
    ActionSpec{
        "view.attention", QT_TRANSLATE_NOOP("Actions", "&CLS attention"), "3", "", true, "map"},
    ActionSpec{
        "view.nearest", QT_TRANSLATE_NOOP("Actions", "&Nearest, as in the paper"), "N", "nearest",
        true, "sampling"},
    ActionSpec{
        "view.bilinear", QT_TRANSLATE_NOOP("Actions", "&Bilinear"), "B", "bilinear", true,
        "sampling"},
    ActionSpec{"view.next_head", QT_TRANSLATE_NOOP("Actions", "Next &Head"), ".", ""},
    ActionSpec{"view.previous_head", QT_TRANSLATE_NOOP("Actions", "Previous Head"), ",", ""},
    ActionSpec{"view.next_layer", QT_TRANSLATE_NOOP("Actions", "Next La&yer"), "]", ""},
    ActionSpec{"view.previous_layer", QT_TRANSLATE_NOOP("Actions", "Previous Layer"), "[", ""},
    ActionSpec{
        "view.query_cls", QT_TRANSLATE_NOOP("Actions", "Attention from C&LS"), "Shift+Q", "", true,
        "query"},
    ActionSpec{
        "view.query", QT_TRANSLATE_NOOP("Actions", "Attention from the &Pinned Token"), "Q", "",
        true, "query"},
    ActionSpec{
        "view.blend", QT_TRANSLATE_NOOP("Actions", "&Blended over the Picture"), "", "", true,
        "overlay"},
    ActionSpec{"view.heat", QT_TRANSLATE_NOOP("Actions", "Map &Alone"), "", "", true, "overlay"},
    ActionSpec{
        "view.contour", QT_TRANSLATE_NOOP("Actions", "&Contour Lines"), "", "", true, "overlay"},
    ActionSpec{
        "view.beside", QT_TRANSLATE_NOOP("Actions", "&Side by Side"), "", "", true, "overlay"},
    ActionSpec{"view.zoom_in", QT_TRANSLATE_NOOP("Actions", "Zoom &In"), "Ctrl+=", ""},
    ActionSpec{"view.zoom_out", QT_TRANSLATE_NOOP("Actions", "Zoom &Out"), "Ctrl+-", ""},
    ActionSpec{"view.zoom_reset", QT_TRANSLATE_NOOP("Actions", "&Whole Input"), "Ctrl+0", ""},
    ActionSpec{"cloud.front", QT_TRANSLATE_NOOP("Actions", "From the &Front"), "F", ""},
    ActionSpec{"cloud.side", QT_TRANSLATE_NOOP("Actions", "From the &Side"), "S", ""},
    ActionSpec{"cloud.top", QT_TRANSLATE_NOOP("Actions", "From the &Top"), "T", ""},
    ActionSpec{"cloud.fit", QT_TRANSLATE_NOOP("Actions", "F&it"), "Shift+F", ""},
    ActionSpec{
        "cloud.perspective", QT_TRANSLATE_NOOP("Actions", "&Perspective"), "", "", true,
        "projection"},
    ActionSpec{
        "cloud.orthographic", QT_TRANSLATE_NOOP("Actions", "&Orthographic"), "", "", true,
        "projection"},
    ActionSpec{"cloud.up_y", QT_TRANSLATE_NOOP("Actions", "&Y Points Up"), "", "", true, "up"},
    ActionSpec{"cloud.up_z", QT_TRANSLATE_NOOP("Actions", "&Z Points Up"), "", "", true, "up"},
    ActionSpec{
        "cloud.weighted", QT_TRANSLATE_NOOP("Actions", "Weighted by &Distance"), "W", "weighted",
        true, "group_values"},
    ActionSpec{
        "cloud.raw", QT_TRANSLATE_NOOP("Actions", "&Raw Groups"), "Shift+W", "raw", true,
        "group_values"},
    ActionSpec{
        "cloud.centers", QT_TRANSLATE_NOOP("Actions", "Group &Centres as Spheres"), "G", "centers",
        true},
    ActionSpec{"cloud.larger", QT_TRANSLATE_NOOP("Actions", "&Larger Points"), "+", ""},
    ActionSpec{"cloud.smaller", QT_TRANSLATE_NOOP("Actions", "S&maller Points"), "-", ""},
    ActionSpec{"cloud.eye_dome", QT_TRANSLATE_NOOP("Actions", "Shade by D&epth"), "", "", true},
    ActionSpec{
        "cloud.ground_theme", QT_TRANSLATE_NOOP("Actions", "As the &Window"), "", "", true,
        "cloud_ground"},
    ActionSpec{
        "cloud.ground_white", QT_TRANSLATE_NOOP("Actions", "&White"), "", "", true, "cloud_ground"},
    ActionSpec{
        "cloud.ground_black", QT_TRANSLATE_NOOP("Actions", "&Black"), "", "", true, "cloud_ground"},
    ActionSpec{
        "cloud.faces", QT_TRANSLATE_NOOP("Actions", "Points on the &Faces of Meshes"), "", "",
        true},
    ActionSpec{"video.play", QT_TRANSLATE_NOOP("Actions", "&Play"), "K", "", true},
    ActionSpec{"video.next", QT_TRANSLATE_NOOP("Actions", "&Next Frame"), "L", ""},
    ActionSpec{"video.previous", QT_TRANSLATE_NOOP("Actions", "Pre&vious Frame"), "J", ""},
    ActionSpec{"video.loop", QT_TRANSLATE_NOOP("Actions", "&Loop"), "", "", true},
    ActionSpec{
        "video.every_1", QT_TRANSLATE_NOOP("Actions", "&Every Frame"), "", "", true, "every"},
    ActionSpec{
        "video.every_2", QT_TRANSLATE_NOOP("Actions", "Every &2nd Frame"), "", "", true, "every"},
    ActionSpec{
        "video.every_5", QT_TRANSLATE_NOOP("Actions", "Every &5th Frame"), "", "", true, "every"},
    ActionSpec{
        "video.every_10", QT_TRANSLATE_NOOP("Actions", "Every &10th Frame"), "", "", true, "every"},
    ActionSpec{
        "video.every_25", QT_TRANSLATE_NOOP("Actions", "Every 2&5th Frame"), "", "", true, "every"},
    ActionSpec{
        "video.whole", QT_TRANSLATE_NOOP("Actions", "One Clip of the &Whole Video"), "", "", true,
        "clips"},
    ActionSpec{
        "video.windows", QT_TRANSLATE_NOOP("Actions", "&Consecutive Clips"), "", "", true, "clips"},
    ActionSpec{
        "video.range_joint", QT_TRANSLATE_NOOP("Actions", "&Ranges over All Frames"), "", "", true,
        "video_range"},
    ActionSpec{
        "video.range_frame", QT_TRANSLATE_NOOP("Actions", "Ranges of Each &Frame"), "", "", true,
        "video_range"},
    ActionSpec{
        "video.centre_joint", QT_TRANSLATE_NOOP("Actions", "Deviation from the &Mean of the Clip"),
        "", "", true, "centring"},
    ActionSpec{
        "video.centre_frame",
        QT_TRANSLATE_NOOP("Actions", "Deviation from the Mean of Each Fra&me"), "", "", true,
        "centring"},
    ActionSpec{"view.range_map", QT_TRANSLATE_NOOP("Actions", "Each &Map"), "", "", true, "range"},
    ActionSpec{"view.range_row", QT_TRANSLATE_NOOP("Actions", "&Row"), "", "", true, "range"},
    ActionSpec{"view.range_column", QT_TRANSLATE_NOOP("Actions", "&Column"), "", "", true, "range"},
    ActionSpec{
        "view.range_view", QT_TRANSLATE_NOOP("Actions", "&Whole View"), "", "", true, "range"},
    ActionSpec{
        "view.range_percentile", QT_TRANSLATE_NOOP("Actions", "&Percentiles of Each Map"), "", "",
        true, "range"},
    ActionSpec{
        "view.range_fixed", QT_TRANSLATE_NOOP("Actions", "&Fixed Numbers"), "", "", true, "range"},
    ActionSpec{"view.range_edit", QT_TRANSLATE_NOOP("Actions", "Range and &Threshold…"), "R", ""},
    ActionSpec{"view.controls", QT_TRANSLATE_NOOP("Actions", "In-canvas &Controls"), "C", "", true},
    ActionSpec{"view.hud", QT_TRANSLATE_NOOP("Actions", "Timing H&UD"), "H", "", true},
    ActionSpec{"view.light", QT_TRANSLATE_NOOP("Actions", "&Light"), "", "light", true, "theme"},
    ActionSpec{"view.dark", QT_TRANSLATE_NOOP("Actions", "&Dark"), "", "dark", true, "theme"},

    ActionSpec{"input.next", QT_TRANSLATE_NOOP("Actions", "&Next Input"), "Ctrl+Down", ""},
    ActionSpec{"input.previous", QT_TRANSLATE_NOOP("Actions", "&Previous Input"), "Ctrl+Up", ""},
    ActionSpec{"run.again", QT_TRANSLATE_NOOP("Actions", "&Run Again"), "F5", "again"},
    ActionSpec{"run.cancel", QT_TRANSLATE_NOOP("Actions", "&Cancel"), "Esc", "cancel"},

    ActionSpec{"help.shortcuts", QT_TRANSLATE_NOOP("Actions", "&Shortcuts"), "?", ""},
    ActionSpec{"help.about", QT_TRANSLATE_NOOP("Actions", "&About Vitreous"), "", ""},
};

} // namespace

std::span<const ActionSpec> actionTable() {
    return table;
}

Actions::Actions(QWidget* window) : QObject(window) {
    std::map<std::string_view, QActionGroup*> groups;
    for (const ActionSpec& spec : table) {
        auto* action = new QAction(tr(spec.text), window);
        action->setObjectName(QString::fromUtf8(spec.id.data(), qsizetype(spec.id.size())));
        action->setShortcut(QKeySequence(QString::fromLatin1(spec.shortcut)));
        action->setCheckable(spec.checkable);
        action->setIconVisibleInMenu(false);
        if (*spec.group != '\0') {
            QActionGroup*& group = groups[spec.group];
            if (group == nullptr) {
                group = new QActionGroup(window);
            }
            group->addAction(action);
        }
        window->addAction(action);
        actions_[spec.id] = action;
    }
    updateIcons();
}

QAction* Actions::operator[](std::string_view id) const {
    return actions_.at(id);
}

void Actions::updateIcons() {
    for (const ActionSpec& spec : table) {
        if (*spec.icon != '\0') {
            actions_.at(spec.id)->setIcon(themedIcon(QString::fromLatin1(spec.icon)));
        }
    }
}

} // namespace vitreous
