#include "app/video/video_job.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>

#include <QColor>
#include <QFile>

#include "app/video/film_frames.h"
#include "app/video/kept_frames.h"
#include "app/video/shown_taps.h"
#include "core/base/error.h"
#include "core/media/video_writer.h"
#include "core/video/video_npz.h"
#include "widgets/grid_canvas.h"
#include "widgets/model_colors.h"
#include "widgets/page_export.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

constexpr double least_rate = 0.1;
constexpr double most_rate = 240.0;

/// What the pages show of a result.
std::shared_ptr<const AnalysisResult>
shownOf(const AnalysisResult& result, const std::string& tap, MapKind map, bool has_picture) {
    auto shown = std::make_shared<AnalysisResult>();
    shown->model_label = result.model_label;
    shown->rows = result.rows;
    shown->columns = result.columns;
    shown->mean_query = result.mean_query;
    const bool is_attention = map == MapKind::ClsAttention;
    for (const Tap& one : is_attention ? result.blocks : result.taps) {
        if (one.name == tap) {
            (is_attention ? shown->blocks : shown->taps).push_back(one);
        }
    }
    const auto copy = [&tap](std::map<std::string, Array>& to, const auto& from) {
        if (const auto found = from.find(tap); found != from.end()) {
            to.insert(*found);
        }
    };
    if (map == MapKind::Magnitude) {
        copy(shown->magnitude, result.magnitude);
    } else if (map == MapKind::Frequency) {
        copy(shown->frequency, result.frequency);
    } else {
        copy(shown->cls_attention, result.cls_attention);
    }
    if (has_picture) {
        shown->picture = result.picture;
    }
    return shown;
}

/// Which maps of a page share a range.
RangeMode rangeMode(const VideoLook& look) {
    switch (look.range) {
    case VideoRange::Fixed:
        return RangeMode::Fixed;
    case VideoRange::Percentiles:
        return RangeMode::Percentile;
    case VideoRange::Joint:
    case VideoRange::Frame:
        break;
    }
    return look.is_shared ? RangeMode::PerView : RangeMode::PerMap;
}

/// One job on its way.
class JobRun {
public:
    JobRun(const VideoJob& job, const Task& task) : job_(job), task_(task) {
        for (const std::shared_ptr<Model>& model : job.models) {
            summaries_.push_back(model->summary());
        }
        report_.shown = shownTaps(summaries_, job.look.tap, job.look.map);
        requireHead();
        paints_ = !job.targets.pages.empty();
        draws_ = !job.targets.figures.empty();
    }

    VideoReport run() {
        plan();
        if (!job_.targets.arrays.empty()) {
            for (std::size_t i = 0; i < job_.targets.arrays.size(); ++i) {
                const std::size_t model = i % job_.models.size();
                arrays_.emplace_back(job_.targets.arrays[i], summaries_[model].frames > 0);
            }
        }
        VideoRequest request{
            .path = job_.input,
            .models = {},
            .sampling = job_.sampling,
            .frames = frames_,
            .keep_pictures = draws_ || needsPictures()};
        for (std::size_t i = 0; i < job_.models.size(); ++i) {
            request.models.push_back({job_.models[i], report_.computed[i]});
        }
        const double share = isLater() ? 0.9 : 1.0;
        report_.outcome = runVideo(
            request, [this](FrameResults frame) { take(frame); },
            {.stop = task_.stop, .progress = [this, share](const Progress& now) {
                 task_.report(now.fraction * share, now.stage);
             }});
        finish();
        return std::move(report_);
    }

private:
    [[nodiscard]] bool needsPictures() const {
        return paints_ && job_.look.layout != PageLayout::Map;
    }
    /// True where pages need to know all frames first.
    [[nodiscard]] bool isLater() const { return paints_ && job_.look.range == VideoRange::Joint; }

    void requireHead() const {
        for (const ModelSummary& model : summaries_) {
            const bool is_llm =
                std::any_of(report_.shown.begin(), report_.shown.end(), [](const std::string& tap) {
                    return tap.starts_with("llama.");
                });
            const int heads = is_llm ? std::max(model.heads, model.llm_heads) : model.heads;
            if (job_.look.head && job_.look.head->value >= static_cast<std::size_t>(heads)) {
                throw Error(
                    ErrorCode::Usage, "--head: " + model.label + " has heads 1 to " +
                                          std::to_string(heads) + ": " + model.path.string());
            }
        }
    }

