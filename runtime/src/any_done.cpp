// A select over as many channels as there are.
#include "heddle/any_done.h"

#include "heddle/pipeline.h"

#include <utility>

namespace heddle {

receiver<unit> any_done(const context &ctx, std::vector<receiver<unit>> signals,
                        std::source_location where) {
  signals.push_back(ctx.done());
  return detail::filled<unit>(
      [signals = std::move(signals), where](const sender<unit> &) {
        std::vector<std::optional<unit>> slots(signals.size());
        std::vector<detail::operation> wanted;
        wanted.reserve(signals.size());
        for (std::size_t i = 0; i < signals.size(); ++i)
          wanted.push_back(
              detail::receive_operation(detail::access::core(signals[i]), slots[i], where));
        detail::perform(wanted);
      },
      where);
}

} // namespace heddle
