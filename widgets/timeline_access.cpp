// The timeline's strip for screen readers: a slider over the frames.

#include <QAccessibleWidget>

#include "widgets/timeline_strip.h"

namespace vitreous {
namespace {

class StripAccess final : public QAccessibleWidget, public QAccessibleValueInterface {
public:
    explicit StripAccess(TimelineStrip* strip)
        : QAccessibleWidget(strip, QAccessible::Slider), strip_(*strip) {}

    void* interface_cast(QAccessible::InterfaceType type) override {
        return type == QAccessible::ValueInterface ? static_cast<QAccessibleValueInterface*>(this)
                                                   : QAccessibleWidget::interface_cast(type);
    }
    /// Frames count from 1 for people.
    [[nodiscard]] QVariant currentValue() const override {
        return static_cast<int>(strip_.current()) + 1;
    }
    void setCurrentValue(const QVariant& value) override {
        const int frame = value.toInt();
        if (frame >= 1 && frame <= static_cast<int>(strip_.times().size())) {
            Q_EMIT strip_.currentRequested(static_cast<std::size_t>(frame) - 1);
        }
    }
    [[nodiscard]] QVariant minimumValue() const override { return 1; }
    [[nodiscard]] QVariant maximumValue() const override {
        return static_cast<int>(strip_.times().size());
    }
    [[nodiscard]] QVariant minimumStepSize() const override { return 1; }

private:
    TimelineStrip& strip_;
};

QAccessibleInterface* accessOf(const QString& /*name*/, QObject* object) {
    auto* strip = qobject_cast<TimelineStrip*>(object);
    // Qt owns it.
    return strip == nullptr ? nullptr : new StripAccess(strip);
}

} // namespace

void describeStripsForReaders() {
    // Qt keeps a factory once, however often it is told.
    QAccessible::installFactory(accessOf);
}

} // namespace vitreous
