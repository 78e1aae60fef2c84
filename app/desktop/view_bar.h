#pragma once

#include <functional>
#include <utility>
#include <vector>

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

    /// The scene that the grid shows now: which layers there are to choose from.
    void setScene(const GridScene& scene);

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    /// A box whose entries stand for values of the view.
    struct Choice {
        QComboBox* box = nullptr;
        std::function<int(const ViewState&)> read; ///< the entry's data
    };

    /// An entry: what it says, what it stands for, what gives the view that.
    template <typename Value>
    struct Entry {
        QString text;
        Value value;
        QAction* action;
    };

    QAction* addLabelled(const QString& label, QWidget* control);
    template <typename Value>
    QComboBox* addChoice(
        const QString& name,
        const QString& tip,
        Value ViewState::*member,
        const std::vector<Entry<Value>>& entries);
    void buildKinds(const Actions& actions);
    void buildQueries(const Actions& actions);
    void buildHeads();
    void buildLayers();
    void buildOpacity();
    void buildOverlays(const Actions& actions);
    void buildColormaps();
    void buildRanges(const Actions& actions);
    /// Hides the labels where the controls would not all fit beside them.
    void fitLabels();
    void readView();
    void readHeads();

    Session& session_;
    std::vector<Choice> choices_;
    std::vector<std::pair<QAction*, QLabel*>> labels_; ///< of controls with a label before them
    QAction* query_shown_ = nullptr;                   ///< where attention is shown
    QAction* sampling_shown_ = nullptr;                ///< of pictures
    QAction* groups_shown_ = nullptr;                  ///< of point clouds
    QComboBox* layer_;
    QStringList layers_;             ///< names of its entries
    QAction* layer_shown_ = nullptr; ///< where there is a choice
    QComboBox* head_;
    QAction* head_shown_ = nullptr; ///< where the view has one
    QSlider* opacity_;
    QLabel* opacity_text_;
    bool is_dragging_ = false; ///< the opacity has changed since the slider was pressed
    QComboBox* colormap_;
};

} // namespace vitreous
