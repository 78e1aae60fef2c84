#include "widgets/frame_pixels.h"

#include <cstring>

namespace vitreous {

Image frameOf(const QImage& page) {
    const QImage rgb = page.convertToFormat(QImage::Format_RGB888);
    Image frame;
    frame.width = rgb.width() + rgb.width() % 2;
    frame.height = rgb.height() + rgb.height() % 2;
    const auto stride = static_cast<std::size_t>(frame.width) * 3;
    frame.pixels.assign(stride * static_cast<std::size_t>(frame.height), 255);
    for (int y = 0; y < rgb.height(); ++y) {
        std::memcpy(
            &frame.pixels[static_cast<std::size_t>(y) * stride], rgb.constScanLine(y),
            static_cast<std::size_t>(rgb.width()) * 3);
    }
    return frame;
}

} // namespace vitreous
