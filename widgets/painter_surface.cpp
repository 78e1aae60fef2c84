#include "widgets/grid_surface.h"

#include <QElapsedTimer>
#include <QPaintEvent>

namespace vitreous {
namespace {

class PainterSurface final : public QWidget, public GridSurface {
public:
    PainterSurface(QWidget* parent, const GridContent& content)
        : QWidget(parent), content_(content) {
        setAttribute(Qt::WA_OpaquePaintEvent);
    }

    QWidget* widget() override { return this; }
    [[nodiscard]] bool isAccelerated() const override { return false; }
    void contentChanged(Change change) override {
        if (change != Change::Marks) {
            maps_.clear();
        }
        update();
    }
    [[nodiscard]] CanvasTimes times() const override { return {std::nullopt, frames_.median()}; }

protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        QElapsedTimer clock;
        clock.start();
        QPainter painter(this);
        painter.fillRect(rect(), content_.style.ground);
        painter.save();
        painter.setClipRect(bodyRect(content_, size()));
        maps_.resize(2 * content_.layout.cells.size());
        const double ratio = devicePixelRatioF();
        for (const VisibleMap& visible : visibleMaps(content_, size(), ratio)) {
            const QImage& map = mapAt(visible, ratio);
            painter.drawImage(QPointF(visible.rect.topLeft()) / ratio, map);
        }
        painter.restore();
        paintAnnotations(painter, content_, size());
        if (!content_.shows_timings) {
            frames_.clear();
            return;
        }
        paintTimings(painter, timingTable(content_.scene.models, times()), content_.style, size());
        frames_.add(static_cast<double>(clock.nsecsElapsed()) * 1e-6);
        if (frames_.count() == 1) {
            // The first time can be shown now.
            update();
        }
    }

private:
    const QImage& mapAt(const VisibleMap& visible, double ratio) {
        QImage& map = maps_[visible.place];
        if (map.size() != visible.rect.size()) {
            map = imageOf(content_.scene, visible);
        }
        map.setDevicePixelRatio(ratio);
        return map;
    }

    const GridContent& content_;
    FrameTimes frames_;        ///< while they are shown
    std::vector<QImage> maps_; ///< by VisibleMap::place; empty until seen
};

} // namespace

GridSurface* makePainterSurface(QWidget* parent, const GridContent& content) {
    return new PainterSurface(parent, content);
}

} // namespace vitreous
