#include "core/base/thread_priority.h"

#ifdef __linux__
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace vitreous {

void yieldToInference() {
#ifdef __linux__
    // On Linux a thread has a niceness of its own. Where that is refused it works as any other.
    constexpr int niceness = 10;
    static_cast<void>(setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), niceness));
#endif
}

} // namespace vitreous
