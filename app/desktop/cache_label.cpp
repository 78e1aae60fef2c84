#include "app/desktop/cache_label.h"

namespace vitreous {
namespace {

constexpr double bytes_of_mb = 1024.0 * 1024.0;

/// Full megabytes; with one decimal where there are few.
QString megabytes(std::uint64_t bytes) {
    const double value = double(bytes) / bytes_of_mb;
    return QString::number(value, 'f', bytes > 0 && value < 9.95 ? 1 : 0);
}

} // namespace

CacheLabel::CacheLabel(Session& session, QWidget* parent) : QLabel(parent), session_(session) {
    setTextFormat(Qt::PlainText);
    setContentsMargins(8, 0, 8, 0);
    setAccessibleName(tr("Result cache"));
    setToolTip(tr("Maps are kept in memory: an input that was looked at before is there at once.\n"
                  "Where the bound is passed, those looked at longest ago go.\n"
                  "Run ▸ Result Cache sets the bound."));
    connect(&session_, &Session::cacheChanged, this, &CacheLabel::showBytes);
    showBytes();
}

void CacheLabel::showBytes() {
    setText(tr("Cache %1 of %2 MB")
                .arg(megabytes(session_.resultBytes()), megabytes(session_.results().limit())));
}

} // namespace vitreous
