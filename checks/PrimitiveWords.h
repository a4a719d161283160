// How findings about primitives that are set up or torn down in the wrong place are laid out.
#ifndef HEDDLE_CHECKS_PRIMITIVEWORDS_H
#define HEDDLE_CHECKS_PRIMITIVEWORDS_H

#include "checks/Finding.h"
#include "model/program/ProgramModel.h"

namespace heddle {

/// The primitive's name in quotes, or `Otherwise`.
std::string quotePrimitive(const ProgramModel &Program, const PrimitiveMisuse &Misuse,
                           const char *Otherwise);

/// A finding at the misuse, with notes on what came before and on the calls that lead there.
Finding primitiveFinding(const ProgramModel &Program, const PrimitiveMisuse &Misuse,
                         std::string Message, std::string BeforeWords);

} // namespace heddle

#endif
