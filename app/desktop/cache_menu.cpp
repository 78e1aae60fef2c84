#include "app/desktop/cache_menu.h"

#include <algorithm>
#include <array>

namespace vitreous {
namespace {

constexpr std::array choices_mb = {256, 512, 1024, 2048, 4096};
constexpr int most_mb = 1 << 20;
constexpr const char* setting = "results/cache_mb";

std::uint64_t bytesIn(int mb) {
    return std::uint64_t(mb) << 20U;
}

} // namespace

CacheMenu::CacheMenu(Session& session, QSettings* settings, QWidget* parent)
    : QMenu(tr("Result &Cache"), parent), session_(session), settings_(settings),
      choices_(new QActionGroup(this)) {
    const int remembered =
        settings_ != nullptr ? settings_->value(QLatin1String(setting)).toInt() : 0;
    if (remembered > 0 && remembered <= most_mb) {
        session_.setCacheLimit(bytesIn(remembered));
    }
    const int now = int(session_.results().limit() >> 20U);
    std::vector<int> choices(choices_mb.begin(), choices_mb.end());
    if (std::find(choices.begin(), choices.end(), now) == choices.end()) {
        // A quarter of a small machine's memory, or what a file of settings says.
        choices.insert(std::upper_bound(choices.begin(), choices.end(), now), now);
    }
    std::for_each(choices.begin(), choices.end(), [this](int mb) { addChoice(mb); });
    connect(&session_, &Session::cacheChanged, this, &CacheMenu::showLimit);
    showLimit();
}

void CacheMenu::addChoice(int mb) {
    const QString text = mb % 1024 == 0 ? tr("%1 GB").arg(mb / 1024) : tr("%1 MB").arg(mb);
    QAction* action = addAction(text, [this, mb] {
        session_.setCacheLimit(bytesIn(mb));
        if (settings_ != nullptr) {
            settings_->setValue(QLatin1String(setting), mb);
        }
    });
    action->setCheckable(true);
    action->setData(mb);
    choices_->addAction(action);
}

void CacheMenu::showLimit() {
    for (QAction* action : choices_->actions()) {
        action->setChecked(
            bytesIn(action->data().toInt()) >> 20U == session_.results().limit() >> 20U);
    }
}

} // namespace vitreous
