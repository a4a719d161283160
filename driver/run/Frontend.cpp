#include "driver/run/Frontend.h"

#include "driver/run/UnitAnalysis.h"
#include "model/unit/UnitFactsBuilder.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Basic/Version.h"
#include "clang/Driver/CreateInvocationFromArgs.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Options/OptionUtils.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <utility>

using namespace clang;
using llvm::StringRef;

namespace heddle {

void FirstError::HandleDiagnostic(DiagnosticsEngine::Level Level, const Diagnostic &Info) {
  DiagnosticConsumer::HandleDiagnostic(Level, Info);
  if (Level < DiagnosticsEngine::Error || !Text.empty())
    return;
  llvm::raw_string_ostream OS(Text);
  if (Info.hasSourceManager() && Info.getLocation().isValid()) {
    const SourceManager &SM = Info.getSourceManager();
    PresumedLoc Place = SM.getPresumedLoc(Info.getLocation());
    if (Place.isValid())
      OS << Place.getFilename() << ':' << Place.getLine() << ':' << Place.getColumn() << ": ";
    auto [File, Offset] = SM.getDecomposedLoc(SM.getFileLoc(Info.getLocation()));
    if (auto Entry = SM.getFileEntryRefForID(File)) {
      llvm::SmallString<256> Path(Entry->getName());
      SM.getFileManager().makeAbsolutePath(Path);
      llvm::sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
      Where = {Path.str().str(), Offset, Offset, SM.getLineNumber(File, Offset),
               SM.getColumnNumber(File, Offset)};
    }
  }
  llvm::SmallString<128> Message;
  Info.FormatDiagnostic(Message);
  OS << Message;
}

bool isLookedAt(const Decl *D) {
  return D->getLocation().isInvalid() || isProjectCode(D->getASTContext(), D);
}

bool isSkippedBody(const SourceManager &Sources, const Decl *Function) {
  return Sources.isInSystemHeader(Function->getLocation());
}

namespace {

class UnitConsumer : public ASTConsumer {
public:
  UnitConsumer(CompilerInstance &CI, const UnitTask &Task, const EarlierDeclarations &Earlier,
               UnitOutcome &Outcome)
      : CI(CI), Task(Task), Earlier(Earlier), Outcome(Outcome) {}

  bool HandleTopLevelDecl(DeclGroupRef Group) override {
    if (Earlier)
      llvm::copy_if(Group, std::back_inserter(Parsed), isLookedAt);
    return !Task.Cancelled.load();
  }

  // What comes out of a precompiled preamble is in `Earlier` already.
  void HandleInterestingDecl(DeclGroupRef) override {}

  bool shouldSkipFunctionBody(Decl *D) override { return isSkippedBody(CI.getSourceManager(), D); }

  void HandleTranslationUnit(ASTContext &Context) override {
    if (CI.getDiagnostics().hasErrorOccurred() || Task.Cancelled.load())
      return;
    if (Earlier)
      limitTo(Context, Earlier(CI));
    llvm::raw_string_ostream Dump(Outcome.Dump);
    AnalysisRequest Request;
    Request.Rules = Task.Options.Rules;
    Request.Minimum = Task.Options.Minimum;
    Request.MinimumOf = Task.Options.MinimumOf;
    Request.Known = Task.Options.Known;
    Request.DumpFamilies = Task.Options.DumpFamilies;
    Request.DumpTo = Task.Options.DumpFamilies.empty() ? nullptr : &Dump;
    Request.Stop = StopRequest(Task.Cancelled);
    static_cast<UnitFindings &>(Outcome) = analyzeUnit(Context, Task.Words, Request);
    if (CI.getDiagnosticOpts().VerifyDiagnostics)
      emitForVerification();
  }

private:
  void limitTo(ASTContext &Context, std::vector<Decl *> Scope) {
    Scope.insert(Scope.end(), Parsed.begin(), Parsed.end());
    Context.setTraversalScope(Scope);
  }

  void emitForVerification() {
    DiagnosticsEngine &Diags = CI.getDiagnostics();
    Diags.setIgnoreAllWarnings(false);
    unsigned Id = Diags.getCustomDiagID(DiagnosticsEngine::Warning, "%0 [%1]");
    for (const Finding &F : std::exchange(Outcome.Findings, {}))
      Diags.Report(locationOf(F.Primary, CI.getSourceManager()), Id) << F.Message << F.Rule;
  }

