// The catalogue of rules: what each one is called, means and advises. Every front end and output
// format takes its words from here; the words themselves stand in rules/<family>/<id>.json.
#ifndef HEDDLE_DRIVER_CATALOGUE_CATALOGUE_H
#define HEDDLE_DRIVER_CATALOGUE_CATALOGUE_H

#include "checks/Finding.h"
#include "rules/Embedded.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace heddle {

/// How bad the bug is when the finding is right.
enum class Severity { Error, Warning, Note };

/// The words used in JSON, on the command line and in reports: "error", "certain", ….
llvm::StringRef spelling(Severity Level);
llvm::StringRef spelling(Confidence Sureness);
std::optional<Confidence> parseConfidence(llvm::StringRef Text);

/// A setting of one rule. `Default` is spelled as JSON.
struct RuleOption {
  std::string Name, Type, Default, Description;
};

/// One rule's entry. Texts are Markdown, a paragraph per string. Fields are named like the keys of
/// rules/schema/rule.schema.json, which says more about each.
struct RuleInfo {
  std::string Id;     ///< The file's stem.
  std::string Family; ///< The file's folder.
  std::string Title;
  std::vector<std::string> Why, HowToFix, KnownLimits;
  Severity Level = Severity::Warning;
  Confidence DefaultConfidence = Confidence::Likely;
  std::optional<double> SecuritySeverity;
  std::vector<std::string> Cwe, Cert, CoreGuidelines; ///< "CWE-362", "CON43-C", "CP.2".
  std::vector<std::string> Guidelines;                ///< Rows of the guidelines: "A1".
  std::string Since;
  bool Preview = true;
  std::vector<std::string> Aliases;
  std::vector<RuleOption> Options;
};

/// All rules, sorted by id. Any number of threads may read it.
class Catalogue {
public:
  /// The catalogue that the tool was built with.
  static llvm::Expected<Catalogue> builtin();

  /// Reads the given files; each name is "<family>/<id>.json". An error names the file and the key.
  static llvm::Expected<Catalogue> parse(llvm::ArrayRef<EmbeddedFile> Files);

  llvm::ArrayRef<RuleInfo> rules() const { return Rules; }

  /// The rule of that id or alias, with or without the prefix "heddle-", or "<family>/<id>"; null
  /// if there is none.
  const RuleInfo *find(llvm::StringRef Name) const;

  /// Gives a rule the severity Error. REQUIRES: the id exists.
  void raiseToError(llvm::StringRef Id);

  /// Gives all rules the severity Warning.
  void lowerToWarnings();

  /// The id, "<family>/<id>" or alias closest to a misspelled name; empty if none is close.
  std::string nearest(llvm::StringRef Name) const;

private:
  std::vector<RuleInfo> Rules;
};

} // namespace heddle

#endif
