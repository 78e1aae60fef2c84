#pragma once

#include <optional>
#include <vector>

#include <QLabel>
#include <QWidget>

#include "app/desktop/session.h"

namespace vitreous {

/// The tokens whose magnitude stands out at one layer. Links pin them.
class OutlierSection final : public QWidget {
    Q_OBJECT

public:
    explicit OutlierSection(Session& session, QWidget* parent = nullptr);

    /// tap: of the layer, by its full name.
    void setScene(const GridScene& scene, const std::string& tap);
    [[nodiscard]] const QLabel& text() const { return *text_; }

private:
    /// One model's outliers; nothing where it has no magnitude there.
    struct Found {
        int rows = 0;
        int columns = 0;
        bool are_groups = false;
        std::vector<TokenIndex> tokens; ///< the strongest first
    };
    void follow(const QString& link);
    void pin(const Found& found, TokenIndex token);
    [[nodiscard]] static TokenPlace placeOf(const Found& found, TokenIndex token) {
        return {token, found.rows, found.columns, found.are_groups};
    }

    Session& session_;
    QLabel* text_;
    std::vector<std::optional<Found>> found_; ///< one a row
};

} // namespace vitreous
