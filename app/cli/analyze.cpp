#include "app/cli/analyze.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "app/cli/inputs.h"
#include "app/cli/outputs.h"
#include "app/cli/resume.h"
#include "core/export/provenance.h"

namespace vitreous::cli {
namespace {

namespace fs = std::filesystem;

/// One `analyze` from its inputs to its exit status. Models are in memory one after the other.
class AnalyzeRun {
public:
    AnalyzeRun(const AnalyzeArguments& arguments, Console& console, const std::stop_token& stop)
        : arguments_(arguments), console_(console), stop_(stop) {}

    int run() {
        InputList inputs = expandInputs(arguments_.inputs);
        files_ = std::move(inputs.files);
        requireDistinctOutputs(arguments_.models, files_);
        std::vector<ModelSummary> summaries;
        std::transform(
            arguments_.models.begin(), arguments_.models.end(), std::back_inserter(summaries),
            inspectModel);
        requireMatchingTaps(summaries, arguments_.options);
        for (const std::string& failure : inputs.failures) {
            console_.error(failure);
        }
        some_failed_ = !inputs.failures.empty();
        if (!files_.empty()) {
            prepareOutput(arguments_.output);
        }
        try {
            for (const ModelSpec& spec : arguments_.models) {
                runModel(spec);
            }
        } catch (const Error& error) {
            if (error.code() != ErrorCode::Interrupted) {
                throw;
            }
            throw Error(
                ErrorCode::Interrupted, "interrupted after " + std::to_string(done_) + " of " +
                                            std::to_string(pairs()) +
                                            " results: " + arguments_.output.string());
        }
        console_.endProgress();
        if (done_ == 0) {
            return static_cast<int>(ErrorCode::Input);
        }
        return some_failed_ ? someInputsFailed : 0;
    }

private:
    /// An input on its way through a forward pass.
    struct Pending {
        fs::path path;
        nlohmann::json request;
        std::optional<InputData> data;
        PreparedInput image{};
        /// Of a point cloud, for the provenance: what was read and what was left out.
        nlohmann::json cloud = nullptr;
    };

    [[nodiscard]] std::size_t pairs() const { return arguments_.models.size() * files_.size(); }

    void runModel(const ModelSpec& spec) {
        std::shared_ptr<Model> model; // loaded once there is something to run
        std::vector<Pending> batch;
        for (const fs::path& path : files_) {
            task({}).checkStop();
            if (unreadable_.contains(path)) {
                continue;
            }
            auto pending = next(spec, path);
            if (!pending) {
                continue;
            }
            if (!model) {
                model = loadModel(spec, arguments_.device, task(labelOf(spec)));
                const auto at_once =
                    std::min(static_cast<std::size_t>(arguments_.batch), files_.size());
                model->requireMemory(at_once, arguments_.options);
            }
            if (prepare(*model, *pending)) {
                batch.push_back(std::move(*pending));
            }
            if (batch.size() == static_cast<std::size_t>(arguments_.batch)) {
                runBatch(*model, spec, batch);
            }
        }
        if (!batch.empty()) {
            runBatch(*model, spec, batch);
        }
    }

    /// The input with its request, or nothing where it failed or is done already. A file that
    /// cannot be read is named once, not once a model.
    std::optional<Pending> next(const ModelSpec& spec, const fs::path& path) {
        Pending pending{.path = path, .request = nullptr, .data = {}};
        const bool read = attempt([&] {
            pending.request = requestOf(
                spec, path, arguments_.options, arguments_.device,
                task("reading " + path.filename().string()));
            if (arguments_.mesh == MeshSampling::Faces) {
                pending.request["mesh"] = "faces";
            }
            if (arguments_.resume &&
                isWritten(arguments_.output, outputName(path, labelOf(spec)), pending.request)) {
                ++done_;
                return;
            }
            pending.data =
                readInput(path, arguments_.mesh, task("reading " + path.filename().string()));
            describeCloud(pending);
        });
        if (!read) {
            unreadable_.insert(path);
        }
        return pending.data ? std::optional(std::move(pending)) : std::nullopt;
    }

    void describeCloud(Pending& pending) {
        const auto* read = std::get_if<std::shared_ptr<const PointCloud>>(&*pending.data);
        if (read == nullptr) {
            return;
        }
        const PointCloud* cloud = read->get();
        pending.cloud = {
            {"points", cloud->size()}, {"dropped", cloud->dropped}, {"origin", cloud->origin}};
        if (cloud->dropped > 0 && described_.insert(pending.path).second) {
            console_.remark(
                "left out " + std::to_string(cloud->dropped) +
                " points with coordinates that are no numbers: " + pending.path.string());
        }
    }

    bool prepare(const Model& model, Pending& pending) {
        return attempt([&] {
            try {
                pending.image = prepareInput(
                    *pending.data, model.summary(), task(pending.path.filename().string()));
            } catch (const Error& error) {
                throw Error(
                    error.code(),
                    model.summary().label + ": " + error.what() + ": " + pending.path.string());
            }
            pending.data.reset();
        });
    }

    void runBatch(Model& model, const ModelSpec& spec, std::vector<Pending>& batch) {
        std::vector<PreparedInput> images;
        images.reserve(batch.size());
        for (Pending& pending : batch) {
            images.push_back(std::move(pending.image));
        }
        const std::string step = "[" + std::to_string(done_ + 1) + "/" + std::to_string(pairs()) +
                                 "] " + model.summary().label + ": " +
                                 batch.front().path.filename().string();
        const auto results = model.analyze(images, arguments_.options, task(step));
        for (std::size_t i = 0; i < batch.size(); ++i) {
            nlohmann::json facts =
                provenance(model, spec, batch[i].path, arguments_.options, *results[i]);
            facts["request"] = batch[i].request;
            if (!batch[i].cloud.is_null()) {
                facts["input"].update(batch[i].cloud);
                if (arguments_.mesh == MeshSampling::Faces) {
                    facts["switches"]["mesh"] = "faces";
                    facts["command"] = facts["command"].get<std::string>() + " --mesh faces";
                }
            }
            const fs::path file = writeResult(arguments_.output, batch[i].path, *results[i], facts);
            ++done_;
            console_.print(file.string());
        }
        batch.clear();
    }

    /// False where work says that an input cannot be used: that is named and the run goes on.
    bool attempt(const std::function<void()>& work) {
        try {
            work();
            return true;
        } catch (const Error& error) {
            if (error.code() != ErrorCode::Input) {
                throw;
            }
            console_.error(error.what());
            some_failed_ = true;
            return false;
        }
    }

    Task task(const std::string& step) {
        return {.stop = stop_, .progress = [this, step](const Progress& progress) {
                    console_.progress(step, progress.stage);
                }};
    }

    const AnalyzeArguments& arguments_;
    Console& console_;
    std::stop_token stop_;
    std::vector<fs::path> files_{};
    std::set<fs::path> unreadable_{};
    std::set<fs::path> described_{}; ///< clouds of which it was said what was left out
    std::size_t done_ = 0;
    bool some_failed_ = false;
};

} // namespace

int runAnalyze(const AnalyzeArguments& arguments, Console& console, const std::stop_token& stop) {
    setThreadCount(arguments.threads);
    return AnalyzeRun(arguments, console, stop).run();
}

} // namespace vitreous::cli
