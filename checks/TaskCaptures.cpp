#include "checks/TaskCaptures.h"

#include "model/facts/ValueFlow.h"

#include "llvm/ADT/StringExtras.h"

#include <map>

using namespace heddle;

namespace {

bool isInside(const SourceRange &Inner, const SourceRange &Outer) {
  return Inner.isValid() && Outer.isValid() && Outer.encloses(Inner);
}

/// From the keyword to the end of the body; `do` ends with its condition.
SourceRange wholeLoop(const Loop &L) {
  SourceRange Whole = L.Keyword;
  Whole.End = std::max(L.Body.End, L.Condition.End);
  return Whole;
}

const CaptureText *captureOf(const UnitFacts &Unit, const Operation &Use) {
  if (Use.Through.root() != RootKind::Capture || !Use.Origin || Use.Origin->Entry == InvalidId)
    return nullptr;
  const auto &Texts = Unit.Functions[Use.Origin->Entry].CaptureTexts;
  return Use.Through.rootId() < Texts.size() ? &Texts[Use.Through.rootId()] : nullptr;
}

} // namespace

SourceRange heddle::placeStarted(const Operation &Use) {
  const ThreadOrigin *Root = Use.Origin.get();
  while (Root->Parent)
    Root = Root->Parent.get();
  return Root->Calls.empty() ? Root->Spawn : Root->Calls.front().Where;
}

SourceRange heddle::placeGiven(const UnitFacts &Unit, FunctionId Frame, const Operation &Use) {
  if (const CaptureText *Text = captureOf(Unit, Use)) {
    const SourceRange &Default = Unit.Functions[Use.Origin->Entry].CaptureDefault;
    const SourceRange &Written = Text->Written.isValid() ? Text->Written : Default;
    if (isInside(Written, Unit.Functions[Frame].BodyRange))
      return Written;
  }
  return placeStarted(Use);
}

bool heddle::isOfOneRound(const UnitFacts &Unit, FunctionId Frame, EntityId Variable,
                          const Operation &Use) {
  const SourceRange &Declared = Unit.Entities[Variable].Declaration;
  return llvm::any_of(Unit.Functions[Frame].Loops, [&](const Loop &L) {
    return isInside(Declared, wholeLoop(L)) && isInside(placeStarted(Use), L.Body);
  });
}

std::optional<Fix> heddle::captureCopies(const UnitFacts &Unit,
                                         const std::vector<const Operation *> &Uses,
                                         FixSafety Safety) {
  // Captures of one default are named behind it together.
  std::map<SourceRange, std::set<std::string>> Named;
  std::map<SourceRange, std::string> Replaced;
  std::set<std::string> Names;
  for (const Operation *Use : Uses) {
    const CaptureText *Text = captureOf(Unit, *Use);
    if (!Text || !Text->AllowsCopy)
      return std::nullopt;
    const FunctionFacts &Entry = Unit.Functions[Use->Origin->Entry];
    const Parameter &Slot = Entry.Captures[Use->Through.rootId()];
    if (!Slot.IsReference || Slot.Variable == InvalidId)
      return std::nullopt;
    const std::string &Name = Unit.Entities[Slot.Variable].Name;
    if (Text->Written.isValid())
      Replaced[Text->Written] = Name;
    else if (Entry.CaptureDefault.isValid())
      Named[Entry.CaptureDefault].insert(Name);
    else
      return std::nullopt;
    Names.insert("'" + Name + "'");
  }
  Fix Result;
  Result.Title = "capture " + llvm::join(Names, " and ") + " by value";
  Result.Safety = Safety;
  for (const auto &[Where, Name] : Replaced)
    Result.Edits.push_back({Unit.resolve(Where), Name});
  for (const auto &[Default, Added] : Named) {
    Result.Edits.push_back({Unit.resolve(Default).behind(), ", " + llvm::join(Added, ", ")});
  }
  return Result.Edits.empty() ? std::nullopt : std::optional<Fix>(std::move(Result));
}

