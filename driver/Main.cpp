// The tool: hands the command line to the front end that it is for. Only this file knows them all.
#include "driver/cli/Commands.h"
#include "driver/lsp/LanguageServer.h"
#include "driver/run/CrashRecovery.h"

#include "clang/Basic/Version.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/StringSaver.h"

#include <csignal>

#ifdef __GLIBC__
#include <malloc.h>
#endif

using namespace llvm;

namespace heddle {

int complain(Error Problem) {
  errs() << "heddle: error: " << toString(std::move(Problem)) << '\n';
  return ExitUsage;
}

Error flushStdout() {
  outs().flush();
  if (!outs().has_error())
    return Error::success();
  std::error_code Problem = outs().error();
  outs().clear_error();
  return createStringError("cannot write to stdout: " + Problem.message());
}

static int run(ArrayRef<const char *> Arguments) {
  Expected<CommandLine> Options = parseCommandLine(Arguments);
  if (!Options)
    return complain(Options.takeError());
  if (Options->Help) {
    printHelp(outs(), Options->What);
    return ExitClean;
  }
  if (Options->Version) {
    outs() << "heddle " HEDDLE_VERSION "\nbuilt on " << clang::getClangFullVersion() << '\n';
    return ExitClean;
  }
  Expected<Catalogue> Rules = Catalogue::builtin();
  if (!Rules)
    return complain(Rules.takeError());
  if (Error E = applyConfig(*Options, *Rules))
    return complain(std::move(E));
  if (Options->DumpConfig)
    return runDumpConfig(*Options, *Rules);
  outs().enable_colors(Options->Color == ColorMode::Always ||
                       (Options->Color == ColorMode::Auto && outs().has_colors()));
  switch (Options->What) {
  case Command::Check:
    return runCheck(*Options, std::move(*Rules));
  case Command::List:
    return runList(*Options, *Rules);
  case Command::Explain:
    return runExplain(*Options, *Rules);
  case Command::Lsp:
    if (!Options->Operands.empty())
      return complain(createStringError("'heddle lsp' takes no operands: editors tell it on stdin "
                                        "what they have open"));
    return runLanguageServer({HEDDLE_VERSION, Options->Verbose}, std::move(*Rules));
  }
  llvm_unreachable("all commands handled");
}

/// Each unit takes about as much memory as the one before, and gives all of it back. Handed to the
/// system in between, it would come back page by page: that was a tenth of the time of a run over
/// many small units.
static void keepFreedMemory() {
#ifdef __GLIBC__
  constexpr int Plenty = 1 << 30;
  mallopt(M_TRIM_THRESHOLD, Plenty);
  mallopt(M_MMAP_THRESHOLD, Plenty);
  mallopt(M_TOP_PAD, 1 << 24);
#endif
}

/// Whoever read our output and left is told of like a full disk, and other files are still written.
/// With a handler rather than ignored, so that the programs that we start have it their way.
static void outliveReaders() {
  std::signal(SIGPIPE, [](int) {});
}

} // namespace heddle

int main(int Count, char **Arguments) {
  heddle::keepFreedMemory();
  heddle::outliveReaders();
  BumpPtrAllocator Memory;
  StringSaver Saver(Memory);
  SmallVector<const char *, 32> Expanded(Arguments + 1, Arguments + Count);
  cl::ExpandResponseFiles(Saver, cl::TokenizeGNUCommandLine, Expanded);
  int Code = heddle::run(Expanded);
  if (Error E = heddle::flushStdout())
    Code = heddle::complain(std::move(E));
  errs().clear_error(); // There is nobody left to tell.
  return heddle::leaveWith(Code);
}
