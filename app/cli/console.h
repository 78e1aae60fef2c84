#pragma once

#include <chrono>
#include <ostream>
#include <string>
#include <string_view>

namespace vitreous::cli {

/// The exit status where some inputs failed and the others were done (cli.md); the other failures
/// are ErrorCode's values.
inline constexpr int someInputsFailed = 1;

/// The text with every line break and control character as a blank: one line.
std::string oneLine(std::string_view text);

/// How progress is shown: not at all, as a line that is overwritten, or line by line.
enum class ProgressStyle { None, Overwrite, Lines };

/// Where a command writes: results to `out`, errors and progress to `diagnostics`.
class Console {
public:
    Console(std::ostream& out, std::ostream& diagnostics, ProgressStyle style)
        : out_(out), diagnostics_(diagnostics), style_(style) {}

    /// One line of a result; takes the progress line away first.
    void print(std::string_view line);
    /// `vitreous-cli: <remark>`, one line, among the diagnostics.
    void remark(std::string_view text);
    /// A remark for who looks on: not where progress is not shown.
    void hint(std::string_view text);
    /// `vitreous-cli: error: <message>`, one line.
    void error(std::string_view message);
    /// step names the item at hand; detail, where in it, is shown only on a line that is
    /// overwritten.
    void progress(const std::string& step, const std::string& detail);
    void endProgress();

private:
    std::ostream& out_;
    std::ostream& diagnostics_;
    ProgressStyle style_;
    std::string step_{};
    bool line_open_ = false;
    std::chrono::steady_clock::time_point shown_at_{};
};

} // namespace vitreous::cli
