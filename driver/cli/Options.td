// The command line. Where clang-tidy has a word for something, it is the word used here.
include "llvm/Option/OptParser.td"

// Which command an option belongs to.
def CheckOption : OptionVisibility;
def ListOption : OptionVisibility;
def ExplainOption : OptionVisibility;
def LspOption : OptionVisibility;

defvar Everywhere = [CheckOption, ListOption, ExplainOption, LspOption];

// --name=VALUE and --name VALUE, with one dash or two.
multiclass Eq<string name, string meta, string help, list<OptionVisibility> where = [CheckOption]> {
  def NAME : Joined<["--", "-"], name # "=">, MetaVarName<meta>, HelpText<help>, Visibility<where>;
  def NAME # _separate : Separate<["--", "-"], name>, Alias<!cast<Option>(NAME)>,
                         Visibility<where>;
}

class F<string name, string help, list<OptionVisibility> where = [CheckOption]>
    : Flag<["--", "-"], name>, HelpText<help>, Visibility<where>;

def grp_input : OptionGroup<"input">, HelpText<"WHAT TO ANALYSE">;
def p : Separate<["-"], "p">, MetaVarName<"<dir>">, Group<grp_input>, Visibility<[CheckOption]>,
    HelpText<"Folder of the compile database (default: looked for from each file upwards)">;
def p_joined : Joined<["-", "--"], "p=">, Alias<p>, Visibility<[CheckOption]>;
let Group = grp_input in {
  defm config : Eq<"config", "<yaml>",
                   "Settings in the form of .clang-tidy, e.g. '{Checks: \"heddle-*\"}'; what the "
                   "command line says comes on top",
                   [CheckOption, ListOption]>;
  defm config_file
      : Eq<"config-file", "<file>", "The same, out of a file", [CheckOption, ListOption]>;
}
let Group = grp_input in {
  defm extra_arg : Eq<"extra-arg", "<arg>", "Add an argument at the end of each compile command">;
  defm extra_arg_before
      : Eq<"extra-arg-before", "<arg>", "Add an argument at the start of each compile command">;
  defm vocabulary
      : Eq<"vocabulary", "<file>", "Also read what the library calls named in this file mean">;
}
let Group = grp_input in
defm changed : Eq<"changed", "<since>",
                  "Analyse what has changed and report only what the changed lines have to do with: "
                  "since a git revision, 'staged' for what is about to be committed, '-' for a diff "
                  "on stdin, 'named' for all of the files named">;
def j : JoinedOrSeparate<["-"], "j">, MetaVarName<"<n>">, Group<grp_input>,
    Visibility<[CheckOption]>, HelpText<"Units to analyse at the same time (default: all cores)">;

def grp_rules : OptionGroup<"rules">, HelpText<"WHAT TO LOOK FOR">;
let Group = grp_rules in {
  defm checks : Eq<"checks", "<globs>",
                   "Rules to run, e.g. 'missing-cancel,channels/*' or '-thread-*' (default: all)",
                   [CheckOption, ListOption]>;
  defm min_confidence
      : Eq<"min-confidence", "<level>",
           "Report findings that are at least certain, likely or possible (default: likely)">;
  defm dump_model
      : Eq<"dump-model", "<families>",
           "Print what Heddle understood of the code instead of looking for bugs: "
           "threads, locks, accesses, channels, contexts">;
  defm header_filter
      : Eq<"header-filter", "<regex>",
           "Report what is found in headers only if their path matches (default: all)">;
  defm exclude_header_filter
      : Eq<"exclude-header-filter", "<regex>", "Report nothing in headers whose path matches">;
  defm line_filter
      : Eq<"line-filter", "<json>",
           "Report only what is found in these lines, e.g. "
           "'[{\"name\":\"a.cpp\",\"lines\":[[1,3],[5,7]]}]'">;
}

def grp_output : OptionGroup<"output">, HelpText<"WHAT TO DO WITH FINDINGS">;
let Group = grp_output in {
  defm output : Eq<"output", "<format>[:<path>]",
                   "Report as text, sarif or gitlab, to a file or stdout; may be repeated (default: text)">;
  def report_suppressed
      : F<"report-suppressed", "Keep in SARIF what comments suppress, marked as such">;
  def fix : F<"fix", "Apply safe fixes">;
  def fix_unsafe
      : F<"fix-unsafe", "Apply fixes that may change what the program does as well; review them">;
  defm export_fixes
      : Eq<"export-fixes", "<file>", "Write fixes as YAML for clang-apply-replacements">;
  defm warnings_as_errors
      : Eq<"warnings-as-errors", "<globs>", "Report findings of these rules as errors; other warnings then leave the exit "
                      "code 0">;
  defm color : Eq<"color", "<when>", "Colour text: auto, always or never (default: auto)",
                  [CheckOption, ListOption, ExplainOption]>;
  def quiet : F<"quiet", "Say nothing but the findings">;
}

// What tools write that think they call clang-tidy.
let Flags = [HelpHidden] in {
  def use_color_is : Joined<["--", "-"], "use-color=">, Visibility<[CheckOption]>;
  defm removed_arg : Eq<"removed-arg", "<arg>", "">;
  def fix_errors : F<"fix-errors", "">, Alias<fix>;
  def fix_notes : F<"fix-notes", "">, Alias<fix_unsafe>;
  def allow_no_checks : F<"allow-no-checks", "">;
  def alpha_checkers : F<"allow-enabling-analyzer-alpha-checkers", "">;
}
def use_color : F<"use-color", "">, Alias<color>, AliasArgs<["always"]>, Flags<[HelpHidden]>;
def parse_only : F<"parse-only", "">, Flags<[HelpHidden]>;
def dump_config
    : F<"dump-config", "Print the settings that would be used, in the form of --config-file">;
def list_checks : F<"list-checks", "Same as 'heddle list'">, Flags<[HelpHidden]>;

def verbose : F<"verbose", "Log every message on stderr", [LspOption]>;
// What many editors add of their own accord.
def stdio : F<"stdio", "", [LspOption]>, Flags<[HelpHidden]>;

def help : F<"help", "Show this help", Everywhere>;
def help_short : Flag<["-"], "h">, Alias<help>, Visibility<Everywhere>;
def version : F<"version", "Show the version", Everywhere>;
