// Flags that one thread sets under a lock, for another one to find them set under the same lock.
#ifndef HEDDLE_MODEL_PROGRAM_NOTICE_H
#define HEDDLE_MODEL_PROGRAM_NOTICE_H

#include "model/facts/AccessPath.h"
#include "model/program/SharedSet.h"

#include <tuple>

namespace heddle {

/// What was done to a flag in a critical section that has been left since, or what a branch found
/// out about its value as it was in such a section.
struct Notice {
  enum Kind : uint8_t {
    Stored, ///< Number
    Raised,
    Lowered,
    Equal, ///< to Number, or to something that is not known
    Other, ///< than Number
    AtLeast,
    AtMost,
  };
  AccessPath Flag;
  AccessPath Lock; ///< Unknown: whatever the caller holds.
  Kind What = Stored;
  bool HasNumber = false;
  int64_t Number = 0;
  bool IsAgain = false; ///< The thread may have told the same already before what it tells of.
  bool IsReset = false; ///< The thread itself may have set the flag before; see State::Raised.
  bool IsMany = false;  ///< Several threads tell it.

  /// Whether a number may be what was found.
  bool allows(int64_t Value) const;
  /// Whether both say the same of the flag, whoever says it.
  bool isSame(const Notice &Other) const;

  friend bool operator==(const Notice &, const Notice &) = default;
  friend bool operator<(const Notice &A, const Notice &B) {
    auto Rest = [](const Notice &N) {
      return std::tuple(N.What, N.HasNumber, N.Number, N.IsAgain, N.IsReset, N.IsMany);
    };
    if (!(A.Flag == B.Flag))
      return A.Flag < B.Flag;
    if (!(A.Lock == B.Lock))
      return A.Lock < B.Lock;
    return Rest(A) < Rest(B);
  }
};

using NoticeSet = SharedSet<Notice>;

/// Whether what one thread does before it tells `Told`, and what another one does after it found
/// `Noticed`, come one after the other; and likewise the other way round. In a loop they do if each
/// round waits for the other thread's.
bool areOrderedByNotice(const NoticeSet &ToldByA, const NoticeSet &NoticedByA,
                        const NoticeSet &ToldByB, const NoticeSet &NoticedByB);

/// Whether what one thread does before it tells `Told` comes, in every round of either, before
/// what another one does after it found `Noticed`.
bool isToldOnce(const NoticeSet &Told, const NoticeSet &Noticed);

} // namespace heddle

#endif
