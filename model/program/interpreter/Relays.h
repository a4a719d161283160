// Order between two threads that comes about by way of a third one.
#ifndef HEDDLE_MODEL_PROGRAM_INTERPRETER_RELAYS_H
#define HEDDLE_MODEL_PROGRAM_INTERPRETER_RELAYS_H

#include "model/program/Operation.h"

#include <map>

namespace heddle {

/// Of the threads of one frame, that of the frame itself among them. A thread that has waited for
/// a second one and then tells a third one orders those two: happens-before is transitive. It
/// counts only where each thread on the way is there once and nobody else tells the same, so that
/// there is no doubt who was heard.
class Relays {
public:
  /// Whether the thread may be beside itself, by index.
  using MeetsItself = llvm::function_ref<bool(uint32_t)>;

  /// Both have to outlive this.
  Relays(const std::vector<ThreadRun> &Runs, const std::vector<const Operation *> &Own,
         MeetsItself MayMeet);

  bool areOrdered(const Operation &A, const Operation &B) const;

private:
  struct Link {
    uint32_t Thread;
    const Operation *Op; ///< Comes after what the thread has heard, and before what it tells.
  };
  uint32_t threadOf(const Operation &Op) const;
  bool isBefore(const Operation &A, uint32_t Thread, const Operation &B) const;

  uint32_t OwnThread; ///< Behind the runs.
  std::map<std::pair<SourceRange, FunctionId>, uint32_t> ByOrigin;
  std::vector<bool> IsSingle; ///< By thread.
  std::map<AccessPath, std::set<uint32_t>> Signallers;
  std::vector<Link> Links;
};

} // namespace heddle

#endif
