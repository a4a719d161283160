#include "driver/catalogue/RuleSelection.h"
#include "driver/cli/Commands.h"
#include "driver/config/PlaceFilter.h"
#include "driver/fix/ApplyFixes.h"
#include "driver/fix/CheckedFixes.h"
#include "driver/fix/ExportFixes.h"
#include "driver/fix/ReplaceFiles.h"
#include "driver/output/GitLab.h"
#include "driver/output/Sarif.h"
#include "driver/output/Terminal.h"
#include "driver/output/Text.h"
#include "driver/run/Changes.h"
#include "driver/run/CrashRecovery.h"
#include "driver/run/Includers.h"
#include "driver/run/Interruption.h"
#include "driver/run/Run.h"
#include "model/vocabulary/Vocabulary.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;

namespace heddle {
namespace {

std::string plural(size_t Count, StringRef Noun) {
  return (Twine(Count) + " " + Noun + (Count == 1 ? "" : "s")).str();
}

// The checkout that a folder lies in; empty if it is in none.
std::string checkoutOf(StringRef Folder) {
  for (StringRef At = Folder; !At.empty(); At = sys::path::parent_path(At)) {
    SmallString<256> Marker(At);
    sys::path::append(Marker, ".git");
    if (sys::fs::exists(Marker))
      return At.str();
  }
  return "";
}

// The checkout we are in, or else this folder.
std::string projectRoot(StringRef WorkingDirectory) {
  std::string Checkout = checkoutOf(WorkingDirectory);
  return Checkout.empty() ? WorkingDirectory.str() : Checkout;
}

class CheckCommand {
public:
  CheckCommand(const CommandLine &Options, Catalogue Rules)
      : Options(Options), Rules(std::move(Rules)) {}

  int run() {
    SmallString<256> Here;
    if (std::error_code Problem = sys::fs::current_path(Here))
      return complain(createStringError("no current folder: " + Problem.message()));
    WorkingDirectory = Here.str().str();
    if (Error E = prepare())
      return complain(std::move(E));

    // What stdin said is gone.
    enableCrashRecovery(Options.Changed == "-" ? AfterLostHeap::End : AfterLostHeap::StartAgain);
    Result = runUnits(Units.Units, *Words, ForUnits, Options.Jobs, watchForInterruption());
    Result.Signal = interruptingSignal();
    dropFilteredOut();
    // What cannot be delivered costs nothing but itself.
    bool Undelivered = false;
    Error Problems = Options.DumpFamilies.empty() ? deliver() : deliverDumps();
    handleAllErrors(std::move(Problems), [&](ErrorInfoBase &Each) {
      Undelivered = true;
      complain(createStringError(Each.message()));
    });
    reportFailures();
    if (!Options.Quiet && Options.DumpFamilies.empty())
      summarize();
    return Undelivered ? ExitUsage : exitCode();
  }

private:
  // All that can be wrong with the user's wishes is found before the long work begins.
  Error prepare() {
    Expected<std::set<std::string>> Selected =
        selectRules(Rules, Options.Checks, Options.AllowNoChecks);
    if (!Selected)
      return Selected.takeError();
    if (Error E = setSeverities())
      return E;
    Expected<PlaceFilter> Wanted =
        PlaceFilter::create(Options.HeaderFilter, Options.ExcludeHeaderFilter, Options.LineFilter);
    if (!Wanted)
      return Wanted.takeError();
    Places = std::move(*Wanted);
    if (Error E = loadVocabulary())
      return E;
    for (const OutputTarget &Target : Options.Outputs)
      if (Error E = checkFolderOf(Target.Path))
        return E;
    if (Error E = checkFolderOf(Options.ExportFixes))
      return E;
    if (Options.DumpFamilies.empty() && !Options.ParseOnly)
      ForUnits.Rules = std::move(*Selected);
    ForUnits.DumpFamilies = Options.DumpFamilies;
    ForUnits.Minimum = Options.Minimum;
    ForUnits.MinimumOf = Options.MinimumOf;
    ForUnits.Known = &Rules;
    ForUnits.ArgumentsBefore = Options.ExtraArgumentsBefore;
    ForUnits.ArgumentsAfter = Options.ExtraArguments;
    return prepareUnits();
  }

