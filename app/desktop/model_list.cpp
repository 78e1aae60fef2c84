#include "app/desktop/model_list.h"

#include <algorithm>

#include <QCoreApplication>

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Models)
};

bool isGuessed(const ModelSummary& summary, std::string_view fact) {
    return std::any_of(
        summary.guessed.begin(), summary.guessed.end(),
        [fact](const std::string& guess) { return guess.rfind(fact, 0) == 0; });
}

QString headsText(int heads, bool guessed) {
    const QString text = heads == 1 ? Text::tr("1 head") : Text::tr("%1 heads").arg(heads);
    return guessed ? Text::tr("%1 (guessed)").arg(text) : text;
}

QString countText(std::int64_t parameters) {
    const auto count = double(parameters);
    if (count >= 1e9) {
        return Text::tr("%1 B parameters").arg(count / 1e9, 0, 'f', 2);
    }
    if (count >= 1e6) {
        return Text::tr("%1 M parameters").arg(count / 1e6, 0, 'f', 1);
    }
    return Text::tr("%1 k parameters").arg(count / 1e3, 0, 'f', 0);
}

QStringList describeLoaded(const LoadedModel& loaded) {
    const ModelSummary& summary = *loaded.summary;
    QStringList lines;
    lines << QString::fromStdString(summary.family);
    lines << Text::tr("%1 blocks, %2 wide, %3")
                 .arg(summary.depth)
                 .arg(summary.width)
                 .arg(headsText(summary.heads, isGuessed(summary, "heads")));
    if (summary.llm_block == "mlp" || summary.llm_block == "identity") {
        lines << (summary.llm_block == "mlp" ? Text::tr("MLP in the LLM's place, %1 wide")
                                             : Text::tr("Mappers without an LLM, %1 wide"))
                     .arg(summary.llm_width);
    } else if (summary.llm_layers > 0) {
        const QString layers = summary.llm_layers == 1
                                   ? Text::tr("1 layer")
                                   : Text::tr("%1 layers").arg(summary.llm_layers);
        lines << Text::tr("LLM: %1, %2 wide, %3")
                     .arg(layers)
                     .arg(summary.llm_width)
                     .arg(headsText(summary.llm_heads, isGuessed(summary, "llm_heads")));
    }
    const std::string_view precision = name(loaded.precision);
    lines << Text::tr("%1 · %2 · %3")
                 .arg(
                     countText(summary.parameters), loaded.device,
                     QString::fromUtf8(precision.data(), qsizetype(precision.size())));
    return lines;
}

QString toolTip(const ModelItem& item) {
    QStringList lines = {QString::fromStdString(item.spec.path.string())};
    if (item.state == ModelItem::State::Failed) {
        lines << asSentence(item.failure.message);
    } else if (item.loaded.summary) {
        for (const std::string& guess : item.loaded.summary->guessed) {
            lines << Text::tr("Guessed: %1").arg(QString::fromStdString(guess));
        }
    }
    return lines.join(u'\n');
}

} // namespace

QString className(const ModelSummary& summary, std::size_t index) {
    return index < summary.class_names.size() ? QString::fromStdString(summary.class_names[index])
                                              : Text::tr("class %1").arg(index);
}

QStringList describe(const ModelItem& item) {
    switch (item.state) {
    case ModelItem::State::Loading:
        return {
            item.fraction > 0.0 ? Text::tr("Loading, %1 %").arg(int(item.fraction * 100.0))
                                : Text::tr("Loading…")};
    case ModelItem::State::Failed:
        return {asSentence(item.failure.message)};
    case ModelItem::State::Ready:
        break;
    }
    QStringList lines = describeLoaded(item.loaded);
    if (!item.prediction.isEmpty()) {
        lines << item.prediction;
    }
    return lines;
}

int ModelList::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(items_.size());
}

QVariant ModelList::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const ModelItem& item = items_[std::size_t(index.row())];
    const QString label = QString::fromStdString(item.spec.label);
    switch (role) {
    case Qt::DisplayRole:
        return label;
    case Qt::DecorationRole:
        return item.chip;
    case Qt::ToolTipRole:
        return toolTip(item);
    case Qt::AccessibleTextRole:
        return QString(label + QStringLiteral(", ") + describe(item).join(QStringLiteral(", ")));
    default:
        return {};
    }
}

const ModelItem* ModelList::find(ModelId id) const {
    const int row = rowOf(id);
    return row < 0 ? nullptr : &items_[std::size_t(row)];
}

int ModelList::rowOf(ModelId id) const {
    const auto found = std::find_if(
        items_.begin(), items_.end(), [id](const ModelItem& item) { return item.id == id; });
    return found == items_.end() ? -1 : int(found - items_.begin());
}

void ModelList::append(ModelItem item) {
    const int row = int(items_.size());
    beginInsertRows({}, row, row);
    items_.push_back(std::move(item));
    endInsertRows();
}

void ModelList::remove(ModelId id) {
    const int row = rowOf(id);
    if (row < 0) {
        return;
    }
    beginRemoveRows({}, row, row);
    items_.erase(items_.begin() + row);
    endRemoveRows();
}

void ModelList::moveUp(ModelId id) {
    const int row = rowOf(id);
    if (row > 0) {
        beginMoveRows({}, row, row, {}, row - 1);
        std::swap(items_[std::size_t(row)], items_[std::size_t(row - 1)]);
        endMoveRows();
    }
}

void ModelList::update(ModelId id, const std::function<void(ModelItem&)>& change) {
    const int row = rowOf(id);
    if (row < 0) {
        return;
    }
    change(items_[std::size_t(row)]);
    Q_EMIT dataChanged(index(row), index(row));
}

} // namespace vitreous
