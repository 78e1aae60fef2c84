#include "core/train/training_state.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include <ATen/ops/from_blob.h>

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/io/checkpoint.h"
#include "core/train/digest.h"

namespace vitreous {
namespace {

using nlohmann::json;

constexpr std::string_view kModelPrefix = "parameter.";

/// The tensors of a state file by their names in it.
class StateTensors final : public TensorSource {
public:
    explicit StateTensors(const Checkpoint& checkpoint) : checkpoint_(checkpoint) {}

    [[nodiscard]] at::Tensor load(const std::string& name) const override {
        at::Tensor tensor = loadOptional(name);
        if (!tensor.defined()) {
            throw Error(
                ErrorCode::Model,
                "missing tensor " + name +
                    ", expected the state of a training run: " + checkpoint_.path.string());
        }
        return tensor;
    }
    [[nodiscard]] at::Tensor loadOptional(const std::string& name) const override {
        const TensorEntry* entry = checkpoint_.find(name);
        if (entry == nullptr || entry->dtype != DType::Float32) {
            return {};
        }
        return at::from_blob(
                   const_cast<std::byte*>(entry->bytes.data()), entry->shape,
                   at::TensorOptions().dtype(at::kFloat))
            .clone();
    }

private:
    const Checkpoint& checkpoint_;
};

/// A whole number of 0 to most. Throws json::exception.
std::int64_t countFrom(const json& value, std::int64_t most) {
    if (!value.is_number_integer() || value < 0 || value > most) {
        throw json::other_error::create(501, "no count", nullptr);
    }
    return value.get<std::int64_t>();
}

json toJson(const EpochReport& row) {
    return {
        {"epoch", row.epoch},
        {"steps", row.steps},
        {"learning_rate", row.learning_rate},
        {"train_loss", row.train_loss},
        {"train_accuracy", row.train_accuracy},
        {"test_loss", row.test_loss},
        {"test_accuracy", row.test_accuracy},
        {"pictures_per_second", row.pictures_per_second},
        {"waited_seconds", row.waited_seconds}};
}

EpochReport rowFrom(const json& row) {
    return {
        .epoch = row.at("epoch"),
        .steps = row.at("steps"),
        .learning_rate = row.at("learning_rate"),
        .train_loss = row.at("train_loss"),
        .train_accuracy = row.at("train_accuracy"),
        .test_loss = row.at("test_loss"),
        .test_accuracy = row.at("test_accuracy"),
        .pictures_per_second = row.at("pictures_per_second"),
        .waited_seconds = row.at("waited_seconds")};
}

[[noreturn]] void refuseDamaged(const std::filesystem::path& path) {
    throw Error(ErrorCode::Model, "the state of the run is damaged: " + path.string());
}

void requireSameIdentity(const json& saved, const json& wanted, const std::string& path) {
    for (const auto& [key, value] : wanted.items()) {
        const json found = saved.is_object() && saved.contains(key) ? saved[key] : json();
        if (found != value && key == "data") {
            throw Error(
                ErrorCode::Usage, std::string("the ") +
                                      (wanted.contains("shapes") ? "shapes" : "pictures") +
                                      " are others than those of the run to be resumed: " + path);
        }
        if (found != value && key == "block_values") {
            throw Error(
                ErrorCode::Usage,
                "the blocks of --llm are others than those of the run to be resumed: " + path);
        }
        if (found != value) {
            throw Error(
                ErrorCode::Usage, "the run to be resumed has " + key + " " + found.dump() +
                                      ", found " + value.dump() + " on the command line: " + path);
        }
    }
}

} // namespace

std::string digestOf(const TrainingModel& model) {
    Digest digest;
    for (const Parameter& parameter : model.parameters.all()) {
        if (!parameter.changes()) {
            digest.add(entryOf(parameter.name, parameter.value, DType::Float32).bytes);
        }
    }
    return digest.text();
}

json identityOf(const TrainingRequest& request, const std::vector<std::string>& classes) {
    json identity = toJson(request.recipe);
    identity["precision"] = request.mixed ? "bf16" : "fp32";
    identity["classes"] = classes;
    // Names that are no UTF-8 as they come back from the file.
    return json::parse(identity.dump(-1, ' ', false, json::error_handler_t::replace));
}

void saveState(
    const std::filesystem::path& path,
    const TrainingModel& model,
    const AdamW& optimizer,
    const TrainingState& state,
    const json& identity) {
    std::vector<TensorEntry> entries;
    for (const Parameter& parameter : model.parameters.all()) {
        if (parameter.changes()) {
            entries.push_back(entryOf(
                std::string(kModelPrefix) + parameter.name, parameter.value, DType::Float32));
        }
    }
    for (const auto& [name, tensor] : optimizer.state()) {
        entries.push_back(entryOf(name, tensor, DType::Float32));
    }
    json rows = json::array();
    for (const EpochReport& row : state.rows) {
        rows.push_back(toJson(row));
    }
    CheckpointText text;
    text.epoch = state.epoch;
    text.config = {
        {"vitreous_training_state", 1},
        {"identity", identity},
        {"epoch", state.epoch},
        {"step", state.step},
        {"steps", state.steps},
        {"loss", state.score.loss},
        {"correct", state.score.correct},
        {"pictures", state.score.inputs},
        {"rows", rows}};
    writeSafetensors(path, entries, text);
}

TrainingState restoreState(
    const std::filesystem::path& path,
    TrainingModel& model,
    AdamW& optimizer,
    const json& identity) {
    const Checkpoint checkpoint = openCheckpoint(path);
    const json& saved = checkpoint.config;
    if (checkpoint.container != "safetensors" || !saved.is_object() ||
        saved.value("vitreous_training_state", json()) != 1) {
        throw Error(ErrorCode::Model, "is no state of a training run: " + path.string());
    }
    requireSameIdentity(saved.value("identity", json()), identity, path.string());
    TrainingState state;
    try {
        constexpr std::int64_t most = std::int64_t{1} << 40;
        state.epoch = int(countFrom(saved.at("epoch"), 1 << 20));
        state.step = countFrom(saved.at("step"), most);
        state.steps = countFrom(saved.at("steps"), most);
        state.score = {
            saved.at("loss"), countFrom(saved.at("correct"), most),
            countFrom(saved.at("pictures"), most)};
        for (const json& row : saved.at("rows")) {
            state.rows.push_back(rowFrom(row));
        }
    } catch (const json::exception&) {
        refuseDamaged(path);
    }
    if (state.rows.size() != std::size_t(state.epoch)) {
        refuseDamaged(path);
    }
    const StateTensors tensors(checkpoint);
    for (const Parameter& parameter : model.parameters.all()) {
        if (!parameter.changes()) {
            continue;
        }
        const at::Tensor value = tensors.load(std::string(kModelPrefix) + parameter.name);
        if (value.sizes() != parameter.value.sizes()) {
            throw Error(
                ErrorCode::Model, parameter.name + ": expected " +
                                      shapeText(parameter.value.sizes().vec()) + ", found " +
                                      shapeText(value.sizes().vec()) + ": " + path.string());
        }
        model.parameters.set(parameter.name, value);
    }
    if (!model.parameters.areFinite()) {
        refuseDamaged(path);
    }
    optimizer.restore(tensors, state.steps);
    return state;
}

std::string logText(const std::vector<EpochReport>& rows) {
    std::string text = "epoch,steps,learning_rate,train_loss,train_accuracy,test_loss,"
                       "test_accuracy,pictures_per_second,waited_seconds\n";
    for (const EpochReport& row : rows) {
        std::array<char, 256> line{};
        std::snprintf(
            line.data(), line.size(), "%d,%lld,%.9g,%.9g,%.6f,%.9g,%.6f,%.1f,%.2f\n", row.epoch,
            static_cast<long long>(row.steps), row.learning_rate, row.train_loss,
            row.train_accuracy, row.test_loss, row.test_accuracy, row.pictures_per_second,
            row.waited_seconds);
        text += line.data();
    }
    return text;
}

} // namespace vitreous
