#include "driver/run/UnitAnalysis.h"

#include "model/program/ProgramModel.h"
#include "model/unit/UnitFactsBuilder.h"

using namespace heddle;

namespace {

class RuleReporter : public Reporter {
public:
  RuleReporter(llvm::StringRef Rule, std::vector<Finding> &Out) : Rule(Rule), Out(Out) {}

  void report(Finding F) override {
    F.Rule = std::string(Rule);
    Out.push_back(std::move(F));
  }

private:
  llvm::StringRef Rule;
  std::vector<Finding> &Out;
};

} // namespace

std::vector<Finding> heddle::analyzeUnit(clang::ASTContext &Context, const Vocabulary &Words,
                                         const AnalysisRequest &Request) {
  if (Request.Rules.empty() && Request.DumpFamilies.empty())
    return {};
  ProgramModel Program(extractUnitFacts(Context, Words));
  for (const std::string &Family : Request.DumpFamilies)
    Program.dump(Family, *Request.DumpTo);
  std::vector<Finding> Findings;
  for (const RegisteredCheck &Each : allChecks())
    if (Request.Rules.count(std::string(Each.Id))) {
      RuleReporter Out(Each.Id, Findings);
      Each.Logic->Run(Program, Out);
    }
  return Findings;
}
