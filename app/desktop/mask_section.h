#pragma once

#include <QLabel>
#include <QToolButton>
#include <QWidget>

#include "app/desktop/actions.h"
#include "app/desktop/session.h"

namespace vitreous {

/// How well each model's map finds the object of the picture, where a mask says where that is.
class MaskSection final : public QWidget {
    Q_OBJECT

public:
    MaskSection(Session& session, const Actions& actions, QWidget* parent = nullptr);

    /// column: of the scene, the layer.
    void setScene(const GridScene& scene, std::size_t column);
    [[nodiscard]] const QLabel& text() const { return *text_; }

private:
    [[nodiscard]] QString scoresText(const GridScene& scene, std::size_t column) const;

    Session& session_;
    QLabel* text_;
};

/// Asks for a mask of the current input and gives it to the session.
void askForMask(QWidget* window, Session& session);

} // namespace vitreous
