// Which inputs are read, and in what order.

#include <algorithm>
#include <set>

#include "app/desktop/session.h"

namespace vitreous {

void Session::setReading(InputReading reading) {
    reading_inputs_ = reading;
    if (reading == InputReading::All) {
        std::vector<InputId> unread;
        for (const InputItem& item : inputs_.items()) {
            if (item.isUnread()) {
                unread.push_back(item.id);
            }
        }
        std::for_each(unread.begin(), unread.end(), [this](InputId id) { requestThumbnail(id); });
    }
    checkIdle();
}

void Session::setInputsInView(const std::vector<InputId>& ids) {
    if (reading_inputs_ == InputReading::All) {
        return;
    }
    const std::set<InputId> before(in_view_.begin(), in_view_.end());
    const std::set<InputId> now(ids.begin(), ids.end());
    in_view_ = ids;
    const std::vector<InputId> dropped =
        thumbnails_.keep([&](InputId id) { return now.contains(id) || id == current_; });
    for (const InputId id : dropped) {
        inputs_.update(id, [](InputItem& item) { item.is_reading = false; });
    }
    // What has come into view goes before what was there already. The first is asked for last: it
    // then is the first of the queue.
    const std::vector<InputId> last_first(ids.rbegin(), ids.rend());
    for (const InputId id : last_first) {
        const InputItem* item = inputs_.find(id);
        if (item != nullptr && item->isUnread() && !before.contains(id)) {
            requestThumbnail(id, ThumbnailLoader::Turn::Next);
        }
    }
    if (current_) {
        thumbnails_.prefer(*current_);
    }
    checkIdle();
}

bool Session::isToBeRead(const InputItem& item) const {
    return reading_inputs_ == InputReading::All || item.id == current_ ||
           std::find(in_view_.begin(), in_view_.end(), item.id) != in_view_.end();
}

void Session::requestThumbnail(InputId id, ThumbnailLoader::Turn turn) {
    inputs_.update(id, [this, turn](InputItem& item) {
        item.failure.reset();
        item.is_reading = true;
        thumbnails_.request(item.id, item.path, turn);
    });
}

void Session::readCurrent() {
    const InputItem* input = current();
    if (input == nullptr) {
        return;
    }
    if (input->isUnread()) {
        requestThumbnail(input->id, ThumbnailLoader::Turn::Next);
    } else {
        thumbnails_.prefer(input->id);
    }
    checkIdle();
}

} // namespace vitreous
