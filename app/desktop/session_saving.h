#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>

#include <QSettings>
#include <QTimer>

#include "app/desktop/grid_pane.h"
#include "app/desktop/recent_files.h"
#include "app/desktop/recovery.h"
#include "app/desktop/session.h"

namespace vitreous {

/// The session as a file: saving it, opening it, keeping it against a crash, and what is asked
/// before changes are lost.
class SessionSaving final : public QObject {
    Q_OBJECT

public:
    /// settings: where recent files are remembered; null: nowhere, and no question is asked.
    /// recovery_folder: where the session is kept against a crash; empty: nowhere.
    SessionSaving(
        Session& session,
        GridPane& pane,
        QSettings* settings,
        const QString& recovery_folder,
        QWidget* window);
    /// Keeps what was saved nowhere as the last session.
    ~SessionSaving() override;
    SessionSaving(const SessionSaving&) = delete;
    SessionSaving& operator=(const SessionSaving&) = delete;

    /// The session's file; empty until it has one.
    [[nodiscard]] QString path() const { return path_; }
    /// The title's part before the program's name, with the mark for changes.
    [[nodiscard]] QString title(const QString& input) const;
    /// What is open differs from the session's file.
    [[nodiscard]] bool isModified() const;
    /// The same as it was at the last changed(): cheap enough for every frame of a drag.
    [[nodiscard]] bool wasModified() const { return was_modified_; }
    [[nodiscard]] RecentFiles& recent() { return recent_; }

    /// The program that ended before has left a session that was saved nowhere.
    [[nodiscard]] bool hasLast() const { return recovery_.hasLast(); }
    /// Puts that session in the place of what is open.
    void reopenLast();
    void save();
    void saveAs();
    void saveTo(const QString& path);
    /// False where the window is to stay open; it closes by itself once a session is saved.
    [[nodiscard]] bool mayClose();
    /// What is open now is what the program starts with: not worth keeping.
    void startHere();

Q_SIGNALS:
    void changed();

private:
    /// Something to be answered in the window, without holding it up.
    struct Offer {
        QString text;
        std::vector<NoticeAction> actions;
    };

    /// What follows once changes are saved, and where they are neither saved nor given up.
    struct Continuation {
        std::function<void()> then;
        std::function<void()> otherwise;
        std::uint64_t saving = 0; ///< the number of the saving that it waits for
    };

    void openSession(const QString& path);
    void onSaved(const QString& path, std::uint64_t number);
    void onSaveFailed(std::uint64_t number);
    void tellChange();
    void onChanged();
    void keep();
    /// What was to follow the saving does not.
    void stay();
    /// Changes to a session file are not lost without a question. True where it may go on at once.
    [[nodiscard]] bool mayReplace(const Continuation& next);
    void replace(const SessionState& state, const KnownFiles& files, const QString& path);
    void bringBack(const QString& text, const SessionState& state, const KnownFiles& files);
    [[nodiscard]] Offer
    offerBack(const QString& text, const SessionState& state, const KnownFiles& files);
    [[nodiscard]] Offer offerOf(const Recovery::Left& left);
    void addOffer(Offer offer);
    /// Puts an answered offer back, before the others.
    void offerAgain(Offer offer);
    void showOffer();
    void offerLeft();
    void restoreLeft(const Recovery::Left& left);

    Session& session_;
    GridPane& pane_;
    QWidget* window_;
    bool asks_;
    RecentFiles recent_;
    Recovery recovery_;
    QString path_;
    std::optional<SessionState> saved_; ///< in the session's file
    bool was_modified_ = false;
    SessionState start_;
    std::map<std::uint64_t, SessionState> saving_; ///< on their way to a file, by number
    Continuation after_saving_;
    std::deque<Offer> offers_;
    QTimer change_soon_;
    QTimer keep_soon_;
};

} // namespace vitreous
