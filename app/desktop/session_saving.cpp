#include "app/desktop/session_saving.h"

#include <algorithm>

#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QMessageBox>

namespace vitreous {
namespace {

constexpr int keep_after_ms = 2000;
constexpr int change_after_ms = 100;
/// Of one opening: a hundred pictures would push out all others.
constexpr int most_remembered = 3;

std::filesystem::path nativePath(const QString& path) {
    return QFile::encodeName(path).toStdString();
}

QString fileName(const QString& path) {
    return QFileInfo(path).fileName();
}

bool isEmpty(const SessionState& state) {
    return state.models.empty() && state.inputs.empty();
}

/// Something was opened that is not of the demo comparison.
bool isOwn(const SessionState& state) {
    const auto is_own = [](const auto& item) { return !item.is_demo; };
    return std::any_of(state.models.begin(), state.models.end(), is_own) ||
           std::any_of(state.inputs.begin(), state.inputs.end(), is_own);
}

QString timeText(const QDateTime& time) {
    const bool is_today = time.date() == QDate::currentDate();
    return QLocale().toString(
        time, is_today ? QStringLiteral("HH:mm") : QStringLiteral("d MMM yyyy, HH:mm"));
}

} // namespace

SessionSaving::SessionSaving(
    Session& session,
    GridPane& pane,
    QSettings* settings,
    const QString& recovery_folder,
    QWidget* window)
    : QObject(window), session_(session), pane_(pane), window_(window), asks_(settings != nullptr),
      recent_(settings), recovery_(recovery_folder), start_(session.state()) {
    change_soon_.setSingleShot(true);
    change_soon_.setInterval(change_after_ms);
    keep_soon_.setSingleShot(true);
    keep_soon_.setInterval(keep_after_ms);
    connect(&change_soon_, &QTimer::timeout, this, &SessionSaving::tellChange);
    connect(&keep_soon_, &QTimer::timeout, this, &SessionSaving::keep);
    connect(&session_, &Session::rowsChanged, this, &SessionSaving::onChanged);
    connect(&session_, &Session::viewChanged, this, &SessionSaving::onChanged);
    connect(&session_, &Session::currentInputChanged, this, &SessionSaving::onChanged);
    connect(&session_, &Session::deviceChanged, this, &SessionSaving::onChanged);
    const InputList* inputs = &session_.inputs();
    connect(inputs, &InputList::rowsInserted, this, &SessionSaving::onChanged);
    connect(inputs, &InputList::rowsRemoved, this, &SessionSaving::onChanged);
    connect(inputs, &InputList::dataChanged, this, &SessionSaving::onChanged);
    connect(&session_, &Session::sessionRequested, this, &SessionSaving::openSession);
    connect(&session_, &Session::saved, this, &SessionSaving::onSaved);
    connect(&session_, &Session::saveFailed, this, &SessionSaving::onSaveFailed);
    connect(&session_, &Session::opened, this, [this](const QStringList& arguments) {
        for (const QString& argument : arguments.mid(0, most_remembered)) {
            // A session's own file is remembered once it has been read.
            const FileFormat* format = formatOf(argument);
            const bool is_session = format != nullptr && format->kind == FileKind::Session;
            if (!is_session && QFileInfo::exists(argument)) {
                recent_.add(argument);
            }
        }
    });
    connect(&recent_, &RecentFiles::chosen, this, [this](const QString& path) {
        pane_.notice().hide();
        session_.open({path});
    });
    connect(&recent_, &RecentFiles::gone, this, [this](const QString& path) {
        pane_.notice().say(
            tr("This is not there any more, and no longer listed: %1").arg(path), true);
    });
    connect(&recovery_, &Recovery::failed, this, [this](const Failure& failure) {
        pane_.notice().say(
            tr("The session is not kept against a crash: %1").arg(failure.message), true);
    });
    connect(&pane_.offer(), &NoticeBar::closed, this, [this] {
        offers_.pop_front();
        showOffer();
    });
    offerLeft();
}

SessionSaving::~SessionSaving() {
    const SessionState state = session_.state();
    if (path_.isEmpty() && state != start_ && isOwn(state)) {
        recovery_.keepLast(sessionFile(state, session_.knownFiles()));
    }
}

QString SessionSaving::title(const QString& input) const {
    const QString name = path_.isEmpty() ? QString() : fileName(path_) + QStringLiteral("[*]");
    if (name.isEmpty() || input.isEmpty()) {
        return name + input;
    }
    return tr("%1 – %2").arg(name, input);
}

bool SessionSaving::isModified() const {
    return !path_.isEmpty() && saved_ != session_.state();
}

void SessionSaving::tellChange() {
    was_modified_ = isModified();
    Q_EMIT changed();
}

void SessionSaving::onChanged() {
    // A bound on the delay, not a pause in the changes: a long drag is kept too.
    if (!change_soon_.isActive()) {
        change_soon_.start();
    }
    if (!keep_soon_.isActive()) {
        keep_soon_.start();
    }
}

void SessionSaving::startHere() {
    start_ = session_.state();
}

void SessionSaving::keep() {
    const SessionState state = session_.state();
    if (isEmpty(state) || (path_.isEmpty() && state == start_)) {
        recovery_.forget();
        return;
    }
    SessionFile file = sessionFile(state, session_.knownFiles());
    file.saved_as = nativePath(path_);
    file.is_modified = path_.isEmpty() || saved_ != state;
    recovery_.keep(std::move(file));
}

void SessionSaving::save() {
    if (path_.isEmpty()) {
        saveAs();
    } else {
        saveTo(path_);
    }
}

void SessionSaving::saveAs() {
    QFileDialog dialog(window_, tr("Save Session"));
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setNameFilter(tr("Sessions (*.vitreous)"));
    dialog.setDefaultSuffix(QStringLiteral("vitreous"));
    dialog.selectFile(path_.isEmpty() ? QStringLiteral("session.vitreous") : path_);
    if (dialog.exec() != QDialog::Accepted) {
        return;
    }
    QString path = dialog.selectedFiles().front();
    if (QFileInfo(path).suffix().toLower() != u"vitreous") {
        // "pair.v2" has a suffix to the dialog.
        path += QStringLiteral(".vitreous");
        const bool is_free =
            !QFileInfo::exists(path) ||
            QMessageBox::question(
                window_, tr("Save Session"),
                tr("%1 exists already. Replace it?").arg(fileName(path))) == QMessageBox::Yes;
        if (!is_free) {
            return;
        }
    }
    saveTo(path);
}

void SessionSaving::saveTo(const QString& path) {
    SessionState state = session_.state();
    const std::uint64_t number = session_.save(nativePath(QFileInfo(path).absoluteFilePath()));
    saving_.emplace(number, std::move(state));
}

void SessionSaving::onSaveFailed(std::uint64_t number) {
    saving_.erase(number);
    if (number == after_saving_.saving) {
        stay();
    }
}

void SessionSaving::onSaved(const QString& path, std::uint64_t number) {
    auto state = saving_.extract(number);
    if (!state) {
        return;
    }
    path_ = path;
    saved_ = std::move(state.mapped());
    recent_.add(path);
    pane_.notice().say(tr("Saved: %1").arg(path), false);
    keep();
    tellChange();
    if (number == after_saving_.saving) {
        const auto now = std::exchange(after_saving_, {});
        now.then();
    }
}

void SessionSaving::stay() {
    if (const auto now = std::exchange(after_saving_, {}); now.otherwise) {
        now.otherwise();
    }
}

bool SessionSaving::mayReplace(const Continuation& next) {
    if (!saving_.empty()) {
        stay();
        after_saving_ = next;
        after_saving_.saving = saving_.rbegin()->first;
        return false;
    }
    if (!asks_ || !isModified()) {
        return true;
    }
    QMessageBox question(
        QMessageBox::Question, tr("Save Session"),
        tr("Save the changes to %1?").arg(fileName(path_)),
        QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, window_);
    question.setDefaultButton(QMessageBox::Save);
    const int answer = question.exec();
    if (answer == QMessageBox::Save) {
        saveTo(path_);
        after_saving_ = next;
        after_saving_.saving = saving_.rbegin()->first;
    } else if (answer != QMessageBox::Discard && next.otherwise) {
        next.otherwise();
    }
    return answer == QMessageBox::Discard;
}

bool SessionSaving::mayClose() {
    return mayReplace({[this] { window_->close(); }, {}, 0});
}

void SessionSaving::openSession(const QString& path) {
    const QString absolute = QFileInfo(path).absoluteFilePath();
    try {
        const SessionFile file = readSession(nativePath(absolute));
        const SessionState state = sessionState(file);
        if (mayReplace({[this, absolute] { openSession(absolute); }, {}, 0})) {
            replace(state, file.files, absolute);
            saved_ = session_.state();
            recent_.add(absolute);
            tellChange();
        }
    } catch (const Error& error) {
        session_.addProblem({error.code(), QString::fromStdString(error.what())});
    }
}

void SessionSaving::reopenLast() {
    try {
        const SessionFile file = recovery_.last();
        const SessionState state = sessionState(file);
        if (mayReplace({[this] { reopenLast(); }, {}, 0})) {
            replace(state, file.files, {});
            keep();
            tellChange();
        }
    } catch (const Error& error) {
        session_.addProblem({error.code(), QString::fromStdString(error.what())});
    }
}

void SessionSaving::replace(
    const SessionState& state,
    const KnownFiles& files,
    const QString& path) {
    const SessionState before = session_.state();
    const KnownFiles known = session_.knownFiles();
    const bool would_be_lost = path_.isEmpty() && !isEmpty(before) && before != start_;
    session_.restore(state, files);
    path_ = path;
    saved_.reset();
    if (!would_be_lost || !asks_) {
        return;
    }
    addOffer(offerBack(
        tr("%1 is open in the place of a session that was not saved.")
            .arg(path.isEmpty() ? tr("Another session") : fileName(path)),
        before, known));
}

SessionSaving::Offer
SessionSaving::offerBack(const QString& text, const SessionState& state, const KnownFiles& files) {
    return {text, {{tr("Bring It &Back"), [this, text, state, files] {
                        bringBack(text, state, files);
                    }}}};
}

void SessionSaving::bringBack(
    const QString& text,
    const SessionState& state,
    const KnownFiles& files) {
    const Continuation next = {
        [this, text, state, files] { bringBack(text, state, files); },
        [this, text, state, files] { offerAgain(offerBack(text, state, files)); }};
    if (mayReplace(next)) {
        replace(state, files, {});
        tellChange();
    }
}

void SessionSaving::addOffer(Offer offer) {
    offers_.push_back(std::move(offer));
    if (offers_.size() == 1) {
        showOffer();
    }
}

void SessionSaving::offerAgain(Offer offer) {
    offers_.push_front(std::move(offer));
    showOffer();
}

void SessionSaving::showOffer() {
    if (!offers_.empty()) {
        pane_.offer().ask(offers_.front().text, offers_.front().actions);
    }
}

void SessionSaving::offerLeft() {
    for (const Recovery::Left& left : recovery_.left()) {
        addOffer(offerOf(left));
    }
}

SessionSaving::Offer SessionSaving::offerOf(const Recovery::Left& left) {
    const QString name = fileName(QFile::decodeName(left.session.saved_as.c_str()));
    const QString time = timeText(left.time);
    return {
        name.isEmpty()
            ? tr("Vitreous ended unexpectedly. Restore the session of %1?").arg(time)
            : tr("Vitreous ended unexpectedly. Restore %1 as it was at %2?").arg(name, time),
        {{tr("&Restore"), [this, left] { restoreLeft(left); }},
         {tr("&Discard"), [this, left] { recovery_.discard(left.file); }}}};
}

void SessionSaving::restoreLeft(const Recovery::Left& left) {
    try {
        const SessionState state = sessionState(left.session);
        if (!mayReplace(
                {[this, left] { restoreLeft(left); },
                 [this, left] { offerAgain(offerOf(left)); }})) {
            return;
        }
        replace(state, left.session.files, QFile::decodeName(left.session.saved_as.c_str()));
        if (!left.session.is_modified) {
            saved_ = session_.state();
        }
        recovery_.adopt(left.file);
        keep();
        tellChange();
    } catch (const Error& error) {
        recovery_.setAside(left.file);
        session_.addProblem({error.code(), QString::fromStdString(error.what())});
    }
}

} // namespace vitreous
