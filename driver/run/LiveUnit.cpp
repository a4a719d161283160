#include "driver/run/LiveUnit.h"

#include "driver/run/CrashRecovery.h"
#include "driver/run/Frontend.h"
#include "model/vocabulary/Vocabulary.h"

#include "clang/Basic/SourceManager.h"
#include "clang/Frontend/PrecompiledPreamble.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Serialization/ASTReader.h"
#include "clang/Serialization/ASTWriter.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace clang;
using llvm::StringRef;

namespace heddle {
namespace {

using FileSystem = llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>;

void addProjectFiles(const SourceManager &SM, std::set<std::string> &Out) {
  for (unsigned I = 0; I < SM.local_sloc_entry_size(); ++I) {
    const SrcMgr::SLocEntry &Each = SM.getLocalSLocEntry(I);
    if (!Each.isFile() || SrcMgr::isSystem(Each.getFile().getFileCharacteristic()))
      continue;
    OptionalFileEntryRef Entry = Each.getFile().getContentCache().OrigEntry;
    if (!Entry)
      continue;
    llvm::SmallString<256> Path(Entry->getName());
    SM.getFileManager().makeAbsolutePath(Path);
    llvm::sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
    Out.insert(Path.str().str());
  }
}

// Parses the headers as a whole run would, and notes which declarations it would look at.
class PreambleReader : public PreambleCallbacks {
public:
  void HandleTopLevelDecl(DeclGroupRef Group) override {
    llvm::copy_if(Group, std::back_inserter(Declarations), isLookedAt);
  }

  bool shouldSkipFunctionBody(Decl *D) override {
    return isSkippedBody(D->getASTContext().getSourceManager(), D);
  }

  void AfterExecute(CompilerInstance &CI) override {
    addProjectFiles(CI.getSourceManager(), Files);
  }

  void AfterPCHEmitted(ASTWriter &Writer) override {
    for (const Decl *D : Declarations)
      if (!D->isInvalidDecl())
        Ids.push_back(Writer.getDeclID(D));
  }

  std::vector<LocalDeclID> Ids;
  std::set<std::string> Files;

private:
  std::vector<Decl *> Declarations;
};

} // namespace

struct LiveUnit::Kept {
  std::shared_ptr<CompilerInvocation> Invocation;
  std::optional<PrecompiledPreamble> Preamble;
  std::vector<LocalDeclID> Declarations; ///< Those in the preamble that are looked at.
  std::set<std::string> Files;           ///< The project's files in the preamble.
  FirstError Error;                      ///< The preamble's.
  bool IsChanging = false;

