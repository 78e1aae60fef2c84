#include "app/cli/device_options.h"

#include <algorithm>
#include <iterator>

#include <CLI/CLI.hpp>

namespace vitreous::cli {
namespace {

constexpr int mostThreads = 1024;
constexpr int mostInputsAtOnce = 65536;

} // namespace

void DeviceOptions::addTo(CLI::App& command) {
    command.add_option("--device", device, "auto, cpu, cuda or cuda:N (default: auto)")
        ->type_name("DEVICE");
    command.add_option("--precision", precision, "fp32, bf16 or fp16 (default: fp32)")
        ->check(CLI::IsMember({"fp32", "bf16", "fp16"}));
    command
        .add_option("--threads", threads, "threads for inference (default: one a physical core)")
        ->check(CLI::Range(1, mostThreads));
    command.add_option("--batch", batch, "inputs to one forward pass (default: 1)")
        ->check(CLI::Range(1, mostInputsAtOnce));
}

DeviceSpec DeviceOptions::spec() const {
    DeviceSpec spec{.device = device};
    for (const Precision one : {Precision::Float32, Precision::BFloat16, Precision::Float16}) {
        if (name(one) == precision) {
            spec.precision = one;
        }
    }
    return spec;
}

std::vector<ModelSpec> modelsFrom(const std::vector<std::string>& arguments) {
    std::vector<ModelSpec> models;
    std::transform(
        arguments.begin(), arguments.end(), std::back_inserter(models),
        [](const std::string& argument) { return parseModelSpec(argument); });
    return models;
}

} // namespace vitreous::cli
