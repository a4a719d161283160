#include "driver/cli/CommandLine.h"

#include "driver/catalogue/Catalogue.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Option/Option.h"
#include "llvm/Support/FileSystem.h"

#include <array>

using namespace llvm;

namespace heddle {
namespace {

enum OptionVisibility {
  CheckOption = 1 << 1,
  ListOption = 1 << 2,
  ExplainOption = 1 << 3,
  LspOption = 1 << 4,
};
using opt::DefaultVis;
using opt::HelpHidden;

enum OptionId {
  OPT_INVALID = 0,
#define OPTION(...) LLVM_MAKE_OPT_ID(__VA_ARGS__),
#include "driver/cli/Options.inc"
#undef OPTION
};

#define OPTTABLE_STR_TABLE_CODE
#include "driver/cli/Options.inc"
#undef OPTTABLE_STR_TABLE_CODE

#define OPTTABLE_PREFIXES_TABLE_CODE
#include "driver/cli/Options.inc"
#undef OPTTABLE_PREFIXES_TABLE_CODE

constexpr opt::OptTable::Info OptionTable[] = {
#define OPTION(...) LLVM_CONSTRUCT_OPT_INFO(__VA_ARGS__),
#include "driver/cli/Options.inc"
#undef OPTION
};

class HeddleOptions : public opt::GenericOptTable {
public:
  HeddleOptions() : GenericOptTable(OptionStrTable, OptionPrefixesTable, OptionTable) {}
};

constexpr std::array<StringRef, 5> Families = {"threads", "locks", "accesses", "channels",
                                               "contexts"};

opt::Visibility visibility(Command What) {
  switch (What) {
  case Command::Check:
    return opt::Visibility(CheckOption);
  case Command::List:
    return opt::Visibility(ListOption);
  case Command::Explain:
    return opt::Visibility(ExplainOption);
  case Command::Lsp:
    return opt::Visibility(LspOption);
  }
  llvm_unreachable("all commands handled");
}

template <typename Range> std::string nearest(StringRef Word, const Range &Candidates) {
  std::string Best;
  unsigned BestDistance = 3;
  for (StringRef Candidate : Candidates)
    if (unsigned Distance = Word.edit_distance(Candidate, true, BestDistance);
        Distance < BestDistance) {
      BestDistance = Distance;
      Best = Candidate.str();
    }
  return Best;
}

std::string didYouMean(StringRef Suggestion) {
  return Suggestion.empty() ? "" : ("; did you mean '" + Suggestion + "'?").str();
}

constexpr StringLiteral CommandNames[] = {"check", "list", "explain", "lsp"};

// Words that many tools take for their options of that name.
void takeOptionsInWords(ArrayRef<const char *> &Arguments, CommandLine &Result) {
  StringRef Word = Arguments.empty() ? "" : Arguments.front();
  Result.Help = Word == "help";
  Result.Version = Word == "version";
  if (Result.Help || Result.Version)
    Arguments = Arguments.drop_front();
}

// Takes the command off the front. A first word that is close to a command and no file is taken for
// a misspelled command: the message about a missing file would help nobody.
Expected<Command> takeCommand(ArrayRef<const char *> &Arguments) {
  if (Arguments.empty())
    return Command::Check;
  StringRef Word = Arguments.front();
  auto Known = find(CommandNames, Word);
  if (Known != std::end(CommandNames)) {
    Arguments = Arguments.drop_front();
    return static_cast<Command>(Known - std::begin(CommandNames));
  }
  std::string Meant = nearest(Word, CommandNames);
  if (!Word.starts_with("-") && !Meant.empty() && !sys::fs::exists(Word))
    return createStringError("unknown command '" + Word + "'" + didYouMean(Meant));
  return Command::Check;
}

constexpr std::array<StringRef, 3> FormatNames = {"text", "sarif", "gitlab"}; // as in ReportFormat

Expected<OutputTarget> parseOutput(StringRef Text) {
  OutputTarget Result;
  auto [Format, Path] = Text.split(':');
  auto Known = find(FormatNames, Format);
  if (Known == FormatNames.end())
    return createStringError("unknown output format '" + Format + "'" +
                             didYouMean(nearest(Format, FormatNames)) +
                             "\nThe formats are: " + join(FormatNames, ", "));
  Result.Format = static_cast<ReportFormat>(Known - FormatNames.begin());
  if (Text.contains(':') && Path.empty())
    return createStringError("--output=" + Text + ": the path is missing");
  Result.Path = Path == "-" ? "" : Path.str();
  return Result;
}

Error parseOutputs(const opt::InputArgList &Args, CommandLine &Result) {
  for (const std::string &Text : Args.getAllArgValues(OPT_output)) {
    Expected<OutputTarget> Target = parseOutput(Text);
    if (!Target)
      return Target.takeError();
    for (const OutputTarget &Other : Result.Outputs)
      if (Other.Path == Target->Path)
        return createStringError("two reports would be written to " +
                                 (Other.Path.empty() ? "stdout" : "'" + Other.Path + "'"));
    Result.Outputs.push_back(*Target);
  }
  if (Result.Outputs.empty())
    Result.Outputs.push_back({});
  return Error::success();
}

Error parseDumpFamilies(const opt::InputArgList &Args, CommandLine &Result) {
  for (const std::string &List : Args.getAllArgValues(OPT_dump_model))
    for (StringRef Family : split(List, ',')) {
      if (!is_contained(Families, Family))
        return createStringError("unknown family of facts '" + Family + "'" +
                                 didYouMean(nearest(Family, Families)) +
                                 "\nThe families are: " + join(Families, ", "));
      Result.DumpFamilies.push_back(Family.str());
    }
  return Error::success();
}

Error parseValues(const opt::InputArgList &Args, CommandLine &Result) {
  if (const opt::Arg *A = Args.getLastArg(OPT_j))
    if (StringRef(A->getValue()).getAsInteger(10, Result.Jobs) || Result.Jobs == 0)
      return createStringError("-j needs a number from 1 on, not '" + Twine(A->getValue()) + "'");
  if (const opt::Arg *A = Args.getLastArg(OPT_min_confidence)) {
    std::optional<Confidence> Level = parseConfidence(A->getValue());
    if (!Level)
      return createStringError("--min-confidence is certain, likely or possible, not '" +
                               Twine(A->getValue()) + "'");
    Result.Minimum = *Level;
    Result.HasMinimum = true;
  }
  if (const opt::Arg *A = Args.getLastArg(OPT_color)) {
    StringRef When = A->getValue();
    if (When != "auto" && When != "always" && When != "never")
      return createStringError("--color is auto, always or never, not '" + When + "'");
    Result.Color = When == "always"  ? ColorMode::Always
                   : When == "never" ? ColorMode::Never
                                     : ColorMode::Auto;
  }
  if (Error E = parseDumpFamilies(Args, Result))
    return E;
  return parseOutputs(Args, Result);
}

// What is there for the sake of those who know clang-tidy.
void parseTidyValues(const opt::InputArgList &Args, CommandLine &Result) {
  Result.RemovedArguments = Args.getAllArgValues(OPT_removed_arg);
  Result.AllowNoChecks = Args.hasArg(OPT_allow_no_checks);
  Result.HeaderFilter = Args.getLastArgValue(OPT_header_filter).str();
  Result.ExcludeHeaderFilter = Args.getLastArgValue(OPT_exclude_header_filter).str();
  Result.LineFilter = Args.getLastArgValue(OPT_line_filter).str();
  if (const opt::Arg *A = Args.getLastArg(OPT_use_color_is))
    Result.Color = is_contained({"0", "false"}, StringRef(A->getValue()).lower())
                       ? ColorMode::Never
                       : ColorMode::Always;
  Result.HasColor = Args.hasArg(OPT_use_color_is, OPT_color);
  Result.DumpConfig = Args.hasArg(OPT_dump_config);
  if (const opt::Arg *A = Args.getLastArg(OPT_config))
    Result.Config = A->getValue();
  if (const opt::Arg *A = Args.getLastArg(OPT_config_file))
    Result.ConfigFile = A->getValue();
}

} // namespace

bool CommandLine::isBuildStep() const {
  return any_of(ExtraArgumentsBefore,
                [](StringRef Argument) { return Argument.starts_with("--driver-mode="); });
}

Expected<CommandLine> parseCommandLine(ArrayRef<const char *> Arguments) {
  CommandLine Result;
  if (auto DashDash = find_if(Arguments, [](StringRef A) { return A == "--"; });
      DashDash != Arguments.end()) {
    Result.Flags.emplace(std::next(DashDash), Arguments.end());
    Arguments = Arguments.take_front(DashDash - Arguments.begin());
  }
  takeOptionsInWords(Arguments, Result);
  Expected<Command> What = takeCommand(Arguments);
  if (!What)
    return What.takeError();
  Result.What = *What;

  HeddleOptions Table;
  unsigned MissingIndex = 0, MissingCount = 0;
  opt::InputArgList Args =
      Table.ParseArgs(Arguments, MissingIndex, MissingCount, visibility(Result.What));
  if (MissingCount)
    return createStringError(Twine("'") + Args.getArgString(MissingIndex) + "' needs a value");
  for (const opt::Arg *A : Args.filtered(OPT_UNKNOWN)) {
    std::string Text = A->getAsString(Args), Meant;
    unsigned Distance = Table.findNearest(Text, Meant, visibility(Result.What));
    // "--check=x" is near "--checks=x", but nothing is near "--x".
    if (Distance > std::max<size_t>(2, StringRef(Text).split('=').first.size() / 4))
      Meant.clear();
    return createStringError("unknown option '" + Text + "'" + didYouMean(Meant) +
                             "\n'heddle --help' shows all options.");
  }
  if (Args.hasArg(OPT_list_checks)) {
    Result.What = Command::List;
    Args.eraseArg(OPT_INPUT);
  }
  Result.Help |= Args.hasArg(OPT_help);
  Result.Version |= Args.hasArg(OPT_version);
  Result.Operands = Args.getAllArgValues(OPT_INPUT);
  Result.DatabasePath = Args.getLastArgValue(OPT_p).str();
  if (const opt::Arg *A = Args.getLastArg(OPT_changed)) {
    Result.Changed = A->getValue();
    if (Result.Changed.empty())
      return createStringError("--changed= needs a git revision, staged, named or -");
  }
  Result.ExtraArguments = Args.getAllArgValues(OPT_extra_arg);
  Result.ExtraArgumentsBefore = Args.getAllArgValues(OPT_extra_arg_before);
  Result.VocabularyFiles = Args.getAllArgValues(OPT_vocabulary);
  Result.Checks = join(Args.getAllArgValues(OPT_checks), ",");
  Result.WarningsAsErrors = join(Args.getAllArgValues(OPT_warnings_as_errors), ",");
  Result.ReportSuppressed = Args.hasArg(OPT_report_suppressed);
  Result.FixUnsafe = Args.hasArg(OPT_fix_unsafe);
  Result.Fix = Result.FixUnsafe || Args.hasArg(OPT_fix);
  Result.ExportFixes = Args.getLastArgValue(OPT_export_fixes).str();
  Result.Quiet = Args.hasArg(OPT_quiet);
  Result.Verbose = Args.hasArg(OPT_verbose);
  Result.ParseOnly = Args.hasArg(OPT_parse_only);
  parseTidyValues(Args, Result);
  if (Result.Config && Result.ConfigFile)
    return createStringError("give either --config or --config-file, not both");
  if (Error E = parseValues(Args, Result))
    return std::move(E);
  return Result;
}

void printHelp(raw_ostream &OS, Command What) {
  HeddleOptions Table;
  const char *Usage = "";
  switch (What) {
  case Command::Check:
    Usage = "heddle [check] [options] [files and folders] [-- compiler flags]\n"
            "       heddle list [--checks=<globs>]\n"
            "       heddle explain <rule>\n"
            "       heddle lsp";
    break;
  case Command::List:
    Usage = "heddle list [--checks=<globs>]";
    break;
  case Command::Explain:
    Usage = "heddle explain <rule>...";
    break;
  case Command::Lsp:
    Usage = "heddle lsp";
    break;
  }
  Table.printHelp(OS, Usage, "Heddle finds concurrency bugs in C++ and C", /*ShowHidden=*/false,
                  /*ShowAllAliases=*/false, visibility(What));
  if (What == Command::Lsp) {
    OS << "\nThe language server: an editor starts it and speaks the Language Server Protocol with "
          "it on\n"
          "stdin and stdout. Its settings are the editor's, under 'heddle'. How to set up which "
          "editor, and\n"
          "all settings: docs/integrations/language-server.md\n"
          "\nEXIT CODES:\n"
          "  0    the editor said goodbye\n"
          "  1    the editor was gone all of a sudden\n";
    return;
  }
  OS << "\nEXIT CODES:\n"
        "  0    no findings, or all of them fixed\n"
        "  1    findings; with --warnings-as-errors, errors among them\n"
        "  2    wrong usage or configuration, or a report that could not be written\n"
        "  3    some file could not be analysed; the others were (wins over 1)\n"
        "  130  interrupted (143: by SIGTERM); what was found until then is reported\n";
}

} // namespace heddle
