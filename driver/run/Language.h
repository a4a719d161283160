// In which language Clang's driver takes a file, and what that means for flags written for another.
#ifndef HEDDLE_DRIVER_RUN_LANGUAGE_H
#define HEDDLE_DRIVER_RUN_LANGUAGE_H

#include "clang/Driver/Types.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <memory>
#include <string>

namespace heddle {

/// What the file's name says; TY_INVALID if that says nothing.
clang::driver::types::ID languageOf(llvm::StringRef Path);

/// What the command's file is compiled as: by -x, or else by its name. `Before` stands in front of
/// the command's own arguments.
clang::driver::types::ID languageOf(const clang::tooling::CompileCommand &Command,
                                    llvm::ArrayRef<std::string> Before = {});

/// The same database, but a file whose flags were written for others stays in its own language: C
/// with the flags of a C++ file is C, without the standard of C++. All flags of a database that
/// `IsShared` are such; those of any other, where they are a guess.
std::unique_ptr<clang::tooling::CompilationDatabase>
keepLanguages(std::unique_ptr<clang::tooling::CompilationDatabase> Of, bool IsShared);

} // namespace heddle

#endif
