#include "driver/run/StoryNotes.h"

#include "llvm/ADT/StringExtras.h"

namespace heddle {

std::vector<Note> storyNotes(const Finding &F) {
  std::vector<Note> Result;
  for (const ThreadStory &Story : F.Threads) {
    size_t First = Result.size();
    for (const ThreadStep &Step : Story.Steps)
      Result.push_back({Step.Where, Step.Message});
    if (Story.Steps.empty())
      continue;
    Result[First].Message.insert(0, Story.Name + ": ");
    Result.back().Message +=
        ", holding " + (Story.LocksHeld.empty() ? "no lock" : llvm::join(Story.LocksHeld, ", "));
  }
  Result.insert(Result.end(), F.Notes.begin(), F.Notes.end());
  return Result;
}

} // namespace heddle
