// What threads meet by way of callers that are not in sight: what comes before the join in the
// function that joins what another one has started; what the public members do of a class whose
// constructor starts a thread; and each other, where every call starts one for what it is given.
#include "model/facts/ValueFlow.h"
#include "model/program/ProgramModel.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

namespace {

/// A global, or a member of an object that the function is given.
bool isKept(const AccessPath &Handle) {
  if (Handle.root() == RootKind::Global)
    return true;
  return Handle.root() == RootKind::Parameter && Handle.derefs() > 0 &&
         llvm::any_of(Handle.steps(), [](PathStep Step) { return Step.What == PathStep::Field; });
}

bool touch(const AccessPath &A, const AccessPath &B) { return A.startsWith(B) || B.startsWith(A); }

bool touchesOneOf(const AccessPath &Path, const PathSet &All) {
  return llvm::any_of(All, [&](const AccessPath &Each) { return touch(Each, Path); });
}

/// What two functions mean alike by the path: a part of the object that keeps the handle.
bool isBeside(const AccessPath &Path, const AccessPath &Handle) {
  return Path.root() == RootKind::Parameter && Path.root() == Handle.root() &&
         Path.rootId() == Handle.rootId() && Path.derefs() > 0;
}

bool isCommon(const AccessPath &Path, const AccessPath &Handle) {
  return Path.root() == RootKind::Global || isBeside(Path, Handle);
}

/// What names the class in the symbol of a member function.
llvm::StringRef classOf(const FunctionFacts &Member) {
  return llvm::StringRef(Member.Usr).rsplit("@F@").first;
}

class Pairing {
public:
  Pairing(const UnitFacts &Unit, const std::vector<Summary> &Summaries,
          const std::set<FunctionId> &Reached, std::vector<ConcurrentPair> &Races);
  void run();

private:
  /// Whether the one is the other, or calls it somewhere on its way.
  bool calls(FunctionId Caller, FunctionId Callee) const;
  /// Whether each call starts a thread for what it was given, and leaves it to itself.
  bool isStartedForEach(FunctionId Starter, const ThreadRun &Run) const;
  void pairWithItself(FunctionId Starter, const ThreadRun &Run);
  void pairWithJoiners(FunctionId Starter, const ThreadRun &Run);
  void pairWithMembers(FunctionId Starter, const ThreadRun &Run);
  void pair(FunctionId Frame, const Operation &Own, const Operation &Other);
  bool isNew(const Operation &A, const Operation &B) {
    return Known.insert({std::min(A.Where, B.Where), std::max(A.Where, B.Where)}).second;
  }
  /// Whether code from outside may call it on an object that the starter has constructed.
  bool isMember(FunctionId Id, FunctionId Starter) const {
    const FunctionFacts &F = Unit.Functions[Id];
    return F.HasThis && F.IsPublic && !F.IsConstructor && !F.IsDestructor && !F.IsAssignment &&
           classOf(F) == classOf(Unit.Functions[Starter]);
  }
  /// Whether members let the caller wait for the thread, or for something that it does.
  bool canBeWaitedFor(FunctionId Starter, const ThreadRun &Run) const;
  /// Whether the thread has been told by a member, when it comes to the operation, to go on: what
  /// was set before is as it should be.
  bool isToldToGoOn(FunctionId Starter, const Operation &Op, const AccessPath &Handle) const;

