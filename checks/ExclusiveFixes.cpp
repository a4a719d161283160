#include "checks/ExclusiveFixes.h"

#include "model/facts/ValueFlow.h"

using namespace heddle;

std::optional<Fix> heddle::lockExclusively(const ProgramModel &Program, FunctionId In,
                                           const HeldLock &Held) {
  const UnitFacts &Unit = Program.unit();
  const Event *Made = nullptr;
  forEachEvent(Unit.Functions[In], [&](const Event &E) {
    if (E.Kind == EventKind::GuardMake && E.Where == Held.Where)
      Made = &E;
  });
  if (!Made || Made->Path.root() != RootKind::Local || !Made->Path.isRootOnly())
    return std::nullopt;
  const Entity &Guard = Unit.Entities[Made->Path.rootId()];
  EntityId Lock = Held.Path.subject();
  if (Guard.ExclusiveForm.empty() || !Guard.TypeWritten.isValid() || Lock == InvalidId)
    return std::nullopt;
  SourceRange Name = Guard.TemplateName.isValid() ? Guard.TemplateName : Guard.TypeWritten;
  return Fix{"hold '" + Unit.Entities[Lock].Name + "' exclusively",
             FixSafety::Safe,
             {{Unit.resolve(Name), Guard.ExclusiveForm}},
             {Guard.ExclusiveFormHeader}};
}
