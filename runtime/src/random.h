// The random numbers behind fair choices.
#ifndef HEDDLE_SRC_RANDOM_H
#define HEDDLE_SRC_RANDOM_H

#include <cstdint>

namespace heddle::detail {

/// A number from 0 to bound - 1, close to uniform for the small bounds of a select. Not for
/// secrets. Thread-safe: each thread has its own sequence, seeded by the order in which threads
/// first ask. The generator is splitmix64 (Steele, Lea, Flood, OOPSLA 2014).
/// REQUIRES: bound > 0.
std::uint32_t random_below(std::uint32_t bound) noexcept;

} // namespace heddle::detail

#endif
