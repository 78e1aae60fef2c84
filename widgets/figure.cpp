#include <algorithm>
#include <cmath>
#include <filesystem>

#include <QBuffer>
#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QPageSize>
#include <QPdfWriter>

#include "core/base/error.h"
#include "core/base/file_output.h"
#include "widgets/cloud_cells.h"
#include "widgets/grid_canvas.h"
#include "widgets/grid_painting.h"
#include "widgets/grid_surface.h"
#include "widgets/text_block.h"

namespace vitreous {
namespace {

constexpr double points_per_inch = 72.0;
constexpr int pdf_units_per_inch = 720;
constexpr double pdf_map_dpi = 300.0;
constexpr double pdf_cloud_dpi = 600.0;
/// A cloud that is drawn with fewer pixels than this is drawn with twice as many and made smaller.
constexpr int fine_cloud_pixels = 1536;
constexpr int most_cloud_pixels = 3072;
constexpr int least_pixels_per_token = 8;
constexpr int caption_lines = 4;
constexpr double least_width_inch = 1.0;
constexpr double most_width_inch = 40.0;
constexpr int least_dpi = 36;
constexpr int most_dpi = 2400;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Figure)
};

/// A figure laid out on its page, in the page's units.
struct Page {
    const GridScene& scene;
    GridStyle style;
    GridLayout layout;
    TextBlock caption;
    double units_per_inch = points_per_inch;
    QSizeF size;
    std::shared_ptr<CloudRenderer> clouds = makeProjectionRenderer();
};

QString captionOf(const GridScene& scene, const FigureOptions& options) {
    if (!options.caption.isEmpty()) {
        return options.caption;
    }
    const QString version = QCoreApplication::applicationVersion();
    const QString program =
        version.isEmpty() ? QStringLiteral("Vitreous") : QStringLiteral("Vitreous ") + version;
    QStringList rules = {rangeRule(scene)};
    if (const QString rule = cloudRule(scene); !rule.isEmpty()) {
        rules << rule;
    }
    return Text::tr("%1; %2. %3.").arg(scene.quantity, rules.join(QStringLiteral("; ")), program);
}

Page layOut(const GridScene& scene, const FigureOptions& options, double units_per_inch) {
    Page page{scene, figureStyle(units_per_inch / points_per_inch), {}, {}, units_per_inch, {}};
    const double width = std::floor(options.width_inch * units_per_inch);
    page.layout = layoutGrid(scene, measureGrid(scene, page.style), width, std::nullopt);
    double height = page.layout.size.height();
    if (options.show_caption) {
        page.caption = breakText(
            captionOf(scene, options), page.style.small_font, width - 2.0 * page.style.margin,
            caption_lines);
        height += 2.0 * page.style.step + page.caption.height();
    }
    page.size = QSizeF(width, std::max(1.0, std::ceil(height)));
    return page;
}

/// The pixels that a map is drawn with: the surface's own, or for a PDF whole pixels a token.
QSize mapPixels(const Page& page, const CellPlace& place, bool is_vector) {
    if (!is_vector) {
        return place.map.size().toSize();
    }
    const GridCell& cell = page.scene.cells[place.row][place.column];
    const auto along = [&](double units, int tokens) {
        const double pixels = units / page.units_per_inch * pdf_map_dpi;
        return tokens *
               std::max(least_pixels_per_token, static_cast<int>(std::ceil(pixels / tokens)));
    };
    return {along(place.map.width(), cell.columns), along(place.map.height(), cell.rows)};
}

/// How many pixels of a map a contour line is wide, for half a point on paper.
int contourWidth(const Page& page, const CellPlace& place, QSize pixels) {
    const double inches = place.map.width() / page.units_per_inch;
    const double pixels_per_point = pixels.width() / (inches * points_per_inch);
    return std::max(1, static_cast<int>(std::lround(0.5 * pixels_per_point)));
}

