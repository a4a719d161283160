// One vocabulary file, read and checked. Knows the JSON form; nothing of Clang.
#ifndef HEDDLE_MODEL_VOCABULARY_VOCABULARYFILE_H
#define HEDDLE_MODEL_VOCABULARY_VOCABULARYFILE_H

#include "model/vocabulary/Vocabulary.h"

namespace heddle {

/// The words of one file, in the order of the file. The form is
/// rules/schema/vocabulary.schema.json.
struct VocabularyFile {
  llvm::StringMap<TypeMeaning> Types;
  llvm::StringMap<std::vector<CallMeaning>> Calls;
  llvm::StringMap<std::string> Aliases; ///< Internal scope to public scope.

  /// Errors are those of Vocabulary::add; the first one is reported.
  static llvm::Expected<VocabularyFile> parse(llvm::StringRef Json, llvm::StringRef Name);
};

} // namespace heddle

#endif