    void plan() {
        std::vector<int> clips;
        for (const ModelSummary& summary : summaries_) {
            clips.push_back(summary.frames);
        }
        const VideoFrames planned = framesOf(job_.input, clips, job_.sampling, task_);
        frames_ = planned.frames;
        const bool has_arrays = !job_.targets.arrays.empty();
        for (const std::string& tap : report_.shown) {
            AnalysisOptions options;
            options.frames_apart = job_.frames_apart;
            if (!has_arrays || !job_.all_taps) {
                options.taps = {tap};
            }
            if (!has_arrays || !job_.all_maps) {
                options.maps = {job_.look.map};
            }
            report_.computed.push_back(options);
        }
        if (draws_) {
            film_.emplace(frames_.size(), static_cast<std::size_t>(job_.look.columns));
        }
        setRate(planned.info.frames_per_second);
        if (isLater()) {
            std::vector<PreprocessSpec> specs;
            for (const ModelSummary& summary : summaries_) {
                specs.push_back(summary.preprocess);
            }
            const fs::path& page = job_.targets.pages.front();
            kept_.emplace(
                job_.input, page.has_filename() ? page : page.parent_path(), std::move(specs),
                job_.look, needsPictures());
        }
    }

    /// As many frames a second as the video shows of those that are taken.
    void setRate(double own) {
        const double step = frames_.size() > 1
                                ? static_cast<double>(frames_.back().value - frames_[0].value) /
                                      static_cast<double>(frames_.size() - 1)
                                : 1.0;
        report_.frames_per_second =
            job_.look.rate.value_or(std::clamp(own / std::max(step, 1.0), least_rate, most_rate));
    }

    // --- On the run's delivering thread, and once it is over on the caller's.

    void take(const FrameResults& frame) {
        for (std::size_t i = 0; i < arrays_.size(); ++i) {
            const std::size_t model = i % job_.models.size();
            arrays_[i].add(frame.index, frame.time_secs, *frame.results[model], frame.parts[model]);
        }
        if (!paints_ && !draws_) {
            return;
        }
        const bool is_film = film_ && film_->wants(taken_);
        PageFrame page{frame.index, frame.time_secs, {}};
        for (std::size_t i = 0; i < frame.results.size(); ++i) {
            page.results.push_back(shownOf(
                *frame.results[i], report_.shown[i], job_.look.map, is_film || needsPictures()));
            if (extents_.size() <= i) {
                extents_.push_back(std::make_shared<VideoExtents>());
            }
            extents_[i]->add(*page.results[i]);
        }
        if (is_film) {
            film_->add(taken_, page);
        }
        ++taken_;
        if (kept_) {
            if (kept_->count() == 0) {
                tryOut(page);
            }
            kept_->add(page);
        } else if (paints_) {
            paint(std::move(page));
        }
    }

    /// What makes files impossible is told by the first frame, not once all are through the models.
    void tryOut(const PageFrame& page) const {
        const VideoPage first = pageOf(page);
        for (const fs::path& path : job_.targets.pages) {
            if (!isSequencePath(path)) {
                const VideoWriter writer(
                    path, first.size().width(), first.size().height(), report_.frames_per_second);
            }
        }
    }

    [[nodiscard]] ViewState view() const {
        ViewState view;
        view.map = job_.look.map;
        view.head = job_.look.head;
        view.colormap = job_.look.colormap;
        view.opacity = job_.look.opacity;
        view.video.joint = job_.look.range == VideoRange::Joint;
        view.range = rangeMode(job_.look);
        view.fixed = job_.look.fixed;
        view.percentiles = job_.look.percentiles;
        view.sampling = job_.look.sampling;
        view.threshold = job_.look.threshold;
        view.video.columns = job_.look.columns;
        view.video.low_level = job_.look.low_level;
        view.video.high_level = job_.look.high_level;
        return view;
    }

