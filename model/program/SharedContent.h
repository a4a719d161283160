// What copies of a shared set, list or map have in common.
#ifndef HEDDLE_MODEL_PROGRAM_SHAREDCONTENT_H
#define HEDDLE_MODEL_PROGRAM_SHAREDCONTENT_H

#include "llvm/ADT/IntrusiveRefCntPtr.h"

namespace heddle {

/// A container that is not changed while it has more than one owner. Owners are counted without
/// atomics: all copies of one content stay in the thread that analyses their unit.
template <typename Elements> class SharedContent {
public:
  SharedContent() = default;
  explicit SharedContent(Elements All)
      : Content(llvm::makeIntrusiveRefCnt<Counted>(std::move(All))) {}

  // The pointer's own moves do not promise not to throw, and containers would copy instead.
  SharedContent(const SharedContent &) = default;
  SharedContent &operator=(const SharedContent &) = default;
  SharedContent(SharedContent &&Other) noexcept : Content(std::move(Other.Content)) {}
  SharedContent &operator=(SharedContent &&Other) noexcept {
    Content = std::move(Other.Content);
    return *this;
  }
  ~SharedContent() = default;

  const Elements &get() const { return Content ? Content->All : None; }
  /// The elements, for changing them: a copy if there are other owners.
  Elements &change() {
    if (!Content)
      *this = SharedContent(Elements());
    else if (Content->UseCount() > 1)
      *this = SharedContent(Content->All);
    return Content->All;
  }
  /// Equal for owners of one content, null if there never were elements.
  const void *identity() const { return Content.get(); }

private:
  struct Counted : llvm::RefCountedBase<Counted> {
    explicit Counted(Elements All) : All(std::move(All)) {}
    Elements All;
  };
  static inline const Elements None;

  llvm::IntrusiveRefCntPtr<Counted> Content;
};

} // namespace heddle

#endif