  bool update(const FileSystem &FS, const llvm::MemoryBuffer &Main);
  std::vector<Decl *> declarations(CompilerInstance &CI) const;
};

/// Makes the preamble fit the text. False if there is nothing to keep, or no way to.
bool LiveUnit::Kept::update(const FileSystem &FS, const llvm::MemoryBuffer &Main) {
  PreambleBounds Bounds = ComputePreambleBounds(Invocation->getLangOpts(), Main, /*MaxLines=*/0);
  if (Preamble && Preamble->CanReuse(*Invocation, Main, Bounds, *FS))
    return true;
  Preamble.reset();
  Declarations.clear();
  Files.clear();
  Error = FirstError();
  if (Bounds.Size == 0)
    return false;
  PreambleReader Reader;
  auto Diagnostics = CompilerInstance::createDiagnostics(*FS, Invocation->getDiagnosticOpts(),
                                                         &Error, /*ShouldOwnClient=*/false);
  auto Built = PrecompiledPreamble::Build(*Invocation, &Main, Bounds, Diagnostics, FS,
                                          std::make_shared<PCHContainerOperations>(),
                                          /*StoreInMemory=*/true, "", Reader);
  if (!Built)
    return false;
  Preamble.emplace(std::move(*Built));
  Declarations = std::move(Reader.Ids);
  Files = std::move(Reader.Files);
  return true;
}

std::vector<Decl *> LiveUnit::Kept::declarations(CompilerInstance &CI) const {
  std::vector<Decl *> Result;
  auto Reader = CI.getASTReader();
  if (!Reader)
    return Result;
  serialization::ModuleFile &Module = Reader->getModuleManager().getPrimaryModule();
  for (LocalDeclID Id : Declarations)
    if (Decl *D = Reader->GetDecl(Reader->getGlobalDeclID(Module, Id)))
      Result.push_back(D);
  return Result;
}

LiveUnit::LiveUnit(UnitCommand Unit, std::shared_ptr<const Vocabulary> Words, UnitOptions Options)
    : Unit(std::move(Unit)), Words(std::move(Words)), Options(std::move(Options)),
      State(std::make_unique<Kept>()) {}

LiveUnit::~LiveUnit() = default;

void LiveUnit::forget() { State = std::make_unique<Kept>(); }

void LiveUnit::run(const UnsavedTexts &Unsaved, const UnitTask &Task, UnitOutcome &Outcome) {
  FileSystem FS = diskWith(Unsaved);
  if (std::error_code EC = FS->setCurrentWorkingDirectory(Unit.Directory))
    return setFailure(Outcome, Task,
                      "cannot enter its folder '" + Unit.Directory + "': " + EC.message(),
                      "Let the build system write the compile database again.");
  FirstError Errors;
  State->IsChanging = true;
  if (!State->Invocation)
    State->Invocation = createUnitInvocation(Task, FS, Errors);
  if (!State->Invocation || State->Invocation->getFrontendOpts().Inputs.empty())
    return setFailure(Outcome, Task, Errors.Text, "Is the compile command complete?");
  // The text has to stay as it is: Clang reads parts of a file whenever it needs them.
  State->Invocation->getPreprocessorOpts().RetainRemappedFileBuffers = true;
  StringRef MainPath = State->Invocation->getFrontendOpts().Inputs.front().getFile();
  auto Main = FS->getBufferForFile(MainPath);
  if (!Main)
    return setFailure(Outcome, Task,
                      "error reading '" + Unit.File + "': " + Main.getError().message(), "");

  bool HasPreamble = State->update(FS, **Main);
  State->IsChanging = false; // From here on it is only read.
  Files = State->Files;
  Files.insert(Unit.File);
  if (!State->Error.Text.empty())
    return setFailure(Outcome, Task, State->Error);
  if (Task.Cancelled.load())
    return;
  auto Invocation = std::make_shared<CompilerInvocation>(*State->Invocation);
  if (HasPreamble)
    State->Preamble->AddImplicitPreamble(*Invocation, FS, Main->get());
  else
    Invocation->getPreprocessorOpts().addRemappedFile(MainPath, Main->get());
  CompilerInstance CI(std::move(Invocation));
  CI.setVirtualFileSystem(FS);
  CI.createDiagnostics(&Errors, /*ShouldOwnClient=*/false);
  auto Earlier = [&](CompilerInstance &Running) { return State->declarations(Running); };
  bool Success = parseAndAnalyze(CI, Task, Earlier, Outcome);
  addProjectFiles(CI.getSourceManager(), Files);
  if (!Success && Outcome.Complete)
    setFailure(Outcome, Task, Errors);
}

UnitOutcome LiveUnit::analyze(const UnsavedTexts &Unsaved, const std::atomic<bool> &Cancelled) {
  UnitTask Task{Unit, *Words, Options, Cancelled};
  auto Outcome = std::make_unique<UnitOutcome>();
  if (runOnDeepStack(/*Key=*/0, [&] { run(Unsaved, Task, *Outcome); }) == WorkEnd::Done)
    return std::move(*Outcome);
  // What the crash left half done is not used again, nor taken apart.
  if (State->IsChanging) {
    (void)State.release();
    forget();
  }
  (void)Outcome.release();
  UnitOutcome Crashed;
  setCrashed(Crashed, Task);
  return Crashed;
}

} // namespace heddle