  Error prepareUnits() {
    std::vector<std::string> Paths = Options.Operands;
    if (!Options.Changed.empty()) {
      if (Error E = Options.Changed == "named" ? takeNamedFiles() : takeChangedFiles())
        return E;
      Paths = Changed->files();
    }
    // No paths would be all units.
    if (Changed && Paths.empty()) {
      Units.Remarks.emplace_back("no C or C++ file was changed");
    } else {
      InputRequest Request{Paths, Options.DatabasePath, Options.Flags, WorkingDirectory};
      for (const auto &[Path, Text] : ForUnits.Texts)
        Request.Staged.insert(Path);
      Request.ArgumentsBefore = Options.ExtraArgumentsBefore;
      Expected<Inputs> Found = findUnits(Request);
      if (!Found)
        return Found.takeError();
      Units = std::move(*Found);
      for (std::vector<UnitCommand> *Commands : {&Units.Units, &Units.Candidates})
        for (UnitCommand &Unit : *Commands)
          erase_if(Unit.Arguments, [&](const std::string &Argument) {
            return is_contained(Options.RemovedArguments, Argument);
          });
      if (Error E = addIncluders())
        return E;
    }
    if (!Options.Quiet && !hasStartedAgain())
      for (const std::string &Remark : Units.Remarks)
        errs() << "heddle: note: " << Remark << '\n';
    return Error::success();
  }

  // In a build, our findings are its warnings, unless the user wants them to be more.
  Error setSeverities() {
    if (Options.isBuildStep())
      Rules.lowerToWarnings();
    if (Options.WarningsAsErrors.empty())
      return Error::success();
    Expected<std::set<std::string>> Raised =
        selectRules(Rules, Options.WarningsAsErrors, /*MayBeEmpty=*/true);
    if (!Raised)
      return Raised.takeError();
    for (const std::string &Id : *Raised)
      Rules.raiseToError(Id);
    return Error::success();
  }

  Error takeNamedFiles() {
    if (Options.Operands.empty())
      return createStringError("--changed=named needs the names of the files");
    Changed.emplace();
    for (const std::string &Operand : Options.Operands) {
      if (sys::fs::is_directory(Operand))
        return createStringError("--changed=named takes files, and '" + Operand + "' is a folder");
      Changed->addFile(absolutePath(Operand, WorkingDirectory));
    }
    return Error::success();
  }

  Error takeChangedFiles() {
    if (Options.Changed == "-") {
      auto Diff = MemoryBuffer::getSTDIN();
      if (!Diff)
        return createStringError("cannot read stdin: " + Diff.getError().message());
      if (!looksLikeDiff((*Diff)->getBuffer()))
        return createStringError("what stdin says is no diff\n"
                                 "--changed=- reads what 'git diff' prints.");
      Changed = changesInDiff((*Diff)->getBuffer(), projectRoot(WorkingDirectory));
    } else {
      Expected<Changes> FromGit = changesFromGit(Options.Changed, projectRoot(WorkingDirectory));
      if (!FromGit)
        return FromGit.takeError();
      Changed = std::move(*FromGit);
      ForUnits.Texts = Changed->texts();
    }
    std::vector<std::string> Within;
    for (const std::string &Operand : Options.Operands)
      Within.push_back(absolutePath(Operand, WorkingDirectory));
    Changed->keepFiles([&](StringRef Path) {
      return isSource(Path) && (sys::fs::exists(Path) || ForUnits.Texts.count(Path.str())) &&
             (Within.empty() || any_of(Within, [&](StringRef Operand) {
                return Path == Operand || relativeTo(Operand, Path).size() != Path.size();
              }));
    });
    return Error::success();
  }

  // A header is analysed with a unit that includes it. Of that unit, only what has to do with the
  // header is asked for.
  Error addIncluders() {
    if (Units.Headers.empty())
      return Error::success();
    Includers Found =
        findIncluders(Units.Headers, Units.Units, Units.Candidates, ForUnits, Options.Jobs);
    for (const std::string &Orphan : Found.Orphans) {
      std::string What = ("'" + relativeTo(WorkingDirectory, Orphan) +
                          "' is a header that no file of the compile database includes")
                             .str();
      // The whole of a commit is not held up by what cannot be built yet.
      if (!Changed)
        return createStringError(What);
      Units.Remarks.push_back(What + "; it is not analysed");
    }
    for (UnitCommand &Unit : Found.Units) {
      Borrowed.insert(Unit.File);
      Units.Units.push_back(std::move(Unit));
    }
    for (const std::string &Header : Units.Headers)
      Headers.addFile(Header);
    return Error::success();
  }

  // Takes away what was not asked for.
  void dropFilteredOut() {
    std::set<StringRef> Compiled;
    for (const UnitCommand &Unit : Units.Units)
      Compiled.insert(Unit.File);
    bool HeadersOnly = !Borrowed.empty() && all_of(Units.Units, [&](const UnitCommand &Unit) {
      return Borrowed.count(Unit.File);
    });
    auto Drop = [&](const Finding &F) {
      if (!Places.passes(F.Primary.File, F.Primary.Line, Compiled.count(F.Primary.File)))
        return true;
      if (Changed)
        return !Changed->touches(F);
      return (HeadersOnly || Borrowed.count(F.Primary.File)) && !Headers.touches(F);
    };
    erase_if(Result.Findings, Drop);
    erase_if(Result.Suppressed, Drop);
  }

