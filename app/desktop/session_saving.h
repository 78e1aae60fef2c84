#pragma once

#include <deque>
#include <functional>
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

    /// The session's file; empty until it has one.
    [[nodiscard]] QString path() const { return path_; }
    /// The title's part before the program's name, with the mark for changes.
    [[nodiscard]] QString title(const QString& input) const;
    /// What is open differs from the session's file.
    [[nodiscard]] bool isModified() const;
    /// The same as it was at the last changed(): cheap enough for every frame of a drag.
    [[nodiscard]] bool wasModified() const { return was_modified_; }
    [[nodiscard]] RecentFiles& recent() { return recent_; }

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

    void openSession(const QString& path);
    void onSaved(const QString& path);
    void tellChange();
    void onChanged();
    void keep();
    /// Changes to a session file are not lost without a question. then: after they are saved.
    [[nodiscard]] bool mayReplace(const std::function<void()>& then);
    void replace(const SessionState& state, const KnownFiles& files, const QString& path);
    void addOffer(Offer offer);
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
    std::deque<SessionState> saving_; ///< on their way to a file
    std::function<void()> after_saving_;
    std::deque<Offer> offers_;
    QTimer change_soon_;
    QTimer keep_soon_;
};

} // namespace vitreous