/// Draws a point cloud with more pixels than it is shown with, which smooths its edges.
void paintCloud(QPainter& painter, const Page& page, const CellPlace& place, bool is_vector) {
    const double inches = place.map.width() / page.units_per_inch;
    const double shown = is_vector ? inches * pdf_cloud_dpi : place.map.width();
    const int side = std::clamp(static_cast<int>(std::lround(shown)), 1, most_cloud_pixels);
    const QSize fine = QSize(side, side) * (side < fine_cloud_pixels ? 2 : 1);
    const auto draw = [&](const QRectF& rect, bool is_picture) {
        const VisibleMap map{
            .row = place.row,
            .column = place.column,
            .is_picture = is_picture,
            .rect = QRect(QPoint(), fine),
            .window = MapWindow({}, fine)};
        const QImage image =
            page.clouds->render(cloudFrame(page.scene, page.style, {map}, fine))
                .scaled(side, side, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
        painter.drawImage(rect, image);
    };
    draw(place.map, false);
    if (!place.picture.isEmpty()) {
        draw(place.picture, true);
    }
}

/// Draws a cell's map and the picture beside it.
void paintCell(QPainter& painter, const Page& page, const CellPlace& place, bool is_vector) {
    if (page.scene.cells[place.row][place.column].is_cloud) {
        paintCloud(painter, page, place, is_vector);
        return;
    }
    const QSize size = mapPixels(page, place, is_vector);
    VisibleMap map{
        .row = place.row,
        .column = place.column,
        .rect = QRect(QPoint(), size),
        .window = MapWindow(page.scene.view.viewport, size),
        .line_width = contourWidth(page, place, size)};
    painter.drawImage(place.map, imageOf(page.scene, map));
    if (!place.picture.isEmpty()) {
        map.is_picture = true;
        painter.drawImage(place.picture, imageOf(page.scene, map));
    }
}

void paintPage(QPainter& painter, const Page& page, bool is_vector) {
    // PDF pictures are JPEG otherwise, which smears the tokens' edges.
    painter.setRenderHint(QPainter::LosslessImageRendering, true);
    painter.fillRect(QRectF(QPointF(), page.size), page.style.ground);
    for (const CellPlace& place : page.layout.cells) {
        if (place.map.isEmpty()) {
            continue;
        }
        paintCell(painter, page, place, is_vector);
    }
    const GridDrawing drawing{page.scene, page.layout, page.style, std::nullopt};
    paintBody(painter, drawing);
    paintLegend(painter, drawing);
    painter.setPen(page.style.quiet);
    const double margin = page.style.margin;
    const QRectF inside = QRectF(QPointF(), page.size).adjusted(margin, margin, -margin, -margin);
    drawText(painter, inside, Qt::AlignLeft | Qt::AlignBottom, page.caption);
}

QByteArray pngBytes(const GridScene& scene, const FigureOptions& options) {
    QImage image = figureImage(scene, options);
    image.setText(QStringLiteral("Software"), QStringLiteral("Vitreous"));
    image.setText(QStringLiteral("Description"), captionOf(scene, options));
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    if (!image.save(&buffer, "PNG")) {
        throw Error(ErrorCode::Resource, "the figure could not be encoded as PNG");
    }
    return buffer.data();
}

QByteArray pdfBytes(const GridScene& scene, const FigureOptions& options) {
    const Page page = layOut(scene, options, pdf_units_per_inch);
    const QSizeF points = page.size * (points_per_inch / pdf_units_per_inch);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(pdf_units_per_inch);
    writer.setPageSize(QPageSize(points, QPageSize::Point, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    writer.setTitle(captionOf(scene, options));
    writer.setCreator(QStringLiteral("Vitreous"));
    QPainter painter(&writer);
    paintPage(painter, page, true);
    if (!painter.end()) {
        throw Error(ErrorCode::Resource, "the figure could not be written as PDF");
    }
    return buffer.data();
}

void writeWhole(const QString& path, const QByteArray& bytes) {
    const std::filesystem::path native(QFile::encodeName(path).toStdString());
    writeFileWhole(native, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

void checkOptions(const FigureOptions& options) {
    if (!(options.width_inch >= least_width_inch && options.width_inch <= most_width_inch)) {
        throw Error(ErrorCode::Usage, "figure width out of range, expected 1 to 40 inches");
    }
    if (options.png_dpi < least_dpi || options.png_dpi > most_dpi) {
        throw Error(ErrorCode::Usage, "figure resolution out of range, expected 36 to 2400 dpi");
    }
}

} // namespace

QImage figureImage(const GridScene& scene, const FigureOptions& options) {
    checkOptions(options);
    const Page page = layOut(scene, options, options.png_dpi);
    QImage image(page.size.toSize(), QImage::Format_RGB32);
    if (image.isNull()) {
        throw Error(ErrorCode::Resource, "not enough memory for the figure's pixels");
    }
    const double dots_per_metre = options.png_dpi / 0.0254;
    image.setDotsPerMeterX(static_cast<int>(std::lround(dots_per_metre)));
    image.setDotsPerMeterY(static_cast<int>(std::lround(dots_per_metre)));
    QPainter painter(&image);
    paintPage(painter, page, false);
    return image;
}

void exportFigure(const QString& path, const GridScene& scene, const FigureOptions& options) {
    checkOptions(options);
    const QString extension = QFileInfo(path).suffix().toLower();
    if (extension == QLatin1String("png")) {
        writeWhole(path, pngBytes(scene, options));
    } else if (extension == QLatin1String("pdf")) {
        writeWhole(path, pdfBytes(scene, options));
    } else {
        throw Error(
            ErrorCode::Usage,
            "a figure is written as .png or .pdf, not with this extension: " + path.toStdString());
    }
}

} // namespace vitreous
