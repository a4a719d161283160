// From Clang's declarations to the names that vocabulary files use.
#include "model/vocabulary/Vocabulary.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/PrettyPrinter.h"
#include "clang/Basic/OperatorKinds.h"
#include "clang/Basic/SourceManager.h"

#include "llvm/ADT/StringExtras.h"

using namespace clang;
using namespace heddle;
using llvm::ArrayRef;
using llvm::StringRef;

/// The identifier of a type, also of "typedef struct { ... } name;".
static StringRef typeIdentifier(const NamedDecl *Named) {
  if (const auto *Tag = llvm::dyn_cast<TagDecl>(Named))
    if (const TypedefNameDecl *Typedef = Tag->getTypedefNameForAnonDecl())
      Named = Typedef;
  const IdentifierInfo *Identifier = Named->getIdentifier();
  return Identifier ? Identifier->getName() : StringRef();
}

/// What Vocabulary::mayMention() knows the function by; empty if it knows nothing like it.
static StringRef lastIdentifier(const FunctionDecl *Function) {
  DeclarationName Name = Function->getDeclName();
  switch (Name.getNameKind()) {
  case DeclarationName::Identifier:
    return Name.isEmpty() ? StringRef() : Name.getAsIdentifierInfo()->getName();
  case DeclarationName::CXXConstructorName:
    return typeIdentifier(llvm::cast<CXXConstructorDecl>(Function)->getParent());
  case DeclarationName::CXXOperatorName:
    return getOperatorSpelling(Name.getCXXOverloadedOperator());
  case DeclarationName::CXXConversionFunctionName:
    return "operator";
  default:
    return {};
  }
}

/// Whether a global function cannot be the C library's function of that name: the project defines
/// it, or declares it with the linkage of C++.
static bool isProjectsOwn(const FunctionDecl *Function) {
  const SourceManager &Sources = Function->getASTContext().getSourceManager();
  const FunctionDecl *Definition = Function->getDefinition();
  if (Definition)
    return !Sources.isInSystemHeader(Definition->getLocation());
  return !Function->isExternC() && !Sources.isInSystemHeader(Function->getLocation());
}

bool VocabularyLookup::appendScope(const DeclContext *Scope, std::string &Out) const {
  while (Scope->isTransparentContext() || Scope->isInlineNamespace())
    Scope = Scope->getParent();
  if (Scope->isTranslationUnit())
    return true;
  if (!llvm::isa<NamespaceDecl, TagDecl>(Scope))
    return false;
  StringRef Name = typeIdentifier(llvm::cast<NamedDecl>(Scope));
  if (Name.empty() || !appendScope(Scope->getParent(), Out))
    return false;
  Out += Name;
  StringRef Public = Words.publicScope(Out);
  if (Public.data() != Out.data())
    Out = Public.str();
  Out += "::";
  return true;
}

std::string VocabularyLookup::qualifiedName(const NamedDecl *Named) const {
  std::string Result;
  if (const auto *Function = llvm::dyn_cast<FunctionDecl>(Named)) {
    if (!appendScope(Function->getDeclContext(), Result))
      return {};
    if (llvm::isa<CXXConstructorDecl>(Function)) {
      // Once more the last part of the scope, which may be an alias by now.
      StringRef Class = StringRef(Result).drop_back(2);
      size_t Colons = Class.rfind("::");
      Result += Class.substr(Colons == StringRef::npos ? 0 : Colons + 2).str();
    } else if (Function->isOverloadedOperator()) {
      StringRef Symbol = lastIdentifier(Function);
      Result += llvm::isAlpha(Symbol.front()) ? "operator " : "operator";
      Result += Symbol;
    } else if (const auto *Conversion = llvm::dyn_cast<CXXConversionDecl>(Function)) {
      PrintingPolicy Policy(Function->getASTContext().getLangOpts());
      Policy.SuppressTagKeyword = true;
      Result += "operator ";
      Result += Conversion->getConversionType().getCanonicalType().getUnqualifiedType().getAsString(
          Policy);
    } else {
      Result += lastIdentifier(Function);
    }
    return Result;
  }
  StringRef Name = typeIdentifier(Named);
  if (Name.empty() || !appendScope(Named->getDeclContext(), Result))
    return {};
  Result += Name;
  return Words.publicScope(Result).str();
}

bool VocabularyLookup::holds(const ParameterTest &Test, const FunctionDecl *Function) const {
  if (Test.Constant)
    return true;
  if (Test.Index >= Function->getNumParams())
    return Test.Negated;
  QualType Type = Function->getParamDecl(Test.Index)->getType().getNonReferenceType();
  while (Type->isAnyPointerType())
    Type = Type->getPointeeType();
  const TagDecl *Tag = Type->getAsTagDecl();
  return (Tag && qualifiedName(Tag) == Test.Type) != Test.Negated;
}

