#pragma once

#include <QListView>
#include <QTimer>

namespace vitreous {

/// Watches which rows of a list can be seen, with some before and behind them.
class VisibleRows final : public QObject {
    Q_OBJECT

public:
    /// list: with its model; this belongs to it.
    explicit VisibleRows(QListView* list);

    [[nodiscard]] int first() const { return first_; }
    [[nodiscard]] int last() const { return last_; } ///< below first(): none

    static constexpr int margin = 4; ///< rows on either side that count as nearly visible

Q_SIGNALS:
    /// They are others, or other items are in them.
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void look();

    QListView* list_;
    QTimer look_soon_;
    int first_ = 0;
    int last_ = -1;
};

} // namespace vitreous
