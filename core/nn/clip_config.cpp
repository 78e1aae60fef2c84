#include "core/nn/clip_config.h"

#include <algorithm>

#include "core/base/array.h"
#include "core/nn/config_facts.h"
#include "core/nn/tensor_shape.h"

namespace vitreous {
namespace {

constexpr int kUsualFrames = 16;
constexpr int kUsualSize = 224;
constexpr int kMostFrames = 1 << 14;
constexpr int kMostPatch = 1024;
constexpr std::int64_t kMostTokens = std::int64_t{1} << 22;

int framesOf(const Checkpoint& checkpoint, const ModelHints& hints, ModelConfig& config) {
    const std::optional<int> stated = hints.frames ? hints.frames : statedFrames(checkpoint);
    const int tubelet = config.clip.tubelet;
    int frames = stated.value_or(kUsualFrames);
    if (!stated) {
        frames = std::max(tubelet, frames / tubelet * tubelet);
        config.guessed.push_back("frames = " + std::to_string(frames));
    }
    if (frames > kMostFrames || frames % tubelet != 0) {
        refuseModel(
            checkpoint.path, "frames = " + std::to_string(frames) + ", expected a multiple of " +
                                 std::to_string(tubelet) + " (the frames of a token) of at most " +
                                 std::to_string(kMostFrames));
    }
    return frames;
}

void deriveGrid(const Checkpoint& checkpoint, const ModelHints& hints, ModelConfig& config) {
    std::pair<int, int> size(kUsualSize, kUsualSize);
    if (hints.size) {
        size = {*hints.size, *hints.size};
        if (*hints.size % config.patch_height != 0 || *hints.size % config.patch_width != 0) {
            refuseModel(
                checkpoint.path, "size " + std::to_string(*hints.size) +
                                     " is no multiple of the patch size " +
                                     std::to_string(config.patch_height));
        }
    } else if (const auto stated = statedInputSize(checkpoint)) {
        size = *stated;
    } else {
        config.guessed.push_back("size = " + std::to_string(kUsualSize));
    }
    config.rows = size.first / config.patch_height;
    config.columns = size.second / config.patch_width;
    const std::int64_t tokens =
        std::int64_t{config.rows} * config.columns * std::int64_t{config.times()};
    if (tokens < 1 || tokens > kMostTokens) {
        refuseModel(
            checkpoint.path, "clips of " + std::to_string(config.clip.frames) + " frames of " +
                                 std::to_string(size.second) + " x " + std::to_string(size.first) +
                                 " pixels are " + std::to_string(tokens) +
                                 " tokens, expected 1 to " + std::to_string(kMostTokens));
    }
}

} // namespace

void deriveClip(
    const Checkpoint& checkpoint,
    const NameMapping& mapping,
    const ModelHints& hints,
    ModelConfig& config) {
    const auto patch = shapeOf(checkpoint.path, mapping, "patch_embed.proj.weight", 5);
    config.clip.present = true;
    config.width = int(patch[0]);
    config.channels = int(patch[1]);
    config.clip.tubelet = int(patch[2]);
    config.patch_height = int(patch[3]);
    config.patch_width = int(patch[4]);
    if (config.channels != 3 || config.clip.tubelet > kMostFrames ||
        config.patch_height > kMostPatch || config.patch_width > kMostPatch) {
        refuseModel(
            checkpoint.path, "patch_embed.proj.weight: expected 3 channels, at most " +
                                 std::to_string(kMostFrames) + " frames and patches of at most " +
                                 std::to_string(kMostPatch) + " pixels, found " + shapeText(patch));
    }
    config.clip.frames = framesOf(checkpoint, hints, config);
    deriveGrid(checkpoint, hints, config);
}

PreprocessSpec clipPreprocess(const Checkpoint& checkpoint, const ModelConfig& config) {
    PreprocessSpec usual;
    usual.frames = config.clip.frames;
    usual.crop_height = config.rows * config.patch_height;
    usual.crop_width = config.columns * config.patch_width;
    usual.resize_short = std::max(usual.crop_height, usual.crop_width);
    usual.filter = Filter::Bilinear;
    usual.source = "VideoMAE defaults";
    return statedPreprocess(checkpoint, std::move(usual));
}

} // namespace vitreous
