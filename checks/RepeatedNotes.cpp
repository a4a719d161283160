#include "checks/RepeatedNotes.h"

#include <utility>

using namespace heddle;

void RepeatedNotes::add(const std::string &Kind, Note Each) {
  Counted &Known = Kinds[Kind];
  if (++Known.Places <= MostOfAKind)
    To.Notes.push_back(std::move(Each));
  else if (Known.Places == MostOfAKind + 1)
    Known.FirstLeftOut = std::move(Each);
}

void RepeatedNotes::finish() {
  for (auto &[Kind, Known] : Kinds) {
    if (Known.Places <= MostOfAKind)
      continue;
    unsigned LeftOut = Known.Places - MostOfAKind;
    if (LeftOut > 1)
      Known.FirstLeftOut.Message =
          "and " + std::to_string(LeftOut) + " more places where it is " + Kind;
    To.Notes.push_back(std::move(Known.FirstLeftOut));
  }
}
