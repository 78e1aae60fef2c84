#include "app/desktop/failure.h"

#include <algorithm>
#include <new>

#include <QCoreApplication>

namespace vitreous {

QString asSentence(const QString& message) {
    const QString first = message.section(u' ', 0, 0);
    const bool is_word = std::all_of(
        first.begin(), first.end(), [](QChar c) { return c.isLower() || c == u',' || c == u':'; });
    return is_word && !message.isEmpty() ? QString(message.front().toUpper() + message.mid(1))
                                         : message;
}

Failure failureOf(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const Error& error) {
        return {error.code(), QString::fromStdString(error.what()).simplified()};
    } catch (const std::bad_alloc&) {
        return {
            ErrorCode::Resource,
            QCoreApplication::translate("Failure", "The memory does not suffice.")};
    } catch (const std::exception& error) {
        return {ErrorCode::Resource, QString::fromLocal8Bit(error.what()).simplified()};
    } catch (...) {
        return {ErrorCode::Resource, QCoreApplication::translate("Failure", "An unknown failure.")};
    }
}

} // namespace vitreous
