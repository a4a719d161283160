// Constructs of OpenMP that some threads go past.
#ifndef HEDDLE_MODEL_UNIT_WAYSAROUND_H
#define HEDDLE_MODEL_UNIT_WAYSAROUND_H

#include "model/facts/FunctionFacts.h"
#include "model/unit/OpenMPRegions.h"

#include "clang/Analysis/CFG.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <vector>

namespace heddle {

/// Clang's graph has one way through all constructs, so that what one thread never gets out of
/// would be the end for all. Gives the others a way around, where there is none.
void addWaysAround(const OpenMPRegions &Directives, const clang::CFG &Graph,
                   const llvm::DenseMap<unsigned, uint32_t> &BlockIndex,
                   llvm::function_ref<SourceRange(const clang::Stmt *)> RangeOf,
                   std::vector<Block> &Blocks);

} // namespace heddle

#endif
