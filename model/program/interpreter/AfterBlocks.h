// What may still happen once a block is left.
#ifndef HEDDLE_MODEL_PROGRAM_INTERPRETER_AFTERBLOCKS_H
#define HEDDLE_MODEL_PROGRAM_INTERPRETER_AFTERBLOCKS_H

#include "model/facts/FunctionFacts.h"

#include <vector>

namespace heddle {

/// For each block the union of what is `Within` the blocks that control can come to from it, itself
/// only if it is in a loop. `Unite(Set &Mine, const Set &Theirs)` tells whether that changed mine.
template <typename Set, typename Uniter>
std::vector<Set> unitedAfter(const FunctionFacts &Function, const std::vector<Set> &Within,
                             Uniter Unite) {
  std::vector<Set> After(Within.size());
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (size_t B = After.size(); B-- > 0;) // the later ones first: most edges lead to these
      for (const Edge &Way : Function.Blocks[B].Successors) {
        Changed |= Unite(After[B], Within[Way.To]);
        Changed |= Unite(After[B], After[Way.To]);
      }
  }
  return After;
}

template <typename Set>
std::vector<Set> unitedAfter(const FunctionFacts &Function, const std::vector<Set> &Within) {
  return unitedAfter(Function, Within,
                     [](Set &Mine, const Set &Theirs) { return Mine.unite(Theirs); });
}

} // namespace heddle

#endif
