// The handle of a started thread: where it goes, and what is done with it.
#ifndef HEDDLE_MODEL_PROGRAM_THREADHANDLES_H
#define HEDDLE_MODEL_PROGRAM_THREADHANDLES_H

#include "model/facts/ValueFlow.h"

#include <optional>
#include <set>

namespace heddle {

/// A Spawn event and the function that it stands in.
struct SpawnSite {
  FunctionId Frame;
  const Event *Start;
};

/// A Join, Detach, StopThread or Destroy of a handle.
struct HandleUse {
  FunctionId Frame;
  const Event *What;
};

/// A handle whose type can become Entity::StoppableReplacement without more changes than these.
struct StoppableHandle {
  EntityId Variable;
  std::vector<SourceRange> Types;       ///< Where the type's name has to change; may be empty.
  std::vector<const Statement *> Joins; ///< Before each of them, the thread must be asked to stop.
  /// Nobody relies on the thread's going on: a local or private handle, joined in destructors only.
  bool IsSafe;
};

/// All handles of a unit. Const and thread-safe once built; the ValueFlow must outlive it.
class ThreadHandles {
public:
  explicit ThreadHandles(const ValueFlow &Values);

  /// Whether some StopThread of the unit means this thread, or may mean it.
  bool mayBeStopped(const SpawnSite &Spawn) const;
  /// What is surely done with the thread's handle, in source order.
  std::vector<HandleUse> uses(const SpawnSite &Spawn) const;
  /// Nothing if the handle is detached, moved on, shown to other code or not a plain variable.
  std::optional<StoppableHandle> stoppable(const SpawnSite &Spawn) const;

private:
  /// The variables that the handle arrives in, as ValueFlow::object names them.
  std::set<AccessPath> variables(const SpawnSite &Spawn) const;
  bool addUse(FunctionId Frame, const Event &E, const AccessPath &Handle,
              StoppableHandle &Out) const;

  const ValueFlow &Values;
  const UnitFacts &Unit;
  std::vector<SpawnSite> Spawns;
  std::vector<HandleUse> Uses;
  std::set<AccessPath> Known; ///< The variables of all spawns.
};

} // namespace heddle

#endif
