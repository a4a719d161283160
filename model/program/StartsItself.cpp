// Functions that start threads which run those functions again.
#include "model/facts/ValueFlow.h"
#include "model/program/ProgramModel.h"
#include "model/program/interpreter/FunctionInterpreter.h"

#include "llvm/ADT/STLExtras.h"

#include <tuple>

using namespace heddle;

namespace {

/// What functions ask on their ways, and what they change.
struct Decisions {
  std::vector<AccessPath> Asked, Changed;
  bool AsksUnknown = false;

  void ask(const AccessPath &Path) {
    AsksUnknown |= Path.root() == RootKind::Temporary || Path.root() == RootKind::Return;
    Asked.push_back(Path);
  }
  void ask(llvm::ArrayRef<Value> Sources) {
    for (const Value &Source : Sources)
      if (Source.Path.isKnown())
        ask(Source.Path);
  }

  void collect(const FunctionFacts &Function, const std::vector<Summary> &Summaries) {
    forEachEvent(Function, [&](const Event &E) {
      if (E.Kind == EventKind::Test)
        ask(llvm::ArrayRef(E.Values).drop_front());
      else if (E.Kind == EventKind::Passed)
        ask(E.Path);
      else if (E.Kind == EventKind::Write || E.Kind == EventKind::Update)
        Changed.push_back(E.Path);
      else if (E.Callee != InvalidId && Summaries[E.Callee].IsComputed)
        for (const AccessPath &Path : Summaries[E.Callee].Written)
          Changed.push_back(Path);
    });
    forEachEvent(Function, [&](const Event &E) {
      if (E.Kind == EventKind::Derive && llvm::is_contained(Asked, E.Path))
        ask(E.Values);
    });
  }

  /// Whether what one of them has changed may send another one elsewhere.
  bool mayStop() const {
    auto IsShared = [](const AccessPath &P) {
      return P.root() == RootKind::Global || P.derefs() > 0;
    };
    return AsksUnknown || llvm::any_of(Asked, [&](const AccessPath &Path) {
             return IsShared(Path) && llvm::any_of(Changed, [&](const AccessPath &Other) {
                      return IsShared(Other) && Path.subject() == Other.subject();
                    });
           });
  }
};

bool isOwnVariable(const AccessPath &Handle) {
  return !Handle.isKnown() || Handle.root() == RootKind::Local ||
         Handle.root() == RootKind::Temporary;
}

} // namespace

bool ProgramModel::startsItself(const std::vector<FunctionId> &Component) const {
  // In a larger circle a function comes to itself by ways of which we know too little.
  constexpr size_t MaxMembers = 12;
  if (Component.size() > MaxMembers)
    return false;
  std::vector<AccessPath> Handles;
  for (FunctionId Id : Component)
    forEachEvent(Facts.Functions[Id], [&](const Event &E) {
      if (E.Kind == EventKind::Spawn && !E.has(Served) && !E.Values.empty() &&
          llvm::is_contained(Component, E.Values[0].Callee))
        Handles.push_back(E.Path);
    });
  if (Handles.empty())
    return false;
  // Who starts a thread again in the place of the last one goes on only if that one has ended.
  bool KeepsHandle = !llvm::all_of(Handles, isOwnVariable);
  Decisions All;
  for (FunctionId Id : Component) {
    All.collect(Facts.Functions[Id], Summaries);
    forEachEvent(Facts.Functions[Id], [&](const Event &E) {
      KeepsHandle |= E.Kind == EventKind::Move && !isOwnVariable(E.Path) && !E.Values.empty() &&
                     llvm::is_contained(Handles, E.Values[0].Path);
    });
  }
  return !KeepsHandle && !All.mayStop();
}

bool ProgramModel::givesConstants(const std::vector<FunctionId> &Component) const {
  auto IsConstant = [](const Value &Given) {
    return Given.What == Value::Constant || Given.What == Value::Null;
  };
  bool Result = false;
  for (FunctionId Id : Component)
    forEachEvent(Facts.Functions[Id], [&](const Event &E) {
      bool Starts = E.Kind == EventKind::Spawn && !E.Values.empty() &&
                    llvm::is_contained(Component, E.Values[0].Callee);
      bool Calls = E.Kind == EventKind::Call && llvm::is_contained(Component, E.Callee);
      Result |= (Starts || Calls) && llvm::any_of(E.Values, IsConstant);
    });
  return Result;
}

bool ProgramModel::SelfStart::comesBy(FunctionId Member, SourceRange Where) const {
  auto Known = Behind.find({Member, Where});
  if (Known == Behind.end())
    return false;
  // What sends a thread on to the next one sends that one on as well.
  return Known->second.empty() || llvm::any_of(GoesOn, [&](const auto &Way) {
           return Way.first == Member && llvm::all_of(Known->second, [&](const auto &Branch) {
                    return Way.second.count(Branch) > 0;
                  });
         });
}

bool ProgramModel::SelfStart::isAtEnd(FunctionId Entry, const Operation &Op) const {
  if (Members.size() != 1 || GivesConstants || Op.Origin)
    return false;
  const SourceRange Where = Op.Calls.empty() ? Op.Where : Op.Calls.front().Where;
  auto Known = Behind.find({Entry, Where});
  if (Known == Behind.end() || Known->second.size() != 1)
    return false;
  const auto &[Branch, Way, Flag] = *Known->second.begin();
  return !GoesOn.empty() && llvm::all_of(GoesOn, [&, B = Branch, W = Way](const auto &Each) {
    return Each.second.size() == 1 && std::get<0>(*Each.second.begin()) == B &&
           std::get<1>(*Each.second.begin()) != W;
  });
}

bool ProgramModel::SelfStart::mayDo(FunctionId Entry, const Operation &Op) const {
  // What each makes is another object.
  if (Op.Path.root() == RootKind::Heap || (Op.Flags & Claimed))
    return false;
  if (isAtEnd(Entry, Op))
    return true;
  auto IsOneValue = [](const SlotCondition &Each) { return !Each.Differs; };
  if (llvm::any_of(Op.Conditions, IsOneValue) || (GivesConstants && !Op.Conditions.empty()))
    return false;
  if (!(Op.Flags & Selective))
    return true;
  if (GivesConstants || Op.Origin)
    return false;
  for (const CallStep &Step : Op.Calls) {
    if (!comesBy(Entry, Step.Where))
      return false;
    Entry = Step.Callee;
  }
  return comesBy(Entry, Op.Where);
}

void ProgramModel::draft(const std::vector<FunctionId> &Component,
                         const std::vector<LockWays> &Ways) {
  auto WithFindings = [&](auto Do) {
    std::apply(Do, std::tie(Races, AtomicConflicts, Closes, Missed, Outlived, LockSets, Threads,
                            StaleActs, Escapes, Misused, WaitConflicts, LockCycles, CheckedWrites,
                            Suspensions));
  };
  std::vector<size_t> Sizes;
  WithFindings([&](auto &...Each) { Sizes = {Each.size()...}; });
  for (size_t I = 0; I < Component.size(); ++I)
    FunctionInterpreter(*this, Component[I], Ways[I]).run();
  WithFindings([&](auto &...Each) {
    size_t At = 0;
    (Each.erase(Each.begin() + static_cast<ptrdiff_t>(Sizes[At++]), Each.end()), ...);
  });
}
