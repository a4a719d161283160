#include "model/program/IndexConflict.h"

#include "llvm/ADT/STLExtras.h"

#include <map>
#include <numeric>

using namespace heddle;

namespace {

/// Rounds that are assumed where the number is not known: a parallel loop has many, a loop inside
/// of one may have few, as may each of several that are shared out together: then one of them often
/// counts the columns of a row.
constexpr int64_t AssumedShared = 64, AssumedInner = 2, AssumedThreads = 8;
/// Bounds of the search; what is not found within them counts as none.
constexpr int64_t MaxTried = 16;
constexpr unsigned MaxNodes = 20000;

/// A variable on one side, counted in rounds from 0.
struct Unknown {
  uint32_t Variable = InvalidId;
  bool OnSecondSide = false;
  int64_t Count = 0;
};

/// Sum of Factors[I] * Unknowns[I] = Target.
struct Equation {
  std::vector<int64_t> Factors;
  int64_t Target = 0;
};

class Search {
public:
  explicit Search(const IndexProblem &Problem) : Problem(Problem) {}
  bool run();

private:
  const IterationRange *range(uint32_t Variable) const;
  bool addSide(const AffineIndex &Index, bool OnSecondSide, Equation &To);
  size_t unknown(const AffineTerm &T, bool OnSecondSide, bool IsOneOfSeveral);
  bool isPossible(const Equation &E, size_t Assigned) const;
  bool assign(size_t Next);
  bool areDistinct() const;
  bool areInOrder() const;
  std::optional<int64_t> value(uint32_t Variable, bool OnSecondSide) const;

