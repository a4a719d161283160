#include "model/program/ThreadFlags.h"

#include "model/facts/ValueFlow.h"

#include "llvm/ADT/STLExtras.h"

#include <functional>
#include <map>
#include <set>

using namespace heddle;

namespace {

/// A number or a handle: a variable, or the member of an object.
struct Member {
  AccessPath Of; ///< The object; unknown for a variable.
  EntityId Name = InvalidId;
  RootKind Variable = RootKind::Unknown; ///< What kind of variable it is, if it is one.
};

Member memberOf(const AccessPath &P) {
  if (!P.isKnown())
    return {};
  bool IsVariable = P.root() == RootKind::Global || P.root() == RootKind::Local;
  if (P.isRootOnly())
    return IsVariable ? Member{{}, P.rootId(), P.root()} : Member{};
  PathStep Last = P.steps().back();
  if (Last.What == PathStep::Field)
    return {P.prefix(P.steps().size() - 1), Last.Id};
  // A handle may be an element of an array.
  return Last.isOfArray() || Last.What == PathStep::Deref ? memberOf(P.prefix(P.steps().size() - 1))
                                                          : Member{};
}

/// Not something that it holds or leads to.
bool isItself(const AccessPath &P) {
  return P.isRootOnly() || P.steps().back().What == PathStep::Field;
}

/// The number and the handle, wherever they stand side by side.
struct FlagOfThread {
  EntityId Flag = InvalidId, Handle = InvalidId;
  RootKind FlagVariable = RootKind::Unknown, HandleVariable = RootKind::Unknown; ///< See Member.

  /// Nobody but its function looks at the number.
  bool isLocal() const { return FlagVariable == RootKind::Local; }
  friend auto operator<=>(const FlagOfThread &, const FlagOfThread &) = default;
};

bool startsThread(const Event &E) { return E.Kind == EventKind::Spawn && !E.has(Served); }

bool setsNumber(const Event &E) {
  return (E.Kind == EventKind::Write || E.Kind == EventKind::Update) && E.Path.isKnown() &&
         !E.has(Ends);
}

/// What the event tells of a number's new value; null if it is about something else.
const Judgement *settingOf(const FunctionFacts &Function, const Event &E) {
  if (E.Kind != EventKind::Judged)
    return nullptr;
  const Judgement &Says = Function.Judgements[E.Values[0].Number];
  return Says.What != Judgement::Decided ? &Says : nullptr;
}

/// What is known at one place, of all ways that lead there: a set of pairs of the two enumerators.
class Standing {
public:
  enum Thread : uint8_t {
    Unsaid,  ///< As the number tells it, if that is as it was found.
    Started, ///< Just now; there was none before.
    Running,
    None,
  };
  enum Number : uint8_t {
    Found, ///< As it was found: zero only if there is no thread.
    Zero,
    Other,   ///< Not zero.
    Changed, ///< To who knows what.
  };

  static Standing of(Thread T, Number N) {
    Standing Result;
    Result.Set = 1U << (unsigned(T) * Numbers + unsigned(N));
    return Result;
  }

  bool unite(Standing Others) {
    uint32_t Before = Set;
    Set |= Others.Set;
    return Set != Before;
  }
  bool isEmpty() const { return Set == 0; }

