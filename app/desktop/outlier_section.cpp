#include "app/desktop/outlier_section.h"

#include <algorithm>

#include <QVBoxLayout>

#include "app/desktop/inspector_text.h"
#include "core/analysis/outliers.h"
#include "widgets/value_text.h"

namespace vitreous {
namespace {

constexpr std::size_t most_listed = 5;

} // namespace

OutlierSection::OutlierSection(Session& session, QWidget* parent)
    : QWidget(parent), session_(session), text_(textLabel(tr("Outlier tokens"))) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->addWidget(text_);
    text_->setTextInteractionFlags(
        Qt::TextSelectableByMouse | Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    text_->setFocusPolicy(Qt::StrongFocus);
    text_->setToolTip(
        tr("Tokens whose magnitude at this layer is above median + 5 × 1.4826 × MAD of its map "
           "(MAD: the median absolute deviation from the median). Large models keep facts about "
           "the whole picture in such tokens: as parts of the picture they mislead."));
    connect(text_, &QLabel::linkActivated, this, &OutlierSection::follow);
}

void OutlierSection::setScene(const GridScene& scene, const std::string& tap) {
    found_.clear();
    QString lines;
    for (std::size_t row = 0; row < scene.rows.size(); ++row) {
        found_.emplace_back();
        const auto& result = scene.rows[row].result;
        const auto map = result ? result->magnitude.find(tap) : decltype(result->magnitude.end())();
        if (!result || map == result->magnitude.end() || map->second.shape.empty() ||
            map->second.shape.size() > 2) {
            continue;
        }
        const Array& values = map->second;
        const bool are_groups = values.shape.size() == 1;
        Found found{
            are_groups ? 1 : int(values.shape[0]), int(values.shape.back()), are_groups,
            findOutliers(values.values).tokens};
        std::stable_sort(
            found.tokens.begin(), found.tokens.end(), [&values](TokenIndex a, TokenIndex b) {
                return values.values[a.value] > values.values[b.value];
            });
        lines += QStringLiteral("<br>%1<br>").arg(nameOf(scene.rows[row]));
        if (found.tokens.empty()) {
            lines += quietly(tr("none"));
        } else {
            QStringList places;
            for (std::size_t i = 0; i < std::min(most_listed, found.tokens.size()); ++i) {
                const std::size_t token = found.tokens[i].value;
                places << linkTo(
                    QStringLiteral("pin:%1:%2").arg(row).arg(token),
                    spotText(placeOf(found, found.tokens[i])));
            }
            if (found.tokens.size() > most_listed) {
                places << QStringLiteral("…");
            }
            lines += QStringLiteral("%1: %2").arg(
                linkTo(
                    QStringLiteral("next:%1").arg(row),
                    found.tokens.size() == 1 ? tr("1 outlier")
                                             : tr("%1 outliers").arg(found.tokens.size())),
                places.join(QStringLiteral("; ")));
        }
        found_.back() = std::move(found);
    }
    setVisible(!lines.isEmpty());
    text_->setText(tr("<b>Outlier tokens</b>") + lines);
}

void OutlierSection::follow(const QString& link) {
    const QStringList parts = link.split(u':');
    const auto row = std::size_t(parts.value(1).toUInt());
    if (row >= found_.size() || !found_[row] || found_[row]->tokens.empty()) {
        return;
    }
    const Found& found = *found_[row];
    if (parts.front() == u"pin") {
        pin(found, TokenIndex{std::size_t(parts.value(2).toUInt())});
        return;
    }
    // From the one that is pinned to the next; which one that is, the view knows.
    const auto& pinned = session_.view().selection.pinned;
    auto next = found.tokens.begin();
    if (pinned && *pinned == placeOf(found, pinned->token)) {
        const auto now = std::find(found.tokens.begin(), found.tokens.end(), pinned->token);
        next = now == found.tokens.end() || now + 1 == found.tokens.end() ? next : now + 1;
    }
    pin(found, *next);
}

void OutlierSection::pin(const Found& found, TokenIndex token) {
    ViewState view = session_.view();
    view.selection.pinned = placeOf(found, token);
    view.selection.region.reset();
    session_.setView(view);
}

} // namespace vitreous
