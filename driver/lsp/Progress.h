// Tells the client while files are analysed for the first time, which takes its time.
#ifndef HEDDLE_DRIVER_LSP_PROGRESS_H
#define HEDDLE_DRIVER_LSP_PROGRESS_H

#include "driver/lsp/Connection.h"
#include "driver/lsp/Sessions.h"

namespace heddle::lsp {

/// Lives on the loop's thread.
class Progress {
public:
  explicit Progress(Connection &Client) : Client(Client) {}

  /// Says how it stands, if the client wants to know.
  void update(const std::map<std::string, Session> &Sessions);

  bool IsWanted = false;

private:
  void report(llvm::StringRef Kind, llvm::json::Object Value);

  void ask();

  Connection &Client;
  int64_t Token = 0;
  enum { Idle, Asked, Refused, Shown } State = Idle;
  size_t Done = 0, LastLeft = 0;
  std::string LastName;
};

} // namespace heddle::lsp

#endif
