#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>
#include <system_error>

#include <unistd.h>

#include "app/cli/analyze.h"
#include "app/cli/arguments.h"
#include "app/cli/bench.h"
#include "app/cli/console.h"
#include "app/cli/evaluate.h"
#include "app/cli/inspect.h"
#include "app/cli/interrupt.h"
#include "app/cli/scenes.h"
#include "app/cli/shapes.h"
#include "app/cli/train.h"
#include "app/cli/train_lm.h"
#include "app/cli/video.h"
#include "core/base/numeric_environment.h"

namespace {

using namespace vitreous;
using namespace vitreous::cli;

ProgressStyle progressStyle(bool asked) {
    if (isatty(STDERR_FILENO) != 0) {
        return ProgressStyle::Overwrite;
    }
    return asked ? ProgressStyle::Lines : ProgressStyle::None;
}

int run(const Arguments& arguments, const std::stop_token& stop) {
    if (const auto* help = std::get_if<HelpText>(&arguments)) {
        std::cout << help->text << std::flush;
        return 0;
    }
    if (const auto* inspect = std::get_if<InspectArguments>(&arguments)) {
        Console console(std::cout, std::cerr, ProgressStyle::None);
        return runInspect(*inspect, console);
    }
    if (const auto* analyze = std::get_if<AnalyzeArguments>(&arguments)) {
        Console console(std::cout, std::cerr, progressStyle(analyze->progress));
        return runAnalyze(*analyze, console, stop);
    }
    if (const auto* evaluate = std::get_if<EvaluateArguments>(&arguments)) {
        Console console(std::cout, std::cerr, progressStyle(evaluate->progress));
        return runEvaluate(*evaluate, console, stop);
    }
    if (const auto* scenes = std::get_if<ScenesArguments>(&arguments)) {
        Console console(std::cout, std::cerr, progressStyle(scenes->progress));
        return runScenes(*scenes, console, stop);
    }
    if (const auto* shapes = std::get_if<ShapesArguments>(&arguments)) {
        Console console(std::cout, std::cerr, progressStyle(shapes->progress));
        return runShapes(*shapes, console, stop);
    }
    if (const auto* train = std::get_if<TrainArguments>(&arguments)) {
        Console console(std::cout, std::cerr, progressStyle(train->progress));
        return runTrain(*train, console, stop);
    }
    if (const auto* train_lm = std::get_if<TrainLmArguments>(&arguments)) {
        Console console(std::cout, std::cerr, progressStyle(train_lm->progress));
        return runTrainLm(*train_lm, console, stop);
    }
    if (const auto* video = std::get_if<VideoArguments>(&arguments)) {
        Console console(std::cout, std::cerr, progressStyle(video->progress));
        return runVideoCommand(*video, console, stop);
    }
    Console console(std::cout, std::cerr, progressStyle(false));
    return runBench(std::get<BenchArguments>(arguments), console, stop);
}

} // namespace

int main(int argc, char** argv) {
    prepareNumericEnvironment(argv);
    Console console(std::cout, std::cerr, ProgressStyle::None);
    try {
        const std::stop_token stop = stopOnInterrupt();
        const int status = run(parseArguments(argc, argv), stop);
        if (!std::cout.flush()) {
            throw Error(ErrorCode::Resource, "cannot write to standard output");
        }
        return status;
    } catch (const Error& error) {
        console.error(error.what());
        return static_cast<int>(error.code());
    } catch (const std::bad_alloc&) {
        console.error("the memory does not suffice");
        return static_cast<int>(ErrorCode::Resource);
    } catch (const std::system_error& error) {
        console.error(error.what()); // no more threads, for one
        return static_cast<int>(ErrorCode::Resource);
    } catch (const std::exception& error) {
        console.error(error.what());
        return someInputsFailed;
    }
}
