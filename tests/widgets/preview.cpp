// Usage: widgets_preview FOLDER [PICTURE]. On a platform with OpenGL the grids are drawn by it.
#include <cstdio>

#include <QApplication>
#include <QDir>
#include <QMouseEvent>

#include "sample_scene.h"
#include "widgets/grid_view.h"

using namespace vitreous;

namespace {

struct Shot {
    const char* name;
    QSize size;
    bool is_dark = false;
    bool is_hovered = false;
    bool has_controls = false;
    ViewState view;
    std::vector<GridRow> rows;
};

void hover(GridView& view) {
    const CellPlace& place = view.gridLayout().cells.front();
    const QPointF point = place.map.center() + QPointF(place.map.width() / 5, 0);
    QMouseEvent move(QEvent::MouseMove, point, point, Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(view.childAt(point.toPoint()), &move);
}

void take(const Shot& shot, const QDir& folder) {
    GridView view(nullptr, canUseOpenGl());
    view.setPalette(shot.is_dark ? samples::darkPalette() : samples::lightPalette());
    view.resize(shot.size);
    view.setScene(buildGridScene(shot.rows, shot.view));
    view.showControls(shot.has_controls);
    view.showTimings(shot.has_controls);
    view.show();
    QCoreApplication::processEvents();
    if (shot.is_hovered) {
        hover(view);
    }
    QCoreApplication::processEvents();
    view.grab().save(folder.filePath(QString(shot.name) + ".png"));
}

std::vector<Shot> shots(const QImage& picture) {
    const std::vector<GridRow> pair = samples::twoModels(picture);
    std::vector<GridRow> mixed = pair;
    mixed.push_back(
        {"vit_small_patch16_224.augreg_in1k", QColor(0x4f, 0x9d, 0x69), nullptr,
         "Cannot run on this input: the checkpoint expects 3 channels, the picture has 4: "
         "/data/pictures/lemur.png"});
    ViewState row;
    row.range = RangeMode::PerRow;
    ViewState all;
    all.range = RangeMode::PerView;
    all.sampling = Sampling::Bilinear;
    all.map = MapKind::Frequency;
    all.colormap = Colormap::Magma;
    ViewState attention;
    attention.map = MapKind::ClsAttention;
    const ViewState plain;
    ViewState scrub;
    scrub.kind = GridKind::Scrub;
    scrub.range = RangeMode::Fixed;
    scrub.fixed = {1.0, 12.5};
    const std::vector<GridRow> film = samples::filmModels(picture);
    ViewState strip;
    strip.kind = GridKind::Filmstrip;
    strip.tap = "blocks.3";
    ViewState apart = strip;
    apart.video.joint = false;
    ViewState contours = strip;
    contours.overlay = Overlay::Contour;
    contours.sampling = Sampling::Bilinear;
    return {
        {"film", {1440, 900}, false, true, false, strip, film},
        {"film-dark", {1440, 900}, true, false, true, strip, film},
        {"film-apart", {1100, 700}, false, false, false, apart, film},
        {"film-contours", {1100, 700}, true, false, false, contours, film},
        {"film-one", {1440, 600}, false, false, false, strip, {film.front()}},
        {"film-picture", {900, 400}, false, false, false, strip, pair},
        {"light", {1600, 1000}, false, true, true, plain, pair},
        {"dark-row", {1600, 1000}, true, false, false, row, pair},
        {"dark-view", {1280, 800}, true, true, true, all, mixed},
        {"dark-scrub", {900, 600}, true, false, true, scrub, pair},
        {"light-attention", {1000, 700}, false, false, false, attention, mixed},
        {"light-small", {640, 420}, false, false, true, scrub, pair},
        {"message-only", {900, 300}, false, false, false, plain, {mixed.back()}}};
}

} // namespace

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    const QApplication application(argc, argv);
    QApplication::setStyle("fusion");
    if (argc < 2) {
        std::fputs("usage: widgets_preview FOLDER [PICTURE]\n", stderr);
        return 2;
    }
    const QDir folder(argv[1]);
    QImage picture = argc > 2 ? QImage(argv[2]) : samples::gradientPicture(224);
    const int side = std::min(picture.width(), picture.height());
    picture = picture.copy((picture.width() - side) / 2, (picture.height() - side) / 2, side, side)
                  .scaled(224, 224, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    for (const Shot& shot : shots(picture)) {
        take(shot, folder);
    }
    FigureOptions options;
    ViewState strip;
    strip.kind = GridKind::Filmstrip;
    strip.tap = "blocks.3";
    const GridScene film = buildGridScene(samples::filmModels(picture), strip);
    exportFigure(folder.filePath("figure-film.pdf"), film, options);
    exportFigure(folder.filePath("figure-film.png"), film, options);
    for (const auto& [name, mode] :
         {std::pair("map", RangeMode::PerMap),
          {"row", RangeMode::PerRow},
          {"view", RangeMode::PerView}}) {
        ViewState view;
        view.range = mode;
        const GridScene scene = buildGridScene(samples::twoModels(picture), view);
        const QString stem = folder.filePath(QString("figure-") + name);
        exportFigure(stem + ".pdf", scene, options);
        exportFigure(stem + ".png", scene, options);
        FigureOptions column;
        column.width_inch = 3.25;
        view.map = MapKind::ClsAttention;
        exportFigure(
            stem + "-column.pdf", buildGridScene(samples::twoModels(picture), view), column);
    }
    return 0;
}
