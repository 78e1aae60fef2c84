#include "app/cli/interrupt.h"

#include <csignal>
#include <thread>

#include <unistd.h>

#include "core/base/error.h"

namespace vitreous::cli {

std::stop_token stopOnInterrupt() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    // A stop source takes a lock: no work for a signal handler. A thread waits for the signals.
    std::stop_source source;
    std::thread([signals, source]() mutable {
        int signal = 0;
        sigwait(&signals, &signal);
        source.request_stop();
        sigwait(&signals, &signal);
        _exit(static_cast<int>(ErrorCode::Interrupted));
    }).detach();
    return source.get_token();
}

} // namespace vitreous::cli
