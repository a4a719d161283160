// The random numbers behind fair choices.
#pragma once

#include <cstdint>

namespace heddle::detail {

/// A number from 0 to bound - 1, close to uniform for the small bounds of a select. Not for
/// secrets. Thread-safe: each thread has its own sequence, made from the seed (seed_choices) and
/// the order in which threads first ask. The generator is splitmix64 (Steele, Lea, Flood, OOPSLA
/// 2014). REQUIRES: bound > 0.
std::uint32_t random_below(std::uint32_t bound) noexcept;

} // namespace heddle::detail
