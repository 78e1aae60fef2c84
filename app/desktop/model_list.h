#pragma once

#include <functional>
#include <vector>

#include <QAbstractListModel>
#include <QColor>

#include "app/desktop/failure.h"
#include "app/desktop/ids.h"
#include "app/desktop/job_runner.h"

namespace vitreous {

/// A model of the session, as the Models panel shows it.
struct ModelItem {
    enum class State { Loading, Ready, Failed };
    ModelId id;
    ModelSpec spec; ///< its label is always set and unlike any other's
    QColor chip;
    State state = State::Loading;
    double fraction = 0.0; ///< of loading
    LoadedModel loaded;    ///< once Ready
    Failure failure;       ///< once Failed
    QString prediction;    ///< for the current input; empty where there is none
    bool is_demo = false;  ///< of the demo comparison
};

/// The session's models in the order of the grid's rows.
class ModelList final : public QAbstractListModel {
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

    [[nodiscard]] const std::vector<ModelItem>& items() const { return items_; }
    /// The item or nullptr.
    [[nodiscard]] const ModelItem* find(ModelId id) const;
    [[nodiscard]] int rowOf(ModelId id) const; ///< -1 where there is none

    void append(ModelItem item);
    void remove(ModelId id);
    /// Takes a model one row further up; the first one stays.
    void moveUp(ModelId id);
    /// Changes an item where it exists and says so. The id may change too.
    void update(ModelId id, const std::function<void(ModelItem&)>& change);

private:
    std::vector<ModelItem> items_;
};

/// What a row says about a model below its label, line by line.
QStringList describe(const ModelItem& item);
/// The class's name, or "class 3" where the model has none.
QString className(const ModelSummary& summary, std::size_t index);

} // namespace vitreous