ArrayRef<CallMeaning> VocabularyLookup::applicable(ArrayRef<CallMeaning> Meanings,
                                                   const FunctionDecl *Function) {
  auto Applies = [&](const CallMeaning &Meaning) {
    return llvm::all_of(Meaning.Tests,
                        [&](const ParameterTest &Test) { return holds(Test, Function); });
  };
  if (llvm::all_of(Meanings, Applies))
    return Meanings;
  std::vector<CallMeaning> Some;
  llvm::copy_if(Meanings, std::back_inserter(Some), Applies);
  return Selected.emplace_back(std::move(Some));
}

ArrayRef<CallMeaning> VocabularyLookup::find(const FunctionDecl *Function) {
  if (const auto *Constructor = llvm::dyn_cast<CXXConstructorDecl>(Function)) {
    if (Constructor->isCopyOrMoveConstructor())
      return {};
    if (InheritedConstructor Inherited = Constructor->getInheritedConstructor())
      return call(Inherited.getConstructor());
  }
  StringRef Last = lastIdentifier(Function);
  if (Last.empty() || !Words.mayMention(Last))
    return {};

  std::string Name = qualifiedName(Function);
  if (Name.empty())
    return {};
  ArrayRef<CallMeaning> Meanings = Words.call(Name);
  if (Meanings.empty() && llvm::isa<CXXConversionDecl>(Function)) {
    Name.resize(Name.rfind("operator "));
    Meanings = Words.call(Name += "operator auto");
  }
  if (!Meanings.empty()) {
    if (Function->getDeclContext()->getRedeclContext()->isTranslationUnit() &&
        Words.isShipped(Name) && isProjectsOwn(Function))
      return {};
    return applicable(Meanings, Function);
  }
  if (const auto *Method = llvm::dyn_cast<CXXMethodDecl>(Function))
    for (const CXXMethodDecl *Overridden : Method->overridden_methods())
      if (ArrayRef<CallMeaning> Inherited = call(Overridden); !Inherited.empty())
        return Inherited;
  return {};
}

ArrayRef<CallMeaning> VocabularyLookup::call(const FunctionDecl *Function) {
  Function = Function->getCanonicalDecl();
  if (auto It = Functions.find(Function); It != Functions.end())
    return It->second;
  // find() may come back here for other functions, so nothing may point into the map meanwhile.
  ArrayRef<CallMeaning> Meanings = find(Function);
  Functions[Function] = Meanings;
  return Meanings;
}

const TypeMeaning *VocabularyLookup::named(const NamedDecl *TypeName) {
  StringRef Name = typeIdentifier(TypeName);
  if (Name.empty() || !Words.mayMention(Name))
    return nullptr;
  return Words.type(qualifiedName(TypeName));
}

const TypeMeaning *VocabularyLookup::type(const RecordDecl *Record) {
  const auto *Key = llvm::cast<NamedDecl>(Record->getCanonicalDecl());
  if (auto It = Records.find(Key); It != Records.end())
    return It->second;
  const TypeMeaning *Meaning = named(Record);
  const auto *Class = llvm::dyn_cast<CXXRecordDecl>(Record);
  bool IsComplete = Class && Class->hasDefinition();
  if (!Meaning && IsComplete)
    for (const CXXBaseSpecifier &Base : Class->bases())
      if (Base.getAccessSpecifier() == AS_public)
        if ((Meaning = type(Base.getType())))
          break;
  // The bases of a class that is only declared so far may still become known.
  if (Meaning || IsComplete || !Class)
    Records[Key] = Meaning;
  return Meaning;
}

const TypeMeaning *VocabularyLookup::type(QualType Type) {
  if (Type.isNull())
    return nullptr;
  Type = Type.getNonReferenceType();
  for (;;) {
    if (const auto *Typedef = llvm::dyn_cast<TypedefType>(Type.getTypePtr())) {
      const NamedDecl *Key = Typedef->getDecl()->getCanonicalDecl();
      auto It = Records.find(Key);
      if (It == Records.end())
        It = Records.try_emplace(Key, named(Key)).first;
      if (It->second)
        return It->second;
    }
    QualType Next = Type->getLocallyUnqualifiedSingleStepDesugaredType();
    if (Next.getTypePtr() == Type.getTypePtr())
      break;
    Type = Next.getNonReferenceType();
  }
  if (const RecordDecl *Record = Type->getAsRecordDecl())
    return type(Record);
  // Inside of a template: std::lock_guard<T>.
  if (const auto *Special = llvm::dyn_cast<TemplateSpecializationType>(Type.getTypePtr()))
    if (const auto *Template = llvm::dyn_cast_or_null<ClassTemplateDecl>(
            Special->getTemplateName().getAsTemplateDecl()))
      return type(Template->getTemplatedDecl());
  return nullptr;
}
