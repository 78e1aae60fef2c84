// The files of a session that was saved: those that changed since, and those that are to be found.

#include <algorithm>

#include "app/desktop/session.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

bool isThere(const fs::path& path) {
    std::error_code problem;
    return fs::exists(path, problem);
}

/// Two folders, such that what lay in the first may be sought in the second.
struct Move {
    fs::path from;
    fs::path to;
};

/// The farthest up that two paths still end alike.
Move moveBetween(const fs::path& missing, const fs::path& found) {
    Move move{missing.parent_path(), found.parent_path()};
    if (missing.filename() != found.filename()) {
        return move;
    }
    while (move.from.has_relative_path() && move.to.has_relative_path() &&
           move.from.filename() == move.to.filename()) {
        move = {move.from.parent_path(), move.to.parent_path()};
    }
    return move;
}

QString namesOf(const std::vector<fs::path>& paths) {
    QStringList names;
    for (const fs::path& path : paths) {
        names << pathText(path.has_filename() ? path.filename() : path.parent_path().filename());
    }
    if (names.size() > 3) {
        const auto more = names.size() - 3;
        return Session::tr("%1 and %2 more")
            .arg(names.mid(0, 3).join(QStringLiteral(", ")), QString::number(more));
    }
    return names.join(QStringLiteral(", "));
}

} // namespace

std::optional<fs::path> missingFile(const ModelSpec& spec) {
    if (!isThere(spec.path)) {
        return spec.path;
    }
    return !spec.llm.empty() && !isThere(spec.llm) ? std::optional(spec.llm) : std::nullopt;
}

std::optional<fs::path> missingFile(const InputItem& input) {
    if (!isThere(input.path)) {
        return input.path;
    }
    return !input.mask.empty() && !isThere(input.mask) ? std::optional(input.mask) : std::nullopt;
}

Failure Session::failureOfFile(const std::optional<fs::path>& missing, const Failure& failure) {
    return missing ? Failure{failure.code, tr("missing: %1").arg(pathText(*missing))} : failure;
}

void Session::checkKnownFiles(const std::vector<fs::path>& paths) {
    std::vector<fs::path> missing;
    std::vector<fs::path> changed;
    std::vector<Digest> unsure;
    for (const fs::path& path : paths) {
        const FileFacts known = known_files_[path];
        switch (checkFile(path, known)) {
        case FileCheck::Same:
            break;
        case FileCheck::Changed:
            changed.push_back(path);
            break;
        case FileCheck::Missing:
            missing.push_back(path);
            break;
        case FileCheck::Unsure:
            if (!known.sha256.empty()) {
                unsure.push_back({path, known.sha256});
            } else if (known.bytes) {
                changed.push_back(path);
            }
            break;
        }
    }
    QStringList texts;
    if (!missing.empty()) {
        texts << tr("Missing: %1. “Locate…” in the menu of the row finds what was moved.")
                     .arg(namesOf(missing));
    }
    if (!changed.empty()) {
        texts << changedText(changed);
    }
    if (!texts.isEmpty()) {
        Q_EMIT noticed(texts.join(u' '), !missing.empty());
    }
    if (!unsure.empty()) {
        checks_.insert(writer_.verify(std::move(unsure)));
    }
}

QString Session::changedText(const std::vector<fs::path>& paths) {
    return tr("Changed since the session was saved: %1.").arg(namesOf(paths));
}

void Session::locateModel(ModelId id, const fs::path& found) {
    if (const ModelItem* item = models_.find(id)) {
        locate(missingFile(item->spec).value_or(item->spec.path), found);
    }
}

void Session::locateInput(InputId id, const fs::path& found) {
    if (const InputItem* item = inputs_.find(id)) {
        locate(missingFile(*item).value_or(item->path), found);
    }
}

void Session::locate(const fs::path& missing, const fs::path& found) {
    const Move move = moveBetween(missing, found);
    std::vector<fs::path> moved;
    const auto place_of = [&](const fs::path& path) {
        fs::path place = path;
        if (path == missing) {
            place = found;
        } else if (!path.empty() && !isThere(path)) {
            const fs::path relative = path.lexically_relative(move.from);
            if (!relative.empty() && *relative.begin() != ".." && isThere(move.to / relative)) {
                place = move.to / relative;
            }
        }
        if (place != path) {
            moved.push_back(place);
            if (const auto known = known_files_.extract(path)) {
                known_files_[place] = known.mapped();
            }
        }
        return place;
    };
    const std::vector<ModelItem> models = models_.items();
    for (const ModelItem& item : models) {
        ModelSpec spec = item.spec;
        spec.path = place_of(item.spec.path);
        spec.llm = place_of(item.spec.llm);
        if (spec != item.spec) {
            reloadModel(item.id, spec);
        }
    }
    const std::vector<InputItem> inputs = inputs_.items();
    for (const InputItem& item : inputs) {
        if (const fs::path place = place_of(item.path); place != item.path) {
            moveInput(item.id, place);
        }
        if (const fs::path mask = place_of(item.mask); mask != item.mask) {
            inputs_.update(item.id, [&mask](InputItem& moved_item) { moved_item.mask = mask; });
        }
    }
    requestAnalysis();
    Q_EMIT rowsChanged();
    if (!moved.empty()) {
        // In the place of what was said to be missing.
        Q_EMIT noticed(tr("Found: %1.").arg(namesOf(moved)), false);
    }
    checkKnownFiles(moved);
}

void Session::moveInput(InputId id, const fs::path& place) {
    if (!inputs_.move(id, place)) {
        Q_EMIT noticed(tr("This input is open already: %1").arg(pathText(place)), true);
        return;
    }
    results_.forget(id);
    video_.forget(id);
    ++reading_;
    requestThumbnail(id);
}

} // namespace vitreous
