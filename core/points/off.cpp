#include <array>
#include <string>
#include <vector>

#include "core/points/formats.h"
#include "core/points/numbers.h"

namespace vitreous {
namespace {

class OffReader {
public:
    OffReader(ByteSource& source, CloudBuilder& builder) : source_(source), builder_(builder) {}

    void read() {
        readHeader();
        readVertices();
        if (builder_.wantsFaces()) {
            readFaces();
        }
    }

private:
    /// The next line that is neither blank nor a comment, without a comment behind it.
    bool line(std::string_view& text) {
        while (source_.filledLine(text)) {
            text = text.substr(0, text.find('#'));
            if (text.find_first_not_of(" \t") != std::string_view::npos) {
                return true;
            }
        }
        return false;
    }

    void readHeader() {
        std::string_view text;
        if (!line(text)) {
            source_.refuse("is no OFF file, expected \"OFF\" in its first line");
        }
        const std::size_t keyword = text.find("OFF");
        const std::string_view kind = text.substr(0, keyword);
        if (keyword == std::string_view::npos ||
            (!kind.empty() && kind != "C" && kind != "N" && kind != "CN")) {
            source_.refuse("is no OFF file, expected OFF, COFF or NOFF first");
        }
        has_colors_ = kind.starts_with('C');
        has_normals_ = kind.ends_with('N');
        text.remove_prefix(keyword + 3); // the counts may follow at once
        if (text.find_first_not_of(" \t") == std::string_view::npos && !line(text)) {
            source_.refuse("truncated: ends before the counts of vertices and faces");
        }
        Words words(text);
        readCount(words, vertices_);
        readCount(words, faces_);
        if (vertices_ == 0) {
            source_.refuse("no points, expected at least one vertex");
        }
    }

    void readCount(Words& words, std::uint64_t& count) {
        std::string_view word;
        if (!words.next(word) || !parseCount(word, count)) {
            source_.refuseLine("malformed OFF header, expected the counts of vertices and faces");
        }
    }

    double number(Words& words) {
        std::string_view word;
        if (!words.next(word)) {
            source_.refuseLine("too few numbers");
        }
        double value = 0.0;
        if (!parseNumber(word, value)) {
            source_.refuseLine(shown(word) + " is no number");
        }
        // As Geomview has it: whole numbers are 0..255, fractions 0..1.
        is_fraction_ = is_fraction_ || word.find('.') != std::string_view::npos;
        return value;
    }

    void readVertices() {
        checkPromise(source_, vertices_, 6, "points");
        builder_.reserve(vertices_, has_colors_);
        std::string_view text;
        for (std::uint64_t i = 0; i < vertices_; ++i) {
            if (!line(text)) {
                refuseTruncated(source_, i, vertices_, "points");
            }
            Words words(text);
            std::array<double, 3> position{};
            for (double& value : position) {
                value = number(words);
            }
            for (int axis = 0; has_normals_ && axis < 3; ++axis) {
                number(words);
            }
            if (has_colors_) {
                builder_.add(position, readColor(words));
            } else {
                builder_.add(position);
            }
        }
    }

    Rgb readColor(Words& words) {
        is_fraction_ = false;
        const std::array<double, 3> samples = {number(words), number(words), number(words)};
        Rgb color{};
        for (std::size_t i = 0; i < 3; ++i) {
            color[i] = colorSample(samples[i], is_fraction_ ? Scalar::Float32 : Scalar::Uint8);
        }
        return color;
    }

    void readFaces() {
        checkPromise(source_, faces_, 2, "faces");
        std::string_view text;
        for (std::uint64_t i = 0; i < faces_; ++i) {
            if (!line(text)) {
                refuseTruncated(source_, i, faces_, "faces");
            }
            Words words(text);
            std::uint64_t corners = 0;
            readCount(words, corners);
            PolygonFan fan(builder_, source_);
            for (std::uint64_t corner = 0; corner < corners; ++corner) {
                fan.add(number(words));
            }
        }
    }

    ByteSource& source_;
    CloudBuilder& builder_;
    bool has_colors_ = false;
    bool has_normals_ = false;
    bool is_fraction_ = false; ///< one of the latest numbers had a point
    std::uint64_t vertices_ = 0;
    std::uint64_t faces_ = 0;
};

} // namespace

void readOff(ByteSource& source, CloudBuilder& builder) {
    OffReader(source, builder).read();
}

} // namespace vitreous
