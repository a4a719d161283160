#include "checks/CopyFixes.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

using namespace heddle;

namespace {

const CopyEdits *copyFor(const UnitFacts &Unit, const Operation &Op) {
  const ThreadOrigin &Origin = *Op.Origin;
  if (Origin.Entry == InvalidId || Origin.Spawner == InvalidId)
    return nullptr;
  const FunctionFacts &Entry = Unit.Functions[Origin.Entry];
  uint32_t Slot = Op.Through.rootId();
  if (Op.Through.root() == RootKind::Capture) {
    // Made anew for each task, so that no two of them have one copy in common.
    bool IsMadeThere = Origin.Spawn.encloses(Entry.BodyRange);
    return IsMadeThere && Slot < Entry.CaptureTexts.size() ? &Entry.CaptureTexts[Slot].OwnCopy
                                                           : nullptr;
  }
  if (Op.Through.root() != RootKind::Parameter)
    return nullptr;
  for (const TaskStart &Start : Unit.Functions[Origin.Spawner].TaskStarts)
    if (Start.Where == Origin.Spawn && Slot < Start.OwnCopies.size())
      return &Start.OwnCopies[Slot];
  return nullptr;
}

/// Whether the place lies in the very object that the task was handed: what a pointer in there
/// leads to would be the same for a copy.
bool isPartOfGiven(const ProgramModel &Program, const Operation &Op) {
  return llvm::any_of(Program.threads(), [&](const ThreadRun &Run) {
    return Run.Origin->Spawn == Op.Origin->Spawn && Run.Origin->Entry == Op.Origin->Entry &&
           llvm::any_of(Run.Given, [&](const GivenObject &Given) {
             return Given.Through == Op.Through && Op.Path.startsWith(Given.Object);
           });
  });
}

} // namespace

std::optional<Fix> heddle::handCopies(const ProgramModel &Program,
                                      const std::vector<const ConcurrentPair *> &Races,
                                      const std::string &Name) {
  const UnitFacts &Unit = Program.unit();
  std::map<SourceRange, std::string> Edits;
  for (const ConcurrentPair *Race : Races)
    for (const Operation *Op : {&Race->First, &Race->Second}) {
      if (!Op->isWrite() || !Op->Origin)
        continue;
      const CopyEdits *Copy = copyFor(Unit, *Op);
      if (!Copy || Copy->empty() || Op->Path.derefs() > 0 || Op->Origin->Parent ||
          !isPartOfGiven(Program, *Op))
        return std::nullopt;
      for (const auto &[Where, Text] : *Copy)
        if (Edits.try_emplace(Where, Text).first->second != Text)
          return std::nullopt;
    }
  Fix Result;
  Result.Title = "give the task a copy of " + Name;
  Result.Safety = FixSafety::Unsafe;
  for (const auto &[Where, Text] : Edits)
    Result.Edits.push_back({Unit.resolve(Where), Text});
  return Result.Edits.empty() ? std::nullopt : std::optional<Fix>(std::move(Result));
}