  /// `Change(Thread &, Number &)` yields false for what cannot be.
  template <typename Changer> Standing changed(Changer Change) const {
    Standing Result;
    forEach([&](Thread T, Number N) {
      if (Change(T, N))
        Result.unite(of(T, N));
    });
    return Result;
  }
  Standing with(Thread New) const {
    return changed([&](Thread &T, Number &) {
      T = New;
      return true;
    });
  }
  Standing with(Number New) const {
    return changed([&](Thread &, Number &N) {
      N = New;
      return true;
    });
  }
  /// Whether the number tells the truth, as who comes later will take it.
  bool isTrue() const {
    bool Result = true;
    forEach([&](Thread T, Number N) {
      bool MayBeZero = N == Zero || N == Changed || (N == Found && T != Unsaid);
      Result &= T == None || !MayBeZero;
    });
    return Result;
  }
  bool hasThread() const {
    bool Result = false;
    forEach([&](Thread T, Number) { Result |= T != None; });
    return Result;
  }

private:
  template <typename Visitor> void forEach(Visitor Visit) const {
    for (unsigned I = 0; I < Threads * Numbers; ++I)
      if (Set >> I & 1)
        Visit(static_cast<Thread>(I / Numbers), static_cast<Number>(I % Numbers));
  }
  static constexpr unsigned Threads = 4, Numbers = 4;
  uint32_t Set = 0;
};

/// Follows one number and the handle beside it, in one object, through a function.
class FlagFlow {
public:
  /// `MayChange` says of which callees the two are the business as well.
  FlagFlow(const FunctionFacts &Function, FlagOfThread What, AccessPath Of,
           const std::set<FunctionId> &MayChange)
      : Function(Function), What(What), Of(Of), MayChange(MayChange),
        States(Function.Blocks.size()) {}

  /// False if the number does not tell the truth where somebody else may look at it.
  bool run() {
    std::vector<uint32_t> Work{FunctionFacts::EntryBlock};
    States[FunctionFacts::EntryBlock] = atEntry();
    while (!Work.empty()) {
      uint32_t Index = Work.back();
      Work.pop_back();
      Standing After = States[Index];
      for (const Event &E : Function.Blocks[Index].Events)
        After = behind(After, E);
      for (const Edge &Way : Function.Blocks[Index].Successors) {
        Standing There = along(After, Way);
        if (!There.isEmpty() && States[Way.To].unite(There))
          Work.push_back(Way.To);
      }
    }
    return What.isLocal() || (IsTrue && States[FunctionFacts::ExitBlock].isTrue());
  }

  bool findsZero(const Edge &Way) const {
    return llvm::any_of(Way.Events, [&](const Event &E) { return finds(E, /*Zero=*/true); });
  }

  /// Once run: whether there is no thread where the way has been taken, though there may have been
  /// one.
  bool findsNoThread(uint32_t From, const Edge &Way) {
    Standing Before = States[From];
    for (const Event &E : Function.Blocks[From].Events)
      Before = behind(Before, E);
    Standing After = along(Before, Way);
    return Before.hasThread() && !After.isEmpty() && !After.hasThread();
  }

  /// Likewise: the starts of threads where there is none of the handle.
  std::vector<Event *> spawnsAlone(FunctionFacts &In) {
    std::vector<Event *> Result;
    for (uint32_t Index = 0; Index < In.Blocks.size(); ++Index) {
      Standing Before = States[Index];
      for (Event &E : In.Blocks[Index].Events) {
        if (startsThread(E) && isHandle(E.Path) && !Before.isEmpty() && !Before.hasThread())
          Result.push_back(&E);
        Before = behind(Before, E);
      }
    }
    return Result;
  }

private:
  using Thread = Standing::Thread;
  using Number = Standing::Number;

  Standing atEntry() const {
    bool IsOwn = Of.isKnown() ? Of.root() == RootKind::Local && Of.derefs() == 0
                              : What.isLocal() && What.HandleVariable == RootKind::Local;
    bool IsNew =
        IsOwn || (Function.IsConstructor && Of.root() == RootKind::Parameter && Of.rootId() == 0);
    if (IsNew)
      return Standing::of(Standing::None, Standing::Changed);
    bool IsFirst = Function.IsMain && (!Of.isKnown() || Of.root() == RootKind::Global);
    return Standing::of(IsFirst ? Standing::None : Standing::Unsaid, Standing::Found);
  }

  bool isFlag(const AccessPath &P) const {
    Member M = memberOf(P);
    return M.Name == What.Flag && M.Of == Of && isItself(P);
  }
  bool isHandle(const AccessPath &P) const {
    Member M = memberOf(P);
    return M.Name == What.Handle && M.Of == Of;
  }

