#include "app/desktop/recent_files.h"

#include <QDir>
#include <QFileInfo>

namespace vitreous {
namespace {

QString key() {
    return QStringLiteral("recent/files");
}

/// The name, and the folder that tells it from others of the name.
QString entryText(int number, const QString& path) {
    const QFileInfo info(path);
    QString folder = info.path();
    if (const QString home = QDir::homePath(); folder.startsWith(home + u'/') || folder == home) {
        folder.replace(0, home.size(), u'~');
    }
    QString text = QStringLiteral("%1  –  %2").arg(info.fileName(), folder);
    text.replace(u'&', QStringLiteral("&&"));
    return number < 10 ? QStringLiteral("&%1  ").arg(number) + text
                       : QStringLiteral("1&0  ") + text;
}

} // namespace

RecentFiles::RecentFiles(QSettings* settings, QObject* parent)
    : QObject(parent), settings_(settings) {}

QStringList RecentFiles::files() const {
    // Another running program may have written them.
    return settings_ != nullptr ? settings_->value(key()).toStringList().mid(0, most) : files_;
}

void RecentFiles::write(const QStringList& files) {
    if (settings_ != nullptr) {
        settings_->setValue(key(), files);
        settings_->sync();
    } else {
        files_ = files;
    }
    Q_EMIT changed();
}

void RecentFiles::add(const QString& path) {
    const QString absolute = QDir::cleanPath(QFileInfo(path).absoluteFilePath());
    if (settings_ != nullptr) {
        settings_->sync();
    }
    QStringList list = files();
    list.removeAll(absolute);
    list.prepend(absolute);
    write(list.mid(0, most));
}

void RecentFiles::remove(const QString& path) {
    QStringList list = files();
    list.removeAll(path);
    write(list);
}

void RecentFiles::clear() {
    write({});
}

void RecentFiles::choose(const QString& path) {
    if (QFileInfo::exists(path)) {
        Q_EMIT chosen(path);
    } else {
        remove(path);
        Q_EMIT gone(path);
    }
}

void RecentFiles::fill(QMenu* menu) {
    connect(this, &RecentFiles::changed, menu, [this, menu] { rebuild(menu); });
    connect(menu, &QMenu::aboutToShow, this, [this, menu] { rebuild(menu); });
    rebuild(menu);
}

void RecentFiles::rebuild(QMenu* menu) {
    menu->clear();
    const QStringList list = files();
    menu->setEnabled(!list.isEmpty());
    int number = 0;
    for (const QString& path : list) {
        // The menu may go with the action that is at work.
        menu->addAction(
                entryText(++number, path), this, [this, path] { choose(path); },
                Qt::QueuedConnection)
            ->setToolTip(path);
    }
    menu->addSeparator();
    menu->addAction(tr("&Clear"), this, &RecentFiles::clear, Qt::QueuedConnection);
}

} // namespace vitreous
