// An atomic operation with a memory order that it cannot have.
#include "checks/Check.h"
#include "model/program/ProgramModel.h"

#include "llvm/ADT/StringRef.h"

#include <algorithm>
#include <set>

using namespace heddle;

namespace {

constexpr llvm::StringLiteral Words[] = {"relaxed", "consume", "acquire",
                                         "release", "acq_rel", "seq_cst"};

llvm::StringRef wordFor(MemoryOrder Order) { return Words[static_cast<unsigned>(Order)]; }

/// The order that was meant; the same where the given one is allowed.
MemoryOrder allowedForLoad(MemoryOrder Order) {
  switch (Order) {
  case MemoryOrder::Release:
  case MemoryOrder::AcquireRelease:
    return MemoryOrder::Acquire;
  default:
    return Order;
  }
}

MemoryOrder allowedForStore(MemoryOrder Order) {
  switch (Order) {
  case MemoryOrder::Consume:
  case MemoryOrder::Acquire:
  case MemoryOrder::AcquireRelease:
    return MemoryOrder::Release;
  default:
    return Order;
  }
}

/// What a failure may be ordered by at most, when a success is ordered like this.
MemoryOrder readPart(MemoryOrder Order) {
  switch (Order) {
  case MemoryOrder::Release:
    return MemoryOrder::Relaxed;
  case MemoryOrder::AcquireRelease:
    return MemoryOrder::Acquire;
  default:
    return Order;
  }
}

void report(const ProgramModel &Program, const FunctionFacts &In, const AtomicOperation &Op,
            const OrderArgument &Given, MemoryOrder Allowed, llvm::StringRef Why, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  Finding F;
  F.Message = Why.str();
  F.Primary = Unit.resolve(Given.Written.isValid() ? Given.Written : Op.Where);
  F.Sureness = Confidence::Certain;
  EntityId Subject = Op.Path.subject();
  F.Identity = In.Usr + (Subject == InvalidId ? "" : " " + Unit.Entities[Subject].Usr);
  llvm::StringRef Text = Given.Text;
  std::string Old = wordFor(Given.Order).str(), New = wordFor(Allowed).str();
  if (!Text.ends_with(Old)) { // __ATOMIC_RELEASE
    Old = llvm::StringRef(Old).upper();
    New = llvm::StringRef(New).upper();
  }
  if (Given.Written.isValid() && Text.ends_with(Old)) {
    std::string Fixed = Text.drop_back(Old.size()).str() + New;
    F.Fixes.push_back({"order it with '" + Fixed + "'",
                       FixSafety::Safe,
                       {{Unit.resolve(Given.Written), Fixed}},
                       {}});
  }
  Out.report(std::move(F));
}

void look(const ProgramModel &Program, const FunctionFacts &In, const AtomicOperation &Op,
          Reporter &Out) {
  auto Known = [](const OrderArgument &A) { return A.Order != MemoryOrder::Unknown; };
  if (Op.What == AtomicOperation::Load || Op.What == AtomicOperation::Store) {
    bool IsLoad = Op.What == AtomicOperation::Load;
    if (!Known(Op.Order))
      return;
    MemoryOrder Allowed = IsLoad ? allowedForLoad(Op.Order.Order) : allowedForStore(Op.Order.Order);
    if (Allowed == Op.Order.Order)
      return;
    std::string Word = wordFor(Op.Order.Order).str();
    report(Program, In, Op, Op.Order, Allowed,
           IsLoad ? "a load cannot be ordered with '" + Word +
                        "': it stores nothing that could be released; the behaviour is undefined"
                  : "a store cannot be ordered with '" + Word +
                        "': it loads nothing that could be acquired; the behaviour is undefined",
           Out);
    return;
  }
  if (Op.What != AtomicOperation::CompareExchange || !Op.Failure.Written.isValid() ||
      !Known(Op.Failure))
    return;
  MemoryOrder Failure = Op.Failure.Order;
  std::string Word = wordFor(Failure).str();
  if (Failure == MemoryOrder::Release || Failure == MemoryOrder::AcquireRelease) {
    report(Program, In, Op, Op.Failure, readPart(Failure),
           "a compare-and-swap that fails only loads, and cannot be ordered with '" + Word +
               "'; the behaviour is undefined",
           Out);
    return;
  }
  if (!Op.LimitsFailure || !Known(Op.Order))
    return;
  // Before C++17 the failure may not be ordered more strongly than the success.
  MemoryOrder Most = readPart(Op.Order.Order);
  if (Failure > Most)
    report(Program, In, Op, Op.Failure, Most,
           "before C++17 the order of a failure ('" + Word +
               "') must not be stronger than that of a success ('" + wordFor(Op.Order.Order).str() +
               "')",
           Out);
}

void run(const ProgramModel &Program, Reporter &Out) {
  std::set<SourceRange> Seen; // instances of a template share their text
  for (const FunctionFacts &Function : Program.unit().Functions)
    for (const AtomicOperation &Op : Function.Atomics)
      if (Seen.insert(Op.Where).second)
        look(Program, Function, Op, Out);
}

} // namespace

namespace heddle::checks {
extern const Check InvalidMemoryOrder;
const Check InvalidMemoryOrder{run};
} // namespace heddle::checks
