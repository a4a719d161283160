// What is known about locks, guards and values at one point of one way through a function.
#ifndef HEDDLE_MODEL_PROGRAM_LOCKS_LOCKSTATE_H
#define HEDDLE_MODEL_PROGRAM_LOCKS_LOCKSTATE_H

#include "model/facts/Judgement.h"
#include "model/program/interpreter/AbstractState.h"

#include <limits>
#include <optional>

namespace heddle {

/// The numbers that a value may be.
struct Bounds {
  static constexpr int64_t Least = std::numeric_limits<int64_t>::min(),
                           Most = std::numeric_limits<int64_t>::max(), SmallEnd = 64;
  int64_t Low = Least, High = Most;
  uint64_t Small = ~0ULL;      ///< Which of the numbers from zero on: what enumerations have.
  std::optional<int64_t> Hole; ///< Not this one, which is none of those.

  static Bounds between(int64_t Low, int64_t High);
  static Bounds exactly(int64_t Number) { return between(Number, Number); }
  static Bounds truth(bool Yes, bool OnZero);
  /// Keeps what stands in that relation; false if nothing is left.
  bool restrict(Relation How, int64_t Against);
  void widen(const Bounds &Other);
  /// Drops the bounds that are not those of `Before`.
  void dropMoved(const Bounds &Before);
  /// Adds `By` to the numbers. What has no bound keeps none: no program counts that far.
  void shift(int64_t By);
  bool meets(const Bounds &Other) const;
  /// Whether all of it stands in that relation.
  bool implies(const Bounds &Other) const;
  bool excludesZero() const { return !(Small & 1); }
  bool isAnything() const { return *this == Bounds(); }
  bool isOne() const { return Low == High; }
  friend bool operator==(const Bounds &, const Bounds &) = default;

private:
  static bool isSmall(int64_t Number) { return 0 <= Number && Number < SmallEnd; }
  bool has(int64_t Number) const;
  /// Makes the members agree; false if no number is left.
  bool settle();
};

/// Makes it wide enough for both; returns whether that changed it.
bool widened(Bounds &Mine, const Bounds &Theirs);

struct KnownValue {
  Bounds Range;
  uint64_t Ones = 0;       ///< Bits known to be set, beside those of a single number.
  AccessPath Took;         ///< The value is zero if this lock was taken; else there was an error.
  bool IsCaptured = false; ///< A closure may change it.
  uint32_t From = InvalidId, To = InvalidId; ///< The edge on which it was decided.
  std::vector<AccessPath> Reads;             ///< See Judgement.
  /// If known, the value is the answer whether this stands in relation How to Against.
  AccessPath Asked;
  Relation How = Relation::Equal;
  int64_t Against = 0;

  uint64_t ones() const { return Ones | (Range.isOne() ? static_cast<uint64_t>(Range.Low) : 0); }
  /// What is known of those bits as a number.
  Bounds masked(int64_t Mask) const {
    if (Range.isOne())
      return Bounds::exactly(Range.Low & Mask);
    return ones() & static_cast<uint64_t>(Mask) ? Bounds::truth(false, /*OnZero=*/true) : Bounds();
  }
  bool asksSame(const KnownValue &Other) const {
    return Asked == Other.Asked && How == Other.How && Against == Other.Against;
  }
  bool isIdle() const {
    return Range.isAnything() && !Took.isKnown() && !IsCaptured && !Asked.isKnown();
  }
  friend bool operator==(const KnownValue &A, const KnownValue &B) {
    return A.Range == B.Range && A.Ones == B.Ones && A.Took == B.Took &&
           A.IsCaptured == B.IsCaptured && A.From == B.From && A.To == B.To && A.asksSame(B);
  }
};

/// Flags of events that say what a lock is like.
constexpr uint64_t KindFlags = uint64_t(Reentrant) | ChosenKind | Claimed;

/// One lock, which the function has touched.
struct LockFact {
  enum Standing : uint8_t {
    Unknown, ///< Whoever had it in hands may have done anything.
    Free,    ///< Not held by this thread.
    Held,
    Ignored, ///< Somebody tried to take it, and did not look whether that went well.
  };
  Standing State = Unknown;
  uint8_t Exclusive = 0, Shared = 0; ///< How often it is held.
  bool FromCaller = false; ///< Held: the caller took it. Free: the caller's was given back.
  bool TryFailed = false;  ///< Free because an attempt failed.
  uint64_t Kind = 0;       ///< See KindFlags; Claimed: it may be something else than a lock.
  // How it came to that; not part of what tells states apart.
  bool Blurred = false;   ///< Code that is not seen has run since.
  bool IsNoProof = false; ///< Taken for reading or by an attempt: its thread may hold it already.
  bool IsInDoubt = false; ///< Unknown, because a call may have taken it and does not say so.
  SourceRange Taken, Freed;
  std::vector<CallStep> Calls; ///< From here to Taken, or Freed.

