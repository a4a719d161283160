#include "model/program/OnceCycles.h"

#include <algorithm>
#include <deque>
#include <set>

using namespace heddle;

namespace {

/// The search for one place: breadth first over calls, the flag renamed at each of them.
class Search {
public:
  Search(const ValueFlow &Values, FunctionId Wanted) : Values(Values), Wanted(Wanted) {}

  struct Node {
    FunctionId Function;
    AccessPath Flag; ///< As the function names it.
    std::vector<CallStep> Calls;
  };

  void enter(FunctionId Frame, FunctionId Callee, const AccessPath &Flag,
             llvm::ArrayRef<Value> Slots, const Value *Closure, SourceRange Where,
             std::vector<CallStep> Calls) {
    Calls.push_back({Where, Callee});
    auto Add = [&](const AccessPath &There) {
      if (There.isKnown() && Seen.insert({Callee, There}).second)
        Work.push_back({Callee, There, Calls});
    };
    // A global may be handed over as well as be known by its name.
    if (Flag.root() == RootKind::Global && Flag.derefs() == 0)
      Add(Flag);
    Add(renamed(Flag, Slots, Closure));
  }

  /// Follows the call, if it is one.
  void follow(const Event &E, const Node &From) {
    bool IsCall = E.Kind == EventKind::Call || E.Kind == EventKind::CallValue;
    FunctionId Callee = IsCall ? Values.callee(From.Function, E) : InvalidId;
    if (Callee == InvalidId)
      return;
    std::vector<Value> Slots;
    const Value *Closure = nullptr;
    if (E.Kind == EventKind::Call) {
      Slots = E.Values;
    } else {
      Closure = &E.Values[0];
      Slots.resize(Values.firstSlot(E, Callee));
      Slots.insert(Slots.end(), E.Values.begin() + 1, E.Values.end());
    }
    enter(From.Function, Callee, From.Flag, Slots, Closure, E.Where, From.Calls);
  }

  /// The first function that comes to the place again; its place goes into `Again`.
  std::optional<Node> run(SourceRange &Again) {
    constexpr size_t MaxNodes = 2000;
    for (size_t Count = 0; !Work.empty() && Count < MaxNodes; ++Count) {
      Node Next = std::move(Work.front());
      Work.pop_front();
      const FunctionFacts &Function = Values.unit().Functions[Next.Function];
      if (Next.Function == Wanted)
        return Next;
      if (Wanted == InvalidId)
        for (const OnceCall &Inner : Function.OnceCalls)
          if (Inner.Flag == Next.Flag) {
            Again = Inner.Where;
            return Next;
          }
      forEachEvent(Function, [&](const Event &E) { follow(E, Next); });
    }
    return std::nullopt;
  }

private:
  /// The flag by what the callee is given.
  static AccessPath renamed(const AccessPath &Flag, llvm::ArrayRef<Value> Slots,
                            const Value *Closure) {
    auto Through = [&](const Value &Given, RootKind Kind, uint32_t Slot) {
      AccessPath Base = Given.pointee();
      return Base.isKnown() && Flag.startsWith(Base)
                 ? Flag.rebased(AccessPath(Kind, Slot).deref(), Base.steps().size())
                 : AccessPath();
    };
    for (uint32_t Slot = 0; Slot < Slots.size(); ++Slot)
      if (AccessPath There = Through(Slots[Slot], RootKind::Parameter, Slot); There.isKnown())
        return There;
    if (Closure && Closure->What == Value::Closure)
      for (uint32_t Slot = 0; Slot < Closure->Bound.size(); ++Slot)
        if (AccessPath There = Through(Closure->Bound[Slot], RootKind::Capture, Slot);
            There.isKnown())
          return There;
    return {};
  }

  const ValueFlow &Values;
  FunctionId Wanted; ///< The function to come back to; any that uses the flag if invalid.
  std::deque<Node> Work;
  std::set<std::pair<FunctionId, AccessPath>> Seen;
};

/// Whether every way through the function comes to the static: to the branch that asks whether it
/// has been initialised.
bool isUnavoidable(const FunctionFacts &Function, EntityId Static) {
  auto Asks = [&](const Block &B) {
    return std::any_of(B.Successors.begin(), B.Successors.end(), [&](const Edge &Way) {
      return std::any_of(Way.Events.begin(), Way.Events.end(), [&](const Event &E) {
        return E.Kind == EventKind::Wait && E.Path.root() == RootKind::Global &&
               E.Path.rootId() == Static;
      });
    });
  };
  std::set<uint32_t> Reached{FunctionFacts::EntryBlock};
  std::vector<uint32_t> Work{FunctionFacts::EntryBlock};
  while (!Work.empty()) {
    uint32_t Next = Work.back();
    Work.pop_back();
    if (Asks(Function.Blocks[Next]))
      continue;
    if (Next == FunctionFacts::ExitBlock)
      return false;
    for (const Edge &Way : Function.Blocks[Next].Successors)
      if (Reached.insert(Way.To).second)
        Work.push_back(Way.To);
  }
  return true;
}

void addOnceCalls(const ValueFlow &Values, FunctionId Id, std::vector<OnceCycle> &Out) {
  for (const OnceCall &Once : Values.unit().Functions[Id].OnceCalls) {
    FunctionId Callee = Values.callable(Id, Once.Callable);
    if (Callee == InvalidId || Once.Flag.subject() == InvalidId)
      continue;
    Search Ways(Values, InvalidId);
    std::vector<Value> Slots;
    if (Once.Callable.What == Value::Closure && !Values.unit().Functions[Callee].IsLambda)
      Slots = Once.Callable.Bound;
    // A member function's pointer is called on the argument behind it.
    forEachEvent(Values.unit().Functions[Id], [&](const Event &E) {
      if (E.Kind == EventKind::CallValue && E.Where == Once.Where && Slots.empty() &&
          Values.unit().Functions[Callee].HasThis)
        Slots.assign(E.Values.begin() + 1, E.Values.end());
    });
    Ways.enter(Id, Callee, Once.Flag, Slots, &Once.Callable, Once.Where, {});
    SourceRange Again;
    if (auto Found = Ways.run(Again))
      Out.push_back({Id, Once.Flag.subject(), Once.Where, Again, false, std::move(Found->Calls)});
  }
}

void addStatics(const ValueFlow &Values, FunctionId Id, std::vector<OnceCycle> &Out) {
  const FunctionFacts &Function = Values.unit().Functions[Id];
  for (const StaticInitializer &Static : Function.StaticInitializers) {
    if (!isUnavoidable(Function, Static.Variable))
      continue;
    Search Ways(Values, Id);
    Search::Node Start{Id, {RootKind::Global, Static.Variable}, {}};
    forEachEvent(Function, [&](const Event &E) {
      if (E.Where.File == Static.Text.File && E.Where.Begin >= Static.Text.Begin &&
          E.Where.End <= Static.Text.End)
        Ways.follow(E, Start);
    });
    SourceRange Again = Static.Text;
    if (auto Found = Ways.run(Again))
      Out.push_back({Id, Static.Variable, Static.Text, Again, true, std::move(Found->Calls)});
  }
}

} // namespace

std::vector<OnceCycle> heddle::onceCycles(const ValueFlow &Values) {
  std::vector<OnceCycle> Result;
  for (FunctionId Id = 0; Id < Values.unit().Functions.size(); ++Id) {
    addOnceCalls(Values, Id, Result);
    addStatics(Values, Id, Result);
  }
  return Result;
}
