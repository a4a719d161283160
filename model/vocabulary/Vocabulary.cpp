// The words by their names. Nothing of Clang here: see VocabularyLookup.cpp.
#include "model/vocabulary/Vocabulary.h"

#include "model/vocabulary/VocabularyFile.h"
#include "rules/Embedded.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace heddle;

/// What mayMention() is asked about the name.
static StringRef lastIdentifier(StringRef Name) {
  // A conversion's type may be qualified itself, so the operator comes first.
  size_t Operator = Name.starts_with("operator") ? 0 : Name.find("::operator");
  if (Operator != StringRef::npos) {
    StringRef Word = Name.substr(Operator);
    Word.consume_front("::");
    StringRef Symbol = Word.substr(strlen("operator"));
    if (Symbol.starts_with(" "))
      return Word.substr(0, strlen("operator"));
    if (!Symbol.empty() && !isAlnum(Symbol.front()) && Symbol.front() != '_')
      return Symbol;
  }
  size_t Colons = Name.rfind("::");
  return Colons == StringRef::npos ? Name : Name.substr(Colons + 2);
}

Expected<Vocabulary> Vocabulary::builtin() {
  Vocabulary Result;
  for (const EmbeddedFile &File : embeddedVocabulary())
    if (Error E = Result.load(File.Text, File.Name, true))
      return E;
  return Result;
}

Error Vocabulary::add(StringRef Json, StringRef Name) { return load(Json, Name, false); }

Error Vocabulary::load(StringRef Json, StringRef Name, bool Shipped) {
  Expected<VocabularyFile> File = VocabularyFile::parse(Json, Name);
  if (!File)
    return File.takeError();
  for (auto &Entry : File->Types) {
    LastIdentifiers[lastIdentifier(Entry.getKey())];
    Types[Entry.getKey()] = std::move(Entry.getValue());
  }
  for (auto &Entry : File->Calls) {
    LastIdentifiers[lastIdentifier(Entry.getKey())];
    CallEntry &Known = Calls[Entry.getKey()];
    // What ships is one vocabulary, whatever file a word stands in; a project's words come instead.
    if (!Shipped || !Known.Shipped)
      Known = {{}, Shipped};
    llvm::append_range(Known.Meanings, Entry.getValue());
  }
  for (auto &Entry : File->Aliases) {
    // A constructor is called after its class.
    LastIdentifiers[lastIdentifier(Entry.getKey())];
    Aliases[Entry.getKey()] = std::move(Entry.getValue());
  }
  return Error::success();
}

const TypeMeaning *Vocabulary::type(StringRef QualifiedName) const {
  auto It = Types.find(QualifiedName);
  return It == Types.end() ? nullptr : &It->second;
}

ArrayRef<CallMeaning> Vocabulary::call(StringRef QualifiedName) const {
  auto It = Calls.find(QualifiedName);
  return It == Calls.end() ? ArrayRef<CallMeaning>() : ArrayRef(It->second.Meanings);
}

bool Vocabulary::mayMention(StringRef LastIdentifier) const {
  return LastIdentifiers.contains(LastIdentifier);
}

bool Vocabulary::isShipped(StringRef QualifiedName) const {
  auto It = Calls.find(QualifiedName);
  return It != Calls.end() && It->second.Shipped;
}

StringRef Vocabulary::headerOf(StringRef Written) const {
  const TypeMeaning *Meaning =
      type(Written.take_until([](char C) { return !isAlnum(C) && C != '_' && C != ':'; }));
  return Meaning ? StringRef(Meaning->Header) : StringRef();
}

StringRef Vocabulary::publicScope(StringRef QualifiedName) const {
  auto It = Aliases.find(QualifiedName);
  return It == Aliases.end() ? QualifiedName : StringRef(It->second);
}
