#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <optional>
#include <set>
#include <thread>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/isfinite.h>
#include <c10/core/InferenceMode.h>

#include "core/analysis/model_file.h"
#include "core/analysis/recorder.h"
#include "core/nn/device.h"
#include "core/nn/torch_errors.h"
#include "core/nn/vit.h"

namespace vitreous {
namespace {

at::ScalarType scalarTypeOf(Precision precision) {
    switch (precision) {
    case Precision::BFloat16:
        return at::kBFloat16;
    case Precision::Float16:
        return at::kHalf;
    case Precision::Float32:
        break;
    }
    return at::kFloat;
}

class LoadedModel final : public Model {
public:
    LoadedModel(
        ModelSummary summary,
        const ModelConfig& config,
        Vit vit,
        at::Device device,
        Precision precision)
        : summary_(std::move(summary)), config_(config), vit_(std::move(vit)), device_(device),
          precision_(precision) {}

    [[nodiscard]] const ModelSummary& summary() const override { return summary_; }
    [[nodiscard]] std::string device() const override { return nameOf(device_); }
    [[nodiscard]] Precision precision() const override { return precision_; }

    void requireMemory(std::size_t batch, const AnalysisOptions& options) const override {
        const std::uint64_t needed =
            std::uint64_t(batch) *
            estimateInputBytes(config_, c10::elementSize(scalarTypeOf(precision_)), options);
        requireFree(
            needed, device_, "a batch of " + std::to_string(batch) + " inputs needs",
            summary_.path.string());
    }

    std::vector<std::shared_ptr<const AnalysisResult>> analyze(
        const std::vector<PreparedInput>& inputs,
        const AnalysisOptions& options,
        const Task& task) override {
        return guarded("the forward pass failed", summary_.path.string(), [&] {
            const c10::InferenceMode inference;
            Recorder recorder(summary_, options, task);
            const auto start = std::chrono::steady_clock::now();
            const std::vector<PointGroups> groups = groupsOf(inputs, task);
            const at::Tensor logits = forwardOf(inputs, groups, &recorder);
            if (!at::isfinite(logits).all().item<bool>()) {
                throw Error(
                    ErrorCode::Model,
                    "the forward pass ends in NaN or infinite values: damaged weights, or an "
                    "overflow in " +
                        std::string(name(precision_)) + ": " + summary_.path.string());
            }
            std::vector<std::shared_ptr<AnalysisResult>> filled;
            for (std::size_t i = 0; i < inputs.size(); ++i) {
                filled.push_back(resultFor(inputs[i], recorder, logits, std::int64_t(i)));
                if (!groups.empty()) {
                    filled.back()->centers = groups[i].centers;
                    filled.back()->groups = groups[i].members;
                }
            }
            const std::chrono::duration<double, std::milli> spent =
                std::chrono::steady_clock::now() - start;
            for (const auto& result : filled) {
                result->forward_ms = spent.count();
                result->maps_ms = recorder.mapsMs();
            }
            return std::vector<std::shared_ptr<const AnalysisResult>>(filled.begin(), filled.end());
        });
    }

    Array forward(const std::vector<PreparedInput>& inputs, const Task& task) override {
        return guarded("the forward pass failed", summary_.path.string(), [&] {
            const c10::InferenceMode inference;
            task.checkStop();
            const at::Tensor logits = forwardOf(inputs, groupsOf(inputs, task), nullptr);
            return toArray(logits, logits.sizes().vec());
        });
    }

private:
    /// Of a point-cloud model, one for each input; of an image model none.
    [[nodiscard]] std::vector<PointGroups> groupsOf(
        const std::vector<PreparedInput>& inputs,
        const Task& task) const {
        std::vector<PointGroups> groups;
        for (std::size_t i = 0; config_.points.present && i < inputs.size(); ++i) {
            const PointGrouping& grouping = config_.points.grouping;
            groups.push_back(groupPoints(
                pointsFromTensor(inputs[i].input, grouping), grouping,
                {.stop = task.stop, .progress = {}}));
        }
        return groups;
    }

    [[nodiscard]] at::Tensor forwardOf(
        const std::vector<PreparedInput>& inputs,
        const std::vector<PointGroups>& groups,
        ForwardObserver* observer) const {
        if (!config_.points.present) {
            return vit_.forward(batchOf(inputs), observer);
        }
        return vit_.forwardGroups(
            stacked(groups, &PointGroups::centers), stacked(groups, &PointGroups::neighborhoods),
            observer);
    }

