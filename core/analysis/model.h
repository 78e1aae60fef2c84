#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/analysis/result.h"
#include "core/base/array.h"
#include "core/base/task.h"
#include "core/nn/point_groups.h"
#include "core/nn/preprocess.h"

namespace vitreous {

/// A model argument: `PATH[,key=value]...` (cli.md). Keys settle what a file cannot tell.
struct ModelSpec {
    std::filesystem::path path;
    std::optional<int> heads;
    std::optional<int> llm_heads;
    std::filesystem::path llm; ///< file or directory that the LLM block is taken from
    std::optional<int> llm_layer;
    std::string label; ///< empty: the path's stem
    std::string family;
    std::optional<int> size; ///< input side in pixels
    std::optional<int> frames;
    std::optional<int> groups;
    std::optional<int> group_size;
    std::optional<double> eps;
    std::string state; ///< which state dictionary; empty: the usual one

    friend bool operator==(const ModelSpec&, const ModelSpec&) = default;
};

/// Parses a model argument. Only a trailing `,known_key=` starts an option, so paths may hold
/// commas. Throws Error{Usage}: a value that is no number or out of range, an empty path.
ModelSpec parseModelSpec(std::string_view argument);
/// The argument that parses to this spec.
std::string formatModelSpec(const ModelSpec& spec);
/// The keys that are set with their values, as the argument has them.
std::vector<std::pair<std::string, std::string>> specOptions(const ModelSpec& spec);
/// Sets one key. Throws Error{Usage} where there is no such key or the value is none for it.
void setSpecOption(ModelSpec& spec, const std::string& key, const std::string& value);
/// The label that the spec leads to: its own or the path's stem.
std::string labelOf(const ModelSpec& spec);

enum class Precision { Float32, BFloat16, Float16 };
std::string_view name(Precision precision); ///< "fp32", "bf16", "fp16"

/// Where and how to run. device: "auto", "cpu", "cuda" or "cuda:N".
struct DeviceSpec {
    std::string device = "auto";
    Precision precision = Precision::Float32;

    friend bool operator==(const DeviceSpec&, const DeviceSpec&) = default;
};

/// What a checkpoint is, without running it. `guessed` names the facts no file told.
struct ModelSummary {
    std::string label;
    std::filesystem::path path;
    std::string family;    ///< "ViT (timm)", "ViT-LLaMA (LM4VisualEncoding)", ...
    std::string container; ///< "PyTorch zip", ...
    std::string state_key;
    std::vector<std::string> state_keys; ///< the candidates
    std::uint64_t file_bytes = 0;
    std::int64_t parameters = 0;
    int depth = 0;
    int width = 0;
    int heads = 0;
    int patch = 0;
    int input_width = 0; ///< pixels
    int input_height = 0;
    int channels = 3;
    int rows = 0; ///< token grid, of a video model at each step of time
    int columns = 0;
    int frames = 0;  ///< of a clip, for a video model; 0: no video model
    int tubelet = 0; ///< frames a token
    int times = 0;   ///< frames / tubelet: steps of time in the grid of tokens
    int classes = 0; ///< 0: no head
    int registers = 0;
    int prefix_tokens = 0; ///< CLS, distillation and register tokens before the visual ones
    bool has_cls = true;
    std::string llm_block; ///< "llama", "mlp" or "identity" between the mappers; empty: no mappers
    int llm_after = 0;     ///< ViT blocks before it
    int llm_layers = 0;
    int llm_width = 0;
    int llm_heads = 0;
    double layer_norm_eps = 0.0;
    std::vector<Tap> taps;                ///< all of them, in forward order
    std::vector<Tap> blocks;              ///< those with attention
    std::vector<std::string> guessed;     ///< "heads = 6 (head size 64)", ...
    std::vector<std::string> class_names; ///< empty or `classes` long
    /// "config", or the name of the file beside the checkpoint; empty without names.
    std::string class_names_source;
    PreprocessSpec preprocess; ///< of an image or video model; of each frame
    /// Of a point-cloud model, whose token grid is 1 x groups; empty for an image model.
    std::optional<PointGrouping> grouping;
    std::uint64_t memory_bytes = 0; ///< estimate for running one input in fp32
};

/// Reads the index of a checkpoint and says what it is. Throws Error{Model} as loadModel does.
ModelSummary inspectModel(const ModelSpec& spec);
/// Throws Error{Model} where the model takes point clouds or videos, for what only pictures can be
/// used for.
void requireImageModel(const ModelSummary& summary);
/// The summary as JSON, for `inspect --json` and provenance.
nlohmann::json toJson(const ModelSummary& summary);

/// What to compute.
struct AnalysisOptions {
    std::vector<std::string> taps = {"*"}; ///< globs over tap names
    std::set<MapKind> maps = {MapKind::Magnitude, MapKind::Frequency, MapKind::ClsAttention};
    bool features = false; ///< keep the features of every tap too
    /// Keep the queries and keys of every block that `taps` match, for the attention of any token.
    bool keep_attention = false;
    /// Of a video model: the tokens of each step of time are centred on their own mean, not all
    /// tokens of the clip on one (analysis.md, Maps).
    bool frames_apart = false;

    friend bool operator==(const AnalysisOptions&, const AnalysisOptions&) = default;
};

/// A model in memory, ready to run. One thread at a time may call it.
class Model {
public:
    virtual ~Model() = default;
    [[nodiscard]] virtual const ModelSummary& summary() const = 0;
    /// Where it runs, "cpu" or "cuda:0".
    [[nodiscard]] virtual std::string device() const = 0;
    [[nodiscard]] virtual Precision precision() const = 0;
    /// Throws Error{Resource} where a pass over so many inputs at once does not fit into the free
    /// memory.
    virtual void requireMemory(std::size_t batch, const AnalysisOptions& options) const = 0;
    /// One forward pass over a batch of inputs that fills every requested map of each.
    /// Throws Error{Usage} where no tap matches, Error{Input} on a wrong shape, Error{Model} where
    /// the result is no number, Error{Resource} out of memory, Error{Interrupted} between layers.
    virtual std::vector<std::shared_ptr<const AnalysisResult>> analyze(
        const std::vector<PreparedInput>& inputs,
        const AnalysisOptions& options,
        const Task& task) = 0;
    /// The forward pass alone. Returns logits (batch, classes), or the last features without a
    /// head.
    virtual Array forward(const std::vector<PreparedInput>& inputs, const Task& task) = 0;

protected:
    Model() = default;
    Model(const Model&) = default;
    Model& operator=(const Model&) = default;
};

/// Loads a model. Strict: missing, unexpected and misshapen tensors are errors that name them.
/// Throws Error{Model} (cannot be used), Error{Resource} (device absent, memory does not suffice),
/// Error{Interrupted}. Nothing half-loaded survives.
std::shared_ptr<Model>
loadModel(const ModelSpec& spec, const DeviceSpec& device, const Task& task = {});

/// Sets the number of threads that inference uses; 0: one a physical core. Call once, at the start.
void setThreadCount(int threads);

} // namespace vitreous
