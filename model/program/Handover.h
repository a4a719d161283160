// Stores that tell another thread that something is ready, and reads that believe them.
#ifndef HEDDLE_MODEL_PROGRAM_HANDOVER_H
#define HEDDLE_MODEL_PROGRAM_HANDOVER_H

#include "model/facts/UnitFacts.h"
#include "model/program/SharedMap.h"

namespace heddle {

/// A store to an atomic or volatile object, or a branch on a value read from one.
struct Handover {
  AccessPath Path;
  SourceRange Where;
  FunctionId In = InvalidId;
  uint64_t Flags = NoFlags; ///< Atomic, Relaxed, Volatile, Differs
  bool HasNumber = false;
  int64_t Number = 0;

  bool has(uint64_t Flag) const { return Flags & Flag; }
  friend bool operator==(const Handover &A, const Handover &B) {
    return A.Where == B.Where && A.Path == B.Path && A.Flags == B.Flags &&
           A.HasNumber == B.HasNumber && A.Number == B.Number;
  }
};

/// A small set. Beyond MaxHandovers it takes no more: what is missing is told less precisely.
class Handovers {
public:
  static constexpr size_t MaxHandovers = 12;

  SharedList<Handover>::const_iterator begin() const { return Content.begin(); }
  SharedList<Handover>::const_iterator end() const { return Content.end(); }
  bool empty() const { return Content.empty(); }
  bool isFull() const { return Content.size() >= MaxHandovers; }
  /// Returns whether that changed anything.
  bool insert(const Handover &New);
  bool unite(const Handovers &Other);
  /// A branch has asked for the value that was read there.
  void settle(const AccessPath &Path, const SourceRange &Where);

  /// As of SharedList.
  const void *identity() const { return Content.identity(); }
  friend bool operator==(const Handovers &, const Handovers &) = default;

private:
  SharedList<Handover> Content;
};

/// Whether a read that led on its way may have seen what the store wrote.
bool mayPass(const Handover &Store, const Handover &Read);

} // namespace heddle

#endif
