#include "app/desktop/input_list.h"

#include <algorithm>

#include <QFile>

namespace vitreous {

QString pathText(const std::filesystem::path& path) {
    return QFile::decodeName(path.c_str());
}

QString describe(const InputItem& item) {
    if (item.failure) {
        return asSentence(item.failure->message);
    }
    return item.size.isEmpty()
               ? InputList::tr("Reading…")
               : InputList::tr("%1 × %2").arg(item.size.width()).arg(item.size.height());
}

int InputList::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(items_.size());
}

QVariant InputList::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const InputItem& item = items_[std::size_t(index.row())];
    const QString name = pathText(item.path.filename());
    switch (role) {
    case Qt::DisplayRole:
        return name;
    case Qt::DecorationRole:
        return item.thumbnail;
    case Qt::ToolTipRole:
        return item.failure ? QString(pathText(item.path) + u'\n' + item.failure->message)
                            : pathText(item.path);
    case Qt::AccessibleTextRole:
        return QString(name + QStringLiteral(", ") + describe(item));
    default:
        return {};
    }
}

const InputItem* InputList::find(InputId id) const {
    const int row = rowOf(id);
    return row < 0 ? nullptr : &items_[std::size_t(row)];
}

int InputList::rowOf(InputId id) const {
    const auto found = std::find_if(
        items_.begin(), items_.end(), [id](const InputItem& item) { return item.id == id; });
    return found == items_.end() ? -1 : int(found - items_.begin());
}

void InputList::append(InputItem item) {
    const int row = int(items_.size());
    beginInsertRows({}, row, row);
    items_.push_back(std::move(item));
    endInsertRows();
}

void InputList::remove(InputId id) {
    const int row = rowOf(id);
    if (row < 0) {
        return;
    }
    beginRemoveRows({}, row, row);
    items_.erase(items_.begin() + row);
    endRemoveRows();
}

void InputList::update(InputId id, const std::function<void(InputItem&)>& change) {
    const int row = rowOf(id);
    if (row < 0) {
        return;
    }
    change(items_[std::size_t(row)]);
    Q_EMIT dataChanged(index(row), index(row));
}

} // namespace vitreous
