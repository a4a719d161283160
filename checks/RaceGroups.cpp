#include "checks/RaceGroups.h"

#include <algorithm>

using namespace heddle;

bool RaceGroup::takes(const ConcurrentPair &Race) const {
  return Race.First.Path.subject() == Subject &&
         (Paths.count(Race.First.Path) || Places.count(Race.First.Where) ||
          Places.count(Race.Second.Where));
}

void RaceGroup::add(const ConcurrentPair &Race) {
  Subject = Race.First.Path.subject();
  // What stands for one object in a frame may be another's elsewhere: slots are not names.
  // Which elements of an array meet is for each place to say.
  if (!Race.First.Path.isGiven() && Race.First.Path.isPrecise())
    Paths.insert(Race.First.Path);
  Places.insert({Race.First.Where, Race.Second.Where});
  Races.push_back(&Race);
}

std::vector<RaceGroup>
heddle::groupRaces(const ProgramModel &Program, RaceCause Cause,
                   llvm::function_ref<bool(const ConcurrentPair &)> IsToldElsewhere) {
  std::vector<RaceGroup> Groups;
  for (const ConcurrentPair &Race : Program.races()) {
    bool IsToldByLock = Cause == RaceCause::NoProtection && sharedGuard(Race);
    if (Race.Cause != Cause || IsToldByLock || (IsToldElsewhere && IsToldElsewhere(Race)))
      continue;
    auto Known = std::find_if(Groups.begin(), Groups.end(),
                              [&](const RaceGroup &Group) { return Group.takes(Race); });
    (Known != Groups.end() ? *Known : Groups.emplace_back()).add(Race);
  }
  return Groups;
}

const HeldLock *heddle::sharedGuard(const ConcurrentPair &Race) {
  for (const HeldLock &Held : Race.First.Locks)
    for (const HeldLock &Other : Race.Second.Locks)
      if (Held.IsShared && Other.IsShared && Held.Path.isKnown() && Held.Path == Other.Path)
        return Race.First.isWrite() ? &Held : nullptr;
  return nullptr;
}

/// The object has a name of its own and no storage that is given back.
static bool isNamedObject(const Operation &Op) {
  if (Op.Flags & Dispatch) // its destructor has begun
    return true;
  return !Op.LocalPath.steps().empty() ? Op.LocalPath.steps().back().What == PathStep::Field
                                       : Op.LocalPath.root() != RootKind::Heap;
}

std::string heddle::verb(const Operation &Op) {
  if (Op.Flags & Ends)
    return Op.Flags & Descriptor ? "closes" : isNamedObject(Op) ? "destroys" : "frees";
  if (Op.Flags & (Usage | Descriptor))
    return "uses";
  if (Op.Flags & Container)
    return Op.isWrite() ? "changes" : "uses";
  return Op.isWrite() ? "writes" : "reads";
}

std::string heddle::participle(const Operation &Op) {
  if (Op.Flags & Ends)
    return Op.Flags & Descriptor ? "closed" : isNamedObject(Op) ? "destroyed" : "freed";
  return Op.isWrite() ? "written" : Op.Flags & (Usage | Descriptor) ? "used" : "read";
}

std::string heddle::nameOf(const ProgramModel &Program, const Operation &Op) {
  AccessPath Named = Op.LocalPath;
  // What is freed or closed goes by the name of the pointer or number that stands for it.
  while ((Op.Flags & (Ends | Descriptor)) && !Named.steps().empty() &&
         Named.steps().back().What == PathStep::Deref)
    Named = Named.prefix(Named.steps().size() - 1);
  std::string Name = Program.spell(Named, Op.In);
  if (!Name.empty())
    return "'" + Name + "'";
  EntityId Subject = Op.Path.subject();
  return Subject == InvalidId ? "an object" : "'" + Program.unit().Entities[Subject].Name + "'";
}

std::string heddle::subjectName(const ProgramModel &Program, const Operation &Op) {
  EntityId Subject = Op.Path.subject();
  return Subject == InvalidId ? nameOf(Program, Op)
                              : "'" + Program.unit().Entities[Subject].Name + "'";
}

bool heddle::isHandedOver(const Operation &A, const Operation &B) {
  return isOrdered(A, B) || areOrderedByNotice(A.Told, A.Noticed, B.Told, B.Noticed);
}

std::set<EntityId> heddle::subjectsInThreads(const ProgramModel &Program) {
  std::set<EntityId> Result;
  for (const ThreadRun &Run : Program.threads())
    for (const Operation &Op : Run.Operations)
      Result.insert(Op.Path.subject());
  return Result;
}
