// Which functions signals interrupt the program with, and what those can reach.
#ifndef HEDDLE_MODEL_PROGRAM_SIGNALHANDLERS_H
#define HEDDLE_MODEL_PROGRAM_SIGNALHANDLERS_H

#include "model/program/ControlFlow.h"
#include "model/program/Operation.h"

#include <map>
#include <optional>
#include <set>

namespace heddle {

/// How a function was first reached from a handler.
struct HandlerArrival {
  FunctionId Caller = InvalidId;
  SourceRange Site;
};

struct SignalHandler {
  FunctionId Entry = InvalidId;
  struct Install {
    FunctionId In = InvalidId;
    SourceRange Where;
    uint32_t Index = InvalidId; ///< Into UnitFacts::HandlerInstalls.
  };
  std::vector<Install> Installs;                ///< In source order.
  std::map<FunctionId, HandlerArrival> Reached; ///< What it runs, itself included.
  std::vector<FunctionId> Order;                ///< The same, nearest first.
};

/// A live event of a function that a handler runs.
struct HandlerEvent {
  FunctionId In = InvalidId;
  const Event *What = nullptr;
};

/// The handlers that a unit installs and defines, in source order. A handler that is kept somewhere
/// is followed through the variable of the function that installs it, and through its parameters to
/// callers; others stay unknown. Const once built; the ValueFlow and ControlFlow must outlive it.
class SignalHandlers {
public:
  SignalHandlers(const ValueFlow &Values, const ControlFlow &Flow);

  const std::vector<SignalHandler> &handlers() const { return Handlers; }
  /// Whether some handler runs the function.
  bool runs(FunctionId Id) const { return Running.count(Id) > 0; }
  /// What the handler does, nearest functions first.
  std::vector<HandlerEvent> events(const SignalHandler &Handler) const;
  const SignalHazard *hazard(const Event &E) const {
    return E.Kind == EventKind::Hazard ? &Unit.SignalHazards[E.Values[0].Number] : nullptr;
  }
  bool does(const SignalHandler &Handler, SignalHazard::Kind What) const;
  /// Whether it is there for a program that has failed: after a fault of its own, or to end it as
  /// broken.
  bool endsProgram(const SignalHandler &Handler) const;
  /// Whether the loop waits for signals, and the handler of one never comes back.
  bool endWait(FunctionId In, const Trap &Loop) const;
  /// Of a global that nothing says to be shared, or of a member of one.
  bool isPlainWrite(const Event &E) const;
  /// Whether the handler writes something that is made to be looked at by others.
  bool setsFlag(const SignalHandler &Handler) const;
  /// A read outside of handlers, where no signals are kept off, of the object or a part of it.
  std::optional<HandlerEvent> readElsewhere(const AccessPath &Path) const;
  /// The handler's own call that leads to `In`; invalid if that is the handler.
  SourceRange ownCall(const SignalHandler &Handler, FunctionId In) const;
  /// The calls from the handler to `In`, outermost first.
  std::vector<CallStep> calls(const SignalHandler &Handler, FunctionId In) const;

private:
  static constexpr unsigned MaxDepth = 4;
  void install(FunctionId Frame, const Value &V, const SignalHandler::Install &At, unsigned Depth);
  /// The values that may stand in the object when it is handed over at `At`.
  std::vector<const Value *> valuesIn(const AccessPath &Object, const SignalHandler::Install &At,
                                      FunctionId Frame) const;
  void follow(SignalHandler &Handler);
  /// What the function does as a part of the handler.
  std::vector<const Event *> eventsOf(const SignalHandler &Handler, FunctionId Id) const;
  /// What a variable may be when the handler runs; nothing if that cannot be told.
  using Numbers = std::optional<std::set<int64_t>>;
  const Numbers &numbers(const SignalHandler &Handler, EntityId Variable) const;
  Numbers findNumbers(const SignalHandler &Handler, EntityId Variable) const;
  /// Whether every way to the place where the handler is installed sets the variable.
  bool isSetBefore(const SignalHandler::Install &At, EntityId Variable) const;
  /// The blocks that the handler may enter, as far as the variables tell that it asks about: one
  /// that is set only while signals are kept off is never found set.
  std::vector<bool> enterable(const SignalHandler &Handler, FunctionId Id) const;
  bool keepsSignalsOff(FunctionId Id) const;

  const ValueFlow &Values;
  const UnitFacts &Unit;
  const ControlFlow &Flow;
  std::vector<SignalHandler> Handlers;
  std::set<FunctionId> Running;
  mutable std::map<std::pair<FunctionId, EntityId>, Numbers> Known; ///< By handler.
};

} // namespace heddle

#endif
