// Notes that say the same of many places.
#ifndef HEDDLE_CHECKS_REPEATEDNOTES_H
#define HEDDLE_CHECKS_REPEATEDNOTES_H

#include "checks/Finding.h"

#include <map>

namespace heddle {

/// Gives a finding the first notes of each kind, and at the end one that counts the others. The
/// finding must outlive it.
class RepeatedNotes {
public:
  explicit RepeatedNotes(Finding &To) : To(To) {}

  /// `Kind`: what is done at the place, as in "written".
  void add(const std::string &Kind, Note Each);
  /// All of them have been added.
  void finish();

private:
  static constexpr unsigned MostOfAKind = 8;
  struct Counted {
    unsigned Places = 0;
    Note FirstLeftOut;
  };
  Finding &To;
  std::map<std::string, Counted> Kinds;
};

} // namespace heddle

#endif