  bool isSame(const LockFact &Other) const {
    return State == Other.State && Exclusive == Other.Exclusive && Shared == Other.Shared &&
           FromCaller == Other.FromCaller && TryFailed == Other.TryFailed;
  }
};

struct GuardFact {
  std::vector<AccessPath> Locks;
  bool Owns = false;
  uint64_t Flags = 0; ///< Of its locks: Shared, and their kind.
  friend bool operator==(const GuardFact &A, const GuardFact &B) {
    return A.Locks == B.Locks && A.Owns == B.Owns;
  }
};

/// Value type. Ways with the same locks are merged, as in property simulation (Das, Lerner, Seigle:
/// ESP, 2002); what is known of values is what both ways agree on.
class LockState {
public:
  std::map<AccessPath, LockFact> Locks; ///< None: as at the entry of the function.
  std::map<AccessPath, GuardFact> Guards;
  SharedMap<AccessPath, KnownValue> Values;
  SharedMap<AccessPath, Bounds> Entry; ///< Of what the caller gave, where that led here.
  PathSet Changed;                     ///< Set since the entry.
  PathSet Exposed;                     ///< Variables that code that is not seen was given.
  AbstractState Names;                 ///< What pointers point to.
  bool Blurred = false;                ///< Code that is not seen has run.
  bool HoldsUnnamed = false;           ///< May hold a lock that has no name here.
  SourceRange Turn;                    ///< The last branch.
  SourceRange Returns;                 ///< The return statement.

  LockState() { Names.Reachable = true; }
  bool hasSameLocks(const LockState &Other) const;
  /// Requires the same locks; returns whether this state changed. `Widens`: a number that the
  /// other way would make larger or smaller may from now on be as large or small as can be.
  bool join(const LockState &Other, bool Widens = false);

  AccessPath resolve(const AccessPath &Path) const { return Names.resolve(Path); }
  /// The pointer-like variable holds another value: names through it mean something else.
  void store(const AccessPath &Where, Value Held);
  /// The root is a new object.
  void fresh(const AccessPath &Root);

  void assign(const AccessPath &Subject, KnownValue Known);
  void assign(const Judgement &J);
  /// False if the way cannot be taken.
  /// `Depth`: flags and conditions of which one tells of the next may do so in a circle.
  bool decide(const Judgement &J, uint32_t From, uint32_t To, const ConditionParts &Parts,
              unsigned Depth = 0);
  static constexpr unsigned MaxDepth = 6;
  /// The value of a copy.
  Bounds valueOf(const AccessPath &Path) const;
  /// Forgets what others may have changed, but not what decided for entering the block. If a lock
  /// is taken that one parameter leads to, what another one leads to is not its affair.
  void dropShared(uint32_t Block, const AccessPath &Taken = {});
  /// Code that is not seen may have run closures. That it changes what has been asked about is not
  /// expected of it, as with what is global.
  void dropSetInClosures();
  using ValuePredicate = llvm::function_ref<bool(const AccessPath &, const KnownValue &)>;
  void forgetValues(ValuePredicate Which);

  /// The object has been used: the pointers on the way to it are not null.
  void lookBehindPointers(const AccessPath &Object);
  /// The lock may have been taken or given back.
  void lose(const AccessPath &Lock);
  /// Code that is not seen was handed the object.
  void expose(const AccessPath &Object);
  void blur();

private:
  KnownValue assigned(const Judgement &J, const AccessPath &Subject) const;
  /// Answers that follow from what is known of the subject now; false if the way cannot be taken.
  bool decideAnswers(const AccessPath &Subject);
  bool joinValues(const SharedMap<AccessPath, KnownValue> &Others, bool Widens);
  void rename(const AccessPath &From, const AccessPath &To);
};

/// Memory that others can reach.
bool isSharedMemory(const AccessPath &Path);

} // namespace heddle

#endif
