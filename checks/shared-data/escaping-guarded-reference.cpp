// A11: a reference, pointer, iterator or view of guarded data that outlives the critical section.
#include "checks/Check.h"
#include "checks/StoryTeller.h"

#include <optional>
#include <set>

using namespace heddle;

namespace {

std::string nameOf(const UnitFacts &Unit, EntityId Id) {
  return Id == InvalidId ? "the data" : "'" + Unit.Entities[Id].Name + "'";
}

std::string message(const UnitFacts &Unit, const EscapedReference &Escape,
                    const std::string &Object, const std::string &Lock) {
  if (Escape.How == EscapedReference::Used)
    return nameOf(Unit, Escape.Holder.subject()) + " refers to " + Object +
           ", and is used here after " + Lock + ", which guards it, was unlocked";
  std::string Done = Escape.How == EscapedReference::Stored ? " is stored for the caller, but "
                                                            : " is returned, but ";
  return "a reference to " + Object + Done + Lock + ", which guards it, is unlocked on the way out";
}

/// The reader without the lock beside the writer with it.
void tell(const ProgramModel &Program, const EscapedReference &Escape, const std::string &Object,
          const std::string &Lock, Finding &F) {
  const UnitFacts &Unit = Program.unit();
  bool IsUsed = Escape.How == EscapedReference::Used;
  ThreadStory Reader, Writer;
  Reader.Name = IsUsed ? "the thread in " + quoteFunction(Unit, Escape.In)
                       : "the caller of " + quoteFunction(Unit, Escape.In);
  Reader.Steps.push_back({Unit.resolve(Escape.Locks[0].Where), "takes " + Lock, false});
  if (IsUsed)
    Reader.Steps.push_back({Unit.resolve(Escape.Made), "gets a way to " + Object, false});
  Reader.Steps.push_back({Unit.resolve(Escape.Where),
                          IsUsed ? "uses it without " + Lock
                                 : "gets a way to " + Object + " and uses it without " + Lock,
                          false});
  Writer.Name = "another thread in " + quoteFunction(Unit, Escape.WrittenIn);
  Writer.Steps.push_back(
      {Unit.resolve(Escape.WrittenAt), "changes " + Object + " at the same time", false});
  Writer.LocksHeld.push_back(Program.spell(Escape.Locks[0].Path, Escape.In));
  F.Threads.push_back(std::move(Reader));
  F.Threads.push_back(std::move(Writer));
}

std::optional<Fix> returnCopy(const UnitFacts &Unit, const EscapedReference &Escape) {
  const FunctionFacts &Function = Unit.Functions[Escape.In];
  if (Escape.How != EscapedReference::Returned || !Function.ReturnReference.isValid())
    return std::nullopt;
  Fix Result{
      "return a copy", FixSafety::Unsafe, {{Unit.resolve(Function.ReturnReference), ""}}, {}};
  if (Function.ReturnConst.isValid())
    Result.Edits.push_back({Unit.resolve(Function.ReturnConst), ""});
  return Result;
}

void report(const ProgramModel &Program, const EscapedReference &Escape, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  EntityId Subject = Escape.Object.subject(), Guard = Escape.Locks[0].Path.subject();
  std::string Object = nameOf(Unit, Subject), Lock = nameOf(Unit, Guard);
  Finding F;
  F.Message = message(Unit, Escape, Object, Lock);
  F.Primary = Unit.resolve(Escape.Where);
  if (Escape.How == EscapedReference::Used)
    F.Notes.push_back({Unit.resolve(Escape.Made), "the way to " + Object + " is taken here"});
  F.Notes.push_back({Unit.resolve(Escape.WrittenAt),
                     Object + " is changed here under " + Lock + ", at any time"});
  tell(Program, Escape, Object, Lock, F);
  if (std::optional<Fix> Copy = returnCopy(Unit, Escape))
    F.Fixes.push_back(std::move(*Copy));
  F.Identity = Unit.Functions[Escape.In].Usr +
               (Subject == InvalidId ? "" : " " + Unit.Entities[Subject].Usr);
  Out.report(std::move(F));
}

} // namespace

namespace heddle::checks {
extern const Check EscapingGuardedReference;
const Check EscapingGuardedReference{[](const ProgramModel &Program, Reporter &Out) {
  std::set<std::pair<FunctionId, AccessPath>> Told;
  for (const EscapedReference &Escape : Program.escapedReferences())
    if (Escape.How != EscapedReference::Used || Told.insert({Escape.In, Escape.Holder}).second)
      report(Program, Escape, Out);
}};
} // namespace heddle::checks
