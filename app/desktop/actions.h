#pragma once

#include <map>
#include <span>
#include <string_view>

#include <QAction>
#include <QObject>

namespace vitreous {

/// A command of the window. Adding one is one row in actions.cpp.
struct ActionSpec {
    std::string_view id; ///< "file.open"
    const char* text;    ///< as in menus, untranslated
    const char* shortcut;
    const char* icon; ///< in resources/icons; empty: none
    bool checkable = false;
    const char* group = ""; ///< of those that exclude each other; empty: none
};

std::span<const ActionSpec> actionTable();

/// The table as QActions.
class Actions final : public QObject {
    Q_OBJECT

public:
    explicit Actions(QWidget* window);

    /// The action of that id, which has to exist.
    [[nodiscard]] QAction* operator[](std::string_view id) const;
    /// Takes icons in the current theme's colours.
    void updateIcons();

private:
    std::map<std::string_view, QAction*> actions_;
};

} // namespace vitreous
