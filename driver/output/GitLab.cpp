#include "driver/output/GitLab.h"

#include "driver/output/Fingerprint.h"

#include <nlohmann/json.hpp>

using namespace llvm;

namespace heddle {
namespace {

using Json = nlohmann::ordered_json;

StringRef severity(Severity Level) {
  switch (Level) {
  case Severity::Error:
    return "critical";
  case Severity::Warning:
    return "major";
  case Severity::Note:
    return "minor";
  }
  llvm_unreachable("all severities handled");
}

} // namespace

void writeGitLab(raw_ostream &OS, const Report &What) {
  std::vector<std::string> Fingerprints = fingerprints(What);
  Json Issues = Json::array();
  for (size_t I = 0; I < What.Run.Findings.size(); ++I) {
    if (What.Fixed.count(I))
      continue;
    const Finding &F = What.Run.Findings[I];
    const RuleInfo *Rule = What.Rules.find(F.Rule);
    Issues.push_back({{"description", F.Message},
                      {"check_name", F.Rule},
                      {"fingerprint", Fingerprints[I]},
                      {"severity", severity(Rule ? Rule->Level : Severity::Warning)},
                      {"location",
                       {{"path", relativeTo(What.Root, F.Primary.File)},
                        {"lines", {{"begin", std::max(1u, F.Primary.Line)}}}}}});
  }
  OS << Issues.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

} // namespace heddle
