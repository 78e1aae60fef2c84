#include "app/desktop/mask_reader.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include <QCoreApplication>

#include "core/base/error.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(MaskReader)
};

/// An array is a model's input already: what lies over it is neither resized nor cropped.
bool isPrepared(const fs::path& picture) {
    std::string extension = picture.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return extension == ".npy";
}

PreprocessSpec onTheWayIn(PreprocessSpec spec, const fs::path& picture) {
    if (isPrepared(picture)) {
        spec.resize = false;
    }
    return spec;
}

} // namespace

fs::path findMask(const fs::path& picture) {
    const fs::path folder = picture.parent_path();
    const std::string stem = picture.stem().string();
    for (const fs::path& file :
         {folder / "masks" / (stem + ".png"), folder / ".." / "masks" / (stem + ".png"),
          folder / (stem + ".mask.png")}) {
        std::error_code problem;
        // A picture in a folder named so is not its own mask.
        if (fs::is_regular_file(file, problem) && !fs::equivalent(file, picture, problem)) {
            return file.lexically_normal();
        }
    }
    return {};
}

MaskReader::MaskReader(Reader reader, QObject* parent)
    : QObject(parent), reader_(std::move(reader)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

MaskReader::~MaskReader() {
    thread_.request_stop();
    wake_.notify_all();
    thread_.join();
}

void MaskReader::request(MaskRequest request) {
    ++asked_;
    {
        const std::lock_guard lock(mutex_);
        wanted_ = std::move(request);
        wanted_number_ = asked_;
    }
    wake_.notify_all();
}

void MaskReader::run(const std::stop_token& stop) {
    while (true) {
        MaskRequest request;
        std::uint64_t number = 0;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, stop, [this] { return wanted_.has_value(); });
            if (stop.stop_requested()) {
                return;
            }
            request = *std::exchange(wanted_, std::nullopt);
            number = wanted_number_;
        }
        QMetaObject::invokeMethod(
            this,
            [this, number, masks = answerTo(request)] {
                // Another one is wanted by now.
                if (number == asked_) {
                    answered_ = number;
                    Q_EMIT ready(masks);
                }
            },
            Qt::QueuedConnection);
    }
}

const Mask& MaskReader::maskIn(const fs::path& file) {
    const FileStamp stamp = stampOf(file);
    if (!decoded_ || decoded_->file != file || decoded_->stamp != stamp) {
        decoded_.reset();
        decoded_ = Decoded{file, stamp, reader_(file)};
    }
    return decoded_->mask;
}

TokenMasks MaskReader::answerTo(const MaskRequest& request) {
    TokenMasks masks;
    if (request.picture.empty()) {
        return masks;
    }
    masks.file = request.chosen.empty() ? findMask(request.picture) : request.chosen;
    if (masks.file.empty()) {
        return masks;
    }
    try {
        const Mask& mask = maskIn(masks.file);
        if (QSize(mask.width, mask.height) != request.size) {
            // In one go: no number in it is a place for the next.
            throw Error(
                ErrorCode::Input, Text::tr("the mask is %1 × %2 pixels, its picture %3 × %4")
                                      .arg(
                                          QString::number(mask.width), QString::number(mask.height),
                                          QString::number(request.size.width()),
                                          QString::number(request.size.height()))
                                      .toStdString());
        }
        for (const MaskTarget& target : request.targets) {
            masks.tokens[target.model] =
                projectMask(mask, onTheWayIn(target.preprocess, request.picture), target.grid);
        }
    } catch (...) {
        masks.tokens.clear();
        masks.failure = failureOf(std::current_exception());
    }
    return masks;
}

} // namespace vitreous
