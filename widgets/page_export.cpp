#include "widgets/page_export.h"

#include <algorithm>
#include <exception>
#include <future>
#include <mutex>
#include <optional>
#include <stop_token>
#include <system_error>
#include <thread>

#include "core/base/bounded_queue.h"
#include "core/base/error.h"
#include "core/base/thread_priority.h"
#include "core/media/picture_sequence.h"
#include "core/media/video_writer.h"
#include "widgets/frame_pixels.h"

namespace vitreous {
namespace {

constexpr unsigned most_painters = 4;

std::size_t paintersHere() {
    return std::clamp(std::thread::hardware_concurrency(), 1U, most_painters);
}

} // namespace

struct PageExport::State {
    using Painting = std::packaged_task<Image()>;

    /// A page on its way.
    struct Page {
        std::future<Image> image;
        double time_secs = 0.0;
    };

    State(std::shared_ptr<const VideoPage> of, std::size_t painters, bool has_times)
        : page(std::move(of)), keeps_times(has_times), paintings(2 * painters),
          painted(2 * painters) {}
    ~State() {
        stop.request_stop();
        // Pages that nobody paints any more must not be waited for.
        paintings.clear();
        threads.clear();
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    Image paint(const PageFrame& frame) const {
        Image image = frameOf(page->paint(frame.results, frame.frame, frame.time_secs));
        for (const auto& sequence : sequences) {
            sequence->add(frame.frame.value, image);
        }
        return image;
    }

    void paintAll() {
        yieldToInference();
        while (auto painting = paintings.pop(stop.get_token())) {
            (*painting)();
        }
    }

    void writeAll() {
        yieldToInference();
        try {
            while (auto next = painted.pop(stop.get_token())) {
                const Image frame = next->image.get();
                for (const auto& movie : movies) {
                    if (keeps_times) {
                        movie->addAt(frame, next->time_secs);
                    } else {
                        movie->add(frame);
                    }
                }
            }
        } catch (...) {
            {
                const std::lock_guard lock(mutex);
                problem = std::current_exception();
            }
            stop.request_stop();
        }
    }

    void rethrow() {
        const std::lock_guard lock(mutex);
        if (problem != nullptr) {
            std::rethrow_exception(problem);
        }
    }

    std::shared_ptr<const VideoPage> page;
    bool keeps_times;
    std::vector<std::unique_ptr<VideoWriter>> movies;
    std::vector<std::unique_ptr<PictureSequence>> sequences;
    std::stop_source stop;
    BoundedQueue<Painting> paintings;
    BoundedQueue<Page> painted; ///< in order
    std::mutex mutex;
    std::exception_ptr problem;
    std::vector<std::jthread> threads; ///< last: they end before what they use
};

PageExport::PageExport(
    std::shared_ptr<const VideoPage> page,
    const std::vector<std::filesystem::path>& targets,
    double frames_per_second,
    bool keeps_times)
    : state_(std::make_unique<State>(std::move(page), paintersHere(), keeps_times)) {
    State& state = *state_;
    const QSize size = state.page->size();
    for (const std::filesystem::path& target : targets) {
        if (isSequencePath(target)) {
            state.sequences.push_back(std::make_unique<PictureSequence>(target));
        } else {
            state.movies.push_back(std::make_unique<VideoWriter>(
                target, size.width(), size.height(), frames_per_second));
        }
    }
    for (std::size_t i = 0; i < paintersHere(); ++i) {
        state.threads.emplace_back([&state] { state.paintAll(); });
    }
    state.threads.emplace_back([&state] { state.writeAll(); });
}

PageExport::~PageExport() = default;

void PageExport::add(PageFrame frame) {
    State& state = *state_;
    const double time_secs = frame.time_secs;
    State::Painting painting([&state, frame = std::move(frame)] { return state.paint(frame); });
    State::Page page{painting.get_future(), time_secs};
    const std::stop_token stop = state.stop.get_token();
    if (!state.painted.push(std::move(page), stop) ||
        !state.paintings.push(std::move(painting), stop)) {
        state.rethrow();
    }
}

void PageExport::finish(double end_secs) {
    State& state = *state_;
    state.paintings.close();
    state.painted.close();
    state.threads.clear();
    state.rethrow();
    for (const auto& movie : state.movies) {
        movie->finish(state.keeps_times ? end_secs : 0.0);
    }
    for (const auto& sequence : state.sequences) {
        sequence->finish();
    }
}

bool isSequencePath(const std::filesystem::path& path) {
    std::error_code ignored;
    return !path.has_extension() || !path.has_filename() ||
           std::filesystem::is_directory(path, ignored);
}

} // namespace vitreous
