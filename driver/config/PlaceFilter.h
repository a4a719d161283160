// Which places the user wants to hear of: clang-tidy's --header-filter, --exclude-header-filter and
// --line-filter, with the same meaning.
#ifndef HEDDLE_DRIVER_CONFIG_PLACEFILTER_H
#define HEDDLE_DRIVER_CONFIG_PLACEFILTER_H

#include "llvm/Support/Error.h"
#include "llvm/Support/Regex.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace heddle {

/// Movable, not copyable. Lets everything pass until it is told otherwise.
class PlaceFilter {
public:
  /// Reads the three options; an empty text is an option that was not given. The first two are
  /// POSIX regular expressions that are looked for anywhere in a path, the third is JSON:
  /// [{"name": "end/of/path.cpp", "lines": [[1, 3], [5, 7]]}], without lines for all of them. The
  /// error names the option.
  static llvm::Expected<PlaceFilter> create(llvm::StringRef Headers,
                                            llvm::StringRef ExcludedHeaders, llvm::StringRef Lines);

  /// Whether to report what is found in that line of `Path`. The filters for headers never hold
  /// back what is found in the file that is compiled.
  bool passes(llvm::StringRef Path, uint32_t Line, bool IsCompiled) const;

private:
  struct FileLines {
    std::string Name;
    std::vector<std::pair<uint32_t, uint32_t>> Ranges; // inclusive; none: every line
  };
  std::optional<llvm::Regex> Headers, ExcludedHeaders;
  std::vector<FileLines> Lines; // none: every file
};

} // namespace heddle

#endif
