#include "model/program/Worklist.h"

#include <algorithm>

using namespace heddle;

Worklist::Worklist(const FunctionFacts &Function) : RankOf(Function.Blocks.size()) {
  // Postorder without recursion: a block is left once all of its successors have been.
  struct Visit {
    uint32_t Block;
    uint32_t NextSuccessor = 0;
  };
  std::vector<bool> Seen(Function.Blocks.size());
  std::vector<Visit> Path{{FunctionFacts::EntryBlock}};
  Seen[FunctionFacts::EntryBlock] = true;
  while (!Path.empty()) {
    Visit &Last = Path.back();
    const auto &Successors = Function.Blocks[Last.Block].Successors;
    if (Last.NextSuccessor == Successors.size()) {
      Order.push_back(Last.Block);
      Path.pop_back();
      continue;
    }
    uint32_t Next = Successors[Last.NextSuccessor++].To;
    if (!Seen[Next]) {
      Seen[Next] = true;
      Path.push_back({Next});
    }
  }
  std::reverse(Order.begin(), Order.end());
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