LoopVariables heddle::racingLoopVariables(const ProgramModel &Program) {
  const UnitFacts &Unit = Program.unit();
  LoopVariables Result;
  for (const ConcurrentPair &Race : Program.races()) {
    const Operation *Step = !Race.First.Origin    ? &Race.First
                            : !Race.Second.Origin ? &Race.Second
                                                  : nullptr;
    if (!Step || !Step->isWrite() || !Step->Calls.empty() ||
        Race.First.Path.root() != RootKind::Local || !Race.First.Path.isRootOnly())
      continue;
    const Operation &Other = Step == &Race.First ? Race.Second : Race.First;
    const FunctionFacts &Frame = Unit.Functions[Race.Frame];
    auto DecidesOn = [&](const Loop &L) {
      bool IsRead = false;
      forEachEvent(Frame, [&](const Event &E) {
        IsRead |=
            E.Kind == EventKind::Read && E.Path == Step->Path && isInside(E.Where, L.Condition);
      });
      return IsRead;
    };
    for (const Loop &L : Frame.Loops)
      if (Other.Origin && isInside(Step->Where, wholeLoop(L)) &&
          isInside(placeStarted(Other), L.Body) && (!isInside(Step->Where, L.Body) || DecidesOn(L)))
        Result.insert({Race.Frame, Step->Path.rootId()});
  }
  return Result;
}

namespace {

/// Whether the thread reached the object of the operation through what it was handed for itself.
bool isHanded(const UnitFacts &Unit, const Operation &Op) {
  if (!Op.Origin || Op.Origin->Entry == InvalidId)
    return false;
  const FunctionFacts &Entry = Unit.Functions[Op.Origin->Entry];
  uint32_t Slot = Op.Through.rootId();
  if (Op.Through.root() == RootKind::Parameter)
    return Slot > 0 || !Entry.HasThis;
  if (Op.Through.root() != RootKind::Capture || Slot >= Entry.Captures.size())
    return false;
  return !Entry.Captures[Slot].IsReference && Entry.Captures[Slot].Variable != InvalidId;
}

bool isPartOfObject(const UnitFacts &Unit, const AccessPath &Path) {
  bool HasField =
      llvm::any_of(Path.steps(), [](const PathStep &Step) { return Step.What == PathStep::Field; });
  EntityId Subject = Path.subject();
  return HasField || (Subject != InvalidId && !Unit.Entities[Subject].IsScalar);
}

} // namespace

HandedObjects heddle::racingHandedObjects(const ProgramModel &Program) {
  const UnitFacts &Unit = Program.unit();
  HandedObjects Handed;
  std::set<std::pair<FunctionId, AccessPath>> Others;
  std::set<SourceRange> OtherPlaces;
  for (const ConcurrentPair &Race : Program.races()) {
    const AccessPath &Path = Race.First.Path;
    bool IsOwn = Path.root() == RootKind::Local || Path.root() == RootKind::Heap;
    bool IsLocked = !Race.First.Locks.empty() || !Race.Second.Locks.empty();
    bool IsChanged =
        Race.First.isWrite() && isHanded(Unit, Race.First) && !(Race.First.Flags & Ends);
    if (IsOwn && !IsLocked && IsChanged && Path == Race.Second.Path && isPartOfObject(Unit, Path)) {
      Handed.insert({Race.Frame, Path});
    } else {
      Others.insert({Race.Frame, Path});
      OtherPlaces.insert(Race.First.Where);
    }
  }
  // One place, in memory and in the code, is one rule's to tell of.
  for (const ConcurrentPair &Race : Program.races())
    if (OtherPlaces.count(Race.First.Where))
      Others.insert({Race.Frame, Race.First.Path});
  for (const auto &Other : Others)
    Handed.erase(Other);
  return Handed;
}
