#include "app/desktop/mask_section.h"

#include <algorithm>

#include <QFile>
#include <QFileDialog>
#include <QVBoxLayout>

#include "app/desktop/inspector_text.h"
#include "app/desktop/mask_scores.h"
#include "app/desktop/theme.h"

namespace vitreous {
namespace {

QString scoreText(const std::optional<MaskScores>& scores) {
    if (!scores) {
        return quietly(
            MaskSection::tr("no scores: its tokens hold no object, or the map is no number"));
    }
    return MaskSection::tr("IoU %1 at t = %2, AP %3")
        .arg(
            QString::number(scores->iou, 'f', 3), QString::number(scores->threshold, 'f', 1),
            QString::number(scores->average_precision, 'f', 3));
}

} // namespace

MaskSection::MaskSection(Session& session, const Actions& actions, QWidget* parent)
    : QWidget(parent), session_(session), text_(textLabel(tr("Mask scores"))) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(text_);
    auto* button = new QToolButton;
    button->setDefaultAction(actions["file.load_mask"]);
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(tr("Load mask"));
    button->setObjectName(QStringLiteral("loadMask"));
    button->setProperty("segment", true);
    layout->addWidget(button, 0, Qt::AlignLeft);
    text_->setToolTip(
        tr("The mask is brought to the token grid: a token is object where at least half of it is. "
           "IoU: of the tokens whose normalised value is above t, at the t of 0.1, 0.2, … 0.9 that "
           "is best for this picture. AP: average precision, without a threshold. The centred "
           "Gaussian is what a map that only knows where objects usually are would reach."));
}

QString MaskSection::scoresText(const GridScene& scene, std::size_t column) const {
    const TokenMasks& masks = session_.masks();
    const std::vector<ModelItem>& models = session_.models().items();
    QString lines;
    // Of equal models one baseline is enough.
    std::vector<TokenMask> truths;
    QString baselines;
    for (std::size_t row = 0; row < scene.rows.size() && row < models.size(); ++row) {
        const GridCell& cell = scene.cells[row][column];
        const auto truth = masks.tokens.find(models[row].id);
        if (!cell.present || truth == masks.tokens.end()) {
            continue;
        }
        lines += QStringLiteral("<br>%1<br>%2")
                     .arg(nameOf(scene.rows[row]), scoreText(scoresOf(cell.values, truth->second)));
        if (std::find(truths.begin(), truths.end(), truth->second) == truths.end()) {
            truths.push_back(truth->second);
            const std::vector<float> gaussian = centredGaussianMap({cell.rows, cell.columns});
            baselines +=
                QStringLiteral("<br>%1<br>%2")
                    .arg(
                        quietly(tr("Centred Gaussian (%1 × %2)").arg(cell.columns).arg(cell.rows)),
                        scoreText(scoresOf(gaussian, truth->second)));
        }
    }
    return lines + baselines;
}

void MaskSection::setScene(const GridScene& scene, std::size_t column) {
    // Masks are pictures: there is none of a cloud.
    const bool is_meant = column < scene.columns.size() && !hasClouds(scene);
    setVisible(is_meant);
    if (!is_meant) {
        return;
    }
    const TokenMasks& masks = session_.masks();
    QString text = tr("<b>Object mask</b>");
    if (masks.failure) {
        text += QStringLiteral("<br><span style=\"color:%1\">%2</span>")
                    .arg(currentTheme().error.name(), asHtml(asSentence(masks.failure->message)));
    } else if (masks.file.empty()) {
        text += QStringLiteral("<br>") +
                quietly(tr("None is loaded. With one, each map is scored against it."));
    }
    if (!masks.file.empty()) {
        text += QStringLiteral("<br>") + quietly(asHtml(pathText(masks.file.filename())));
    }
    text_->setText(text + scoresText(scene, column));
}

void askForMask(QWidget* window, Session& session) {
    const auto current = session.currentInput();
    const InputItem* input = current ? session.inputs().find(*current) : nullptr;
    if (input == nullptr) {
        return;
    }
    const QString file = QFileDialog::getOpenFileName(
        window, MaskSection::tr("Load Mask"), pathText(input->path.parent_path()),
        MaskSection::tr("Pictures (*.png *.bmp *.tif *.tiff *.webp *.pgm *.ppm);;All files (*)"));
    if (!file.isEmpty()) {
        session.setMask(QFile::encodeName(file).toStdString());
    }
}

} // namespace vitreous
