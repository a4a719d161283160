#include "driver/catalogue/RuleSelection.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/GlobPattern.h"

using namespace llvm;

namespace heddle {

Error unknownRule(const Catalogue &Rules, StringRef Name) {
  std::string Meant = Rules.nearest(Name);
  return createStringError("unknown rule '" + Name + "'" +
                           (Meant.empty() ? "" : "; did you mean '" + Meant + "'?") +
                           "\n'heddle list' shows all rules.");
}

static bool matches(const GlobPattern &Glob, const RuleInfo &Rule) {
  return Glob.match(Rule.Id) || Glob.match("heddle-" + Rule.Id) ||
         Glob.match(Rule.Family + "/" + Rule.Id) ||
         any_of(Rule.Aliases, [&](StringRef Alias) { return Glob.match(Alias); });
}

Expected<std::set<std::string>> selectRules(const Catalogue &Rules, StringRef Globs,
                                            bool MayBeEmpty) {
  std::set<std::string> Selected;
  if (Globs.trim().empty() || Globs.trim().starts_with("-"))
    for (const RuleInfo &Rule : Rules.rules())
      Selected.insert(Rule.Id);
  for (StringRef Word : split(Globs, ',')) {
    Word = Word.trim();
    bool Remove = Word.consume_front("-");
    if (Word.empty())
      continue;
    Expected<GlobPattern> Glob = GlobPattern::create(Word);
    if (!Glob)
      return createStringError("bad glob '" + Word + "': " + toString(Glob.takeError()));
    bool Any = false;
    for (const RuleInfo &Rule : Rules.rules()) {
      if (!matches(*Glob, Rule))
        continue;
      Any = true;
      if (Remove)
        Selected.erase(Rule.Id);
      else
        Selected.insert(Rule.Id);
    }
    if (!Any && Word.find_first_of("*?[{") == StringRef::npos)
      return unknownRule(Rules, Word);
  }
  if (Selected.empty() && !MayBeEmpty)
    return createStringError("no rule is left to run after '" + Globs + "'");
  return Selected;
}

} // namespace heddle
