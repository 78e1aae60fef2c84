#include "app/cli/analyze.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "app/cli/inputs.h"
#include "app/cli/inspect.h"
#include "app/cli/outputs.h"
#include "app/cli/pairing.h"
#include "app/cli/point_output.h"
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
        const InputList inputs = expandInputs(arguments_.inputs);
        std::vector<ModelSummary> summaries;
        std::transform(
            arguments_.models.begin(), arguments_.models.end(), std::back_inserter(summaries),
            inspectModel);
        hintAtGuesses(summaries, console_);
        requireMatchingTaps(summaries, arguments_.options);
        requirePointFiles(summaries, arguments_.options, arguments_.point_files);
        pair(summaries, inputs);
        if (pairing_.count() > 0) {
            prepareOutput(arguments_.output);
        }
        try {
            for (std::size_t i = 0; i < arguments_.models.size(); ++i) {
                runModel(arguments_.models[i], pairing_.inputs[i]);
            }
        } catch (const Error& error) {
            if (error.code() != ErrorCode::Interrupted) {
                throw;
            }
            throw Error(
                ErrorCode::Interrupted, "interrupted after " + std::to_string(done_) + " of " +
                                            std::to_string(pairing_.count()) +
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
        std::string label; ///< of the model
        nlohmann::json request;
        std::optional<InputData> data;
        PreparedInput image{};
        /// Of a point cloud or a video, for the provenance: what was read and what was left out.
        nlohmann::json facts = nullptr;
        /// For the files of a point cloud, where they are asked for.
        PointOutput points{};
    };

    /// Says which inputs each model is run on, and names what cannot be used.
    void pair(const std::vector<ModelSummary>& summaries, const InputList& inputs) {
        pairing_ = pairInputs(summaries, inputs.files);
        requireDistinctOutputs(arguments_.models, pairing_.inputs);
        if (!pairing_.remark.empty()) {
            console_.remark(pairing_.remark);
        }
        std::vector<std::string> failures = inputs.failures;
        failures.insert(failures.end(), pairing_.failures.begin(), pairing_.failures.end());
        for (const std::string& failure : failures) {
            console_.error(failure);
            some_failed_ = true;
        }
    }

    void runModel(const ModelSpec& spec, const std::vector<fs::path>& files) {
        std::shared_ptr<Model> model; // loaded once there is something to run
        std::vector<Pending> batch;
        for (const fs::path& path : files) {
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
                    std::min(static_cast<std::size_t>(arguments_.batch), files.size());
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
        Pending pending{.path = path, .label = labelOf(spec), .request = nullptr, .data = {}};
        const bool read = attempt([&] {
            pending.request = requestOf(
                spec, path, arguments_.options, arguments_.device,
                task("reading " + path.filename().string()));
            if (arguments_.clouds.sampling == MeshSampling::Faces) {
                pending.request["mesh"] = "faces";
            }
            addPointFiles(pending.request, arguments_.point_files);
            if (arguments_.resume &&
                isWritten(arguments_.output, outputName(path, labelOf(spec)), pending.request)) {
                ++done_;
                return;
            }
            pending.data = readInput(
                path, arguments_.clouds.sampling, task("reading " + path.filename().string()));
            describeCloud(pending);
            describeVideo(pending);
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
        pending.facts = {
            {"points", cloud->size()}, {"dropped", cloud->dropped}, {"origin", cloud->origin}};
        if (cloud->dropped > 0 && described_.insert(pending.path).second) {
            console_.remark(
                "left out " + std::to_string(cloud->dropped) +
                " points with coordinates that are no numbers: " + pending.path.string());
        }
    }

    static void describeVideo(Pending& pending) {
        const auto* video = std::get_if<VideoSource>(&*pending.data);
        if (video != nullptr) {
            pending.facts = {
                {"codec", video->info.codec},
                {"frames_per_second", video->info.frames_per_second},
                {"size", {video->info.width, video->info.height}},
                {"rotation_degrees", video->info.rotation_degrees}};
        }
    }

    /// Which frames of a video were taken, and what could not be read.
    void describeClip(Pending& pending) {
        if (pending.image.frames.empty()) {
            return;
        }
        nlohmann::json frames = nlohmann::json::array();
        for (const FrameIndex frame : pending.image.frames) {
            frames.push_back(frame.value);
        }
        pending.facts["frames"] = frames;
        if (const std::string& loss = pending.image.loss; !loss.empty()) {
            pending.facts["loss"] = loss;
            if (described_.insert(pending.path).second) {
                console_.remark(loss + ": " + pending.path.string());
            }
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
            describeClip(pending);
            keepCloud(pending);
            pending.data.reset();
        });
    }

    void keepCloud(Pending& pending) {
        PointOutput& points = pending.points;
        points.stem = arguments_.output / outputName(pending.path, pending.label);
        points.input_sha256 = pending.request.at("input_sha256").get<std::string>();
        if (!arguments_.point_files.ply) {
            return;
        }
        points.is_preprocessed = std::holds_alternative<Array>(*pending.data);
        points.cloud = cloudIn(*pending.data);
    }

    void runBatch(Model& model, const ModelSpec& spec, std::vector<Pending>& batch) {
        std::vector<PreparedInput> images;
        images.reserve(batch.size());
        for (Pending& pending : batch) {
            images.push_back(std::move(pending.image));
        }
        const std::string step = "[" + std::to_string(done_ + 1) + "/" +
                                 std::to_string(pairing_.count()) + "] " + model.summary().label +
                                 ": " + batch.front().path.filename().string();
        const auto results = model.analyze(images, arguments_.options, task(step));
        for (std::size_t i = 0; i < batch.size(); ++i) {
            write(model, spec, batch[i], *results[i]);
        }
        batch.clear();
    }

    void write(
        const Model& model,
        const ModelSpec& spec,
        Pending& pending,
        const AnalysisResult& result) {
        nlohmann::json facts = provenance(model, spec, pending.path, arguments_.options, result);
        facts["request"] = pending.request;
        if (!pending.facts.is_null()) {
            facts["input"].update(pending.facts);
            if (arguments_.clouds.sampling == MeshSampling::Faces) {
                facts["switches"]["mesh"] = "faces";
                facts["command"] = facts["command"].get<std::string>() + " --mesh faces";
            }
        }
        // The provenance comes last: with it an earlier run's files are known to be whole.
        const std::vector<fs::path> more = writePointFiles(
            pending.points, result, arguments_.point_files, facts,
            task("writing " + pending.points.stem.filename().string()));
        console_.print(writeResult(arguments_.output, pending.path, result, facts).string());
        for (const fs::path& file : more) {
            console_.print(file.string());
        }
        ++done_;
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
    Pairing pairing_{};
    std::set<fs::path> unreadable_{};
    std::set<fs::path> described_{}; ///< inputs of which it was said what was left out
    std::size_t done_ = 0;
    bool some_failed_ = false;
};

} // namespace

int runAnalyze(const AnalyzeArguments& arguments, Console& console, const std::stop_token& stop) {
    setThreadCount(arguments.threads);
    return AnalyzeRun(arguments, console, stop).run();
}

} // namespace vitreous::cli
