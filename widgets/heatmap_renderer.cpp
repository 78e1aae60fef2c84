#include "widgets/heatmap_renderer.h"

#include <algorithm>
#include <cmath>

#include <QElapsedTimer>
#include <QFile>
#include <QOpenGLContext>
#include <QVector2D>
#include <QVector3D>
#include <QVector4D>

#include "widgets/grid_style.h"
#include "widgets/map_image.h"

// Outside the namespace, as Q_INIT_RESOURCE wants it: a static library's resources have to be
// called for.
static void registerShaders() {
    Q_INIT_RESOURCE(shaders);
}

namespace vitreous {
namespace {

constexpr int atlas_width = 4096;
enum Unit { ValueUnit, TableUnit, PictureUnit };

/// Adds the time of its life to a sum.
class UploadClock {
public:
    explicit UploadClock(qint64& sum_ns) : sum_ns_(sum_ns) { timer_.start(); }
    ~UploadClock() { sum_ns_ += timer_.nsecsElapsed(); }
    UploadClock(const UploadClock&) = delete;
    UploadClock& operator=(const UploadClock&) = delete;

private:
    qint64& sum_ns_;
    QElapsedTimer timer_;
};

std::unique_ptr<QOpenGLTexture> makeTexture(QSize size, QOpenGLTexture::TextureFormat format) {
    auto texture = std::make_unique<QOpenGLTexture>(QOpenGLTexture::Target2D);
    texture->setAutoMipMapGenerationEnabled(false);
    texture->setMipLevels(1);
    texture->setFormat(format);
    texture->setSize(size.width(), size.height());
    texture->setMinMagFilters(QOpenGLTexture::Nearest, QOpenGLTexture::Nearest);
    texture->setWrapMode(QOpenGLTexture::ClampToEdge);
    return texture;
}

std::unique_ptr<QOpenGLTexture> makeColorTexture(const QImage& image) {
    const QImage bytes = image.convertToFormat(QImage::Format_RGBA8888);
    auto texture = makeTexture(bytes.size(), QOpenGLTexture::RGBA8_UNorm);
    texture->allocateStorage(QOpenGLTexture::RGBA, QOpenGLTexture::UInt8);
    texture->setData(QOpenGLTexture::RGBA, QOpenGLTexture::UInt8, bytes.constBits());
    return texture;
}

/// Which program draws a look.
std::size_t variantOf(const MapLook& look) {
    return (look.overlay == Overlay::Contour ? 2U : 0U) +
           (look.sampling == Sampling::Bilinear ? 1U : 0U);
}

QSize largestGrid(const GridScene& scene) {
    QSize largest(1, 1);
    for (const std::vector<GridCell>& row : scene.cells) {
        for (const GridCell& cell : row) {
            if (!cell.is_cloud) {
                largest = largest.expandedTo({cell.columns, cell.rows});
            }
        }
    }
    return largest;
}

} // namespace

HeatmapRenderer::~HeatmapRenderer() {
    if (vertices_.isCreated()) {
        vertices_.destroy();
    }
}

bool HeatmapRenderer::createProgram(std::size_t variant) {
    const QString folder = QStringLiteral(":/vitreous/shaders/");
    QFile file(folder + "heatmap.frag");
    if (!file.open(QIODevice::ReadOnly)) {
        return false;
    }
    QByteArray source = file.readAll();
    const auto define = [&](const char* name, bool value) {
        const QByteArray line = QByteArray("#define ") + name + (value ? " true\n" : " false\n");
        // Behind the version, which has to come first.
        source.insert(source.indexOf('\n') + 1, line);
    };
    define("BILINEAR", variant % 2 != 0);
    define("CONTOUR", variant / 2 != 0);
    QOpenGLShaderProgram& program = programs_[variant];
    return program.addShaderFromSourceFile(QOpenGLShader::Vertex, folder + "heatmap.vert") &&
           program.addShaderFromSourceCode(QOpenGLShader::Fragment, source) && program.link();
}

bool HeatmapRenderer::create() {
    registerShaders();
    initializeOpenGLFunctions();
    bool is_complete = vertices_.create();
    for (std::size_t variant = 0; variant < programs_.size(); ++variant) {
        is_complete = is_complete && createProgram(variant);
    }
    return is_complete;
}

void HeatmapRenderer::invalidate() {
    is_stale_ = true;
}

void HeatmapRenderer::uploadValues(const GridScene& scene) {
    const QSize tile = largestGrid(scene);
    const int across = std::max(1, atlas_width / tile.width());
    int used = 0;
    tiles_.assign(scene.cells.size(), {});
    for (std::size_t row = 0; row < scene.cells.size(); ++row) {
        for (std::size_t column = 0; column < scene.cells[row].size(); ++column, ++used) {
            tiles_[row].push_back({used % across * tile.width(), used / across * tile.height()});
        }
    }
    const QSize size(
        std::max(1, std::min(used, across)) * tile.width(),
        (std::max(used, 1) + across - 1) / across * tile.height());
    std::vector<float> texels(static_cast<std::size_t>(size.width()) * size.height() * 2, 0.0F);
    for (std::size_t row = 0; row < scene.cells.size(); ++row) {
        for (std::size_t column = 0; column < scene.cells[row].size(); ++column) {
            const GridCell& cell = scene.cells[row][column];
            const Tile origin = tiles_[row][column];
            for (std::size_t i = 0; i < cell.values.size() && !cell.is_cloud; ++i) {
                const auto at_x = static_cast<std::size_t>(origin.x) + i % cell.columns;
                const auto at_y = static_cast<std::size_t>(origin.y) + i / cell.columns;
                float* texel = &texels[(at_y * size.width() + at_x) * 2];
                const bool is_finite = std::isfinite(cell.values[i]);
                texel[0] = is_finite ? cell.values[i] : 0.0F;
                texel[1] = is_finite ? 1.0F : 0.0F;
            }
        }
    }
    values_ = makeTexture(size, QOpenGLTexture::RG32F);
    values_->allocateStorage(QOpenGLTexture::RG, QOpenGLTexture::Float32);
    values_->setData(QOpenGLTexture::RG, QOpenGLTexture::Float32, texels.data());
}

void HeatmapRenderer::uploadTable(Colormap colormap) {
    if (table_of_ != colormap) {
        const UploadClock clock(upload_ns_);
        table_ = makeColorTexture(colorBar(colormap, 256));
        table_of_ = colormap;
    }
}

QOpenGLTexture*
HeatmapRenderer::pictureFor(const GridScene& scene, std::size_t picture, const MapWindow& window) {
    Picture& known = pictures_[picture];
    if (!known.texture || known.window != window) {
        const UploadClock clock(upload_ns_);
        QImage image = scaledPicture(scene.pictures[picture], window);
        if (image.isNull()) {
            image = QImage(window.size.toSize(), QImage::Format_RGB32);
            image.fill(Qt::black);
        }
        known.texture = makeColorTexture(image);
        known.window = window;
        known.source = scene.pictures[picture];
    }
    return known.texture.get();
}

QOpenGLShaderProgram& HeatmapRenderer::useProgram(std::size_t variant, QSize surface) {
    QOpenGLShaderProgram& program = programs_[variant];
    if (used_ == variant) {
        return program;
    }
    used_ = variant;
    program.bind();
    program.setUniformValue(
        "surface",
        QVector2D(static_cast<float>(surface.width()), static_cast<float>(surface.height())));
    program.setUniformValue("values", static_cast<GLint>(ValueUnit));
    program.setUniformValue("table", static_cast<GLint>(TableUnit));
    program.setUniformValue("picture", static_cast<GLint>(PictureUnit));
    program.setUniformValue("steps", static_cast<float>(contour_steps));
    program.setUniformValue("shade", contour_shade);
    program.setUniformValue("light", contour_light);
    program.setUniformValue(
        "neutral", QVector3D(neutral_color.redF(), neutral_color.greenF(), neutral_color.blueF()));
    return program;
}

void HeatmapRenderer::drawMap(const GridScene& scene, const VisibleMap& map, QSize surface) {
    const GridCell& cell = scene.cells[map.row][map.column];
    const Tile& tile = tiles_[map.row][map.column];
    const QRect& rect = map.rect;
    const float low = static_cast<float>(cell.range.low) * 0.5F;
    const float half_span = static_cast<float>(cell.range.high) * 0.5F - low;
    MapLook look = lookOf(scene, cell, !scene.pictures[cell.picture].isNull(), map.line_width);
    if (map.is_picture) {
        look = pictureLook();
    }
    QOpenGLShaderProgram& program = useProgram(variantOf(look), surface);
    pictureFor(scene, cell.picture, map.window)->bind(PictureUnit);
    program.setUniformValue(
        "rect", QVector4D(
                    static_cast<float>(rect.x()), static_cast<float>(rect.y()),
                    static_cast<float>(rect.width()), static_cast<float>(rect.height())));
    const QSize whole = map.window.whole.toSize();
    const QPoint offset = map.window.offset.toPoint();
    glUniform2i(program.uniformLocation("whole"), whole.width(), whole.height());
    glUniform2i(program.uniformLocation("offset"), offset.x(), offset.y());
    glUniform2i(program.uniformLocation("tile"), tile.x, tile.y);
    glUniform2i(program.uniformLocation("grid"), cell.columns, cell.rows);
    program.setUniformValue("halves", QVector2D(low, half_span));
    program.setUniformValue("opacity", look.opacity);
    program.setUniformValue("threshold", look.threshold);
    program.setUniformValue("line_width", look.line_width);
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
}

void HeatmapRenderer::draw(
    const GridScene& scene,
    const std::vector<VisibleMap>& maps,
    QSize surface) {
    if (maps.empty()) {
        return;
    }
    upload_ns_ = 0;
    if (is_stale_) {
        const UploadClock clock(upload_ns_);
        uploadValues(scene);
        pictures_.resize(scene.pictures.size());
        for (std::size_t i = 0; i < pictures_.size(); ++i) {
            // Another layer's maps have the same picture under them.
            if (pictures_[i].source != scene.pictures[i]) {
                pictures_[i] = {};
            }
        }
        is_stale_ = false;
    }
    uploadTable(scene.colormap);
    vertices_.bind();
    used_.reset();
    values_->bind(ValueUnit);
    table_->bind(TableUnit);
    glDisable(GL_BLEND);
    glDisable(GL_DEPTH_TEST);
    for (const VisibleMap& map : maps) {
        drawMap(scene, map, surface);
    }
    if (upload_ns_ > 0) {
        upload_ms_ = static_cast<double>(upload_ns_) * 1e-6;
    }
    glUseProgram(0);
    vertices_.release();
    glActiveTexture(GL_TEXTURE0);
}

} // namespace vitreous
