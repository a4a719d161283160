// The order in which a fixpoint over a function's graph visits its blocks.
#ifndef HEDDLE_MODEL_PROGRAM_INTERPRETER_WORKLIST_H
#define HEDDLE_MODEL_PROGRAM_INTERPRETER_WORKLIST_H

#include "model/facts/FunctionFacts.h"

#include "llvm/ADT/BitVector.h"

namespace heddle {

/// Blocks that wait for a visit, in a weak topological order (Bourdoncle, Efficient Chaotic
/// Iteration Strategies with Widenings, 1993): a block is visited once all ways to it have been,
/// but for those that come round a loop, and a loop is gone round until it brings nothing new
/// before anything behind it is visited. Starts with the entry.
class Worklist {
public:
  explicit Worklist(const FunctionFacts &Function);

  bool empty() const { return Waiting.none(); }
  /// A block that waits already is not added again. REQUIRES: it can be reached from the entry.
  void add(uint32_t Block) { Waiting.set(RankOf[Block]); }
  /// REQUIRES: not empty.
  uint32_t take();
  /// Whether the edge leads back to where a loop begins.
  bool closesLoop(uint32_t From, uint32_t To) const { return RankOf[To] <= RankOf[From]; }

private:
  std::vector<uint32_t> Order;  ///< Blocks by rank.
  std::vector<uint32_t> RankOf; ///< By block.
  llvm::BitVector Waiting;      ///< By rank.
};

} // namespace heddle

#endif
