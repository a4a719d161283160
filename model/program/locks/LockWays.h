// Which locks are held at the points of a function, over all the ways that lead there.
#ifndef HEDDLE_MODEL_PROGRAM_LOCKS_LOCKWAYS_H
#define HEDDLE_MODEL_PROGRAM_LOCKS_LOCKWAYS_H

#include "model/program/locks/LockState.h"

namespace heddle {

/// What LockFlow knows of one function, for those who see one state at each point rather than one
/// for each way. Filled way by way, then finished; empty for a function that cannot be followed:
/// nothing is said of its points then.
class LockWays {
public:
  /// A way to the beginning of a block, to the point behind an event, and out of the function.
  void addAtEntry(uint32_t Block, SourceRange Where, const LockState &State);
  void addBehind(uint32_t Block, uint32_t Event, SourceRange Where, const LockState &State);
  void addExit(const LockState &State);
  /// `Open`: global variables that may have any value while threads run. A lock that is held only
  /// where such a one says so is not held.
  void finish(const std::set<EntityId> &Open);

  /// Corrects what merging ways has found to be held at the point: adds the locks that every way
  /// there holds, and those that some hold and the others have not taken at all.
  void correctAtEntry(uint32_t Block, std::vector<HeldLock> &Held) const;
  void correctBehind(uint32_t Block, uint32_t Event, std::vector<HeldLock> &Held) const;
  /// Whether every way out leaves the lock as the caller had it, or held.
  bool isLeftToCaller(const AccessPath &Lock) const;

private:
  /// A lock on one way.
  struct Standing {
    AccessPath Lock;
    bool IsHeld = false, IsShared = false, IsGiven = false;
    bool IsLost = false;     ///< Nothing is known of it.
    bool IsInDoubt = false;  ///< A call may have taken it, or not.
    bool IsInferred = false; ///< See HeldLock.
    SourceRange Since;       ///< Where it was taken, or given back.
  };
  struct Way {
    std::vector<Standing> Locks; ///< Sorted. Those that are not among them were left alone.
    SharedMap<AccessPath, Bounds> Given;
  };
  struct Point {
    SourceRange Where;
    std::vector<Way> Ways;
  };
  using Place = std::pair<uint32_t, uint32_t>;

  void add(Place At, SourceRange Where, const LockState &State);
  void correct(Place At, std::vector<HeldLock> &Held) const;
  static const Standing *find(const Way &On, const AccessPath &Lock);
  /// What the ways that hold a lock and the others have been given: by path.
  using Apart = std::map<AccessPath, std::pair<std::optional<Bounds>, std::optional<Bounds>>>;
  static Apart compare(const Point &At, const AccessPath &Lock);
  static std::optional<HeldLock> judge(const Point &At, const AccessPath &Lock,
                                       const std::set<EntityId> &Open);

  std::map<Place, Point> Points;
  std::map<Place, std::vector<HeldLock>> Verdicts;
  std::set<AccessPath> Followed; ///< Locks of which some verdict might speak.
  PathSet GivenBack; ///< Locks of which some way out does not leave to the caller what was there.
  bool HasExits = false;
};

} // namespace heddle

#endif
