#include "app/desktop/input_list.h"

#include <algorithm>

#include <QFile>
#include <QLocale>

namespace vitreous {

QString pathText(const std::filesystem::path& path) {
    return QFile::decodeName(path.c_str());
}

namespace {

QString sizeText(const InputItem& item) {
    if (item.video) {
        const QLocale grouped(QLocale::English);
        const double duration_secs = item.video->duration_secs;
        const QString form = item.video->frames == 1 ? InputList::tr("%1 × %2, %3 frame, %4 s")
                                                     : InputList::tr("%1 × %2, %3 frames, %4 s");
        return form.arg(item.video->width)
            .arg(item.video->height)
            .arg(grouped.toString(qlonglong(item.video->frames)))
            .arg(duration_secs, 0, 'f', duration_secs < 0.95 ? 2 : 1);
    }
    if (item.points == 0) {
        return InputList::tr("%1 × %2").arg(item.size.width()).arg(item.size.height());
    }
    const QLocale grouped(QLocale::English);
    const QString points =
        InputList::tr("%1 points").arg(grouped.toString(qulonglong(item.points)));
    return item.dropped == 0 ? points
                             : InputList::tr("%1, %2 dropped")
                                   .arg(points, grouped.toString(qulonglong(item.dropped)));
}

} // namespace

QString describe(const InputItem& item) {
    if (item.failure) {
        return asSentence(item.failure->message);
    }
    if (item.isRead()) {
        const QString size = sizeText(item);
        return item.caption.isEmpty() ? size : InputList::tr("%1 · %2").arg(item.caption, size);
    }
    return item.is_reading ? InputList::tr("Reading…") : InputList::tr("Not read");
}

std::string identityOf(const std::filesystem::path& path) {
    std::error_code problem;
    std::filesystem::path identity = std::filesystem::canonical(path, problem);
    if (problem) {
        identity = std::filesystem::absolute(path, problem).lexically_normal();
    }
    return identity.string();
}

std::filesystem::path absolutePath(const std::filesystem::path& path) {
    std::error_code problem;
    const std::filesystem::path absolute =
        path.empty() ? path : std::filesystem::absolute(path, problem);
    return problem ? path : absolute.lexically_normal();
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
    const auto found = std::lower_bound(
        items_.begin(), items_.end(), id,
        [](const InputItem& item, InputId wanted) { return item.id < wanted; });
    return found == items_.end() || found->id != id ? -1 : int(found - items_.begin());
}

std::optional<InputId> InputList::idOf(const std::string& identity) const {
    const auto found = ids_.find(identity);
    return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

void InputList::append(std::vector<InputItem> items) {
    if (items.empty()) {
        return;
    }
    const int row = int(items_.size());
    beginInsertRows({}, row, row + int(items.size()) - 1);
    for (InputItem& item : items) {
        ids_.emplace(item.identity, item.id);
        items_.push_back(std::move(item));
    }
    endInsertRows();
}

void InputList::remove(InputId id) {
    const int row = rowOf(id);
    if (row < 0) {
        return;
    }
    beginRemoveRows({}, row, row);
    ids_.erase(items_[std::size_t(row)].identity);
    items_.erase(items_.begin() + row);
    endRemoveRows();
}

void InputList::clear() {
    if (!items_.empty()) {
        beginRemoveRows({}, 0, rowCount() - 1);
        items_.clear();
        ids_.clear();
        endRemoveRows();
    }
}

bool InputList::move(InputId id, const std::filesystem::path& path) {
    const int row = rowOf(id);
    std::string identity = identityOf(path);
    const auto other = ids_.find(identity);
    if (row < 0 || (other != ids_.end() && other->second != id)) {
        return false;
    }
    InputItem& item = items_[std::size_t(row)];
    ids_.erase(item.identity);
    ids_[identity] = id;
    item.path = path;
    item.identity = std::move(identity);
    item.size = {};
    item.thumbnail = {};
    Q_EMIT dataChanged(index(row), index(row));
    return true;
}

void InputList::update(InputId id, const std::function<void(InputItem&)>& change) {
    const int row = rowOf(id);
    if (row < 0) {
        return;
    }
    change(items_[std::size_t(row)]);
    Q_EMIT dataChanged(index(row), index(row));
}

void InputList::updateAll(const std::function<void(InputItem&)>& change) {
    if (items_.empty()) {
        return;
    }
    std::for_each(items_.begin(), items_.end(), change);
    Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

} // namespace vitreous
