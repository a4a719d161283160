#include "checks/TestedWrites.h"

#include "llvm/ADT/STLExtras.h"

#include <set>

using namespace heddle;

namespace {

bool isWriteEvent(const Event &E) {
  return E.Kind == EventKind::Write || E.Kind == EventKind::Update;
}

/// The ways of one function between a test and a write.
class WaysToWrite {
public:
  WaysToWrite(const UnitFacts &Unit, FunctionId In, const AccessPath &Path, SourceRange Write)
      : Unit(Unit), Function(Unit.Functions[In]), Path(Path) {
    for (uint32_t B = 0; B < Function.Blocks.size(); ++B)
      for (const auto &[At, E] : llvm::enumerate(Function.Blocks[B].Events))
        if (isWriteEvent(E) && E.Where == Write && E.Path == Path) {
          Block = B;
          Index = At;
          IsConstant = E.has(FixedValue);
        }
  }

  bool leadThroughTest() const {
    if (Block == InvalidId)
      return false;
    for (uint32_t B = 0; B < Function.Blocks.size(); ++B)
      if (Function.Blocks[B].Successors.size() > 1 && looksAtIt(B) && decides(B))
        return true;
    return false;
  }

private:
  bool isOnItsOwn(const Event &E) const {
    return E.Statement != InvalidId && Unit.Statements[E.Statement].InBlock &&
           Unit.Statements[E.Statement].IsExpression;
  }

  bool looksAtIt(uint32_t B) const {
    for (const auto &[At, E] : llvm::enumerate(Function.Blocks[B].Events)) {
      bool IsLook = (E.Kind == EventKind::Read || E.Kind == EventKind::Update) && E.Path == Path;
      // What goes into the write itself is not what its block asks about, nor are statements of
      // their own.
      if (!IsLook || (B == Block && At <= Index) || isOnItsOwn(E))
        continue;
      bool IsLoop = llvm::any_of(Function.Loops,
                                 [&](const Loop &L) { return L.Condition.encloses(E.Where); });
      if (!IsLoop || !IsConstant)
        return true;
    }
    return false;
  }

  /// One way leads to the write, and another one past it.
  bool decides(uint32_t Test) const {
    bool Leads = false, Passes = false;
    for (const Edge &Way : Function.Blocks[Test].Successors) {
      Leads |= reaches(Way.To, Block, InvalidId);
      Passes |= reaches(Way.To, FunctionFacts::ExitBlock, Block) || reaches(Way.To, Test, Block);
    }
    return Leads && Passes;
  }

  bool reaches(uint32_t From, uint32_t To, uint32_t Without) const {
    std::vector<bool> Seen(Function.Blocks.size());
    std::vector<uint32_t> Work{From};
    while (!Work.empty()) {
      uint32_t At = Work.back();
      Work.pop_back();
      Leaving Leaves = Function.Blocks[At].Leaves;
      if (At == Without || Seen[At] || Leaves == Leaving::Aborts || Leaves == Leaving::GivesUp)
        continue;
      if (At == To)
        return true;
      Seen[At] = true;
      for (const Edge &Way : Function.Blocks[At].Successors)
        Work.push_back(Way.To);
    }
    return false;
  }

  const UnitFacts &Unit;
  const FunctionFacts &Function;
  const AccessPath &Path;
  uint32_t Block = InvalidId;
  size_t Index = 0;
  bool IsConstant = false;
};

bool isTested(const UnitFacts &Unit, const Operation &Op) {
  // A helper was asked.
  bool IsAnswered = Op.Tests && !(Op.Flags & FixedValue) &&
                    llvm::any_of(*Op.Tests, [&](const ValueTest &T) { return T.In != Op.In; });
  return IsAnswered || isTestedBeforeWrite(Unit, Op.In, Op.LocalPath, Op.Where);
}

} // namespace

bool heddle::isTestedBeforeWrite(const UnitFacts &Unit, FunctionId In, const AccessPath &Path,
                                 SourceRange Write) {
  return Path.isKnown() && WaysToWrite(Unit, In, Path, Write).leadThroughTest();
}

bool heddle::isTestedByWriters(const ProgramModel &Program,
                               const std::vector<const ConcurrentPair *> &Races) {
  std::set<SourceRange> LookedAt; // Some meet a thousand others.
  auto IsTestedHere = [&](const Operation &Op) {
    return LookedAt.insert(Op.Where).second && isTested(Program.unit(), Op);
  };
  return llvm::any_of(Races, [&](const ConcurrentPair *Race) {
    return Race->First.isWrite() && Race->Second.isWrite() &&
           (IsTestedHere(Race->First) || IsTestedHere(Race->Second));
  });
}
