#pragma once

#include <functional>
#include <vector>

#include <QMenu>
#include <QObject>

#include "app/desktop/actions.h"
#include "app/desktop/session.h"

namespace vitreous {

/// What the window's commands do with point clouds: camera, values, looks, how meshes are read.
class CloudActions final : public QObject {
    Q_OBJECT

public:
    CloudActions(Session& session, const Actions& actions, QObject* parent);

    /// Adds the commands to a menu.
    void fill(QMenu* menu) const;
    /// Lets them be where there are clouds to be seen.
    void setScene(const GridScene& scene);

private:
    struct Choice {
        const char* id;
        std::function<bool(const CloudView&)> is_chosen;
    };

    template <typename Value>
    void choose(const char* id, Value CloudView::*member, Value value);
    template <typename Value>
    void choose(const char* id, Value CloudCamera::*member, Value value);
    void toggle(
        const char* id,
        std::function<bool(const CloudView&)> is_on,
        std::function<void(CloudView&, bool)> set);
    void move(const char* id, std::function<void(CloudView&)> change);
    void edit(const std::function<void(CloudView&)>& change);
    void readState();

    Session& session_;
    const Actions& actions_;
    std::vector<Choice> choices_;
};

} // namespace vitreous
