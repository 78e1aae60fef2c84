#include "core/train/folder_pictures.h"

#include <algorithm>
#include <system_error>

#include "core/base/error.h"
#include "core/media/image_file.h"
#include "core/nn/resample.h"
#include "core/train/idx_pictures.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

/// Every tenth picture of a class tests where the data set has no part for that.
constexpr std::size_t kTestOneIn = 10;

std::vector<fs::path> entriesOf(const fs::path& directory, bool directories) {
    std::vector<fs::path> entries;
    std::error_code problem;
    for (fs::directory_iterator it(directory, problem), end; !problem && it != end;
         it.increment(problem)) {
        std::error_code ignored;
        if (!it->path().filename().string().starts_with('.') &&
            it->is_directory(ignored) == directories) {
            entries.push_back(it->path());
        }
    }
    if (problem) {
        throw Error(
            ErrorCode::Input, "cannot be read, " + problem.message() + ": " + directory.string());
    }
    std::sort(entries.begin(), entries.end());
    return entries;
}

/// The part's own directory, or an empty path.
fs::path partOf(const fs::path& directory, Split split) {
    std::error_code ignored;
    if (split == Split::Train) {
        return fs::is_directory(directory / "train", ignored) ? directory / "train" : fs::path();
    }
    for (const char* name : {"val", "test", "valid"}) {
        if (fs::is_directory(directory / name, ignored)) {
            return directory / name;
        }
    }
    return {};
}

} // namespace

FolderPictures::FolderPictures(
    const fs::path& directory,
    Split split,
    int short_side,
    const Task& task) {
    const fs::path train = partOf(directory, Split::Train);
    const fs::path test = partOf(directory, Split::Test);
    const bool has_parts = !train.empty() && !test.empty();
    const fs::path root = !has_parts ? directory : split == Split::Train ? train : test;
    // The classes are those of the training part, so that both parts number them alike.
    const fs::path naming = has_parts ? train : directory;
    for (const fs::path& entry : entriesOf(naming, /*directories=*/true)) {
        classes_.push_back(entry.filename().string());
    }
    for (const fs::path& entry : entriesOf(root, /*directories=*/true)) {
        const auto it = std::find(classes_.begin(), classes_.end(), entry.filename().string());
        if (it == classes_.end()) {
            skipped_.push_back("a class that the training part lacks: " + entry.string());
            continue;
        }
        const int label = int(it - classes_.begin());
        std::vector<fs::path> files = entriesOf(entry, /*directories=*/false);
        std::erase_if(files, [](const fs::path& file) { return !hasImageExtension(file); });
        for (std::size_t i = 0; i < files.size(); ++i) {
            task.checkStop();
            task.report(double(label) / double(classes_.size()), files[i].filename().string());
            const bool is_test = i % kTestOneIn == kTestOneIn - 1;
            if (has_parts || is_test == (split == Split::Test)) {
                read(files[i], label, short_side);
            }
        }
    }
    if (pictures_.empty()) {
        throw Error(
            ErrorCode::Input,
            (split == Split::Train
                 ? std::string("no pictures that can be read, expected CLASS/PICTURE or IDX files "
                               "(train-images-idx3-ubyte): ")
                 : std::string("no pictures to test on, expected at least ten a class, of which "
                               "every tenth is one, or directories train and val: ")) +
                root.string());
    }
}

void FolderPictures::read(const fs::path& file, int label, int short_side) {
    try {
        Image image = readImage(file);
        constexpr int most_aspect = 20;
        if (std::max(image.width, image.height) / std::min(image.width, image.height) >
            most_aspect) {
            throw Error(
                ErrorCode::Input, "a picture of " + std::to_string(image.width) + " x " +
                                      std::to_string(image.height) +
                                      " is too thin: " + file.string());
        }
        const int shorter = std::min(image.width, image.height);
        if (shorter > short_side) {
            const auto scaled = [&](int side) {
                return std::max(1, int(std::int64_t{side} * short_side / shorter));
            };
            image = resample(image, scaled(image.width), scaled(image.height), Filter::Bicubic);
        }
        pictures_.push_back(std::move(image));
        labels_.push_back(label);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::Input) {
            throw;
        }
        skipped_.emplace_back(error.what());
    }
}

std::unique_ptr<LabelledPictures>
openPictures(const fs::path& directory, Split split, int short_side, const Task& task) {
    std::error_code problem;
    if (!fs::is_directory(directory, problem)) {
        throw Error(
            ErrorCode::Input,
            "expected a directory of classes or of IDX files: " + directory.string());
    }
    if (isIdxDirectory(directory)) {
        return std::make_unique<IdxPictures>(directory, split);
    }
    return std::make_unique<FolderPictures>(directory, split, short_side, task);
}

} // namespace vitreous