  bool finds(const Event &E, bool Zero) const {
    if (E.Kind != EventKind::Found || E.Values[0].What != Value::Constant || !isFlag(E.Path))
      return false;
    bool IsAboutZero = E.Values[0].Number == 0;
    return Zero ? IsAboutZero && !E.has(Differs) : IsAboutZero == E.has(Differs);
  }

  /// From here on somebody else relies on the number.
  Standing relied(Standing Before) {
    IsTrue &= Before.isTrue();
    return Standing::of(Standing::Unsaid, Standing::Found);
  }

  Standing along(Standing Before, const Edge &Way) {
    for (const Event &E : Way.Events)
      Before = behind(Before, E);
    return Before;
  }

  Standing behind(Standing Before, const Event &E) {
    if (Before.isEmpty())
      return Before;
    if (E.Path.isKnown() && isHandle(E.Path))
      return behindUseOfHandle(Before, E);
    if (setsNumber(E) && isFlag(E.Path))
      return Before.changed([&](Thread &, Number &N) {
        N = numberBehind(N, E);
        return true;
      });
    if (const Judgement *Set = settingOf(Function, E); Set && isFlag(Set->Subject))
      return Answers.count(Set->From) ? behindAnswer(Before, *Set)
                                      : Before.changed([&](Thread &, Number &N) {
                                          N = numberBehind(N, *Set);
                                          return true;
                                        });
    for (bool IsZero : {false, true})
      if (finds(E, IsZero))
        return asFound(Before, IsZero);
    if (Of.isKnown() && Of.startsWith(E.Path))
      return behindChangeOfObject(Before, E);
    bool IsHandedOn = llvm::any_of(
        E.Values, [&](const Value &V) { return V.What == Value::PointsTo && isHandle(V.Path); });
    FunctionId Callee = E.Kind == EventKind::Call        ? E.Callee
                        : E.Kind == EventKind::CallValue ? E.Values[0].Callee
                                                         : InvalidId;
    if (Callee == InvalidId)
      return Before;
    if (IsHandedOn && What.HandleVariable == RootKind::Local)
      return Before.with(Standing::Running);
    return MayChange.count(Callee) ? relied(Before) : Before;
  }

  Standing behindUseOfHandle(Standing Before, const Event &E) {
    switch (E.Kind) {
    case EventKind::Spawn:
      return !startsThread(E) ? Before : Before.changed([](Thread &T, Number &) {
        T = T == Standing::None ? Standing::Started : Standing::Running;
        return true;
      });
    case EventKind::SpawnAsk:
      Answers.insert(E.Values[0].Path);
      return Before;
    case EventKind::Move:
      return Before.with(Standing::Running);
    case EventKind::Join:
    case EventKind::Destroy:
      if (E.Callee != InvalidId || (E.Kind == EventKind::Destroy && !E.has(Joins)))
        return Before;
      return Before.changed([&](Thread &T, Number &) {
        // Of several, one that was not started leaves the others as they are.
        if (E.Path.isPrecise() || (E.has(Missing) && T == Standing::Started))
          T = Standing::None;
        return true;
      });
    default:
      return Before;
    }
  }

  /// The object that both are members of, or a pointer on the way there, is set.
  Standing behindChangeOfObject(Standing Before, const Event &E) {
    if (setsNumber(E))
      return Of.overlaps(E.Path) ? Before.with(Standing::Changed) : Before;
    if (E.Kind != EventKind::Store && E.Kind != EventKind::Fresh)
      return Before;
    Standing Other = relied(Before);
    bool IsNew =
        E.Kind == EventKind::Fresh || (!E.Values.empty() && E.Values[0].What == Value::PointsTo &&
                                       E.Values[0].Path.root() == RootKind::Heap);
    return IsNew ? Standing::of(Standing::None, Standing::Changed) : Other;
  }

  static Number numberBehind(Number Before, const Event &E) {
    if (E.Kind == EventKind::Write && E.has(FixedValue))
      return E.has(ZeroValue) ? Standing::Zero : Standing::Other;
    return E.Kind == EventKind::Update && E.has(Raises) ? raised(Before) : Standing::Changed;
  }

