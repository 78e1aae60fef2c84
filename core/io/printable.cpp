#include "core/io/printable.h"

namespace vitreous {

std::string printable(std::string_view text) {
    constexpr std::size_t kMost = 160;
    std::size_t length = text.size();
    if (length > kMost) {
        length = kMost;
        // A UTF-8 character is never cut in half.
        while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xc0U) == 0x80U) {
            --length;
        }
    }
    std::string line(text.substr(0, length));
    for (char& c : line) {
        const auto code = static_cast<unsigned char>(c);
        if (code < 0x20 || code == 0x7f) {
            c = '?';
        }
    }
    return length < text.size() ? line + "..." : line;
}

} // namespace vitreous
