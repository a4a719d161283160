// The data files of rules/, as they were when the tool was built. Text only: this header knows
// nothing of what the files say.
#ifndef HEDDLE_RULES_EMBEDDED_H
#define HEDDLE_RULES_EMBEDDED_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace heddle {

/// One file. Both strings live as long as the program.
struct EmbeddedFile {
  llvm::StringRef Name; ///< Relative to the embedded folder, with '/': "std.json".
  llvm::StringRef Text; ///< The whole content, byte for byte.
};

/// rules/vocabulary/*.json, sorted by name; empty when the folder is.
llvm::ArrayRef<EmbeddedFile> embeddedVocabulary();

/// rules/<family>/<id>.json of all families, sorted by name: "channels/channel-as-mutex.json".
llvm::ArrayRef<EmbeddedFile> embeddedRules();

} // namespace heddle

#endif
