#include "model/unit/WaysAround.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"

#include <map>
#include <utility>

using namespace clang;
using namespace heddle;

namespace {

/// Whether other threads go on behind the construct, whatever becomes of the one that runs it.
bool othersPassBy(const OpenMPRegions &Directives, int Index) {
  const OpenMPRegions::Directive &Info = Directives[Index];
  if (isa<OMPMasterDirective, OMPMaskedDirective>(Info.Clang))
    return true;
  if (isa<OMPSingleDirective>(Info.Clang))
    return !endsWithBarrier(*Info.Clang);
  if (isa<OMPSectionDirective>(Info.Clang)) {
    // At the end of the last one they may wait for each other.
    bool IsLast = true;
    for (unsigned I = 0; I < Directives.size(); ++I)
      IsLast &= !isa<OMPSectionDirective>(Directives[I].Clang) ||
                Directives[I].Parent != Info.Parent || Directives[I].Part <= Info.Part;
    const OMPExecutableDirective *All = Info.Parent >= 0 ? Directives[Info.Parent].Clang : nullptr;
    return !IsLast || (All && isa<OMPSectionsDirective>(All) && !endsWithBarrier(*All));
  }
  // The body of a region is not what its starter does.
  return Info.Region != RegionKind::None;
}

std::vector<bool> reachableBlocks(const std::vector<Block> &Blocks) {
  std::vector<bool> Result(Blocks.size());
  std::vector<uint32_t> Open = {FunctionFacts::EntryBlock};
  while (!Open.empty()) {
    uint32_t At = Open.back();
    Open.pop_back();
    if (Result[At])
      continue;
    Result[At] = true;
    for (const Edge &Way : Blocks[At].Successors)
      Open.push_back(Way.To);
  }
  return Result;
}

/// Where the graph enters and leaves the body of a directive.
struct Passage {
  const CFGBlock *First = nullptr, *Behind = nullptr;
  bool AtStart = false; ///< First begins with the body.
  llvm::SmallPtrSet<const CFGBlock *, 8> Inside;
};

Passage passageOf(const CFG &Graph, const OpenMPRegions &Directives, int Index) {
  Passage Result;
  auto IsInside = [&](const Stmt *S) {
    int Around = Directives.around(S);
    while (Around > Index)
      Around = Directives[Around].Parent;
    return Around == Index;
  };
  std::vector<const CFGBlock *> Order(Graph.begin(), Graph.end());
  llvm::sort(Order, [](const CFGBlock *A, const CFGBlock *B) {
    return A->getBlockID() > B->getBlockID();
  });
  for (const CFGBlock *B : Order) {
    bool IsFirst = true;
    for (const CFGElement &Element : *B) {
      auto Statement = Element.getAs<CFGStmt>();
      if (!Statement)
        continue;
      if (Statement->getStmt() == Directives[Index].Clang)
        Result.Behind = B;
      else if (IsInside(Statement->getStmt())) {
        Result.Inside.insert(B);
        if (!Result.First) {
          Result.First = B;
          Result.AtStart = IsFirst;
        }
      }
      IsFirst = false;
    }
    if (const Stmt *Target = B->getLoopTarget(); Target && IsInside(Target))
      Result.Inside.insert(B);
    if (const Stmt *End = B->getTerminatorStmt(); End && IsInside(End) && B->empty())
      Result.Inside.insert(B);
  }
  return Result;
}

} // namespace

void heddle::addWaysAround(const OpenMPRegions &Directives, const CFG &Graph,
                           const llvm::DenseMap<unsigned, uint32_t> &BlockIndex,
                           llvm::function_ref<heddle::SourceRange(const Stmt *)> RangeOf,
                           std::vector<Block> &Blocks) {
  for (unsigned I = 0; I < Directives.size(); ++I) {
    if (!othersPassBy(Directives, I))
      continue;
    Passage Way = passageOf(Graph, Directives, I);
    if (!Way.First || !Way.Behind || Way.First == Way.Behind)
      continue;
    uint32_t First = BlockIndex.at(Way.First->getBlockID());
    uint32_t Behind = BlockIndex.at(Way.Behind->getBlockID());
    std::vector<bool> IsReachable = reachableBlocks(Blocks), IsInside(Blocks.size());
    for (const CFGBlock *Inside : Way.Inside)
      IsInside[BlockIndex.at(Inside->getBlockID())] = true;
    if (!IsReachable[First] || IsReachable[Behind])
      continue;
    if (Way.AtStart) {
      std::map<uint32_t, uint32_t> Forks; ///< By the block that they lead to.
      for (const CFGBlock *From : Graph) {
        if (Way.Inside.contains(From))
          continue;
        uint32_t Source = BlockIndex.at(From->getBlockID());
        for (size_t Next = 0; Next < Blocks[Source].Successors.size(); ++Next) {
          uint32_t To = Blocks[Source].Successors[Next].To;
          if (To >= IsInside.size() || !IsInside[To])
            continue;
          auto [Fork, IsNew] = Forks.try_emplace(To, Blocks.size());
          if (IsNew)
            Blocks.emplace_back().Successors = {{To, {}}, {Behind, {}}};
          Blocks[Source].Successors[Next].To = Fork->second;
        }
      }
      continue;
    }
    Block Made;
    uint32_t Fork = Blocks.size();
    heddle::SourceRange Body = RangeOf(Directives[I].Clang->getRawStmt());
    Block &Split = Blocks[First];
    auto At = llvm::find_if(Split.Events, [&](const Event &E) {
      // Declarations come to life where the block begins.
      return E.Kind != EventKind::Fresh && E.Where.File == Body.File &&
             E.Where.Begin >= Body.Begin && E.Where.End <= Body.End;
    });
    Made.Events.assign(std::make_move_iterator(At), std::make_move_iterator(Split.Events.end()));
    Split.Events.erase(At, Split.Events.end());
    Made.Successors = std::move(Split.Successors);
    Made.Leaves = std::exchange(Split.Leaves, Leaving::Normally);
    Split.Successors = {{Fork, {}}, {Behind, {}}};
    Blocks.push_back(std::move(Made));
  }
}
