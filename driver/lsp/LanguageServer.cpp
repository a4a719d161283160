#include "driver/lsp/LanguageServer.h"

#include "driver/lsp/Server.h"
#include "driver/run/CrashRecovery.h"

#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace heddle {

int runLanguageServer(const LanguageServerOptions &Options, Catalogue Rules) {
  using llvm::lsp::Logger;
  Logger::setLogLevel(Options.Verbose ? Logger::Level::Debug : Logger::Level::Error);
  enableCrashRecovery(AfterLostHeap::End);
  lsp::EventLoop Loop;
  lsp::Connection Client(Loop, stdin, outs());
  lsp::Server Server(Loop, Client, std::move(Rules), Options.Version);
  Client.start();
  Loop.run();
  return Client.exitCode();
}

} // namespace heddle
