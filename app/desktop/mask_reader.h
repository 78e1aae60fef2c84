#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <QObject>
#include <QSize>

#include "app/desktop/failure.h"
#include "app/desktop/ids.h"
#include "core/analysis/evaluation.h"
#include "core/base/file_stamp.h"
#include "core/base/mask.h"

namespace vitreous {

/// A model whose tokens a mask is brought to.
struct MaskTarget {
    ModelId model;
    PreprocessSpec preprocess;
    TokenGrid grid;

    friend bool operator==(const MaskTarget&, const MaskTarget&) = default;
};

/// The mask of one input, for some models.
struct MaskRequest {
    InputId input;
    std::filesystem::path picture;
    std::filesystem::path chosen; ///< the mask; empty: one beside the picture, if there is one
    QSize size;                   ///< of the picture, in pixels
    std::vector<MaskTarget> targets;

    friend bool operator==(const MaskRequest&, const MaskRequest&) = default;
};

/// An input's mask on the tokens of the models.
struct TokenMasks {
    std::filesystem::path file; ///< empty: there is none
    std::optional<Failure> failure;
    std::map<ModelId, TokenMask> tokens{};
};

/// The mask that belongs to a picture by its place: `<folder>/masks/<stem>.png`,
/// `<folder>/../masks/<stem>.png` or `<folder>/<stem>.mask.png`. Empty where there is none.
std::filesystem::path findMask(const std::filesystem::path& picture);

/// Finds and reads masks and brings them to the models' tokens, on a thread of its own. The newest
/// request wins.
class MaskReader final : public QObject {
    Q_OBJECT

public:
    using Reader = std::function<Mask(const std::filesystem::path&)>;

    explicit MaskReader(Reader reader, QObject* parent = nullptr);
    ~MaskReader() override;
    MaskReader(const MaskReader&) = delete;
    MaskReader& operator=(const MaskReader&) = delete;

    void request(MaskRequest request);
    /// The newest request was not answered yet.
    [[nodiscard]] bool isBusy() const { return answered_ != asked_; }

Q_SIGNALS:
    void ready(const vitreous::TokenMasks& masks);

private:
    struct Decoded {
        std::filesystem::path file;
        FileStamp stamp;
        Mask mask;
    };
    void run(const std::stop_token& stop);
    [[nodiscard]] TokenMasks answerTo(const MaskRequest& request);
    [[nodiscard]] const Mask& maskIn(const std::filesystem::path& file);

    Reader reader_;
    std::uint64_t asked_ = 0;        ///< GUI thread only
    std::uint64_t answered_ = 0;     ///< GUI thread only
    std::optional<Decoded> decoded_; ///< the thread's own

    std::mutex mutex_; ///< guards what follows, down to the blank line
    std::condition_variable_any wake_;
    std::optional<MaskRequest> wanted_;
    std::uint64_t wanted_number_ = 0;

    std::jthread thread_; ///< last: it uses all of the above
};

} // namespace vitreous
