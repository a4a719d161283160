#include "driver/run/UnitRunner.h"

#include "driver/run/CrashRecovery.h"
#include "driver/run/Frontend.h"

#include "clang/Frontend/TextDiagnosticPrinter.h"
#include "llvm/Support/xxhash.h"

using namespace clang;

namespace heddle {
namespace {

void run(const UnitTask &Task, UnitOutcome &Outcome) {
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS = diskWith(Task.Options.Texts);
  if (std::error_code EC = FS->setCurrentWorkingDirectory(Task.Unit.Directory))
    return setFailure(Outcome, Task,
                      "cannot enter its folder '" + Task.Unit.Directory + "': " + EC.message(),
                      "Let the build system write the compile database again.");
  // Who opens a pipe waits for somebody to write into it.
  if (llvm::ErrorOr<llvm::vfs::Status> Status = FS->status(Task.Unit.File);
      Status && Status->getType() == llvm::sys::fs::file_type::fifo_file)
    return setFailure(Outcome, Task, "it is a pipe",
                      "Write what comes out of it into a file, and give that.");

  FirstError Errors;
  std::shared_ptr<CompilerInvocation> Invocation = createUnitInvocation(Task, FS, Errors);
  if (!Invocation)
    return setFailure(Outcome, Task, Errors.Text, "Is the compile command complete?");
  bool Verify = Invocation->getDiagnosticOpts().VerifyDiagnostics;

  FirstError ParseErrors;
  std::string VerifyText;
  llvm::raw_string_ostream VerifyOS(VerifyText);
  TextDiagnosticPrinter VerifyPrinter(VerifyOS, Invocation->getDiagnosticOpts());
  CompilerInstance CI(std::move(Invocation));
  CI.setVirtualFileSystem(FS);
  CI.createDiagnostics(Verify ? static_cast<DiagnosticConsumer *>(&VerifyPrinter) : &ParseErrors,
                       /*ShouldOwnClient=*/false);
  bool Success = parseAndAnalyze(CI, Task, nullptr, Outcome);
  if (Success || !Outcome.Complete)
    return;
  if (Verify)
    setFailure(Outcome, Task, "expectations are not met\n" + VerifyText, "");
  else
    setFailure(Outcome, Task, ParseErrors);
}

uint64_t keyOf(const UnitCommand &Unit) {
  std::string All = Unit.Directory + '\n' + Unit.File;
  for (const std::string &Argument : Unit.Arguments)
    All += '\n' + Argument;
  return llvm::xxh3_64bits(All);
}

// What a unit needs and yields, for as long as somebody works on it.
struct Job {
  Job(const UnitCommand &Unit, const Vocabulary &Words, const UnitOptions &Options,
      const std::atomic<bool> &Cancelled)
      : Unit(Unit), Options(Options), Task{this->Unit, Words, this->Options, Cancelled} {}

  const UnitCommand Unit;
  const UnitOptions Options;
  const UnitTask Task;
  UnitOutcome Outcome;
};

} // namespace

UnitOutcome runUnit(const UnitCommand &Unit, const Vocabulary &Words, const UnitOptions &Options,
                    const std::atomic<bool> &Cancelled) {
  auto All = std::make_unique<Job>(Unit, Words, Options, Cancelled);
  auto Work = [Of = All.get()] { run(Of->Task, Of->Outcome); };
  WorkEnd End = runOnDeepStack(keyOf(Unit), Work, &Cancelled);
  if (End == WorkEnd::Done)
    return std::move(All->Outcome);
  UnitOutcome Outcome; // Not complete.
  if (End == WorkEnd::Crashed)
    setCrashed(Outcome, All->Task);
  (void)All.release(); // Half done, or still in use.
  return Outcome;
}

} // namespace heddle