  static Number numberBehind(Number Before, const Judgement &Set) {
    if (Set.What == Judgement::Assigned && Set.Right == Judgement::Constant)
      return Set.Against == 0 ? Standing::Zero : Standing::Other;
    bool Raises =
        Set.What == Judgement::Assigned && Set.Right == Judgement::Shifted && Set.Against > 0;
    return Raises ? raised(Before) : Standing::Changed;
  }

  /// The number now holds whether a thread was started, or how that failed.
  static Standing behindAnswer(Standing Before, const Judgement &Set) {
    bool IsOne = Set.Right == Judgement::Truth, IsCopy = Set.Right == Judgement::Copy;
    bool IsEquality = Set.How == Relation::Equal || Set.How == Relation::Differs;
    if (!IsCopy && !(IsOne && IsEquality && Set.Against == 0))
      return Before.with(Standing::Changed);
    bool IsZeroIfStarted = IsCopy || Set.How == Relation::Differs;
    Standing Result = Before.with(IsZeroIfStarted ? Standing::Zero : Standing::Other);
    Result.unite(Before.changed([&](Thread &T, Number &N) {
      if (T == Standing::Started)
        T = Standing::None;
      N = IsZeroIfStarted ? Standing::Other : Standing::Zero;
      return true;
    }));
    return Result;
  }

  static Number raised(Number Before) {
    return Before == Standing::Zero || Before == Standing::Other ? Standing::Other
                                                                 : Standing::Changed;
  }

  static Standing asFound(Standing Before, bool IsZero) {
    return Before.changed([&](Thread &T, Number &N) {
      if (N == (IsZero ? Standing::Other : Standing::Zero))
        return false;
      if (IsZero && N == Standing::Found && T == Standing::Unsaid)
        T = Standing::None;
      N = IsZero ? Standing::Zero : Standing::Other;
      return true;
    });
  }

  const FunctionFacts &Function;
  FlagOfThread What;
  AccessPath Of;
  const std::set<FunctionId> &MayChange;
  std::vector<Standing> States; ///< By block, at its beginning.
  std::set<AccessPath> Answers; ///< They hold zero if a thread was started.
  bool IsTrue = true;
};

class Finder {
public:
  explicit Finder(UnitFacts &Unit) : Unit(Unit) {}

  void run() {
    for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
      findCandidates(Id);
    if (Candidates.empty())
      return;
    noteUses();
    for (const auto &[What, Handles] : Candidates)
      settle(What, Handles);
  }

private:
  /// How the handles are reached from the variable or member by that name.
  using Handles = std::set<std::vector<PathStep>>;

  void findCandidates(FunctionId Id) {
    std::vector<const Event *> Spawns;
    std::set<AccessPath> Sets, HandedOut;
    std::function<void(const Value &)> NoteHandedOut = [&](const Value &V) {
      if (V.What == Value::PointsTo && V.Path.root() == RootKind::Local)
        HandedOut.insert(V.Path.prefix(0));
      llvm::for_each(V.Bound, NoteHandedOut);
    };
    forEachEvent(Unit.Functions[Id], [&](const Event &E) {
      llvm::for_each(E.Values, NoteHandedOut);
      if (startsThread(E))
        Spawns.push_back(&E);
      if (setsNumber(E) && ((E.has(FixedValue) && !E.has(ZeroValue)) || E.has(Raises)))
        Sets.insert(E.Path);
      if (const Judgement *Set = settingOf(Unit.Functions[Id], E))
        Sets.insert(Set->Subject);
    });
    for (const Event *Spawn : Spawns)
      for (const AccessPath &Set : Sets) {
        Member Handle = memberOf(Spawn->Path), Flag = memberOf(Set);
        if (Handle.Name == InvalidId || Flag.Name == InvalidId || Flag.Name == Handle.Name ||
            !(Flag.Of == Handle.Of) || !isItself(Set) ||
            (Flag.Variable == RootKind::Local && HandedOut.count(Set)) ||
            (Handle.Variable == RootKind::Local && Flag.Variable == RootKind::Global))
          continue;
        auto Steps =
            Spawn->Path.steps().drop_front(Handle.Of.isKnown() ? Handle.Of.steps().size() + 1 : 0);
        Candidates[{Flag.Name, Handle.Name, Flag.Variable, Handle.Variable}].insert(
            {Steps.begin(), Steps.end()});
      }
  }

