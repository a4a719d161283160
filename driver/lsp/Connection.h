// JSON-RPC as the language server protocol wants it: reads messages, hands them to whoever handles
// the method, and answers what nobody may handle with the right error.
#ifndef HEDDLE_DRIVER_LSP_CONNECTION_H
#define HEDDLE_DRIVER_LSP_CONNECTION_H

#include "driver/lsp/EventLoop.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/LSP/Transport.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>

namespace heddle::lsp {

/// Takes the answer to a request, once. If the client cancelled the request meanwhile, it has been
/// told so, and the answer is dropped.
using Reply = llvm::unique_function<void(llvm::Expected<llvm::json::Value>)>;

/// An error to answer a request with.
llvm::Error protocolError(llvm::lsp::ErrorCode Code, const llvm::Twine &Message);

/// One client. Reads on a thread of its own; everything else happens on the loop's thread, handlers
/// included. The client's file ends when the process does.
class Connection {
public:
  using RequestHandler = std::function<void(const llvm::json::Value &Params, Reply)>;
  using NotificationHandler = std::function<void(const llvm::json::Value &Params)>;
  using AnswerHandler = std::function<void(llvm::Expected<llvm::json::Value>)>;

  Connection(EventLoop &Loop, std::FILE *In, llvm::raw_ostream &Out);
  ~Connection();

  void onRequest(llvm::StringRef Method, RequestHandler Handler);
  void onNotification(llvm::StringRef Method, NotificationHandler Handler);

  /// Begins to read. `initialize`, `shutdown`, `exit` and `$/cancelRequest` are watched here: other
  /// requests are refused before the first and after the second, and the third stops the loop, as
  /// does the end of the input.
  void start();

  void notify(llvm::StringRef Method, llvm::json::Value Params);
  void request(llvm::StringRef Method, llvm::json::Value Params, AnswerHandler Handler);

  /// What the process shall return: 0 if the client said goodbye in due form.
  int exitCode() const { return Phase == ShutDown ? 0 : 1; }

private:
  enum { Created, Running, ShutDown } Phase = Created;
  struct PendingReply;

  void read();
  void handle(llvm::json::Value Message);
  void handleRequest(llvm::StringRef Method, llvm::json::Value Id, const llvm::json::Value &Params);
  void handleNotification(llvm::StringRef Method, const llvm::json::Value &Params);
  void handleAnswer(const llvm::json::Object &Message, llvm::StringRef Id);
  void cancel(const llvm::json::Value &Params);
  void answer(const std::shared_ptr<PendingReply> &To, llvm::Expected<llvm::json::Value> Result);

  EventLoop &Loop;
  std::FILE *In;
  llvm::lsp::JSONTransport Transport; ///< For writing.
  llvm::StringMap<RequestHandler> Requests;
  llvm::StringMap<NotificationHandler> Notifications;
  std::map<std::string, std::shared_ptr<PendingReply>> Pending; ///< By the request's id.
  std::map<std::string, AnswerHandler> Awaited;                 ///< By the id of our request.
  int64_t LastId = 0;
  std::jthread Reader;
};

} // namespace heddle::lsp

#endif
