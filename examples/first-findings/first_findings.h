// What the three files of the example offer to each other.
#ifndef FIRST_FINDINGS_H
#define FIRST_FINDINGS_H

#include <heddle/context.h>

#include <string>
#include <vector>

int count_visits(const std::vector<std::string> &pages);
int sum_of_deposits();
bool fetch_page(const heddle::context &parent, const std::string &page);
int sum_of_pages();

#endif
