#include "core/train/classifier.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/log_softmax.h>

#include "core/nn/vit.h"
#include "core/train/gradient.h"
#include "core/train/training_memory.h"

namespace vitreous {
namespace {

at::Tensor
logitsOf(const ModelConfig& config, const TensorSource& source, const SampleBatch& inputs) {
    const Vit vit(config, source, [](double) {});
    const at::Tensor logits = config.points.present
                                  ? vit.forwardGroups(inputs.at(0), inputs.at(1), nullptr)
                                  : vit.forward(inputs.at(0), nullptr);
    return logits.to(at::kFloat);
}

/// The parameters as one part of a batch is trained with them: running means and variances are
/// copies that this part alone moves along.
class PartSource final : public TensorSource {
public:
    explicit PartSource(const Parameters& parameters) : parameters_(parameters) {
        for (const Parameter& parameter : parameters.all()) {
            if (parameter.isRunning()) {
                running_.emplace(parameter.name, parameter.value.clone());
            }
        }
    }

    [[nodiscard]] at::Tensor load(const std::string& name) const override {
        const auto it = running_.find(name);
        return it != running_.end() ? it->second : parameters_.load(name);
    }
    [[nodiscard]] at::Tensor loadOptional(const std::string& name) const override {
        const auto it = running_.find(name);
        return it != running_.end() ? it->second : parameters_.loadOptional(name);
    }
    [[nodiscard]] bool isTraining() const override { return true; }

    [[nodiscard]] const std::map<std::string, at::Tensor>& running() const { return running_; }

private:
    const Parameters& parameters_;
    std::map<std::string, at::Tensor> running_;
};

/// The model's running means and variances become those of the parts, each by its share of the
/// inputs.
void takeRunning(
    TrainingModel& model,
    const std::vector<std::map<std::string, at::Tensor>>& parts,
    const std::vector<Score>& scores,
    std::int64_t inputs) {
    const at::NoGradGuard no_gradient;
    for (const auto& [name, first] : parts.front()) {
        at::Tensor mean = first * (double(scores.front().inputs) / double(inputs));
        for (std::size_t i = 1; i < parts.size(); ++i) {
            mean += parts[i].at(name) * (double(scores[i].inputs) / double(inputs));
        }
        model.parameters.set(name, mean);
    }
}

std::int64_t countCorrect(const at::Tensor& logits, const int* labels) {
    const at::Tensor chosen = at::argmax(logits.detach(), 1).to(at::kCPU);
    const auto* values = chosen.data_ptr<std::int64_t>();
    std::int64_t correct = 0;
    for (std::int64_t i = 0; i < chosen.numel(); ++i) {
        correct += values[i] == labels[i] ? 1 : 0;
    }
    return correct;
}

/// Inputs of one shard; all of them on a GPU.
std::int64_t shardSize(std::int64_t inputs, const ModelConfig& config, const Place& place) {
    return place.device.is_cpu() ? shardInputs(config) : inputs;
}

ShardPlan planFor(std::int64_t inputs, std::int64_t size, const Place& place) {
    return {.shards = (inputs + size - 1) / size, .mixed = place.mixed, .device = place.device};
}

/// The shard's part of that many inputs.
struct Part {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

Part partOf(std::int64_t shard, std::int64_t size, std::int64_t inputs) {
    return {shard * size, std::min(inputs, (shard + 1) * size)};
}

SampleBatch sliceOf(const SampleBatch& inputs, const Part& part) {
    SampleBatch slice;
    for (const at::Tensor& input : inputs) {
        slice.push_back(input.slice(0, part.begin, part.end));
    }
    return slice;
}

SampleBatch onDevice(const SampleBatch& inputs, const at::Device& device) {
    SampleBatch moved;
    for (const at::Tensor& input : inputs) {
        moved.push_back(input.to(device));
    }
    return moved;
}

Score sumOf(const std::vector<Score>& parts) {
    Score sum;
    for (const Score& part : parts) {
        sum += part;
    }
    return sum;
}

} // namespace

Score trainStep(
    TrainingModel& model,
    AdamW& optimizer,
    const Batch& batch,
    const StepSize& size,
    const Place& place) {
    const auto count = std::int64_t(batch.labels.size());
    const SampleBatch inputs = onDevice(batch.inputs, place.device);
    const at::Tensor targets = batch.targets.to(place.device);
    const std::int64_t most = shardSize(count, model.config, place);
    const ShardPlan plan = planFor(count, most, place);
    std::vector<Score> scores(static_cast<std::size_t>(plan.shards));
    std::vector<std::map<std::string, at::Tensor>> running(scores.size());
    const std::vector<at::Tensor> gradients =
        shardedGradients(model.parameters.trained(), plan, [&](std::int64_t shard) {
            const Part part = partOf(shard, most, count);
            const PartSource source(model.parameters);
            const at::Tensor logits = logitsOf(model.config, source, sliceOf(inputs, part));
            const at::Tensor loss =
                -(targets.slice(0, part.begin, part.end) * at::log_softmax(logits, 1)).sum();
            scores[static_cast<std::size_t>(shard)] = {
                loss.item<double>(), countCorrect(logits, batch.labels.data() + part.begin),
                part.end - part.begin};
            running[static_cast<std::size_t>(shard)] = source.running();
            return loss / double(count);
        });
    Score score = sumOf(scores);
    if (!std::isfinite(score.loss) ||
        !std::isfinite(optimizer.step(gradients, size.learning_rate, size.clip))) {
        score.loss = std::numeric_limits<double>::quiet_NaN();
    } else {
        takeRunning(model, running, scores, count);
    }
    return score;
}

Score testScore(
    const TrainingModel& model,
    const TestSet& test,
    const Place& place,
    const Task& task) {
    const auto count = std::int64_t(
        test.limit > 0 ? std::min(std::size_t(test.limit), test.data.size()) : test.data.size());
    constexpr std::int64_t group = 64; // between two looks at the stop request
    Score sum;
    for (std::int64_t first = 0; first < count; first += group) {
        task.checkStop();
        const std::int64_t many = std::min(group, count - first);
        const std::int64_t most = shardSize(many, model.config, place);
        const ShardPlan plan = planFor(many, most, place);
        std::vector<Score> scores(static_cast<std::size_t>(plan.shards));
        forEachShard(plan, [&](std::int64_t shard) {
            const at::NoGradGuard no_gradient;
            const Part part = partOf(shard, most, many);
            const std::int64_t size = part.end - part.begin;
            std::vector<Sample> samples;
            std::vector<int> labels;
            for (std::int64_t i = part.begin; i < part.end; ++i) {
                const auto index = std::size_t(first + i);
                samples.push_back(test.data.testing(index));
                labels.push_back(test.data.label(index));
            }
            const at::Tensor logits =
                logitsOf(model.config, model.parameters, onDevice(batchOf(samples), place.device));
            const at::Tensor logs = at::log_softmax(logits, 1).to(at::kCPU);
            double loss = 0.0;
            for (std::int64_t i = 0; i < size; ++i) {
                loss -= logs[i][labels[std::size_t(i)]].item<double>();
            }
            scores[static_cast<std::size_t>(shard)] = {
                loss, countCorrect(logits, labels.data()), size};
        });
        sum += sumOf(scores);
    }
    return sum;
}

} // namespace vitreous
