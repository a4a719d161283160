// B12: a primitive that is torn down while it is locked or waited on, or used after its end.
#include "checks/Check.h"
#include "checks/PrimitiveWords.h"

#include <set>

using namespace heddle;

namespace {

struct Words {
  std::string Message, Before;
};

Words words(const PrimitiveMisuse &Misuse, const std::string &Name) {
  switch (Misuse.What) {
  case PrimitiveMisuse::UsedAfterEnd:
    if (Misuse.IsFreed)
      return {Name + " is used here, but its memory has been given back",
              "the memory is given back here"};
    return {Name + " is used here after it was destroyed", "destroyed here"};
  case PrimitiveMisuse::TornDownTwice:
    return {Name + " is destroyed a second time", "destroyed here already"};
  case PrimitiveMisuse::TornDownLocked:
    return {Name + " is destroyed while this thread holds it: whoever waits for it waits for ever, "
                   "or wakes up in memory that is no lock any more",
            "locked here, and not unlocked since"};
  case PrimitiveMisuse::FreedLocked:
    return {"the memory of " + Name +
                " is given back while this thread holds it: the unlock, and every thread that "
                "waits for it, will touch freed memory",
            "locked here, and not unlocked since"};
  case PrimitiveMisuse::LeftLocked:
    return {Name + " is still locked when its life ends here",
            "locked here, and not unlocked since"};
  case PrimitiveMisuse::TornDownInUse:
    return {
        Name +
            " is destroyed here while another thread may still be inside its wait: a wait that is "
            "over here need not be over there; join that thread first",
        "another thread, which is not joined yet, waits here"};
  default:
    return {};
  }
}

void report(const ProgramModel &Program, const PrimitiveMisuse &Misuse, Reporter &Out) {
  Words Text = words(Misuse, quotePrimitive(Program, Misuse, "the object"));
  if (!Text.Message.empty())
    Out.report(primitiveFinding(Program, Misuse, Text.Message, Text.Before));
}

void run(const ProgramModel &Program, Reporter &Out) {
  std::set<SourceRange> Told;
  for (const PrimitiveMisuse &Misuse : Program.primitiveMisuses())
    if (Misuse.What != PrimitiveMisuse::SetUpTwice && Misuse.What != PrimitiveMisuse::NeverSetUp &&
        Told.insert(Misuse.Use.Where).second)
      report(Program, Misuse, Out);
}

} // namespace

namespace heddle::checks {
extern const Check DestroyedWhileUsed;
const Check DestroyedWhileUsed{run};
} // namespace heddle::checks
