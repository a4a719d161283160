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

// The error for a glob that matches no rule.
static Error uselessGlob(const Catalogue &Rules, StringRef Word) {
  std::string Meant;
  for (const RuleInfo &Rule : Rules.rules()) {
    std::string Family = Rule.Family + "/*";
    if (Word.equals_insensitive(Rule.Family) || Word.lower() == Family ||
        (Word.ends_with("/*") && Word.edit_distance(Family, true, 2) <= 2))
      Meant = Family;
  }
  if (Meant.empty() && Word.find_first_of("*?[{") == StringRef::npos)
    return unknownRule(Rules, Word);
  return createStringError("no rule matches '" + Word + "'" +
                           (Meant.empty() ? "" : "; did you mean '" + Meant + "'?") +
                           "\n'heddle list' shows all rules.");
}

static bool matches(const GlobPattern &Glob, const RuleInfo &Rule) {
  return Glob.match(Rule.Id) || Glob.match("heddle-" + Rule.Id) ||
         Glob.match(Rule.Family + "/" + Rule.Id) ||
         any_of(Rule.Aliases, [&](StringRef Alias) { return Glob.match(Alias); });
}

std::string withoutOthersChecks(const Catalogue &Rules, StringRef Globs) {
  std::vector<StringRef> Ours;
  for (StringRef Word : split(Globs, ',')) {
    StringRef Name = Word.trim();
    Name.consume_front("-");
    Expected<GlobPattern> Glob = GlobPattern::create(Name);
    // A bad glob stays, to be complained of.
    if (!Glob) {
      consumeError(Glob.takeError());
      Ours.push_back(Word);
    } else if (Name.starts_with("heddle-") ||
               any_of(Rules.rules(), [&](const RuleInfo &Rule) { return matches(*Glob, Rule); })) {
      Ours.push_back(Word);
    }
  }
  return Ours.empty() && !Globs.trim().empty() ? "-*" : join(Ours, ",");
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
    if (!Any)
      return uselessGlob(Rules, Word);
  }
  if (Selected.empty() && !MayBeEmpty)
    return createStringError("no rule is left to run after '" + Globs +
                             "'\n'heddle list' shows all rules.");
  return Selected;
}

} // namespace heddle
