#include "driver/catalogue/RuleSelection.h"
#include "driver/cli/Commands.h"

#include "llvm/Support/Format.h"

using namespace llvm;

namespace heddle {

int runList(const CommandLine &Options, const Catalogue &Rules) {
  if (!Options.Operands.empty())
    return complain(createStringError("'heddle list' takes no operands; to choose rules: "
                                      "heddle list --checks=GLOBS"));
  Expected<std::set<std::string>> Selected =
      selectRules(Rules, Options.Checks, Options.AllowNoChecks);
  if (!Selected)
    return complain(Selected.takeError());
  size_t Width = 0;
  for (const RuleInfo &Rule : Rules.rules())
    Width = std::max(Width, Rule.Family.size() + 1 + Rule.Id.size());
  for (const RuleInfo &Rule : Rules.rules()) {
    if (!Selected->count(Rule.Id))
      continue;
    std::string Name = Rule.Family + "/" + Rule.Id;
    outs() << left_justify(Name, Width) << "  " << Rule.Title << (Rule.Preview ? " (preview)" : "")
           << '\n';
  }
  return ExitClean;
}

} // namespace heddle
