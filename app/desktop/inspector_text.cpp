#include "app/desktop/inspector_text.h"

#include "app/desktop/theme.h"

namespace vitreous {
namespace {

constexpr int longest_word = 16; ///< characters that fit into a panel at its narrowest
constexpr QChar break_here(0x200B);

} // namespace

QLabel* textLabel(const QString& accessible_name) {
    auto* label = new QLabel;
    label->setTextFormat(Qt::RichText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setFocusPolicy(Qt::NoFocus);
    label->setAccessibleName(accessible_name);
    return label;
}

QString asHtml(const QString& text) {
    QString broken;
    int length = 0;
    for (const QChar one : text) {
        length = one.isSpace() ? 0 : length + 1;
        if (length > longest_word) {
            broken += break_here;
            length = 1;
        }
        broken += one;
    }
    return broken.toHtmlEscaped();
}

QString nameOf(const GridRow& row) {
    return QStringLiteral("<span style=\"color:%1\">■</span> <b>%2</b>")
        .arg(row.chip.name(), asHtml(row.label));
}

QString quietly(const QString& html) {
    return QStringLiteral("<span style=\"color:%1\">%2</span>")
        .arg(currentTheme().quiet.name(), html);
}

QString linkTo(const QString& target, const QString& html) {
    return QStringLiteral("<a href=\"%1\" style=\"color:%2; text-decoration:none\">%3</a>")
        .arg(target.toHtmlEscaped(), currentTheme().accent.name(), html);
}

} // namespace vitreous
