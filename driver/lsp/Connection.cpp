#include "driver/lsp/Connection.h"

#include "driver/lsp/MessageReader.h"

#include <csignal>

using namespace llvm;
using llvm::lsp::ErrorCode;
using llvm::lsp::Logger;

namespace heddle::lsp {

struct Connection::PendingReply {
  json::Value Id;
  std::string Key;
  bool Answered = false;
};

Error protocolError(ErrorCode Code, const Twine &Message) {
  return make_error<llvm::lsp::LSPError>(Message.str(), Code);
}

static std::string keyOf(const json::Value &Id) {
  std::string Text;
  raw_string_ostream(Text) << Id;
  return Text;
}

Connection::Connection(EventLoop &Loop, std::FILE *In, raw_ostream &Out)
    : Loop(Loop), In(In), Transport(std::unique_ptr<llvm::lsp::JSONTransportInput>(), Out) {}

Connection::~Connection() = default;

void Connection::onRequest(StringRef Method, RequestHandler Handler) {
  Requests[Method] = std::move(Handler);
}

void Connection::onNotification(StringRef Method, NotificationHandler Handler) {
  Notifications[Method] = std::move(Handler);
}

void Connection::start() {
  // A client that is gone is noticed by the end of its input.
  std::signal(SIGPIPE, SIG_IGN);
  Reader = std::jthread([this] { read(); });
}

void Connection::read() {
  MessageReader Input(In);
  while (std::optional<Expected<json::Value>> Message = Input.next()) {
    if (!*Message) {
      Loop.post([this, Problem = toString(Message->takeError())] {
        Transport.reply(nullptr, protocolError(ErrorCode::ParseError, Problem));
      });
      continue;
    }
    const json::Object *Object = (*Message)->getAsObject();
    bool IsLast = Object && Object->getString("method") == StringRef("exit");
    Loop.post([this, M = std::move(**Message)]() mutable { handle(std::move(M)); });
    if (IsLast)
      return;
  }
  Loop.post([this] { Loop.stop(); });
}

void Connection::handle(json::Value Message) {
  const json::Object *Object = Message.getAsObject();
  std::optional<StringRef> Version = Object ? Object->getString("jsonrpc") : std::nullopt;
  if (!Version || *Version != "2.0")
    return Transport.reply(
        nullptr, protocolError(ErrorCode::InvalidRequest, "this is no message of JSON-RPC 2.0"));
  const json::Value *Id = Object->get("id");
  std::optional<StringRef> Method = Object->getString("method");
  if (!Method) {
    if (!Id)
      return Transport.reply(nullptr,
                             protocolError(ErrorCode::InvalidRequest, "the method is missing"));
    return handleAnswer(*Object, keyOf(*Id));
  }
  const json::Value *Given = Object->get("params");
  json::Value Params = Given ? *Given : json::Value(nullptr);
  if (Id)
    handleRequest(*Method, *Id, Params);
  else
    handleNotification(*Method, Params);
}

void Connection::handleRequest(StringRef Method, json::Value Id, const json::Value &Params) {
  Logger::debug("<-- {0}({1})", Method, Id);
  if (Phase == Created && Method != "initialize")
    return Transport.reply(std::move(Id), protocolError(ErrorCode::ServerNotInitialized,
                                                        "'initialize' has to come first"));
  if (Phase == ShutDown)
    return Transport.reply(
        std::move(Id), protocolError(ErrorCode::InvalidRequest, "the server has been shut down"));
  if (Phase == Running && Method == "initialize")
    return Transport.reply(std::move(Id), protocolError(ErrorCode::InvalidRequest,
                                                        "the server is initialized already"));
  if (Method == "shutdown") {
    Phase = ShutDown;
    return Transport.reply(std::move(Id), nullptr);
  }
  auto Handler = Requests.find(Method);
  if (Handler == Requests.end())
    return Transport.reply(
        std::move(Id), protocolError(ErrorCode::MethodNotFound, "unknown method '" + Method + "'"));
  if (Method == "initialize")
    Phase = Running;
  std::string Key = keyOf(Id);
  auto To = std::make_shared<PendingReply>(PendingReply{std::move(Id), Key});
  Pending[Key] = To;
  Handler->second(Params,
                  [this, To](Expected<json::Value> Result) { answer(To, std::move(Result)); });
}

void Connection::answer(const std::shared_ptr<PendingReply> &To, Expected<json::Value> Result) {
  if (To->Answered) {
    if (!Result)
      consumeError(Result.takeError());
    return;
  }
  To->Answered = true;
  Pending.erase(To->Key);
  Transport.reply(To->Id, std::move(Result));
}

void Connection::cancel(const json::Value &Params) {
  const json::Object *Object = Params.getAsObject();
  const json::Value *Id = Object ? Object->get("id") : nullptr;
  auto Found = Id ? Pending.find(keyOf(*Id)) : Pending.end();
  if (Found != Pending.end())
    answer(std::shared_ptr(Found->second),
           protocolError(ErrorCode::RequestCancelled, "the client cancelled the request"));
}

void Connection::handleNotification(StringRef Method, const json::Value &Params) {
  Logger::debug("<-- {0}", Method);
  if (Method == "exit")
    return Loop.stop();
  if (Phase != Running)
    return;
  if (Method == "$/cancelRequest")
    return cancel(Params);
  // What nobody knows is ignored, as the protocol wants it.
  auto Handler = Notifications.find(Method);
  if (Handler != Notifications.end())
    Handler->second(Params);
}

void Connection::handleAnswer(const json::Object &Message, StringRef Id) {
  auto Found = Awaited.find(Id.str());
  if (Found == Awaited.end())
    return Logger::info("an answer to {0}, which was not asked", Id);
  AnswerHandler Handler = std::move(Found->second);
  Awaited.erase(Found);
  if (const json::Object *Problem = Message.getObject("error"))
    return Handler(protocolError(ErrorCode(Problem->getInteger("code").value_or(0)),
                                 Problem->getString("message").value_or("")));
  const json::Value *Result = Message.get("result");
  Handler(Result ? *Result : json::Value(nullptr));
}

void Connection::notify(StringRef Method, json::Value Params) {
  Logger::debug("--> {0}", Method);
  Transport.notify(Method, std::move(Params));
}

void Connection::request(StringRef Method, json::Value Params, AnswerHandler Handler) {
  json::Value Id = ++LastId;
  Logger::debug("--> {0}({1})", Method, Id);
  Awaited[keyOf(Id)] = std::move(Handler);
  Transport.call(Method, std::move(Params), std::move(Id));
}

} // namespace heddle::lsp
