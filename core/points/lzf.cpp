#include "core/points/lzf.h"

#include <algorithm>

namespace vitreous {

bool decodeLzf(std::string_view bytes, std::vector<char>& result) {
    std::size_t from = 0;
    std::size_t to = 0;
    const auto next = [&] { return std::size_t(static_cast<unsigned char>(bytes[from++])); };
    while (from < bytes.size()) {
        const std::size_t control = next();
        if (control < 32) { // so many bytes and one as they are
            const std::size_t count = control + 1;
            if (count > bytes.size() - from || count > result.size() - to) {
                return false;
            }
            std::copy_n(bytes.data() + from, count, result.data() + to);
            from += count;
            to += count;
            continue;
        }
        // Three bits of length, 7 for "more to come", and 13 bits of distance back.
        const bool is_long = control >> 5U == 7;
        if (bytes.size() - from < (is_long ? 2 : 1)) {
            return false;
        }
        const std::size_t count = (control >> 5U) + 2 + (is_long ? next() : 0);
        const std::size_t back = ((control & 31U) << 8U | next()) + 1;
        if (back > to || count > result.size() - to) {
            return false;
        }
        for (std::size_t i = 0; i < count; ++i, ++to) {
            result[to] = result[to - back]; // may overlap: a run repeats what it has just written
        }
    }
    return to == result.size();
}

} // namespace vitreous