  CompilerInstance &CI;
  const UnitTask &Task;
  const EarlierDeclarations &Earlier;
  std::vector<Decl *> Parsed;
  UnitOutcome &Outcome;
};

class UnitAction : public ASTFrontendAction {
public:
  UnitAction(const UnitTask &Task, const EarlierDeclarations &Earlier, UnitOutcome &Outcome)
      : Task(Task), Earlier(Earlier), Outcome(Outcome) {}

protected:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &CI, StringRef) override {
    return std::make_unique<UnitConsumer>(CI, Task, Earlier, Outcome);
  }

private:
  const UnitTask &Task;
  const EarlierDeclarations &Earlier;
  UnitOutcome &Outcome;
};

bool hasHeaders(StringRef ResourceDirectory) {
  return llvm::sys::fs::exists(ResourceDirectory + "/include/stddef.h");
}

// Where Clang's own headers are: beside the tool, in a package that brings its own, or else with
// the LLVM that we were built on.
const std::string &resourceDirectory() {
  static const std::string Result = [] {
    std::string Tool = llvm::sys::fs::getMainExecutable(nullptr, nullptr);
    llvm::SmallString<256> Own(llvm::sys::path::parent_path(llvm::sys::path::parent_path(Tool)));
    llvm::sys::path::append(Own, "lib", "heddle", "clang", CLANG_VERSION_MAJOR_STRING);
    return hasHeaders(Own) ? Own.str().str() : GetResourcesPath(HEDDLE_CLANG);
  }();
  return Result;
}

// <vector>, <thread>: no header of a project has such a name.
bool isOfStandardLibrary(StringRef Error) {
  StringRef Name = Error.rsplit("' file not found").first.rsplit('\'').second;
  return !Name.empty() && Name.find_first_of("./") == StringRef::npos;
}

std::string adviceFor(StringRef Error) {
  if (Error.contains("file not found") && !hasHeaders(resourceDirectory()))
    return "Clang's own headers should be in '" + resourceDirectory() +
           "', and are not. In Debian they are in libclang-common-" CLANG_VERSION_MAJOR_STRING
           "-dev.";
  if (Error.contains("file not found") && isOfStandardLibrary(Error))
    return "The standard library's headers come with a compiler; in Debian they are in "
           "libstdc++-12-dev.";
  if (Error.contains("file not found"))
    return "If the file is generated, build the project once; otherwise add its folder with "
           "--extra-arg=-I…";
  if (Error.contains_insensitive("no such file"))
    return "If the build makes this file, build the project once; if it is gone, let the build "
           "system write the compile database again.";
  if (Error.contains("error reading"))
    return "";
  return "Heddle reads code as Clang does; if your compiler accepts more, --extra-arg can help.";
}

} // namespace

std::shared_ptr<CompilerInvocation>
createUnitInvocation(const UnitTask &Task,
                     const llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> &FS,
                     FirstError &Errors) {
  std::vector<std::string> Arguments = compilerArguments(Task.Unit, Task.Options);
  std::vector<const char *> Pointers;
  for (const std::string &Argument : Arguments)
    Pointers.push_back(Argument.c_str());

  DiagnosticOptions DiagOptions;
  CreateInvocationOptions Creation;
  Creation.Diags = CompilerInstance::createDiagnostics(*FS, DiagOptions, &Errors,
                                                       /*ShouldOwnClient=*/false);
  Creation.VFS = FS;
  // Another compiler's options are not our business: what we do not know, we leave out.
  Creation.RecoverOnError = true;
  std::shared_ptr<CompilerInvocation> Invocation = clang::createInvocation(Pointers, Creation);
  if (!Invocation)
    return nullptr;

  FrontendOptions &Frontend = Invocation->getFrontendOpts();
  Frontend.DisableFree = false;
  Frontend.SkipFunctionBodies = true;
  Frontend.ProgramAction = frontend::ParseSyntaxOnly;
  Frontend.OutputFile.clear();
  Frontend.ActionName.clear();
  Frontend.AddPluginActions.clear();
  Frontend.Plugins.clear();
  Invocation->getCodeGenOpts().ClearASTBeforeBackend = false;
  Invocation->getDependencyOutputOpts() = DependencyOutputOptions();
  Invocation->getDiagnosticOpts().IgnoreWarnings = true;
  Invocation->getDiagnosticOpts().ShowCarets = Invocation->getDiagnosticOpts().VerifyDiagnostics;
  Invocation->getDiagnosticOpts().DiagnosticSerializationFile.clear();
  // A precompiled header of another build cannot be read; its source is included as well.
  Invocation->getPreprocessorOpts().ImplicitPCHInclude.clear();
  return Invocation;
}

bool parseAndAnalyze(CompilerInstance &CI, const UnitTask &Task, const EarlierDeclarations &Earlier,
                     UnitOutcome &Outcome) {
  CI.setVerboseOutputStream(llvm::nulls());
  CI.createFileManager();
  CI.createSourceManager();
  UnitAction Action(Task, Earlier, Outcome);
  bool Success = CI.ExecuteAction(Action);
  Outcome.Complete = !Task.Cancelled.load();
  return Success;
}

void setFailure(UnitOutcome &Outcome, const UnitTask &Task, std::string Message,
                std::string Advice) {
  Outcome = UnitOutcome();
  Outcome.Failure = UnitFailure{Task.Unit.File, std::move(Message), std::move(Advice), {}, false};
  Outcome.Complete = true;
}

void setFailure(UnitOutcome &Outcome, const UnitTask &Task, const FirstError &Error) {
  setFailure(Outcome, Task, Error.Text, adviceFor(Error.Text));
  Outcome.Failure->Where = Error.Where;
}

void setCrashed(UnitOutcome &Outcome, const UnitTask &Task) {
  setFailure(Outcome, Task, "the analysis of this file crashed",
             "Please report it, with the output of: clang -E and this file's compile command.");
  Outcome.Failure->Crashed = true;
}

std::vector<std::string> compilerArguments(const UnitCommand &Unit, const UnitOptions &Options) {
  std::vector<std::string> Arguments = Unit.Arguments;
  if (Arguments.empty())
    Arguments.emplace_back();
  if (Arguments.front().empty() || Arguments.front() == "clang-tool")
    Arguments.front() = HEDDLE_CLANG;
  Arguments.insert(Arguments.begin() + 1, Options.ArgumentsBefore.begin(),
                   Options.ArgumentsBefore.end());
  auto Files = llvm::find(Arguments, "--");
  Files = Arguments.insert(Files, Options.ArgumentsAfter.begin(), Options.ArgumentsAfter.end());
  if (llvm::none_of(Arguments, [](StringRef A) { return A.starts_with("-resource-dir"); }))
    Arguments.insert(Arguments.begin() + 1, "-resource-dir=" + resourceDirectory());
  std::string Name = Arguments.front();
  tooling::addTargetAndModeForProgramName(Arguments, Name);
  return Arguments;
}

} // namespace heddle
