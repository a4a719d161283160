// Reads files of JSON that people write: whatever is wrong in one is told with the place, and with
// what would be accepted there. Knows nothing of what the files are about.
#ifndef HEDDLE_MODEL_VOCABULARY_JSONREADER_H
#define HEDDLE_MODEL_VOCABULARY_JSONREADER_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace heddle {

/// Errors begin with the name of the file. `Result` is unspecified where one is returned.
class JsonReader {
protected:
  using Json = nlohmann::json;
  using Names = llvm::SmallVector<llvm::StringRef, 64>;

  /// A place in the file, as a JSON pointer.
  struct Place {
    const Json &Value;
    std::string Pointer;

    Place operator[](llvm::StringRef Key) const;
    Place operator[](size_t Index) const {
      return {Value.at(Index), Pointer + "/" + std::to_string(Index)};
    }
    bool has(llvm::StringRef Key) const { return Value.contains(Key.str()); }
  };

  explicit JsonReader(llvm::StringRef FileName) : FileName(FileName) {}

  llvm::Error parse(llvm::StringRef Text, Json &Root);
  /// The value must be an object whose keys are among those accepted.
  llvm::Error object(const Place &At, llvm::StringRef What, const Names &Accepted);
  llvm::Error text(const Place &At, std::string &Result);
  llvm::Error flag(const Place &At, bool &Result);
  /// One string, or a list of them.
  llvm::Error strings(const Place &At, llvm::StringRef What, std::vector<std::string> &Result);
  llvm::Error numbers(const Place &At, std::vector<int64_t> &Result);
  llvm::Error fail(const Place &At, const llvm::Twine &Message);
  /// "; did you mean "x"?", or the whole list when nothing comes close.
  static std::string acceptedInstead(llvm::StringRef Written, const Names &Accepted);

  llvm::StringRef FileName;
};

} // namespace heddle

#endif
