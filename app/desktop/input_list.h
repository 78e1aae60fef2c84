#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <QAbstractListModel>
#include <QImage>

#include "app/desktop/failure.h"
#include "app/desktop/ids.h"
#include "core/media/video_reader.h"

namespace vitreous {

/// An input of the session, as the Inputs panel shows it.
struct InputItem {
    InputId id;
    std::filesystem::path path;
    QImage thumbnail;                 ///< null until it is there
    QSize size;                       ///< pixels of the whole input
    std::size_t points = 0;           ///< of a point cloud
    std::size_t dropped = 0;          ///< of those, left out
    std::optional<VideoInfo> video{}; ///< of a video
    /// When its frames are shown, as its container has it: seconds, ascending; null: not known.
    std::shared_ptr<const std::vector<double>> times_secs{};
    std::size_t frame = 0; ///< of it, that was looked at last, while another input is shown
    std::optional<Failure> failure;
    std::string identity;    ///< the same for all paths to one file
    bool is_reading = false; ///< its thumbnail is asked for
    bool is_demo = false;    ///< of the demo comparison
    QString caption;         ///< what it shows, where that is known
    /// Where its object is, as chosen; empty: a file beside it, if there is one.
    std::filesystem::path mask{};

    [[nodiscard]] bool isRead() const { return !size.isEmpty(); }
    /// Nobody asked for it yet, or that was cancelled.
    [[nodiscard]] bool isUnread() const { return !isRead() && !is_reading && !failure; }
};

/// A file to be opened and what is known of it.
struct CaptionedInput {
    std::filesystem::path path;
    QString caption; ///< what the picture shows; empty where that is not known
};

/// What tells whether two paths lead to the same file.
std::string identityOf(const std::filesystem::path& path);

/// The path as it is wherever the program goes; as it came where that cannot be told, because the
/// working directory is gone. An empty path stays empty.
std::filesystem::path absolutePath(const std::filesystem::path& path);

/// The session's inputs in the order they came.
class InputList final : public QAbstractListModel {
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

    [[nodiscard]] const std::vector<InputItem>& items() const { return items_; }
    /// The item or nullptr.
    [[nodiscard]] const InputItem* find(InputId id) const;
    [[nodiscard]] int rowOf(InputId id) const; ///< -1 where there is none
    [[nodiscard]] std::optional<InputId> idOf(const std::string& identity) const;

    /// Adds items at once, their ids greater than any before, their identities new.
    void append(std::vector<InputItem> items);
    void remove(InputId id);
    void clear();
    /// Takes an input from another path; false where that is another input's.
    [[nodiscard]] bool move(InputId id, const std::filesystem::path& path);
    /// Changes an item where it exists and says so.
    void update(InputId id, const std::function<void(InputItem&)>& change);
    /// Changes all items and says so once.
    void updateAll(const std::function<void(InputItem&)>& change);

private:
    std::vector<InputItem> items_;                 ///< in the order of their ids
    std::unordered_map<std::string, InputId> ids_; ///< by identity
};

/// What a row says about an input below its name.
QString describe(const InputItem& item);

/// A path for people.
QString pathText(const std::filesystem::path& path);

} // namespace vitreous