  Error loadVocabulary() {
    Expected<Vocabulary> Builtin = Vocabulary::builtin();
    if (!Builtin)
      return Builtin.takeError();
    Words.emplace(std::move(*Builtin));
    for (const std::string &Path : Options.VocabularyFiles) {
      auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/true);
      if (!Buffer)
        return createStringError("cannot read vocabulary '" + Path +
                                 "': " + Buffer.getError().message());
      if (Error E = Words->add((*Buffer)->getBuffer(), Path))
        return E;
    }
    return Error::success();
  }

  static Error checkFolderOf(StringRef Path) {
    if (Path.empty())
      return Error::success();
    if (sys::fs::is_directory(Path))
      return createStringError("cannot write '" + Path + "': it is a folder");
    StringRef Folder = sys::path::parent_path(Path);
    if (!Folder.empty() && !sys::fs::is_directory(Folder))
      return createStringError("cannot write '" + Path + "': there is no folder '" + Folder + "'");
    return Error::success();
  }

  UnsafeFixes unsafeFixes() const { return {Options.FixUnsafe, Options.FixUnsafeOf}; }

  Error deliverDumps() {
    for (const std::string &Dump : Result.Dumps)
      outs() << Dump;
    return flushStdout();
  }

  Error deliver() {
    Error Problems = Error::success();
    // The texts were read to their end, but the user wanted no more work done.
    if (Options.Fix && !Result.Interrupted) {
      FixOptions Fixing{unsafeFixes(), projectRoot(WorkingDirectory), {}, {}, {}, {}};
      for (const auto &[Path, Text] : ForUnits.Texts)
        Fixing.Staged.insert(Path);
      for (const UnitCommand &Unit : Units.Units)
        Fixing.Files.insert(Unit.File);
      std::optional<FixPlan> Checked = planCheckedFixes(
          Result.Findings, Result.Texts, Fixing,
          [this](const std::map<std::string, std::string> &Texts) { return tryOut(Texts); });
      Result.Interrupted = !Checked;
      Result.Signal = interruptingSignal();
      Plan = Checked ? std::move(*Checked) : FixPlan();
      if (Error E = applyPlan(Plan)) {
        Problems = joinErrors(std::move(Problems), std::move(E));
        Plan = FixPlan();
      }
    }
    if (!Options.ExportFixes.empty())
      Problems =
          joinErrors(std::move(Problems),
                     replaceFile(Options.ExportFixes,
                                 exportFixes(Result, Rules, unsafeFixes(), WorkingDirectory)));
    // Whoever reads stdout may be gone; that costs no file.
    for (bool IsFile : {true, false})
      for (const OutputTarget &Target : Options.Outputs)
        if (Target.Path.empty() != IsFile)
          Problems = joinErrors(std::move(Problems), write(Target));
    return Problems;
  }

  // What fixes could make worse, in all units that may have to do with it.
  std::optional<Flaws> tryOut(const std::map<std::string, std::string> &Texts) {
    UnitOptions Trying = ForUnits;
    Trying.Rules = {"double-lock", "lock-order-inversion"};
    for (const auto &[Path, Text] : Texts)
      Trying.Texts[Path] = std::make_shared<const std::string>(Text);
    std::vector<UnitCommand> Concerned = Units.Units;
    std::set<std::string> Files;
    for (const UnitCommand &Unit : Units.Units)
      Files.insert(Unit.File);
    if (all_of(Texts, [&](const auto &Each) { return Files.count(Each.first) != 0; }))
      erase_if(Concerned, [&](const UnitCommand &Unit) { return !Texts.count(Unit.File); });
    RunResult Found = runUnits(Concerned, *Words, Trying, Options.Jobs, watchForInterruption());
    if (Found.Interrupted)
      return std::nullopt;
    return Flaws{Found.Findings.size() + Found.Suppressed.size(), Found.Failures.size()};
  }

  // The folder that paths in reports start from: the checkout of what is analysed, wherever we are.
  std::string reportRoot() const {
    std::vector<std::string> Folders = {WorkingDirectory};
    if (!Options.DatabasePath.empty())
      Folders.push_back(absolutePath(Options.DatabasePath, WorkingDirectory));
    if (!Units.Units.empty())
      Folders.push_back(sys::path::parent_path(Units.Units.front().File).str());
    for (StringRef Folder : Folders)
      if (std::string Checkout = checkoutOf(Folder);
          !Checkout.empty() && any_of(Units.Units, [&](const UnitCommand &Unit) {
            return isBelow(Unit.File, Checkout);
          }))
        return Checkout;
    return projectRoot(WorkingDirectory);
  }

