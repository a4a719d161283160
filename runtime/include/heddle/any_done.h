// or: one signal for the first of several.
#pragma once

#include "heddle/context.h"
#include "heddle/receiver.h"
#include "heddle/unit.h"

#include <source_location>
#include <vector>

namespace heddle {

/// Closed when one of the signals is closed (or sends), or when the context is done. Nil signals
/// are never closed. As the functions of pipeline.h.
[[nodiscard]] receiver<unit> any_done(const context &ctx, std::vector<receiver<unit>> signals,
                                      std::source_location where = std::source_location::current());

} // namespace heddle