    /// One array of each of the groups, as a batch.
    [[nodiscard]] at::Tensor stacked(
        const std::vector<PointGroups>& groups,
        Array PointGroups::*member) const {
        std::vector<std::int64_t> shape = (groups.at(0).*member).shape;
        shape.insert(shape.begin(), std::int64_t(groups.size()));
        at::Tensor batch = at::empty(shape, at::kFloat);
        auto* values = batch.data_ptr<float>();
        for (const PointGroups& one : groups) {
            const std::vector<float>& from = (one.*member).values;
            values = std::copy(from.begin(), from.end(), values);
        }
        return batch.to(device_, scalarTypeOf(precision_));
    }

    [[nodiscard]] at::Tensor batchOf(const std::vector<PreparedInput>& inputs) const {
        std::vector<std::int64_t> shape = {
            summary_.channels, summary_.input_height, summary_.input_width};
        if (summary_.frames > 0) {
            shape.insert(shape.begin() + 1, summary_.frames);
        }
        const auto count = static_cast<std::size_t>(elementCount(shape));
        std::vector<std::int64_t> batch_shape = {std::int64_t(inputs.size())};
        batch_shape.insert(batch_shape.end(), shape.begin(), shape.end());
        at::Tensor batch = at::empty(batch_shape, at::kFloat);
        auto* values = batch.data_ptr<float>();
        for (const PreparedInput& input : inputs) {
            if (input.input.shape != shape || input.input.values.size() != count) {
                throw Error(
                    ErrorCode::Input, "expected an input of shape " + shapeText(shape) +
                                          ", found " + shapeText(input.input.shape) + ": " +
                                          summary_.path.string());
            }
            values = std::copy(input.input.values.begin(), input.input.values.end(), values);
        }
        return batch.to(device_, scalarTypeOf(precision_));
    }

    [[nodiscard]] std::shared_ptr<AnalysisResult> resultFor(
        const PreparedInput& input,
        Recorder& recorder,
        const at::Tensor& logits,
        std::int64_t index) const {
        auto result = std::make_shared<AnalysisResult>();
        result->model_label = summary_.label;
        result->rows = summary_.rows;
        result->columns = summary_.columns;
        result->times = summary_.times;
        result->mean_query = !summary_.has_cls;
        recorder.fill(*result, index);
        if (summary_.classes > 0) {
            result->logits = toArray(logits[index], {summary_.classes});
        }
        result->input = input.input;
        result->picture = input.picture;
        result->pictures = input.pictures;
        return result;
    }

    ModelSummary summary_;
    ModelConfig config_;
    Vit vit_;
    at::Device device_;
    Precision precision_;
};

int physicalCores() {
    std::ifstream file("/proc/cpuinfo");
    std::set<std::pair<std::string, std::string>> cores;
    std::string package;
    for (std::string line; std::getline(file, line);) {
        const auto value = [&line] {
            return line.substr(std::min(line.size(), line.find(':') + 1));
        };
        if (line.starts_with("physical id")) {
            package = value();
        } else if (line.starts_with("core id")) {
            cores.emplace(package, value());
        }
    }
    const int usable = std::max(1, int(std::thread::hardware_concurrency()));
    return cores.empty() ? usable : std::min(usable, int(cores.size()));
}

} // namespace

std::shared_ptr<Model>
loadModel(const ModelSpec& spec, const DeviceSpec& device_spec, const Task& task) {
    task.report(0.0, "reading " + spec.path.filename().string());
    const at::Device device = deviceOf(device_spec.device);
    const at::ScalarType dtype = scalarTypeOf(device_spec.precision);
    const ModelFile file = openModelFile(spec);
    return guarded(
        "the model cannot be loaded", spec.path.string(), [&]() -> std::shared_ptr<Model> {
            const c10::InferenceMode inference;
            if (device.is_cuda()) {
                // fp32 means fp32: TF32 keeps 10 bits of the fraction.
                at::globalContext().setAllowTF32CuDNN(false);
                at::globalContext().setAllowTF32CuBLAS(false);
            }
            requireArithmetic(device, dtype);
            requireFree(
                estimateBytes(file, c10::elementSize(dtype)), device, "needs", spec.path.string());
            const TensorStore store(file.mapping, device, dtype);
            Vit vit(file.config, store, [&](double fraction) {
                task.checkStop();
                task.report(fraction, "loading " + spec.path.filename().string());
            });
            return std::make_shared<LoadedModel>(
                summarise(file, spec), file.config, std::move(vit), device, device_spec.precision);
        });
}

void setThreadCount(int threads) {
#ifdef __GLIBC__
    // Buffers of a forward pass come and go by the megabyte: keeping them saves their page faults.
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
    at::set_num_threads(threads > 0 ? threads : physicalCores());
}

} // namespace vitreous
