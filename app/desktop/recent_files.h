#pragma once

#include <QMenu>
#include <QObject>
#include <QSettings>
#include <QStringList>

namespace vitreous {

/// The sessions, files and folders that were opened last, newest first.
class RecentFiles final : public QObject {
    Q_OBJECT

public:
    static constexpr int most = 10;

    /// settings: where they are remembered, outlives this; null: nowhere.
    explicit RecentFiles(QSettings* settings, QObject* parent = nullptr);

    [[nodiscard]] QStringList files() const;
    /// Puts a file in front.
    void add(const QString& path);
    void remove(const QString& path);
    void clear();
    /// Keeps a menu of them up to date; disabled where there are none.
    void fill(QMenu* menu);

Q_SIGNALS:
    void changed();
    /// One of the menu was chosen; it exists.
    void chosen(const QString& path);
    /// The chosen one is not there any more, and no longer listed.
    void gone(const QString& path);

private:
    void choose(const QString& path);
    void write(const QStringList& files);
    void rebuild(QMenu* menu);

    QSettings* settings_;
    QStringList files_; ///< without settings
};

} // namespace vitreous
