#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/analysis/model.h"
#include "core/media/video_writer.h"

namespace vitreous::testing {

/// Says of each frame how bright it is. A clip model's time steps have two frames.
class FakeModel final : public Model {
public:
    explicit FakeModel(int frames = 0) {
        summary_.label = frames > 0 ? "clip" : "image";
        summary_.rows = 1;
        summary_.columns = 1;
        summary_.frames = frames;
        summary_.tubelet = frames > 0 ? 2 : 0;
        summary_.times = frames / 2;
        PreprocessSpec& spec = summary_.preprocess;
        spec.crop_width = 16;
        spec.crop_height = 16;
        spec.resize_short = 16;
        spec.frames = frames;
        spec.mean = {0.0F, 0.0F, 0.0F};
        spec.deviation = {1.0F, 1.0F, 1.0F};
    }

    [[nodiscard]] const ModelSummary& summary() const override { return summary_; }
    [[nodiscard]] std::string device() const override { return "cpu"; }
    [[nodiscard]] Precision precision() const override { return Precision::Float32; }
    void requireMemory(std::size_t, const AnalysisOptions&) const override {}
    Array forward(const std::vector<PreparedInput>&, const Task&) override { return {}; }

    std::vector<std::shared_ptr<const AnalysisResult>> analyze(
        const std::vector<PreparedInput>& inputs,
        const AnalysisOptions&,
        const Task& task) override {
        task.checkStop();
        parts.push_back(inputs.size());
        if (before) {
            before(parts.size());
        }
        std::vector<std::shared_ptr<const AnalysisResult>> results;
        for (const PreparedInput& input : inputs) {
            results.push_back(std::make_shared<AnalysisResult>(resultOf(input)));
        }
        return results;
    }

    std::vector<std::size_t> parts;          ///< how many inputs each pass had
    std::function<void(std::size_t)> before; ///< called in each pass, from 1 on

private:
    [[nodiscard]] AnalysisResult resultOf(const PreparedInput& input) const {
        AnalysisResult result;
        result.model_label = summary_.label;
        result.rows = 1;
        result.columns = 1;
        result.times = summary_.times;
        result.taps = {{"norm", "Norm"}};
        result.input = input.input;
        result.picture = input.picture;
        result.pictures = input.pictures;
        const auto frames = static_cast<std::size_t>(std::max(summary_.frames, 1));
        const std::size_t plane = 256;
        std::vector<float> brightness; // of the first channel, in bytes
        for (std::size_t i = 0; i<frames; i += frames> 1 ? 2 : 1) {
            brightness.push_back(input.input.values[i * plane + plane / 2] * 255.0F);
        }
        Array& map = result.magnitude["norm"];
        map.shape = {1, 1};
        if (summary_.times > 0) {
            map.shape.insert(map.shape.begin(), summary_.times);
        }
        map.values = brightness;
        result.logits = {{1}, {brightness.front()}};
        return result;
    }

    ModelSummary summary_;
};

/// The level of gray that a frame of grayVideo has: those of frames near each other lie far apart.
inline int levelOf(std::size_t frame) {
    return 20 + static_cast<int>(frame * 37 % 211);
}

/// A video of gray frames, 25 a second.
inline void
grayVideo(const std::filesystem::path& path, int frames, int width = 32, int height = 32) {
    VideoWriter writer(path, width, height, 25.0);
    for (int i = 0; i < frames; ++i) {
        const auto level = static_cast<std::uint8_t>(levelOf(static_cast<std::size_t>(i)));
        writer.add(
            {width, height,
             std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height * 3, level)});
    }
    writer.finish();
}

} // namespace vitreous::testing
