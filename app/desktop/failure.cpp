#include "app/desktop/failure.h"

#include <new>

#include <QCoreApplication>

namespace vitreous {

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
