// What is called when the program ends, while threads may go on.
#include "model/program/interpreter/FunctionInterpreter.h"

#include <algorithm>

using namespace heddle;

void FunctionInterpreter::noteAtExit(const Value &Callable) {
  constexpr size_t Most = 8;
  bool IsKnown =
      std::find(Result.AtExit.begin(), Result.AtExit.end(), Callable) != Result.AtExit.end();
  if (IsRecording && Callable.isKnown() && !IsKnown && Result.AtExit.size() < Most)
    Result.AtExit.push_back(Callable);
}

void FunctionInterpreter::callAtExit() {
  // By the thread that returns from main; those that nobody has joined by then still run.
  if (!Function.IsMain || !In[FunctionFacts::ExitBlock].Reachable)
    return;
  Event E;
  E.Kind = EventKind::CallValue;
  E.Where = Function.BodyEnd;
  const std::vector<Value> Callables = Result.AtExit;
  for (size_t I = Callables.size(); I-- > 0;) {
    AbstractState State = In[FunctionFacts::ExitBlock];
    E.Values = {Callables[I]};
    uint32_t Last = Function.Blocks[FunctionFacts::ExitBlock].Events.size();
    applyCallOfValue(State, E, {FunctionFacts::ExitBlock, Last + static_cast<uint32_t>(I)});
  }
}