  const UnitFacts &Unit;
  const std::vector<Summary> &Summaries;
  const std::set<FunctionId> &Reached;
  std::vector<ConcurrentPair> &Races;
  bool HasMain = false;
  std::map<AccessPath, std::vector<FunctionId>> Joiners; ///< By handle.
  std::set<std::pair<SourceRange, SourceRange>> Known;
};

Pairing::Pairing(const UnitFacts &Unit, const std::vector<Summary> &Summaries,
                 const std::set<FunctionId> &Reached, std::vector<ConcurrentPair> &Races)
    : Unit(Unit), Summaries(Summaries), Reached(Reached), Races(Races) {
  HasMain = llvm::any_of(Unit.Functions, [](const FunctionFacts &F) { return F.IsMain; });
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    for (const AccessPath &Handle : Summaries[Id].Joined)
      if (Handle.isKnown() && isKept(Handle))
        Joiners[Handle].push_back(Id);
  for (const ConcurrentPair &Pair : Races)
    isNew(Pair.First, Pair.Second);
}

void Pairing::run() {
  for (FunctionId Starter = 0; Starter < Unit.Functions.size(); ++Starter)
    for (const ThreadRun &Run : Summaries[Starter].Running) {
      if (isStartedForEach(Starter, Run))
        pairWithItself(Starter, Run);
      if (!isKept(Run.Handle) || Run.IsDetached)
        continue;
      pairWithJoiners(Starter, Run);
      if (Unit.Functions[Starter].IsConstructor && Run.Handle.root() == RootKind::Parameter &&
          Run.Handle.rootId() == 0 && !canBeWaitedFor(Starter, Run))
        pairWithMembers(Starter, Run);
    }
}

void Pairing::pair(FunctionId Frame, const Operation &Own, const Operation &Other) {
  if (!isRace(Unit, Own, Other, {}) || !isNew(Own, Other))
    return;
  bool OwnFirst = isBlamedBefore(Own, Other);
  Races.push_back({Frame, OwnFirst ? Own : Other, OwnFirst ? Other : Own});
}

bool Pairing::calls(FunctionId Caller, FunctionId Callee) const {
  std::set<FunctionId> Seen{Caller};
  std::vector<FunctionId> Work{Caller};
  while (!Work.empty()) {
    FunctionId Next = Work.back();
    Work.pop_back();
    if (Next == Callee)
      return true;
    forEachEvent(Unit.Functions[Next], [&](const Event &E) {
      if (E.Callee != InvalidId && E.Kind != EventKind::Spawn && Seen.insert(E.Callee).second)
        Work.push_back(E.Callee);
    });
  }
  return false;
}

bool Pairing::isStartedForEach(FunctionId Starter, const ThreadRun &Run) const {
  const FunctionFacts &F = Unit.Functions[Starter];
  return Run.IsDetached && F.IsPublic && !F.IsMain && !F.IsLambda && !Reached.count(Starter) &&
         llvm::any_of(Run.Given, [](const GivenObject &Each) {
           return Each.Object.root() == RootKind::Parameter && Each.Object.rootId() != 0;
         });
}

void Pairing::pairWithItself(FunctionId Starter, const ThreadRun &Run) {
  for (const Operation &Op : Run.Operations)
    for (const Operation &Other : Run.Operations)
      if (Op.Path.root() == RootKind::Global && Other.Path.root() == RootKind::Global)
        pair(Starter, Op, Other);
}

void Pairing::pairWithJoiners(FunctionId Starter, const ThreadRun &Run) {
  auto Found = Joiners.find(Run.Handle);
  if (Found == Joiners.end())
    return;
  for (FunctionId Joiner : Found->second) {
    // With the main function in sight it is known in which order they are called; and who starts
    // the thread by a call of its own knows what comes before.
    if ((HasMain && Reached.count(Starter) && Reached.count(Joiner)) || calls(Joiner, Starter))
      continue;
    for (const Operation &Own : Summaries[Joiner].Operations) {
      if (!Own.isAccess() || Own.Origin || (Own.Flags & Ends) || !isCommon(Own.Path, Run.Handle) ||
          touchesOneOf(Run.Handle, Own.Joined))
        continue;
      for (const Operation &Other : Run.Operations)
        if (isCommon(Other.Path, Run.Handle))
          pair(Joiner, Own, Other);
    }
  }
}

bool Pairing::canBeWaitedFor(FunctionId Starter, const ThreadRun &Run) const {
  auto Found = Joiners.find(Run.Handle);
  if (Found == Joiners.end())
    return !Run.JoinsAtEnd; // somewhere out of sight
  if (llvm::any_of(Found->second, [&](FunctionId Id) { return !Unit.Functions[Id].IsDestructor; }))
    return true;
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    if (isMember(Id, Starter))
      for (const AccessPath &Object : Summaries[Id].Waited)
        if (isBeside(Object, Run.Handle))
          return true;
  return false;
}

bool Pairing::isToldToGoOn(FunctionId Starter, const Operation &Op,
                           const AccessPath &Handle) const {
  auto Tells = [&](const AccessPath &Object, const Summary &Member) {
    return isBeside(Object, Handle) && (touchesOneOf(Object, Member.Signals) ||
                                        llvm::any_of(Member.Published, [&](const Handover &Store) {
                                          return Store.Path.overlaps(Object);
                                        }));
  };
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    if (isMember(Id, Starter) &&
        (llvm::any_of(Op.Waited,
                      [&](const AccessPath &Object) { return Tells(Object, Summaries[Id]); }) ||
         llvm::any_of(Op.Believed,
                      [&](const Handover &Read) { return Tells(Read.Path, Summaries[Id]); })))
      return true;
  return false;
}

void Pairing::pairWithMembers(FunctionId Starter, const ThreadRun &Run) {
  std::set<FunctionId> OfThread;
  std::vector<const Operation *> Unasked;
  for (const Operation &Op : Run.Operations) {
    OfThread.insert(Op.In);
    for (const CallStep &Call : Op.Calls)
      OfThread.insert(Call.Callee);
    // What the thread does after it has been told to go on may rely on what was set before.
    if (isBeside(Op.Path, Run.Handle) && !isToldToGoOn(Starter, Op, Run.Handle))
      Unasked.push_back(&Op);
  }
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id) {
    if (!isMember(Id, Starter) || OfThread.count(Id) || (HasMain && Reached.count(Id)))
      continue;
    for (const Operation &Own : Summaries[Id].Operations) {
      if (!Own.isAccess() || Own.Origin || !isBeside(Own.Path, Run.Handle) || !Own.Waited.empty())
        continue;
      for (const Operation *Other : Unasked)
        pair(Id, Own, *Other);
    }
  }
}

} // namespace

void ProgramModel::pairUnderUnseenCallers() { Pairing(Facts, Summaries, Reached, Races).run(); }
