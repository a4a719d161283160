// Reads messages as JSON-RPC frames them: headers, an empty line, and as many bytes as they say.
#ifndef HEDDLE_DRIVER_LSP_MESSAGEREADER_H
#define HEDDLE_DRIVER_LSP_MESSAGEREADER_H

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <cstdio>
#include <optional>
#include <string>

namespace heddle::lsp {

/// One thread at a time. Lengths may be wrong: the next header is found wherever it stands.
class MessageReader {
public:
  explicit MessageReader(std::FILE *In) : In(In) {}

  /// Waits for the next message. An error is for the client: what came was no JSON. Nothing: the
  /// input has ended.
  std::optional<llvm::Expected<llvm::json::Value>> next();

private:
  std::optional<size_t> readHeaders();
  bool readLine(std::string &Line);

  std::FILE *In;
};

} // namespace heddle::lsp

#endif
