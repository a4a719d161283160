// What a thread has told others under locks, and what it was told: part of the abstract state.
#ifndef HEDDLE_MODEL_PROGRAM_INTERPRETER_NOTICES_H
#define HEDDLE_MODEL_PROGRAM_INTERPRETER_NOTICES_H

#include "model/program/Notice.h"
#include "model/program/PathSet.h"
#include "model/program/SharedMap.h"

namespace heddle {

/// One of the values that a local variable or a result may have.
struct FlagSource {
  enum Kind : uint8_t { Constant, Read, Unclear };
  Kind What = Unclear;
  int64_t Number = 0;
  AccessPath Object; ///< What was read.
  PathSet Locks;     ///< Held meanwhile.
  NoticeSet Noticed; ///< What the thread had found out when it got the value.

  bool isSame(const FlagSource &Other) const {
    return What == Other.What && Number == Other.Number && Object == Other.Object &&
           Locks == Other.Locks;
  }
  friend bool operator==(const FlagSource &, const FlagSource &) = default;
};
/// All of them; a value that is missing is none of a variable's.
using FlagSources = SharedList<FlagSource>;

/// Value type.
class Notices {
public:
  static constexpr size_t Most = 16;

  bool join(const Notices &Other);
  /// Names that start so mean another object from now on.
  void renamed(const AccessPath &Root);
  void notice(const Notice &Found);
  void notice(const NoticeSet &Found);
  /// The variable was tested; of its values those are left that allow it.
  void test(const AccessPath &Variable, const Notice &Found);

  NoticeSet Noticed; ///< On every way to here (must).
  /// No value that the variables may have so far leads here: what comes by other ways counts.
  bool IsImpossible = false;
  NoticeSet Told;    ///< By sections that were left (may).
  NoticeSet Writing; ///< Done to flags in the sections at hand (may).
  /// Flags that the thread has set or counted up since it last started another one (may): who
  /// finds them clear may have come before.
  PathSet Raised;
  SharedMap<AccessPath, FlagSources> Sources; ///< Of local variables (must).
};

} // namespace heddle

#endif
