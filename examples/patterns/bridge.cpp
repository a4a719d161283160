// bridge: a channel of channels, such as one per file, read as one.
#include <heddle/heddle.h>

#include <cstdio>
#include <ranges>
#include <vector>

int main() {
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  heddle::defer d(cancel);

  std::vector<heddle::receiver<int>> chapters;
  for (int first : {1, 4, 7})
    chapters.push_back(heddle::source(ctx, std::views::iota(first, first + 3)));
  for (int page : heddle::bridge(ctx, heddle::source(ctx, chapters)))
    std::printf("page %d\n", page);
}
