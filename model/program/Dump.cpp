// Fact families as text, for golden tests and for people who wonder what the model sees.
#include "model/program/ProgramModel.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

#include <algorithm>

using namespace heddle;

namespace {

/// Collects lines with their place and prints them in source order, equal lines once.
class SortedLines {
public:
  SortedLines(const UnitFacts &Unit, llvm::StringRef Family) : Unit(Unit), Family(Family) {}

  void add(SourceRange Where, std::string Text) { Lines.emplace_back(Where, std::move(Text)); }

  void print(llvm::raw_ostream &Out) {
    llvm::sort(Lines);
    Lines.erase(std::unique(Lines.begin(), Lines.end()), Lines.end());
    for (const auto &[Where, Text] : Lines)
      Out << Family << ": " << llvm::sys::path::filename(Unit.Files[Where.File]) << ":"
          << Where.Line << ":" << Where.Column << ": " << Text << "\n";
  }

private:
  const UnitFacts &Unit;
  llvm::StringRef Family;
  std::vector<std::pair<SourceRange, std::string>> Lines;
};

std::string nameOf(const UnitFacts &Unit, FunctionId Id) {
  return Id == InvalidId ? "?" : Unit.Functions[Id].Name;
}

std::string orUnknown(const std::string &Text) { return Text.empty() ? "?" : Text; }

std::string spellLocks(const ProgramModel &Program, const std::vector<HeldLock> &Locks,
                       FunctionId In) {
  std::string Text;
  for (const HeldLock &Lock : Locks)
    Text += (Text.empty() ? "" : ", ") + orUnknown(Program.spell(Lock.Path, In)) +
            (Lock.IsShared ? " (shared)" : "");
  return "{" + Text + "}";
}

const char *nameOf(EventKind Kind) {
  switch (Kind) {
  case EventKind::Read:
    return "read";
  case EventKind::Write:
    return "write";
  case EventKind::Update:
    return "update";
  case EventKind::Send:
    return "send";
  case EventKind::Receive:
    return "receive";
  case EventKind::Close:
    return "close";
  case EventKind::ChannelMake:
    return "make";
  case EventKind::CancelMake:
    return "derive";
  case EventKind::Cancel:
    return "cancel";
  case EventKind::Escape:
    return "hand over";
  case EventKind::TokenTaken:
    return "token";
  default:
    return "?";
  }
}

template <typename Visit> void forEachEvent(const UnitFacts &Unit, Visit See) {
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    for (const Block &B : Unit.Functions[Id].Blocks)
      for (const Event &E : B.Events)
        See(Id, E);
}

void dumpThreads(const ProgramModel &Program, SortedLines &Lines) {
  for (const ThreadRun &Run : Program.threads()) {
    FunctionId In = Run.Origin->Spawner;
    Lines.add(Run.Origin->Spawn, nameOf(Program.unit(), In) + " starts " +
                                     nameOf(Program.unit(), Run.Origin->Entry) + " as " +
                                     orUnknown(Program.spell(Run.Handle, In)));
  }
  const UnitFacts &Unit = Program.unit();
  forEachEvent(Unit, [&](FunctionId In, const Event &E) {
    const char *What = E.Kind == EventKind::Join         ? " joins "
                       : E.Kind == EventKind::Detach     ? " detaches "
                       : E.Kind == EventKind::StopThread ? " stops "
                                                         : nullptr;
    if (What)
      Lines.add(E.Where, nameOf(Unit, In) + What + orUnknown(Program.spell(E.Path, In)));
  });
}

void dumpAccesses(const ProgramModel &Program, SortedLines &Lines) {
  const UnitFacts &Unit = Program.unit();
  auto Show = [&](const Operation &Op, FunctionId Frame) {
    if (!Op.isAccess())
      return;
    Lines.add(Op.Where,
              nameOf(Unit, Op.In) + ": " + nameOf(Op.Kind) + " " +
                  orUnknown(Program.spell(Op.In == Frame ? Op.LocalPath : Op.Path, Frame)) +
                  (Op.Flags & Atomic ? " atomic" : "") + " holding " +
                  spellLocks(Program, Op.Locks, Frame));
  };
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    for (const Operation &Op : Program.summary(Id).Operations)
      if (Op.In == Id)
        Show(Op, Id);
  for (const ThreadRun &Run : Program.threads())
    for (const Operation &Op : Run.Operations)
      Show(Op, Run.Origin->Spawner);
}

} // namespace

void ProgramModel::dump(llvm::StringRef Family, llvm::raw_ostream &Out) const {
  SortedLines Lines(Facts, Family);
  if (Family == "threads") {
    dumpThreads(*this, Lines);
  } else if (Family == "locks") {
    for (const LockSetAt &At : LockSets)
      Lines.add(At.Where, nameOf(Facts, At.In) + " holds " + spellLocks(*this, At.Held, At.In));
    for (const Entity &E : Facts.Entities)
      for (const AnnotatedLock &Lock : E.GuardedBy)
        if (EntityId Guard = Lock.Path.subject(); Guard != InvalidId)
          Lines.add(E.Declaration, (Lock.OfPointee ? "what " + E.Name + " points to" : E.Name) +
                                       " is guarded by " + Facts.Entities[Guard].Name);
  } else if (Family == "accesses") {
    dumpAccesses(*this, Lines);
  } else if (Family == "channels" || Family == "contexts") {
    bool WantsChannels = Family == "channels";
    forEachEvent(Facts, [&](FunctionId In, const Event &E) {
      bool IsChannel = E.Kind == EventKind::ChannelMake || E.Kind == EventKind::Send ||
                       E.Kind == EventKind::Receive || E.Kind == EventKind::Close;
      bool IsContext = E.Kind == EventKind::CancelMake || E.Kind == EventKind::Cancel ||
                       E.Kind == EventKind::TokenTaken;
      if (WantsChannels ? IsChannel : IsContext)
        Lines.add(E.Where,
                  nameOf(Facts, In) + ": " + nameOf(E.Kind) + " " + orUnknown(spell(E.Path, In)) +
                      (E.has(Semaphore) ? " semaphore" : "") + (E.has(Ranged) ? " ranged" : ""));
    });
    for (const MissedObligation &Owed : Missed)
      if (!WantsChannels)
        Lines.add(Owed.Made, nameOf(Facts, Owed.In) + ": owes " +
                                 orUnknown(spell(Owed.Object, Owed.In)) +
                                 (Owed.NeverMet ? " on every way" : " on some way"));
  }
  Lines.print(Out);
}
