// The view in a session file: every field comes back, what is no view is refused.

#include <QTest>

#include "app/desktop/view_json.h"
#include "core/base/error.h"
#include "tests/app/full_view.h"
#include "tests/support/failure.h"

using namespace vitreous;
using namespace vitreous::testing;
using nlohmann::json;

namespace {

ViewState throughText(const ViewState& view) {
    return viewFromJson(json::parse(toJson(view).dump()));
}

} // namespace

class ViewJsonTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// A field that is added to ViewState stops the compiler here. It has to be read and written by
    /// view_json.cpp, set by fullView, and named here and below.
    void everyFieldIsKnown() {
        const ViewState full = fullView();
        const ViewState plain;
        const auto& [kind, map, head, query, tap, sampling, overlay, opacity, threshold, colormap, range, percentiles, fixed, viewport, cloud, video, selection] =
            full;
        const std::vector<bool> differ = {
            kind != plain.kind,
            map != plain.map,
            head != plain.head,
            query != plain.query,
            tap != plain.tap,
            sampling != plain.sampling,
            overlay != plain.overlay,
            opacity != plain.opacity,
            threshold != plain.threshold,
            colormap != plain.colormap,
            range != plain.range,
            percentiles.low != plain.percentiles.low,
            percentiles.high != plain.percentiles.high,
            fixed.low != plain.fixed.low,
            fixed.high != plain.fixed.high,
            viewport.zoom != plain.viewport.zoom,
            viewport.center_x != plain.viewport.center_x,
            viewport.center_y != plain.viewport.center_y,
            cloud.values != plain.cloud.values,
            cloud.shows_centers != plain.cloud.shows_centers,
            cloud.point_size != plain.cloud.point_size,
            cloud.shading != plain.cloud.shading,
            cloud.ground != plain.cloud.ground,
            cloud.camera.azimuth != plain.cloud.camera.azimuth,
            cloud.camera.elevation != plain.cloud.camera.elevation,
            cloud.camera.distance != plain.cloud.camera.distance,
            cloud.camera.focus != plain.cloud.camera.focus,
            cloud.camera.view_angle != plain.cloud.camera.view_angle,
            cloud.camera.projection != plain.cloud.camera.projection,
            cloud.camera.up != plain.cloud.camera.up,
            cloud.camera.is_fitted != plain.cloud.camera.is_fitted,
            video.joint != plain.video.joint,
            video.low_level != plain.video.low_level,
            video.high_level != plain.video.high_level,
            video.columns != plain.video.columns,
            video.frames_apart != plain.video.frames_apart,
            video.every != plain.video.every,
            video.windows != plain.video.windows,
            video.frame != plain.video.frame,
            video.loops != plain.video.loops,
            video.speed != plain.video.speed,
            selection.pinned != plain.selection.pinned,
            selection.region != plain.selection.region};
        QVERIFY(std::find(differ.begin(), differ.end(), false) == differ.end());
        const auto& [pinned, region] = selection;
        const auto& [token, token_rows, token_columns, is_group] = *pinned;
        const auto& [camera, values, shows_centers, point_size, shading, ground] = cloud;
        const auto& [azimuth, elevation, distance, focus, angle, projection, up, is_fitted] =
            camera;
        const auto& [joint, low_level, high_level, film_columns, frames_apart, every, windows, frame, loops, speed] =
            video;
        QVERIFY(loops && speed < 1.0 && frame == 77);
        QVERIFY(!joint && frames_apart && low_level < high_level && film_columns == 12);
        QVERIFY(is_group && shows_centers && !is_fitted);
        const auto& [first_row, first_column, last_row, last_column, rows, columns] = *region;
        QCOMPARE(token.value + std::size_t(token_rows + token_columns), std::size_t(7));
        QCOMPARE(first_row + first_column + last_row + last_column + rows + columns, 40);
    }
    void everyFieldComesBack() {
        const ViewState read = throughText(fullView());
        QVERIFY(read == fullView());
        QVERIFY(throughText(ViewState()) == ViewState());
    }
    void everyRangeOpensAgain() {
        ViewState view;
        view.fixed = {2.5, 2.5};
        QVERIFY(throughText(view) == view);
        view.fixed = {-1e300, 1e300};
        QCOMPARE(throughText(view).fixed.low, -1.7e38);
        QCOMPARE(throughText(view).fixed.high, 1.7e38);
    }
    void everyChoiceComesBack() {
        ViewState view;
        for (int i = 0; i <= int(GridKind::Filmstrip); ++i) {
            view.kind = GridKind(i);
            QVERIFY(throughText(view) == view);
        }
        for (int i = 0; i <= int(RangeMode::Fixed); ++i) {
            view.range = RangeMode(i);
            QVERIFY(throughText(view) == view);
        }
        for (int i = 0; i <= int(Overlay::SideBySide); ++i) {
            view.overlay = Overlay(i);
            QVERIFY(throughText(view) == view);
        }
        for (const MapKind map : {MapKind::Magnitude, MapKind::Frequency, MapKind::ClsAttention}) {
            view.map = map;
            QVERIFY(throughText(view) == view);
        }
        for (const Colormap colormap : allColormaps()) {
            view.colormap = colormap;
            QVERIFY(throughText(view) == view);
        }
        for (int i = 0; i <= int(CloudGround::Black); ++i) {
            view.cloud.ground = CloudGround(i);
            QVERIFY(throughText(view) == view);
        }
    }
    void whatIsAbsentKeepsItsDefault() {
        QVERIFY(viewFromJson(json::object()) == ViewState());
        QVERIFY(viewFromJson({{"later", 1}}) == ViewState());
    }
    void whatIsNoViewIsRefused_data() {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* pointer, const char* value, const char* message) {
            QTest::newRow(qPrintable(QString(pointer) + u'=' + value))
                << QString(pointer) << QString(value) << QString(message);
        };
        row("/cloud/camera/elevation", "91",
            "view.cloud.camera.elevation: expected a number from -90.0 to 90.0, found 91");
        row("/cloud/camera/up", "\"x\"", "view.cloud.camera.up: expected one of y, z, found \"x\"");
        row("/cloud/camera/focus/x", "1e9",
            "view.cloud.camera.focus.x: expected a number from -1000.0 to 1000.0, found "
            "1000000000.0");
        row("/video/columns", "65",
            "view.video.columns: expected a whole number from 1 to 64, found 65");
        row("/video/low_level", "2", "view.video.low_level: expected a number from 0.0 to 1.0");
        row("/cloud/point_size", "0",
            "view.cloud.point_size: expected a number from 0.25 to 4.0, found 0");
        row("/kind", "\"grid\"",
            "view.kind: expected one of layers, heads, figure3, scrub, difference, filmstrip, "
            "found \"grid\"");
        row("/map", "3", "view.map: expected a text, found 3");
        row("/colormap", "\"jet\"", "view.colormap: expected one of viridis,");
        row("/head", "-1", "view.head: expected a whole number from 0 to 4095, found -1");
        row("/head", "5000", "view.head: expected");
        row("/tap", "[]", "view.tap: expected a text, found an array");
        row("/opacity", "1.5", "view.opacity: expected a number from 0.0 to 1.0, found 1.5");
        row("/opacity", "\"1\"", "view.opacity: expected a number");
        row("/threshold", "-0.1", "view.threshold: expected a number from 0.0 to 1.0");
        row("/percentiles", "7", "view.percentiles: expected an object, found 7");
        row("/percentiles/low", "101", "view.percentiles.low: expected a number from 0.0 to 100.0");
        row("/fixed/high", "null", "view.fixed.high: expected a number, found nothing");
        row("/percentiles/high", "5",
            "view.percentiles.high: expected a number not below low, found 5");
        row("/fixed/high", "-1", "view.fixed.high: expected a number not below low, found -1");
        row("/fixed/high", "1.8e38", "view.fixed.high: expected a number from -1.7e+38 to 1.7e+38");
        row("/fixed/low", "-1e300", "view.fixed.low: expected a number from -1.7e+38 to 1.7e+38");
        row("/viewport/zoom", "65", "view.viewport.zoom: expected a number from 1.0 to 64.0");
        row("/viewport/center_x", "2", "view.viewport.center_x: expected a number from 0.0 to 1.0");
        row("/selection/pinned/token", "4",
            "view.selection.pinned.token: expected a whole number from 0 to 3");
        row("/selection/pinned/rows", "0",
            "view.selection.pinned.rows: expected a whole number from 1");
        row("/selection/pinned/columns", "1000000",
            "view.selection.pinned.columns: expected a whole");
        row("/selection/region/last_row", "0",
            "view.selection.region.last_row: expected a whole number from 1 to 13");
        row("/selection/region/last_column", "16", "view.selection.region.last_column: expected");
    }
    void whatIsNoViewIsRefused() {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        QFETCH(QString, message);
        json view = toJson(fullView());
        view[json::json_pointer(pointer.toStdString())] = json::parse(value.toStdString());
        const auto failure = testing::failureOf([&] { (void)viewFromJson(view); });
        QVERIFY(failure.code == ErrorCode::Input);
        QVERIFY2(
            failure.message.find(message.toStdString()) != std::string::npos,
            failure.message.c_str());
    }
};

QTEST_GUILESS_MAIN(ViewJsonTest)
#include "view_json_test.moc"