  void noteUses() {
    for (const auto &[What, Ignored] : Candidates)
      Uses[What.Flag], Uses[What.Handle];
    for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
      forEachEvent(Unit.Functions[Id], [&](const Event &E) {
        if (E.Kind == EventKind::Call)
          Callers[E.Callee].insert(Id);
        if (E.Kind == EventKind::CallValue && E.Values[0].Callee != InvalidId)
          Callers[E.Values[0].Callee].insert(Id);
        Member M = memberOf(E.Path);
        if (auto Known = Uses.find(M.Name); Known != Uses.end())
          Known->second[Id].insert(M.Of);
      });
  }

  /// The functions in which one of the two is used, and all that call them.
  std::set<FunctionId> concerned(FlagOfThread What) const {
    std::set<FunctionId> Result;
    std::vector<FunctionId> Work;
    auto Add = [&](FunctionId Id) {
      if (Result.insert(Id).second)
        Work.push_back(Id);
    };
    for (EntityId Name : {What.Flag, What.Handle})
      for (const auto &[Id, Ignored] : Uses.at(Name))
        Add(Id);
    while (!Work.empty()) {
      FunctionId Id = Work.back();
      Work.pop_back();
      if (auto Known = Callers.find(Id); Known != Callers.end())
        llvm::for_each(Known->second, Add);
    }
    return Result;
  }

  void settle(FlagOfThread What, const Handles &Reached) {
    std::set<FunctionId> MayChange = concerned(What);
    std::map<FunctionId, std::set<AccessPath>> Objects = Uses.at(What.Flag);
    for (const auto &[Id, Of] : Uses.at(What.Handle))
      Objects[Id].insert(Of.begin(), Of.end());
    struct Known {
      FunctionId In;
      AccessPath Of;
      FlagFlow Flow;
    };
    std::vector<Known> All;
    for (const auto &[Id, Within] : Objects)
      for (const AccessPath &Of : Within) {
        All.push_back({Id, Of, FlagFlow(Unit.Functions[Id], What, Of, MayChange)});
        if (!All.back().Flow.run())
          return;
      }
    for (Known &Each : All)
      addJoins(Unit.Functions[Each.In], Each.Flow, Each.Of, What, Reached);
  }

  static void addJoins(FunctionFacts &Function, FlagFlow &Flow, const AccessPath &Of,
                       FlagOfThread What, const Handles &Reached) {
    std::vector<Event *> Alone = Flow.spawnsAlone(Function);
    std::vector<Edge *> Ways;
    for (uint32_t Index = 0; Index < Function.Blocks.size(); ++Index)
      for (Edge &Way : Function.Blocks[Index].Successors)
        if (Flow.findsZero(Way) && Flow.findsNoThread(Index, Way))
          Ways.push_back(&Way);
    for (Event *Spawn : Alone)
      Spawn->Flags |= Claimed;
    for (Edge *Way : Ways)
      for (const std::vector<PathStep> &Steps : Reached) {
        Event Join;
        Join.Kind = EventKind::Join;
        Join.Where = Way->Events.back().Where;
        Join.Path =
            Of.isKnown() ? Of.field(What.Handle) : AccessPath(What.HandleVariable, What.Handle);
        for (PathStep Step : Steps)
          Join.Path = Join.Path.with(Step);
        Way->Events.push_back(std::move(Join));
      }
  }

  UnitFacts &Unit;
  std::map<FlagOfThread, Handles> Candidates;
  /// By function: the objects of which the number or the handle is a member.
  std::map<EntityId, std::map<FunctionId, std::set<AccessPath>>> Uses;
  std::map<FunctionId, std::set<FunctionId>> Callers;
};

} // namespace

void heddle::settleThreadFlags(UnitFacts &Unit) { Finder(Unit).run(); }
