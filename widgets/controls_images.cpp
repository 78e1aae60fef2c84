#include "widgets/controls_images.h"

#include <QOpenGLFunctions>
#include <QPainter>

namespace vitreous {

ControlsImages::~ControlsImages() {
    if (context_.isValid() && context_.makeCurrent(&surface_)) {
        target_.reset();
        controls_.release();
        context_.doneCurrent();
    }
}

bool ControlsImages::makeCurrent() {
    if (!context_.isValid() && !has_failed_) {
        surface_.create();
        has_failed_ = !surface_.isValid() || !context_.create();
    }
    has_failed_ = has_failed_ || !context_.makeCurrent(&surface_);
    return !has_failed_;
}

QImage ControlsImages::imageOf(const QRect& part) {
    if (!target_ || target_->size() != part.size()) {
        target_ = std::make_unique<QOpenGLFramebufferObject>(part.size());
    }
    target_->bind();
    QOpenGLFunctions& gl = *context_.functions();
    gl.glClearColor(0.0F, 0.0F, 0.0F, 0.0F);
    gl.glClear(GL_COLOR_BUFFER_BIT);
    controls_.draw(part);
    QImage image = target_->toImage();
    target_->release();
    return image;
}

bool ControlsImages::draw(QSize size, const QRect& strip_place) {
    if (!makeCurrent()) {
        return false;
    }
    const bool is_ready = controls_.prepare(size);
    if (is_ready) {
        if (strip_.isNull() && !strip_place.isEmpty()) {
            strip_ = imageOf(strip_place);
        }
        if (controls_.hasTimings()) {
            timings_ = imageOf(controls_.timingsPlace());
        }
    }
    context_.doneCurrent();
    return is_ready;
}

bool ControlsImages::paint(QPainter& painter, QSize size) {
    const QRect strip_place = controls_.stripPlace(size);
    if (strip_.size() != strip_place.size()) {
        strip_ = {};
    }
    const bool needs_strip = strip_.isNull() && !strip_place.isEmpty();
    if ((needs_strip || controls_.hasTimings()) && !draw(size, strip_place)) {
        return false;
    }
    const double ratio = painter.device()->devicePixelRatioF();
    const auto paintImage = [&](QImage& image, const QRect& place) {
        image.setDevicePixelRatio(ratio);
        painter.drawImage(QPointF(place.topLeft()) / ratio, image);
    };
    paintImage(strip_, strip_place);
    if (controls_.hasTimings()) {
        paintImage(timings_, controls_.timingsPlace());
    }
    return true;
}

} // namespace vitreous
