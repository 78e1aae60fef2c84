#include "widgets/filmstrip.h"

#include <algorithm>
#include <limits>
#include <map>

#include <QCoreApplication>

#include "widgets/grid_arranging.h"

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Grid)
};

/// All models' frames by number: of one number the first that has a result.
std::map<std::size_t, FilmFrame> framesOf(const std::vector<GridRow>& models) {
    std::map<std::size_t, FilmFrame> frames;
    for (const GridRow& model : models) {
        for (const FilmFrame& frame : model.film) {
            FilmFrame& known = frames.try_emplace(frame.frame, frame).first->second;
            known.result = known.result ? known.result : frame.result;
            known.is_current = known.is_current || frame.is_current;
        }
    }
    return frames;
}

GridColumn columnOf(const FilmFrame& frame) {
    GridColumn column;
    column.label = Text::tr("%1 s").arg(frame.time_secs, 0, 'f', 2);
    column.name = Text::tr("frame %1, %2").arg(frame.frame + 1).arg(column.label);
    column.is_current = frame.is_current;
    return column;
}

std::shared_ptr<const AnalysisResult> resultOf(const GridRow& model, std::size_t frame) {
    const auto found =
        std::find_if(model.film.begin(), model.film.end(), [frame](const FilmFrame& one) {
            return one.frame == frame;
        });
    return found == model.film.end() ? nullptr : found->result;
}

/// The newest of the model's results, for its taps; null: none yet.
std::shared_ptr<const AnalysisResult> anyResult(const GridRow& model) {
    if (model.result) {
        return model.result;
    }
    const auto found =
        std::find_if(model.film.begin(), model.film.end(), [](const FilmFrame& frame) {
            return frame.result != nullptr;
        });
    return found == model.film.end() ? nullptr : found->result;
}

/// The pictures under the maps, one a frame where models agree about it.
class FilmPictures {
public:
    explicit FilmPictures(GridScene& scene) : scene_(scene) {}

    std::size_t placeOf(const std::shared_ptr<const AnalysisResult>& result) {
        const auto known = std::find_if(seen_.begin(), seen_.end(), [&result](const Seen& seen) {
            return seen.result == result || seen.result->picture == result->picture;
        });
        if (known != seen_.end()) {
            return known->place;
        }
        seen_.push_back({result, scene_.pictures.size()});
        scene_.pictures.push_back(pictureOf(*result));
        return seen_.back().place;
    }

private:
    struct Seen {
        std::shared_ptr<const AnalysisResult> result;
        std::size_t place = 0;
    };
    GridScene& scene_;
    std::vector<Seen> seen_;
};

/// A frame without a map, with the tokens that can be pointed at.
GridCell pictureCell(const AnalysisResult& result, std::size_t picture) {
    GridCell cell;
    cell.present = result.rows > 0 && result.columns > 0;
    cell.is_picture = true;
    cell.rows = static_cast<int>(result.rows);
    cell.columns = static_cast<int>(result.columns);
    // Not NaN, which would make it differ from itself.
    cell.values.assign(
        static_cast<std::size_t>(result.rows * result.columns),
        std::numeric_limits<float>::infinity());
    cell.picture = picture;
    return cell;
}

QString levelLabel(const GridRow& model, const QString& tap, double level) {
    const QString name = tap.isEmpty() ? model.label : model.label + QStringLiteral(" · ") + tap;
    QString least = Text::tr("≥ %1").arg(level, 0, 'f', 2);
    // Sign and number stay on one line.
    least.replace(QLatin1Char(' '), QChar(QChar::Nbsp));
    return name + QStringLiteral(" · ") + least;
}

/// Places one scene's rows.
class Strip {
public:
    Strip(GridScene& scene, const std::map<std::size_t, FilmFrame>& frames)
        : scene_(scene), frames_(frames), pictures_(scene), view_(filmView(scene.view)) {}

    void addFrames(const GridRow& row) {
        std::vector<GridCell> cells;
        for (const auto& [number, frame] : frames_) {
            cells.push_back(
                frame.result ? pictureCell(*frame.result, pictures_.placeOf(frame.result))
                             : GridCell{});
        }
        scene_.rows.push_back(row);
        scene_.cells.push_back(std::move(cells));
    }

    /// tap: null: the model has none; the chosen one's label is not told again.
    void addMaps(const GridRow& model, const Tap* tap, double level) {
        std::vector<GridCell> cells;
        for (const auto& [number, frame] : frames_) {
            cells.push_back(tap != nullptr ? mapCell(model, *tap, number, level) : GridCell{});
        }
        const bool is_chosen =
            tap != nullptr && scene_.choices[*scene_.choice].name.toStdString() == tap->name;
        const QString other =
            tap == nullptr || is_chosen ? QString() : QString::fromStdString(tap->label);
        GridRow row = model;
        row.result = anyResult(model);
        row.label = levelLabel(model, other, level);
        scene_.rows.push_back(std::move(row));
        scene_.cells.push_back(std::move(cells));
    }

private:
    GridCell mapCell(const GridRow& model, const Tap& tap, std::size_t frame, double level) {
        GridRow shown;
        shown.result = resultOf(model, frame);
        shown.extents = model.extents;
        GridCell cell = cellOf(shown, {view_.map, tap.name, view_.head}, view_);
        if (cell.present) {
            cell.picture = pictures_.placeOf(shown.result);
            cell.threshold = static_cast<float>(level);
        }
        return cell;
    }

    GridScene& scene_;
    const std::map<std::size_t, FilmFrame>& frames_;
    FilmPictures pictures_;
    ViewState view_;
};

/// Rows without maps, with what there is to say instead.
void addWithoutMaps(GridScene& scene, const std::vector<GridRow>& models, const QString& message) {
    for (GridRow row : models) {
        row.message = row.result ? message : row.message;
        row.result.reset();
        scene.rows.push_back(std::move(row));
        scene.cells.emplace_back(scene.columns.size());
    }
}

} // namespace

ViewState filmView(ViewState view) {
    view.query = AttentionQuery::Cls;
    return view;
}

void arrangeFilmstrip(GridScene& scene, const std::vector<GridRow>& models) {
    const std::map<std::size_t, FilmFrame> frames = framesOf(models);
    std::vector<GridRow> known = models;
    for (GridRow& model : known) {
        model.result = anyResult(model);
    }
    const std::vector<Tap> taps = mergedTaps(known, scene.view.map);
    setChoice(scene, taps);
    if (frames.empty() || !scene.choice) {
        addWithoutMaps(scene, models, Text::tr("A filmstrip is of a video. Open one."));
        return;
    }
    for (const auto& [number, frame] : frames) {
        scene.columns.push_back(columnOf(frame));
    }
    Strip strip(scene, frames);
    strip.addFrames(plainRow(Text::tr("Frames"), known));
    const VideoView& video = scene.view.video;
    for (std::size_t model = 0; model < models.size(); ++model) {
        if (known[model].result) {
            const Tap* tap = lastUpTo(*known[model].result, taps, *scene.choice, scene.view.map);
            strip.addMaps(models[model], tap, video.low_level);
            strip.addMaps(models[model], tap, video.high_level);
        }
    }
    addMessages(scene, known);
}

} // namespace vitreous
