#include "model/program/interpreter/Worklist.h"

#include <algorithm>

using namespace heddle;

namespace {

/// Bourdoncle's algorithm, with a stack of its own in place of recursion: Tarjan's strongly
/// connected components, and within each, without what enters it, the same again.
class TopologicalOrder {
public:
  explicit TopologicalOrder(const FunctionFacts &Function)
      : Function(Function), Number(Function.Blocks.size()) {}

  std::vector<uint32_t> run() {
    enter(FunctionFacts::EntryBlock);
    while (!Path.empty()) {
      Visit &Last = Path.back();
      const auto &Successors = Function.Blocks[Last.Block].Successors;
      if (Last.Next < Successors.size()) {
        uint32_t To = Successors[Last.Next++].To;
        if (Number[To] == 0)
          enter(To);
        else if (!Last.IsWithin)
          Last.reaches(Number[To]);
      } else if (!Last.IsWithin && Last.Head != Number[Last.Block]) {
        leave(); // belongs to the component of a block that was entered before
      } else if (!Last.IsWithin && closeComponent(Last)) {
        Last.IsWithin = true;
        Last.Next = 0;
      } else {
        Order.push_back(Last.Block);
        leave();
      }
    }
    std::reverse(Order.begin(), Order.end());
    return std::move(Order);
  }

private:
  static constexpr uint32_t Done = UINT32_MAX;

  struct Visit {
    uint32_t Block;
    uint32_t Head;         ///< The lowest number that is reached from here.
    uint32_t Next = 0;     ///< Of the block's successors.
    bool IsLoop = false;   ///< Something leads back to it, or past it.
    bool IsWithin = false; ///< Orders what its component consists of besides.

    void reaches(uint32_t Known) {
      if (Known <= Head) {
        Head = Known;
        IsLoop = true;
      }
    }
  };

  void enter(uint32_t Block) {
    Number[Block] = ++Numbers;
    Open.push_back(Block);
    Path.push_back({Block, Numbers});
  }

  void leave() {
    uint32_t Head = Path.back().Head;
    Path.pop_back();
    if (!Path.empty() && !Path.back().IsWithin)
      Path.back().reaches(Head);
  }

  /// Whether the component that begins with the block has more in it; that is to be visited anew.
  bool closeComponent(const Visit &First) {
    for (; Open.back() != First.Block; Open.pop_back())
      Number[Open.back()] = 0;
    Open.pop_back();
    Number[First.Block] = Done;
    return First.IsLoop;
  }

  const FunctionFacts &Function;
  std::vector<uint32_t> Number; ///< By block, in the order of entering; 0 for those to be entered.
  uint32_t Numbers = 0;
  std::vector<uint32_t> Open; ///< Entered, and of no component yet.
  std::vector<Visit> Path;
  std::vector<uint32_t> Order; ///< From the last to the first.
};

} // namespace

Worklist::Worklist(const FunctionFacts &Function)
    : Order(TopologicalOrder(Function).run()), RankOf(Function.Blocks.size()) {
  for (uint32_t Rank = 0; Rank < Order.size(); ++Rank)
    RankOf[Order[Rank]] = Rank;
  Waiting.resize(Order.size());
  Waiting.set(0);
}

uint32_t Worklist::take() {
  int Rank = Waiting.find_first();
  Waiting.reset(Rank);
  return Order[Rank];
}