  const IndexProblem &Problem;
  std::vector<Unknown> Unknowns;
  std::vector<Equation> Equations;
  std::map<uint32_t, int64_t> Symbols; ///< Left over in the equation at hand.
  std::vector<int64_t> Values;
  std::optional<uint32_t> ThreadNumber;
  unsigned Nodes = 0;
};

const IterationRange *Search::range(uint32_t Variable) const {
  auto Known = llvm::find_if(Problem.Ranges,
                             [&](const IterationRange &R) { return R.Variable == Variable; });
  return Known == Problem.Ranges.end() ? nullptr : &*Known;
}

size_t Search::unknown(const AffineTerm &T, bool OnSecondSide, bool IsOneOfSeveral) {
  const IterationRange *Range = range(T.Variable);
  int64_t Count = T.What == AffineTerm::ThreadNumber                     ? AssumedThreads
                  : T.What == AffineTerm::Distributed && !IsOneOfSeveral ? AssumedShared
                                                                         : AssumedInner;
  if (Range && Range->Count)
    Count = *Range->Count;
  for (size_t I = 0; I < Unknowns.size(); ++I)
    if (Unknowns[I].Variable == T.Variable && Unknowns[I].OnSecondSide == OnSecondSide) {
      Unknowns[I].Count = std::min(Unknowns[I].Count, Count);
      return I;
    }
  if (T.What == AffineTerm::ThreadNumber)
    ThreadNumber = T.Variable;
  Unknowns.push_back({T.Variable, OnSecondSide, Count});
  for (Equation &E : Equations)
    E.Factors.push_back(0);
  return Unknowns.size() - 1;
}

bool Search::addSide(const AffineIndex &Index, bool OnSecondSide, Equation &To) {
  if (!Index.IsKnown)
    return false;
  int64_t Sign = OnSecondSide ? -1 : 1;
  To.Target -= Sign * Index.Constant;
  bool HasSeveral = llvm::count_if(Index.Terms, [](const AffineTerm &T) {
                      return T.What == AffineTerm::Distributed;
                    }) > 1;
  for (const AffineTerm &T : Index.Terms) {
    if (T.What == AffineTerm::Symbol) {
      Symbols[T.Variable] += Sign * T.Factor;
      continue;
    }
    if (T.What == AffineTerm::Parameter || T.What == AffineTerm::Captured)
      return false; // of a function whose caller is not known
    if (T.What == AffineTerm::Round && !Problem.IsGiven)
      return false;
    const IterationRange *Range = range(T.Variable);
    int64_t Step = 1;
    if (T.What != AffineTerm::ThreadNumber) {
      if (!Range)
        return false;
      Step = Range->Step;
      if (Range->First)
        To.Target -= Sign * T.Factor * *Range->First;
      else
        Symbols[T.Variable] += Sign * T.Factor;
    }
    size_t At = unknown(T, OnSecondSide, HasSeveral);
    To.Factors.resize(Unknowns.size());
    To.Factors[At] += Sign * T.Factor * Step;
  }
  return true;
}

/// Banerjee's bounds over what is not assigned yet.
bool Search::isPossible(const Equation &E, size_t Assigned) const {
  int64_t Rest = E.Target, Least = 0, Most = 0;
  for (size_t I = 0; I < Unknowns.size(); ++I) {
    if (I < Assigned) {
      Rest -= E.Factors[I] * Values[I];
      continue;
    }
    int64_t End = E.Factors[I] * (Unknowns[I].Count - 1);
    Least += std::min<int64_t>(0, End);
    Most += std::max<int64_t>(0, End);
  }
  return Least <= Rest && Rest <= Most;
}

std::optional<int64_t> Search::value(uint32_t Variable, bool OnSecondSide) const {
  for (size_t I = 0; I < Unknowns.size(); ++I)
    if (Unknowns[I].Variable == Variable && Unknowns[I].OnSecondSide == OnSecondSide)
      return Values[I];
  return std::nullopt;
}

bool Search::areDistinct() const {
  if (ThreadNumber) {
    auto First = value(*ThreadNumber, false), Second = value(*ThreadNumber, true);
    if (First && Second && *First == *Second)
      return false;
  }
  if (Problem.Distinct.empty())
    return true;
  for (auto [First, Second] : Problem.Distinct) {
    auto A = value(First, false), B = value(Second, true);
    const IterationRange *Range = range(First);
    bool HasSeveral = !Range || !Range->Count || *Range->Count > 1;
    if (A && B ? *A != *B : HasSeveral)
      return true;
  }
  return false;
}

bool Search::areInOrder() const {
  if (!Problem.IsGiven)
    return true;
  unsigned Common = 0;
  for (const Unknown &U : Unknowns) {
    if (U.OnSecondSide)
      continue;
    auto Here = value(U.Variable, false), There = value(U.Variable, true);
    if (!There)
      continue;
    // Of nested loops the outer ones would decide first.
    if (++Common > 1 || *There > *Here || (*There == *Here && !Problem.IsBehind))
      return false;
  }
  return true;
}

bool Search::assign(size_t Next) {
  if (++Nodes > MaxNodes)
    return false;
  for (const Equation &E : Equations)
    if (!isPossible(E, Next))
      return false;
  if (Next == Unknowns.size())
    return areDistinct() && areInOrder();
  // The last unknown of an equation is what the others leave.
  for (const Equation &E : Equations) {
    if (E.Factors[Next] == 0 ||
        std::any_of(E.Factors.begin() + Next + 1, E.Factors.end(), [](int64_t F) { return F; }))
      continue;
    int64_t Rest = E.Target;
    for (size_t I = 0; I < Next; ++I)
      Rest -= E.Factors[I] * Values[I];
    if (Rest % E.Factors[Next] != 0)
      return false;
    Values[Next] = Rest / E.Factors[Next];
    return Values[Next] >= 0 && Values[Next] < Unknowns[Next].Count && assign(Next + 1);
  }
  // Solutions are often at either end of a range.
  int64_t Count = Unknowns[Next].Count;
  for (int64_t I = 0; I < std::min(Count, 2 * MaxTried); ++I) {
    Values[Next] = Count <= 2 * MaxTried || I < MaxTried ? I : Count - 1 - (I - MaxTried);
    if (assign(Next + 1))
      return true;
  }
  return false;
}

bool Search::run() {
  for (const auto &[First, Second] : Problem.Subscripts) {
    Equation E;
    E.Factors.resize(Unknowns.size());
    Symbols.clear();
    if (!addSide(First, false, E) || !addSide(Second, true, E))
      return false;
    E.Factors.resize(Unknowns.size());
    // What is not known, but the same for both, must be so in the same measure.
    for (const auto &[Symbol, Factor] : Symbols)
      if (Factor != 0)
        return false;
    int64_t Divisor = 0;
    for (int64_t Factor : E.Factors)
      Divisor = std::gcd(Divisor, Factor);
    if (Divisor == 0 ? E.Target != 0 : E.Target % Divisor != 0)
      return false;
    Equations.push_back(std::move(E));
  }
  for (const Unknown &U : Unknowns)
    if (U.Count <= 0)
      return false;
  Values.resize(Unknowns.size());
  return assign(0);
}

} // namespace

bool heddle::canMeet(const IndexProblem &Problem) {
  return !Problem.Subscripts.empty() && Search(Problem).run();
}
