// Who may still act: the count that tells when all tasks are asleep.
#pragma once

namespace heddle::detail::census {

// One for each worker that does not sleep (one that is stuck in a blocking call does not sleep),
// one for each thread outside the runtime that has used it and does not wait in it, and one while
// there are timers. Only who is awake can wake another, and counts it before; so zero is final, but
// for threads that the runtime has never met: while the process has such a thread, nothing is
// reported, and the monitor looks again later.

void wake_up() noexcept;

/// Ends the program with the report (report.h) if nobody is awake any more.
void fall_asleep() noexcept;

/// So many threads of the runtime itself that are no workers have started, or ended.
void add_own_threads(int started) noexcept;

/// Whether all were asleep when last somebody looked, but a stranger was about.
[[nodiscard]] bool suspicious() noexcept;

/// Looks again.
void look() noexcept;

} // namespace heddle::detail::census
