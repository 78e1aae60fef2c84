#pragma once

#include <QLabel>

#include "app/desktop/session.h"

namespace vitreous {

/// "Cache 120 of 1024 MB": what the results take of the memory they may take.
class CacheLabel final : public QLabel {
    Q_OBJECT

public:
    explicit CacheLabel(Session& session, QWidget* parent = nullptr);

private:
    void showBytes();

    Session& session_;
};

} // namespace vitreous