    [[nodiscard]] std::vector<GridRow> rowsOf(const PageFrame& page) const {
        std::vector<GridRow> rows;
        for (std::size_t i = 0; i < page.results.size(); ++i) {
            GridRow row;
            row.label = QString::fromStdString(summaries_[i].label);
            row.chip = i < job_.look.chips.size() ? QColor::fromRgb(job_.look.chips[i])
                                                  : QColor(model_colors[i % model_colors.size()]);
            row.result = page.results[i];
            if (job_.look.range == VideoRange::Joint) {
                row.extents = extents_[i];
            }
            rows.push_back(std::move(row));
        }
        return rows;
    }

    [[nodiscard]] VideoPage pageOf(const PageFrame& page) const {
        return {rowsOf(page), view(), VideoPageOptions{job_.look.layout, job_.look.width}};
    }

    void paint(PageFrame page) {
        if (!pages_) {
            pages_ = std::make_unique<PageExport>(
                std::make_shared<const VideoPage>(pageOf(page)), job_.targets.pages,
                report_.frames_per_second, !job_.look.rate);
        }
        pages_->add(std::move(page));
    }

    // --- On the caller's thread.

    void finish() {
        if (kept_) {
            const Task painting{.stop = task_.stop, .progress = [this](const Progress& now) {
                                    task_.report(0.9 + 0.1 * now.fraction, now.stage);
                                }};
            kept_->forEach([this](PageFrame page) { paint(std::move(page)); }, painting);
        }
        if (pages_) {
            // Of a damaged video nobody knows how long its last frame would have been shown.
            const bool is_whole = report_.outcome.loss.empty();
            pages_->finish(is_whole ? report_.outcome.info.duration_secs : 0.0);
        }
        for (const fs::path& path : job_.targets.figures) {
            task_.checkStop();
            drawStrip(path);
        }
        for (VideoNpz& arrays : arrays_) {
            arrays.finish({.stop = task_.stop, .progress = {}});
        }
    }

    /// The tap that was asked for: where models show different ones, that from which the others are
    /// the last ones before.
    [[nodiscard]] std::string chosenTap() const {
        const auto tap =
            std::find_if(report_.shown.begin(), report_.shown.end(), [this](const auto& one) {
                return shownTaps(summaries_, one, job_.look.map) == report_.shown;
            });
        return job_.look.tap.empty() && tap != report_.shown.end() ? *tap : job_.look.tap;
    }

    void drawStrip(const fs::path& path) const {
        // runVideo has delivered a frame, or thrown.
        const std::vector<PageFrame> strip = film_->strip(taken_);
        std::vector<GridRow> rows = rowsOf(strip.front());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            for (const PageFrame& page : strip) {
                // In which order models' taps come, all of them tell.
                auto shown = std::make_shared<AnalysisResult>(*page.results[i]);
                shown->taps = summaries_[i].taps;
                shown->blocks = summaries_[i].blocks;
                rows[i].film.push_back({page.frame.value, page.time_secs, std::move(shown)});
            }
            rows[i].result = rows[i].film.front().result;
        }
        ViewState film = view();
        film.kind = GridKind::Filmstrip;
        film.tap = chosenTap();
        if (film.range == RangeMode::PerView && !film.video.joint) {
            film.range = RangeMode::PerColumn; // a column is a frame
        }
        const std::string native = path.string();
        exportFigure(QFile::decodeName(native.c_str()), buildGridScene(std::move(rows), film), {});
    }

    const VideoJob& job_;
    const Task& task_;
    std::vector<ModelSummary> summaries_;
    bool paints_ = false;
    bool draws_ = false;
    VideoReport report_;
    std::vector<FrameIndex> frames_;
    std::optional<FilmFrames> film_;
    std::size_t taken_ = 0;
    std::deque<VideoNpz> arrays_;
    std::vector<std::shared_ptr<VideoExtents>> extents_;
    std::optional<KeptFrames> kept_;
    std::unique_ptr<PageExport> pages_;
};

} // namespace

VideoReport runVideoJob(const VideoJob& job, const Task& task) {
    return JobRun(job, task).run();
}

} // namespace vitreous
