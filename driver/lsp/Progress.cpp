#include "driver/lsp/Progress.h"

#include "llvm/Support/Path.h"

#include <algorithm>

using namespace llvm;

namespace heddle::lsp {

static bool isNew(const Session &Each) { return !Each.IsCovered && !Each.Last && !Each.Failure; }

static std::string message(const std::string &Name, size_t Done, size_t Left) {
  if (Done + Left <= 1)
    return Name;
  return Name + " (" + std::to_string(Done + 1) + "/" + std::to_string(Done + Left) + ")";
}

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
    if (State == Shown)
      report("end", {});
    State = Idle;
    return;
  }
  if (State == Idle) {
    Done = 0;
    ask();
  } else {
    Done += LastLeft - std::min(Left, LastLeft);
    if (State == Shown && (Left != LastLeft || Name != LastName))
      report("report", json::Object{{"message", message(Name, Done, Left)}});
  }
  LastLeft = Left;
  LastName = Name;
}

/// Nothing may be told under a token that the client does not know yet, or does not want.
void Progress::ask() {
  State = Asked;
  ++Token;
  Client.request("window/workDoneProgress/create",
                 json::Object{{"token", "heddle-" + std::to_string(Token)}},
                 [this, Mine = Token](Expected<json::Value> Answer) {
                   bool IsTaken = bool(Answer);
                   if (!IsTaken)
                     consumeError(Answer.takeError());
                   if (State != Asked || Mine != Token)
                     return;
                   State = IsTaken ? Shown : Refused;
                   if (IsTaken)
                     report("begin", json::Object{{"title", "Heddle"},
                                                  {"message", message(LastName, Done, LastLeft)},
                                                  {"cancellable", false}});
                 });
}

void Progress::report(StringRef Kind, json::Object Value) {
  Value["kind"] = Kind;
  Client.notify("$/progress", json::Object{{"token", "heddle-" + std::to_string(Token)},
                                           {"value", std::move(Value)}});
}

} // namespace heddle::lsp
