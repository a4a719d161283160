#include "driver/lsp/Progress.h"

#include "llvm/Support/Path.h"

using namespace llvm;

namespace heddle::lsp {

static bool isNew(const Session &Each) { return !Each.IsCovered && !Each.Last && !Each.Failure; }

void Progress::update(const std::map<std::string, Session> &Sessions) {
  if (!IsWanted)
    return;
  size_t Left = 0;
  std::string Name;
  for (const auto &[Path, Each] : Sessions)
    if (isNew(Each)) {
      ++Left;
      if (Each.Running)
        Name = sys::path::filename(Path).str();
    }
  if (Left == 0) {
    if (IsShown)
      report("end", {});
    IsShown = false;
    return;
  }
  if (!IsShown) {
    IsShown = true;
    Done = 0;
    ++Token;
    // Notifications of a token that the client does not want are ignored by it.
    Client.request("window/workDoneProgress/create",
                   json::Object{{"token", "heddle-" + std::to_string(Token)}},
                   [](Expected<json::Value> Answer) {
                     if (!Answer)
                       consumeError(Answer.takeError());
                   });
    report("begin", json::Object{{"title", "Heddle"}, {"message", Name}, {"cancellable", false}});
  } else if (Left != LastLeft || Name != LastName) {
    if (Left < LastLeft)
      Done += LastLeft - Left;
    std::string Message = Name;
    if (Done + Left > 1)
      Message += " (" + std::to_string(Done + 1) + "/" + std::to_string(Done + Left) + ")";
    report("report", json::Object{{"message", Message}});
  }
  LastLeft = Left;
  LastName = Name;
}

void Progress::report(StringRef Kind, json::Object Value) {
  Value["kind"] = Kind;
  Client.notify("$/progress", json::Object{{"token", "heddle-" + std::to_string(Token)},
                                           {"value", std::move(Value)}});
}

} // namespace heddle::lsp
