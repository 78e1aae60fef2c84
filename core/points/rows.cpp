#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "core/points/formats.h"
#include "core/points/numbers.h"

namespace vitreous {
namespace {

using Columns = std::array<std::size_t, 3>;

constexpr std::size_t kMostColumns = 1024; // further ones are not looked at

bool isComment(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    return line.starts_with('#') || line.starts_with("//");
}

std::optional<Columns> findNames(
    const std::vector<std::string>& names,
    const std::array<std::string_view, 3>& wanted) {
    Columns found{};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto at = std::find(names.begin(), names.end(), wanted[i]);
        if (at == names.end()) {
            return std::nullopt;
        }
        found[i] = std::size_t(at - names.begin());
    }
    return found;
}

class RowReader {
public:
    RowReader(ByteSource& source, CloudBuilder& builder) : source_(source), builder_(builder) {}

    void read() {
        std::string_view line;
        while (source_.filledLine(line)) {
            if (!isComment(line)) {
                readLine(line);
            }
        }
        if (builder_.count() < promised_) {
            refuseTruncated(source_, builder_.count(), promised_, "points");
        }
        if (!has_bright_) {
            builder_.forgetColors(); // whole numbers of 0 and 1 alone are normals of a box
        }
    }

private:
    void readLine(std::string_view line) {
        if (is_first_ && isHeader(line)) {
            is_first_ = false;
            readNames(line);
            return;
        }
        std::string_view wrong;
        const bool is_row = readValues(line, wrong);
        if (is_first_ && is_row && values_.size() == 1) {
            is_first_ = false;
            readCount();
            return;
        }
        is_first_ = false;
        if (!is_row) {
            source_.refuseLine(shown(wrong) + " is no number");
        }
        if (builder_.count() == 0) {
            begin(line.size());
        }
        if (values_.size() < needed_) {
            source_.refuseLine(
                std::to_string(values_.size()) + " numbers, expected " + std::to_string(needed_));
        }
        add();
    }

    /// True where the line's first word names a column.
    static bool isHeader(std::string_view line) {
        Words words(line, true);
        std::string_view word;
        double value = 0.0;
        return words.next(word) && !parseNumber(word, value) &&
               word.find_first_of("0123456789") == std::string_view::npos;
    }

    bool readValues(std::string_view line, std::string_view& wrong) {
        values_.clear();
        Words words(line, true);
        while (values_.size() < kMostColumns && words.next(wrong)) {
            if (!parseNumber(wrong, values_.emplace_back())) {
                return false;
            }
        }
        return true;
    }

    void readNames(std::string_view line) {
        std::vector<std::string> names;
        Words words(line, true);
        std::string_view word;
        while (names.size() < kMostColumns && words.next(word)) {
            std::string& name = names.emplace_back(word);
            name.erase(std::remove(name.begin(), name.end(), '"'), name.end());
            std::transform(name.begin(), name.end(), name.begin(), [](char c) {
                return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            });
        }
        axes_ = findNames(names, {"x", "y", "z"}).value_or(axes_);
        colors_ = findNames(names, {"red", "green", "blue"});
        if (!colors_) {
            colors_ = findNames(names, {"r", "g", "b"});
        }
    }

    void readCount() {
        if (!(values_[0] >= 1.0 && values_[0] < 1e18) || values_[0] != std::floor(values_[0])) {
            source_.refuseLine("1 number, expected at least 3");
        }
        promised_ = static_cast<std::uint64_t>(values_[0]);
        checkPromise(source_, promised_, 6, "points");
    }

    /// Knows the columns from the first row.
    void begin(std::size_t row_bytes) {
        if (!colors_ && values_.size() >= 9 && !(areSamples({3, 4, 5}) && has_bright_)) {
            colors_ = Columns{6, 7, 8}; // a normal lies between
        } else if (!colors_ && values_.size() >= 6) {
            colors_ = Columns{3, 4, 5};
        }
        has_bright_ = false;
        needed_ = std::max({needed_, axes_[0] + 1, axes_[1] + 1, axes_[2] + 1});
        if (colors_ && (values_.size() <= *std::max_element(colors_->begin(), colors_->end()) ||
                        !areSamples(*colors_))) {
            colors_.reset();
        }
        // As many rows as there would be, were all as long as this one, and this one.
        const std::uint64_t expected = source_.remaining() / (row_bytes + 1) + 1;
        builder_.reserve(expected, colors_.has_value());
    }

    bool areSamples(const Columns& columns) {
        for (const std::size_t column : columns) {
            if (column >= values_.size() || !(values_[column] >= 0.0 && values_[column] <= 255.0) ||
                values_[column] != std::floor(values_[column])) {
                return false;
            }
            has_bright_ = has_bright_ || values_[column] > 1.0;
        }
        return true;
    }

    void add() {
        const std::array<double, 3> position = {
            values_[axes_[0]], values_[axes_[1]], values_[axes_[2]]};
        if (colors_ && !areSamples(*colors_)) {
            colors_.reset();
            builder_.forgetColors();
        }
        if (!colors_) {
            builder_.add(position);
            return;
        }
        Rgb color{};
        for (std::size_t i = 0; i < 3; ++i) {
            color[i] = static_cast<std::uint8_t>(values_[(*colors_)[i]]);
        }
        builder_.add(position, color);
    }

    ByteSource& source_;
    CloudBuilder& builder_;
    Columns axes_ = {0, 1, 2};
    std::optional<Columns> colors_; ///< as long as every row has whole numbers of 0..255 there
    bool has_bright_ = false;       ///< a sample was above 1
    bool is_first_ = true;
    std::size_t needed_ = 3; ///< numbers of a row
    std::uint64_t promised_ = 0;
    std::vector<double> values_; ///< of the row
};

} // namespace

void readRows(ByteSource& source, CloudBuilder& builder) {
    RowReader(source, builder).read();
}

} // namespace vitreous
