// A heartbeat: how a worker shows that it still gets on.
#pragma once

#include "heddle/channel.h"
#include "heddle/context.h"
#include "heddle/unit.h"

#include <chrono>
#include <source_location>

namespace heddle {

/// The worker pulses, between two steps of its work or at each tick; the watcher sees that a pulse
/// comes in time. A pulse that nobody has looked for yet stands for those after it. Copies are the
/// same heart. Thread-safe; one watcher. Errors: context_error if the context is null.
class heartbeat {
public:
  heartbeat() : pulses_(make_channel<unit>(1)) {}

  /// I am alive. Never blocks.
  void pulse() const { (void)pulses_.try_send(unit()); }

  /// For a select. Never closed.
  [[nodiscard]] receiver<unit> pulses() const { return pulses_; }

  /// Blocks until there is a pulse. Returns false if there was none for `patience`, or if the
  /// context is done first; ctx.err() tells.
  template <typename Rep, typename Period>
  [[nodiscard]] bool expect(const context &ctx, std::chrono::duration<Rep, Period> patience,
                            std::source_location where = std::source_location::current()) const {
    const auto [limited, cancel] = with_timeout(ctx, patience);
    const bool alive = pulses_.receive(limited, where).has_value();
    cancel();
    return alive;
  }

private:
  channel<unit> pulses_;
};

} // namespace heddle
