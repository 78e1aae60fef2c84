#include "core/train/lm_files.h"

#include <locale>
#include <sstream>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file_output.h"
#include "core/io/checkpoint_writer.h"
#include "core/train/training_model.h"

namespace vitreous {
namespace {

/// What the readers of LLaMA checkpoints look for, and that the vocabulary is bytes.
nlohmann::json configJson(const LanguageModelConfig& config) {
    return {
        {"model_type", "llama"},
        {"vocabulary", "bytes"},
        {"vocab_size", byteVocabulary},
        {"hidden_size", config.width},
        {"intermediate_size", config.hidden},
        {"num_hidden_layers", config.layers},
        {"num_attention_heads", config.heads},
        {"max_position_embeddings", config.context},
        {"rms_norm_eps", config.eps},
        {"rope_theta", config.rope_base}};
}

nlohmann::json argumentsJson(
    const LanguageModelRequest& request,
    const LanguageModelReport& report,
    double held_out) {
    const LanguageModelRecipe& recipe = request.recipe;
    nlohmann::json files = nlohmann::json::array();
    for (const std::filesystem::path& path : request.text) {
        files.push_back(path.filename().string());
    }
    nlohmann::json json = {
        {"text", files},
        {"training_bytes", report.training_bytes},
        {"held_out_bytes", report.held_out_bytes},
        {"batch", recipe.batch},
        {"steps", recipe.steps},
        {"steps_done", report.steps},
        {"learning_rate", recipe.learning_rate},
        {"weight_decay", recipe.weight_decay},
        {"warmup_steps", recipe.warmup_steps},
        {"seed", recipe.seed},
        {"precision", request.mixed ? "bf16" : "fp32"},
        {"unigram_nats", report.baselines.unigram},
        {"bigram_nats", report.baselines.bigram}};
    if (!std::isnan(held_out)) {
        json["held_out_nats"] = held_out;
    }
    return json;
}

std::string logText(const std::vector<LanguageModelStep>& rows) {
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text.precision(9);
    text << "step,learning_rate,loss,held_out_loss\n";
    for (std::size_t i = 0; i < rows.size(); ++i) {
        text << i + 1 << ',' << rows[i].learning_rate << ',' << rows[i].loss << ',';
        if (!std::isnan(rows[i].held_out)) {
            text << rows[i].held_out;
        }
        text << '\n';
    }
    return text.str();
}

} // namespace

void makeOutput(const std::filesystem::path& directory) {
    std::error_code problem;
    std::filesystem::create_directories(directory, problem);
    if (problem || !std::filesystem::is_directory(directory, problem)) {
        throw Error(
            ErrorCode::Resource, "the directory cannot be made" +
                                     (problem ? ", " + problem.message() : std::string()) + ": " +
                                     directory.string());
    }
}

void writeLanguageModel(
    const LanguageModelRequest& request,
    const LanguageModelConfig& config,
    const Parameters& parameters,
    const LanguageModelReport& report,
    const std::vector<LanguageModelStep>& rows) {
    CheckpointText text;
    text.config = configJson(config);
    text.arguments = argumentsJson(request, report, rows.back().held_out);
    std::vector<TensorEntry> entries;
    for (const Parameter& parameter : parameters.all()) {
        entries.push_back(entryOf(parameter.name, parameter.value, request.save_type));
    }
    writeSafetensors(request.output / "model.safetensors", entries, text);
    writeTorchZip(request.output / "model.pth", entries, text);
    writeFileWhole(request.output / "log.csv", logText(rows));
}

} // namespace vitreous