  Error write(const OutputTarget &Target) {
    Report What{Result,
                Rules,
                Plan.Fixed,
                reportRoot(),
                WorkingDirectory,
                HEDDLE_VERSION,
                Options.ReportSuppressed};
    if (Target.Path.empty()) {
      render(outs(), Target.Format, What,
             Options.Color == ColorMode::Always ||
                 (Options.Color == ColorMode::Auto && sys::Process::StandardOutHasColors()));
      return flushStdout();
    }
    std::string Text;
    raw_string_ostream OS(Text);
    render(OS, Target.Format, What, false);
    return replaceFile(Target.Path, Text);
  }

  static void render(raw_ostream &OS, ReportFormat Format, const Report &What, bool Color) {
    OS.enable_colors(Color);
    switch (Format) {
    case ReportFormat::Text:
      return writeText(OS, What);
    case ReportFormat::Sarif:
      return writeSarif(OS, What);
    case ReportFormat::GitLab:
      return writeGitLab(OS, What);
    }
  }

  void reportFailures() {
    for (const UnitFailure &Failure : Result.Failures) {
      errs() << "heddle: error: cannot analyse '"
             << printable(relativeTo(WorkingDirectory, Failure.File))
             << "': " << printable(StringRef(Failure.Message).rtrim(), /*KeepLines=*/true) << '\n';
      if (!Failure.Advice.empty())
        errs() << "  " << Failure.Advice << '\n';
    }
    for (const Note &Comment : Result.UnmatchedComments)
      errs() << "heddle: error: " << place(Comment.Where) << Comment.Message << '\n';
    for (const FixPlan::Refusal &Refused : Plan.Refused) {
      const Finding &Of = Result.Findings[Refused.Finding];
      errs() << "heddle: note: " << place(Of.Primary) << "not fixed, " << Of.Rule << ": "
             << printable(Refused.Reason) << '\n';
    }
  }

  std::string place(const FileRange &Where) const {
    return printable(relativeTo(WorkingDirectory, Where.File)) + ":" + std::to_string(Where.Line) +
           ":" + std::to_string(Where.Column) + ": ";
  }

  size_t remaining() const { return Result.Findings.size() - Plan.Fixed.size(); }

  void summarize() {
    if (Result.Interrupted)
      errs() << "heddle: interrupted; " << Units.Units.size() - Result.UnitsDone << " of "
             << plural(Units.Units.size(), "unit") << " not analysed\n";
    errs() << "heddle: " << plural(remaining(), "finding") << " in "
           << plural(Result.UnitsDone, "unit");
    if (!Plan.Fixed.empty())
      errs() << ", " << Plan.Fixed.size() << " fixed";
    if (!Result.Suppressed.empty())
      errs() << ", " << Result.Suppressed.size() << " suppressed by NOLINT";
    if (!Result.Failures.empty())
      errs() << ", " << plural(Result.Failures.size(), "unit") << " failed";
    if (!Units.Foreign.empty())
      errs() << ", " << plural(Units.Foreign.size(), "file") << " in other languages passed over";
    errs() << '\n';
  }

  int exitCode() const {
    if (Result.Interrupted)
      return ExitInterrupted + Result.Signal;
    if (!Result.Failures.empty())
      return ExitUnitFailed;
    return !Result.UnmatchedComments.empty() || anyThatFails() ? ExitFindings : ExitClean;
  }

  // As a rule every finding fails the run; if somebody thinks in warnings and errors, errors do.
  bool anyThatFails() const {
    if (!Options.isBuildStep() && Options.WarningsAsErrors.empty())
      return remaining() > 0;
    for (size_t I = 0; I < Result.Findings.size(); ++I)
      if (!Plan.Fixed.count(I) && Rules.find(Result.Findings[I].Rule)->Level == Severity::Error)
        return true;
    return false;
  }

  const CommandLine &Options;
  Catalogue Rules;
  std::optional<Vocabulary> Words;
  PlaceFilter Places;
  std::string WorkingDirectory;
  Inputs Units;
  std::optional<Changes> Changed; ///< With --changed: what alone is of interest.
  Changes Headers;                ///< The headers that were named.
  std::set<std::string> Borrowed; ///< Files that are analysed for the sake of a header.
  UnitOptions ForUnits;
  RunResult Result;
  FixPlan Plan;
};

} // namespace

int runCheck(const CommandLine &Options, Catalogue Rules) {
  auto Command = std::make_unique<CheckCommand>(Options, std::move(Rules));
  int Code = Command->run();
  // Whoever is left behind goes on using it until the process ends.
  if (isWorkLeftBehind())
    (void)Command.release();
  return Code;
}

} // namespace heddle
