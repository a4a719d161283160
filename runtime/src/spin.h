// The instruction that tells the processor that a loop waits for memory.
#ifndef HEDDLE_SRC_SPIN_H
#define HEDDLE_SRC_SPIN_H

namespace heddle::detail {

inline void spin_pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

} // namespace heddle::detail

#endif
