// The error category of contexts.
#include "heddle/context_error.h"

#include <string>

namespace heddle {
namespace {

class category final : public std::error_category {
public:
  const char *name() const noexcept override { return "heddle.context"; }
  std::string message(int code) const override {
    switch (static_cast<context_errc>(code)) {
    case context_errc::canceled:
      return "context canceled";
    case context_errc::deadline_exceeded:
      return "context deadline exceeded";
    }
    return "no reason of a context: " + std::to_string(code);
  }
};

} // namespace

const std::error_category &context_category() noexcept {
  // Never destroyed: tasks may still run while static destructors do.
  static const category &instance = *new category;
  return instance;
}

} // namespace heddle
