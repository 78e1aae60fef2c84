#pragma once

#include <QComboBox>
#include <QLabel>
#include <QSlider>
#include <QToolBar>

#include "app/desktop/actions.h"
#include "app/desktop/session.h"

namespace vitreous {

/// The tool bar: what decides how maps are shown. Reads and writes the session's view.
class ViewBar final : public QToolBar {
    Q_OBJECT

public:
    ViewBar(Session& session, const Actions& actions, QWidget* parent);

    /// Icons in the current theme's colours.
    void updateIcons();

private:
    void addLabelled(const QString& label, QWidget* control);
    void buildHeads();
    void buildOpacity();
    void buildColormaps();
    void buildRanges();
    void readView();
    void readHeads();

    Session& session_;
    QComboBox* head_;
    QSlider* opacity_;
    QLabel* opacity_text_;
    bool is_dragging_ = false; ///< the opacity has changed since the slider was pressed
    QComboBox* colormap_;
    QComboBox* range_;
};

} // namespace vitreous
