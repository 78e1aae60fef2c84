#pragma once

#include <array>

#include <QColor>

namespace vitreous {

/// What models are told apart by, in their order: Okabe and Ito's colours, for any colour vision.
inline constexpr std::array<QRgb, 6> model_colors = {0xff0072b2, 0xffd55e00, 0xff009e73,
                                                     0xffcc79a7, 0xffe69f00, 0xff56b4e9};

} // namespace vitreous
