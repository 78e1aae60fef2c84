#include "app/cli/bench.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <system_error>

#include "app/cli/bench_training.h"
#include "app/cli/bench_video.h"

namespace vitreous::cli {
namespace {

namespace fs = std::filesystem;

constexpr int warmUpRuns = 2;
constexpr unsigned seed = 1;

struct Timing {
    ModelSummary summary;
    std::string device;
    std::vector<double> forward_ms;
    std::vector<double> maps_ms;
    std::vector<double> keep_ms;  ///< with all maps, queries and keys kept
    std::vector<double> query_ms; ///< the attention of one token in every block from these
};

/// VITREOUS_SAMPLE_DIR, else where a build or an installation keeps the pair beside the program.
fs::path sampleDirectory() {
    if (const char* directory = std::getenv("VITREOUS_SAMPLE_DIR")) {
        return directory;
    }
    std::error_code problem;
    const fs::path program = fs::read_symlink("/proc/self/exe", problem).parent_path();
    for (const char* place : {"sample", "../../sample", "../share/vitreous/sample"}) {
        fs::path directory = (program / place).lexically_normal();
        if (fs::is_directory(directory, problem)) {
            return directory;
        }
    }
    return program / "sample";
}

std::vector<ModelSpec> samplePair() {
    const fs::path directory = sampleDirectory();
    std::vector<ModelSpec> pair;
    for (const char* file : {"vit.safetensors", "vit_llama.safetensors"}) {
        std::error_code problem;
        if (!fs::exists(directory / file, problem)) {
            throw Error(
                ErrorCode::Usage, "no --model given and no sample pair found, expected --model "
                                  "MODEL or the file: " +
                                      (directory / file).string());
        }
        ModelSpec spec;
        spec.path = directory / file;
        pair.push_back(spec);
    }
    return pair;
}

/// The same noise every time, as a preprocessed picture would be: about unit deviation.
std::vector<PreparedInput> noise(const PreprocessSpec& spec, int count) {
    std::mt19937 random(seed);
    std::vector<PreparedInput> inputs;
    for (int i = 0; i < count; ++i) {
        Array array{.shape = {spec.channels, spec.crop_height, spec.crop_width}, .values = {}};
        array.values.resize(static_cast<std::size_t>(elementCount(array.shape)));
        for (float& value : array.values) {
            value = float(random() >> 8U) / float(1U << 24U) * 4.0F - 2.0F;
        }
        inputs.push_back(fromTensor(array, spec));
    }
    return inputs;
}

double elapsedMs(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
}

Timing timeModel(
    const ModelSpec& spec,
    const BenchArguments& arguments,
    Console& console,
    const Task& task) {
    console.progress(labelOf(spec), "loading");
    const std::shared_ptr<Model> model = loadModel(spec, arguments.device, task);
    requireImageModel(model->summary());
    const AnalysisOptions everything;
    AnalysisOptions keeping;
    keeping.keep_attention = true;
    model->requireMemory(std::size_t(arguments.batch), keeping);
    const std::vector<PreparedInput> inputs = noise(model->summary().preprocess, arguments.batch);
    const TokenIndex middle{
        std::size_t(model->summary().rows) * std::size_t(model->summary().columns) / 2};
    Timing timing{
        .summary = model->summary(),
        .device = model->device(),
        .forward_ms = {},
        .maps_ms = {},
        .keep_ms = {},
        .query_ms = {}};
    // In turns, so that whatever else the machine does falls on both alike.
    for (int i = -warmUpRuns; i < arguments.runs; ++i) {
        console.progress(
            labelOf(spec),
            i < 0 ? "warming up"
                  : "run " + std::to_string(i + 1) + " of " + std::to_string(arguments.runs));
        const double forward = elapsedMs([&] { model->forward(inputs, task); });
        const double maps = elapsedMs([&] { model->analyze(inputs, everything, task); });
        std::vector<std::shared_ptr<const AnalysisResult>> results;
        const double keep = elapsedMs([&] { results = model->analyze(inputs, keeping, task); });
        const AttentionInputs& kept = *results.front()->attention_inputs;
        const double query = elapsedMs([&] { attentionOf(kept, middle); });
        if (i >= 0) {
            timing.forward_ms.push_back(forward);
            timing.maps_ms.push_back(maps);
            timing.keep_ms.push_back(keep);
            timing.query_ms.push_back(query);
        }
    }
    return timing;
}

std::string threadsText(const BenchArguments& arguments) {
    return arguments.threads > 0 ? std::to_string(arguments.threads) : "one a physical core";
}

double ratio(const std::vector<double>& some_ms, const std::vector<double>& others_ms) {
    return median(some_ms) / median(others_ms);
}

nlohmann::json asJson(const std::vector<Timing>& timings, const BenchArguments& arguments) {
    nlohmann::json json = {
        {"device", timings.empty() ? arguments.device.device : timings.front().device},
        {"precision", name(arguments.device.precision)},
        {"threads", threadsText(arguments)},
        {"batch", arguments.batch},
        {"runs", arguments.runs},
        {"models", nlohmann::json::array()}};
    for (const Timing& timing : timings) {
        json["models"].push_back(
            {{"label", timing.summary.label},
             {"path", timing.summary.path.string()},
             {"family", timing.summary.family},
             {"parameters", timing.summary.parameters},
             {"taps", timing.summary.taps.size()},
             {"forward_ms", median(timing.forward_ms)},
             {"maps_ms", median(timing.maps_ms)},
             {"ratio", ratio(timing.maps_ms, timing.forward_ms)},
             {"keep_ms", median(timing.keep_ms)},
             {"keep_ratio", ratio(timing.keep_ms, timing.maps_ms)},
             {"query_ms", median(timing.query_ms)},
             {"all_forward_ms", timing.forward_ms},
             {"all_maps_ms", timing.maps_ms},
             {"all_keep_ms", timing.keep_ms},
             {"all_query_ms", timing.query_ms}});
    }
    return json;
}

void printTable(
    const std::vector<Timing>& timings,
    const BenchArguments& arguments,
    Console& console) {
    std::size_t width = std::string_view("model").size();
    for (const Timing& timing : timings) {
        width = std::max(width, timing.summary.label.size());
    }
    const auto line = [&](const std::string& label, const std::string& rest) {
        console.print(label + std::string(width - label.size(), ' ') + rest);
    };
    console.print(
        "device " + timings.front().device + ", " + std::string(name(arguments.device.precision)) +
        ", threads " + threadsText(arguments) + ", batch " + std::to_string(arguments.batch) +
        ", medians of " + std::to_string(arguments.runs) + " runs in turns");
    line("model", "   forward ms   with maps ms   ratio   keeping q, k ms   ratio   query ms");
    for (const Timing& timing : timings) {
        std::array<char, 96> numbers{};
        std::snprintf(
            numbers.data(), numbers.size(), "   %10.2f   %12.2f   %5.3f   %15.2f   %5.3f   %8.2f",
            median(timing.forward_ms), median(timing.maps_ms),
            ratio(timing.maps_ms, timing.forward_ms), median(timing.keep_ms),
            ratio(timing.keep_ms, timing.maps_ms), median(timing.query_ms));
        line(oneLine(timing.summary.label), numbers.data());
    }
}

} // namespace

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2.0;
}

int runBench(const BenchArguments& arguments, Console& console, const std::stop_token& stop) {
    if (arguments.training) {
        return runTrainingBench(arguments, console, stop);
    }
    setThreadCount(arguments.threads);
    const std::vector<ModelSpec> models =
        arguments.models.empty() ? samplePair() : arguments.models;
    if (arguments.video) {
        return runVideoBench(models.front(), arguments, console, stop);
    }
    const Task task{.stop = stop, .progress = {}};
    std::vector<Timing> timings;
    std::transform(
        models.begin(), models.end(), std::back_inserter(timings),
        [&](const ModelSpec& spec) { return timeModel(spec, arguments, console, task); });
    console.endProgress();
    if (arguments.json) {
        console.print(asJson(timings, arguments)
                          .dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    } else {
        printTable(timings, arguments, console);
    }
    return 0;
}

} // namespace vitreous::cli
