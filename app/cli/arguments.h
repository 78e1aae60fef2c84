#pragma once

#include <string>
#include <variant>
#include <vector>

#include "app/cli/analyze_arguments.h"
#include "app/cli/evaluate_arguments.h"
#include "app/cli/scenes_arguments.h"
#include "app/cli/shapes_arguments.h"
#include "app/cli/train_arguments.h"
#include "app/cli/train_lm_arguments.h"
#include "app/cli/video_arguments.h"
#include "core/analysis/model.h"

namespace vitreous::cli {

/// What `--help` or `--version` asked for: text for standard output.
struct HelpText {
    std::string text;
};

/// `inspect MODEL... [--json]`
struct InspectArguments {
    std::vector<ModelSpec> models;
    bool json = false;
};

/// `bench`: the forward pass alone and with all maps of all taps.
struct BenchArguments {
    std::vector<ModelSpec> models; ///< empty: the sample pair
    DeviceSpec device;
    int threads = 0;
    int batch = 1;
    int runs = 15;         ///< of each kind
    bool training = false; ///< training steps of the demo's ViT instead
    bool video = false;    ///< frames of a video instead
    bool json = false;
};

using Arguments = std::variant<
    HelpText,
    InspectArguments,
    AnalyzeArguments,
    BenchArguments,
    EvaluateArguments,
    ScenesArguments,
    ShapesArguments,
    TrainArguments,
    TrainLmArguments,
    VideoArguments>;

/// Reads the command line (cli.md). Throws Error{Usage}: what is wrong, what was expected.
Arguments parseArguments(int argc, const char* const* argv);

} // namespace vitreous::cli
