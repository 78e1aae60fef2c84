#pragma once

#include <QLabel>
#include <QPushButton>
#include <QWidget>

namespace vitreous {

/// What is shown where there is no grid yet: what to do next.
class EmptyState final : public QWidget {
    Q_OBJECT

public:
    explicit EmptyState(QWidget* parent = nullptr);

    /// Says what is missing.
    void setMissing(bool models, bool inputs);
    void updateIcons();

Q_SIGNALS:
    void openRequested();
    void demoRequested();

private:
    QLabel* mark_;
    QLabel* title_;
    QLabel* text_;
    QPushButton* demo_;
    bool models_missing_ = true;
};

} // namespace vitreous
