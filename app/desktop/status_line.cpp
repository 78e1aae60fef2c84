#include "app/desktop/status_line.h"

#include <QAction>

#include "app/desktop/cache_label.h"

namespace vitreous {

StatusLine::StatusLine(Session& session, const Actions& actions, QWidget* parent)
    : QStatusBar(parent), session_(session), text_(new QLabel), work_(new QLabel),
      bar_(new QProgressBar), cancel_(new QToolButton), times_(new QLabel) {
    setSizeGripEnabled(false);
    setContentsMargins(8, 0, 8, 0);
    text_->setTextFormat(Qt::PlainText);
    text_->setAccessibleName(tr("Token under the pointer"));
    text_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    text_->setIndent(8);
    times_->setTextFormat(Qt::PlainText);
    bar_->setRange(0, 1000);
    bar_->setTextVisible(false);
    bar_->setFixedWidth(120);
    bar_->setAccessibleName(tr("Progress"));
    cancel_->setDefaultAction(actions["run.cancel"]);
    cancel_->setToolButtonStyle(Qt::ToolButtonIconOnly);
    cancel_->setAccessibleName(tr("Cancel"));
    cancel_->setFocusPolicy(Qt::TabFocus);
    addWidget(text_, 1);
    addPermanentWidget(work_);
    addPermanentWidget(bar_);
    addPermanentWidget(cancel_);
    addPermanentWidget(times_);
    addPermanentWidget(new CacheLabel(session_));
    connect(&session_, &Session::progressChanged, this, &StatusLine::showProgress);
    connect(&session_, &Session::rowsChanged, this, &StatusLine::showTimes);
    showProgress({}, 0.0);
    showTimes();
}

void StatusLine::setHover(const QString& text) {
    hover_ = text;
    text_->setText(hover_.isEmpty() ? note_ : hover_);
}

void StatusLine::setNote(const QString& text) {
    note_ = text;
    setHover(hover_);
}

void StatusLine::showProgress(const QString& text, double fraction) {
    const bool is_working = !text.isEmpty();
    work_->setText(text);
    bar_->setValue(int(fraction * 1000.0));
    work_->setVisible(is_working);
    bar_->setVisible(is_working);
    cancel_->setVisible(is_working);
}

void StatusLine::showTimes() {
    QStringList times;
    for (const GridRow& row : session_.rows()) {
        if (row.result) {
            times << tr("%1 ms").arg(
                row.result->forward_ms, 0, 'f', row.result->forward_ms < 10.0 ? 1 : 0);
        }
    }
    times_->setText(
        times.isEmpty() ? QString() : tr("Forward with maps: %1").arg(times.join(u", ")));
}

} // namespace vitreous
