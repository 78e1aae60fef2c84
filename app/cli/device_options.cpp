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
    command
        .add_option(
            "--batch", batch, "inputs to one forward pass (default: " + std::to_string(batch) + ")")
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

void TrainingOptions::addOutputTo(CLI::App& command, const std::string& files) {
    command.add_option("--output", output, "directory for " + files)->required()->type_name("DIR");
}

void TrainingOptions::addMachineTo(CLI::App& command) {
    CLI::Option_group& machine = *command.add_option_group("Machine");
    machine.add_option("--device", device, "auto, cpu, cuda or cuda:N (default: auto)")
        ->type_name("DEVICE");
    machine
        .add_option(
            "--precision", precision,
            "fp32, or bf16: matrix products in bf16, the rest in fp32 (default: fp32)")
        ->check(CLI::IsMember({"fp32", "bf16"}));
    machine
        .add_option(
            "--save-precision", save_precision,
            "of the model files: fp32, fp16 or bf16 (default: fp32)")
        ->check(CLI::IsMember({"fp32", "fp16", "bf16"}));
    machine.add_option("--threads", threads, "threads (default: one a physical core)")
        ->check(CLI::Range(1, mostThreads));
    machine.add_flag("--progress", progress, "show progress, also without a terminal");
}

std::filesystem::path TrainingOptions::directory() const {
    if (output.empty()) {
        throw Error(ErrorCode::Usage, "--output: expected a directory, found nothing");
    }
    return output;
}

DType TrainingOptions::saveType() const {
    return save_precision == "fp16"   ? DType::Float16
           : save_precision == "bf16" ? DType::BFloat16
                                      : DType::Float32;
}

void addSeed(CLI::App& command, std::uint64_t& seed) {
    command
        .add_option("--seed", seed, "of everything random (default: " + std::to_string(seed) + ")")
        ->check(CLI::NonNegativeNumber);
}

std::vector<ModelSpec> modelsFrom(const std::vector<std::string>& arguments) {
    std::vector<ModelSpec> models;
    std::transform(
        arguments.begin(), arguments.end(), std::back_inserter(models),
        [](const std::string& argument) { return parseModelSpec(argument); });
    return models;
}

} // namespace vitreous::cli
