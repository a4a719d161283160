#include "model/program/CallBinding.h"

using namespace heddle;

const Value *CallBinding::given(const AccessPath &Path) const {
  if (!Path.isGiven())
    return nullptr;
  const std::vector<Value> &Values = Path.root() == RootKind::Parameter ? Slots : Captures;
  return Path.rootId() < Values.size() ? &Values[Path.rootId()] : nullptr;
}

CallBinding heddle::bindCallable(const UnitFacts &Unit, const Value &Target,
                                 llvm::ArrayRef<Value> Arguments) {
  CallBinding Call;
  if (!Target.isCallable())
    return Call;
  Call.Callee = Target.Callee;
  const FunctionFacts &Callee = Unit.Functions[Target.Callee];
  const bool IsBound = Target.What == Value::Closure;
  if (IsBound && !Callee.hasCaptures())
    Call.Slots = Target.Bound;
  else if (!Callee.HasThis)
    Call.Slots.emplace_back();
  if (IsBound && Callee.hasCaptures())
    Call.Captures = Target.Bound;
  Call.Slots.insert(Call.Slots.end(), Arguments.begin(), Arguments.end());
  return Call;
}
