#include "app/cli/console.h"

#include <algorithm>

namespace vitreous::cli {

std::string oneLine(std::string_view text) {
    std::string line(text);
    std::replace_if(
        line.begin(), line.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

void Console::print(std::string_view line) {
    endProgress();
    out_ << line << '\n' << std::flush;
}

void Console::remark(std::string_view text) {
    endProgress();
    diagnostics_ << "vitreous-cli: " << oneLine(text) << '\n' << std::flush;
}

void Console::hint(std::string_view text) {
    if (style_ != ProgressStyle::None) {
        remark(text);
    }
}

void Console::error(std::string_view message) {
    endProgress();
    diagnostics_ << "vitreous-cli: error: " << oneLine(message) << '\n' << std::flush;
}

void Console::progress(const std::string& step, const std::string& detail) {
    if (style_ == ProgressStyle::None) {
        return;
    }
    const bool new_step = step != step_;
    step_ = step;
    if (style_ == ProgressStyle::Lines) {
        if (new_step) {
            diagnostics_ << oneLine(step) << '\n' << std::flush;
        }
        return;
    }
    const auto now = std::chrono::steady_clock::now();
    if (line_open_ && !new_step && now - shown_at_ < std::chrono::milliseconds(50)) {
        return;
    }
    shown_at_ = now;
    line_open_ = true;
    constexpr std::size_t columns = 79;
    const std::string line = oneLine(detail.empty() ? step : step + ", " + detail);
    diagnostics_ << "\r\033[K" << std::string_view(line).substr(0, columns) << std::flush;
}

void Console::endProgress() {
    if (line_open_) {
        diagnostics_ << "\r\033[K" << std::flush;
        line_open_ = false;
    }
}

} // namespace vitreous::cli
