#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include <QAbstractListModel>
#include <QImage>

#include "app/desktop/failure.h"
#include "app/desktop/ids.h"

namespace vitreous {

/// An input of the session, as the Inputs panel shows it.
struct InputItem {
    InputId id;
    std::filesystem::path path;
    QImage thumbnail; ///< null until it is there
    QSize size;       ///< pixels of the whole input
    std::optional<Failure> failure;
};

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

    void append(InputItem item);
    void remove(InputId id);
    /// Changes an item where it exists and says so.
    void update(InputId id, const std::function<void(InputItem&)>& change);

private:
    std::vector<InputItem> items_;
};

/// What a row says about an input below its name.
QString describe(const InputItem& item);

/// A path for people.
QString pathText(const std::filesystem::path& path);

} // namespace vitreous
