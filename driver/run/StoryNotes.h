// The stories of threads for those who know notes only: clang-tidy, its fixes' YAML.
#ifndef HEDDLE_DRIVER_RUN_STORYNOTES_H
#define HEDDLE_DRIVER_RUN_STORYNOTES_H

#include "checks/Finding.h"

#include <vector>

namespace heddle {

/// Every step of every thread as a note, thread by thread, then the finding's own notes. The first
/// step of a thread names the thread, the last one says what it holds.
std::vector<Note> storyNotes(const Finding &F);

} // namespace heddle

#endif
