#include "app/video/kept_frames.h"

#include <algorithm>
#include <fstream>
#include <ios>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/media/frame_stream.h"
#include "widgets/value_extent.h"

namespace vitreous {
namespace {

/// Of the pictures that are kept for painting them later.
constexpr std::size_t most_picture_bytes = std::size_t{512} << 20;

std::size_t pictureBytes(const PageFrame& page) {
    std::size_t bytes = 0;
    for (const auto& result : page.results) {
        bytes += result->picture.pixels.size();
    }
    return bytes;
}

template <typename Result>
auto& mapsOf(Result& result, MapKind map) {
    return map == MapKind::Magnitude   ? result.magnitude
           : map == MapKind::Frequency ? result.frequency
                                       : result.cls_attention;
}

} // namespace

KeptFrames::KeptFrames(
    std::filesystem::path video,
    const std::filesystem::path& beside,
    std::vector<PreprocessSpec> specs,
    const VideoLook& look,
    bool has_pictures)
    : video_(std::move(video)), beside_(beside), file_(beside), specs_(std::move(specs)),
      map_(look.map), head_(look.head), has_pictures_(has_pictures) {
    for (PreprocessSpec& spec : specs_) {
        spec.frames = 0;
    }
}

const Array* KeptFrames::shownOf(const AnalysisResult& result) const {
    const auto& maps = mapsOf(result, map_);
    return maps.empty() ? nullptr : &maps.begin()->second;
}

void KeptFrames::append(const Array& map) {
    if (map_ != MapKind::ClsAttention) {
        record_.insert(record_.end(), map.values.begin(), map.values.end());
    } else if (!head_) {
        const std::vector<float> mean = meanOverHeads(map);
        record_.insert(record_.end(), mean.begin(), mean.end());
    } else {
        const auto tokens = static_cast<std::ptrdiff_t>(map.values.size()) / map.shape.at(0);
        const auto head = map.values.begin() + static_cast<std::ptrdiff_t>(head_->value) * tokens;
        record_.insert(record_.end(), head, head + tokens);
    }
}

void KeptFrames::add(const PageFrame& page) {
    if (first_.empty()) {
        for (const auto& result : page.results) {
            auto alike = std::make_shared<AnalysisResult>(*result);
            alike->picture = {};
            first_.push_back(std::move(alike));
        }
    }
    record_.clear();
    std::vector<std::size_t> sizes;
    for (const auto& result : page.results) {
        const std::size_t before = record_.size();
        if (const Array* map = shownOf(*result)) {
            append(*map);
        }
        sizes.push_back(record_.size() - before);
    }
    if (frames_.empty()) {
        sizes_ = sizes;
    } else if (sizes != sizes_) {
        throw Error(
            ErrorCode::Model, "frame " + std::to_string(page.frame.value + 1) +
                                  " has maps of other sizes than those before: " + video_.string());
    }
    file_.write({reinterpret_cast<const char*>(record_.data()), record_.size() * sizeof(float)});
    Frame frame{.index = page.frame, .time_secs = page.time_secs};
    const std::size_t bytes = pictureBytes(page);
    if (has_pictures_ && picture_bytes_ + bytes <= most_picture_bytes) {
        picture_bytes_ += bytes;
        frame.pictures = static_cast<std::int64_t>(pictures_.size());
        for (const auto& result : page.results) {
            pictures_.push_back(result->picture);
        }
    }
    frames_.push_back(frame);
}

std::shared_ptr<AnalysisResult> KeptFrames::resultOf(
    std::size_t model,
    const std::vector<float>& values) const {
    auto result = std::make_shared<AnalysisResult>(*first_[model]);
    auto& maps = mapsOf(*result, map_);
    if (maps.empty()) {
        return result;
    }
    Array& map = maps.begin()->second;
    if (map_ != MapKind::ClsAttention) {
        map.values = values;
        return result;
    }
    // The others are not looked at; the mean of one head is that head.
    const std::size_t heads = head_ ? head_->value + 1 : 1;
    map.shape.at(0) = static_cast<std::int64_t>(heads);
    map.values.assign((heads - 1) * values.size(), 0.0F);
    map.values.insert(map.values.end(), values.begin(), values.end());
    return result;
}

void KeptFrames::forEach(const std::function<void(PageFrame)>& take, const Task& task) const {
    std::vector<FrameIndex> again;
    for (const Frame& frame : frames_) {
        if (has_pictures_ && frame.pictures < 0) {
            again.push_back(frame.index);
        }
    }
    std::optional<FrameStream> stream;
    if (!again.empty()) {
        stream.emplace(video_, again, 8, task.stop);
    }
    std::ifstream file(file_.path(), std::ios::binary);
    for (std::size_t i = 0; i < frames_.size(); ++i) {
        task.checkStop();
        task.report(
            static_cast<double>(i) / static_cast<double>(frames_.size()),
            "painting frame " + std::to_string(i + 1) + " of " + std::to_string(frames_.size()));
        const Frame& frame = frames_[i];
        PageFrame page{frame.index, frame.time_secs, {}};
        std::optional<VideoFrame> decoded;
        while (stream && frame.pictures < 0 && (!decoded || decoded->index < frame.index)) {
            decoded = stream->next();
            if (!decoded || frame.index < decoded->index) {
                throw Error(
                    ErrorCode::Input,
                    "frame " + std::to_string(frame.index.value + 1) +
                        " cannot be decoded again, the file has changed: " + video_.string());
            }
        }
        for (std::size_t model = 0; model < first_.size(); ++model) {
            std::vector<float> values(sizes_[model]);
            file.read(
                reinterpret_cast<char*>(values.data()),
                static_cast<std::streamsize>(values.size() * sizeof(float)));
            if (!file) {
                throw Error(
                    ErrorCode::Resource,
                    "what was kept aside cannot be read again: " + beside_.string());
            }
            const std::shared_ptr<AnalysisResult> result = resultOf(model, values);
            if (frame.pictures >= 0) {
                result->picture = pictures_[static_cast<std::size_t>(frame.pictures) + model];
            } else if (decoded) {
                result->picture = cutOut(decoded->picture, specs_[model]);
            }
            page.results.push_back(result);
        }
        take(std::move(page));
    }
}

} // namespace vitreous
